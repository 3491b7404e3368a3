"""Names of people as they are told: after "mein Name ist", after a title, below a letter."""

import re
from collections.abc import Iterator

from identifiers.identifier import NAME, Identifier

_PART = r"(?-i:[A-ZÄÖÜÉ][\w’'-]+)"
_ANY_PART = r"(?!(?:und|and|ich|i|aus|from|mit|with|et|je)\b)[^\W\d_][\w’'-]*"
_TOLD = re.compile(
    r"\b(?:mein name ist|mein name lautet|ich hei(?:ß|ss)e|hier spricht|hier schreibt|my name is|my name's|name's|"
    r"i am called|"
    rf"je m'appelle|name:)\s+(?P<name>{_ANY_PART}(?:\s+{_ANY_PART})?)",
    re.IGNORECASE,
)
_NO_NAME = (
    r"(?!(?:Kund|Student|Schüler|Neukund|Gast|Mitglied|German|Austrian|Swiss|English|Deutsch|Ihr|Die|Das|Der|Sie|Ich|"
    r"Mein|Was|Wie|"
    r"Wo|What|How|The|My|Bestell|Paket|Sendung|Order)\w*)"
)
_I_AM = re.compile(
    rf"\b(?:ich bin|hier ist|i am|i'm|this is)\s+(?:der\s+|die\s+|herr\s+|frau\s+|mr\.?\s+|mrs\.?\s+|"
    rf"ms\.?\s+)?(?-i:{_NO_NAME})"
    rf"(?P<name>{_PART}(?:\s+{_PART})?)(?=\s*(?:[,.;!–-]|\s(?:und|and|aus|from)\b|$))",
    re.IGNORECASE,
)
_TITLED = re.compile(
    rf"\b(?:herrn?|frau|mr\.?|mrs\.?|ms\.?|mme|monsieur)\s+(?:dr\.\s+)?(?P<name>{_PART}(?:\s+{_PART})?)", re.IGNORECASE
)
_SIGNED = re.compile(
    r"(?:\b(?:(?:mit\s+)?(?:viele|liebe|beste|freundliche\w*|schöne|herzliche|sonnige)?\s*gr(?:ü|ue|u)(?:ß|ss)(?:e|"
    r"en)?|"
    r"lg|mfg|vg|glg|(?:kind|best|warm|many)\s+(?:regards|wishes)|regards|cheers|thanks|danke|"
    r"(?:vielen |lieben |herzlichen )?dank|cordialement)\b[\s,!.–-]*)"
    rf"(?:von\s+|aus\s+\w+\s+)?(?P<name>{_PART}(?:\s+{_PART}){{0,2}})\W*$",
    re.IGNORECASE,
)


def find_names(text: str) -> Iterator[Identifier]:
    """Names with the words that tell them; a name in mid-sentence can't be known."""
    for pattern in (_TOLD, _I_AM, _TITLED, _SIGNED):
        for match in pattern.finditer(text):
            yield Identifier(NAME, match.start("name"), match.end("name"), match["name"], match.start(), match.end())
