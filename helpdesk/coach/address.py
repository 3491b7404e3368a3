"""Du where it ought to be Sie, the other way round, or both in one draft. Pure."""

import re

from helpdesk.coach.draft import Draft
from helpdesk.coach.hint import CoachHint, HintKind

_DU = re.compile(
    r"(?<![\w-])(?:du|dir|dich|dein(?:e[mnrs]?)?|euch|euer|eure[mnrs]?)(?![\w-])"
    r"|(?:(?<=[.!?\n] )|(?<=\n)|\A)(?:schau|guck|klick|tipp|schick|lade?|gib|sag|schreib|nimm|probier|meld|geh|hol)e?"
    r"(?= (?:mal|mir|uns|bitte|einfach|oben|unten|auf|dort|dazu|es|sie|das|die|den|die|in|ins|im|zu)\b)",
    re.IGNORECASE,
)
#: Behind a word of the same sentence, with a capital. At its beginning "Sie" may be several people, or she.
_SIE = re.compile(
    r"(?<=[\wäöüß,;:)–-] )(?:Ihnen|Ihr(?:e[mnrs]?)?)(?!\w)"
    r"|\b\w{2,}(?:en|ern|eln|sind|tun)(?: mir| uns| es| sich)? Sie(?!\w)"
    r"|\b(?:wenn|dass|ob|falls|damit|weil|wie|was|wo|bevor|sobald|für|ohne|gegen|an|über|auf|um) Sie(?!\w)"
)
_CAPITAL_IHR = re.compile(r"\b(?:Ihr)\b(?= (?:könnt|habt|seid|müsst|dürft|wollt|bekommt|findet))")


def find_address(draft: Draft) -> CoachHint | None:
    """The first word that speaks to the customer otherwise than the conversation does."""
    if draft.language != "de":
        return None
    pattern = _SIE if draft.form == "du" else _DU
    text = draft.own_words
    for found in pattern.finditer(text):
        if draft.form == "du" and _CAPITAL_IHR.match(text, found.start()):
            continue
        return CoachHint(kind=HintKind.ADDRESS, found=_around(text, found), instead=draft.form)
    return None


def _around(text: str, found: re.Match[str]) -> str:
    """The word with its neighbours."""
    before = text[: found.start()].split()[-1:]
    after = text[found.end() :].split("\n")[0].split()[:1]
    return " ".join((*before, found[0], *after)).strip(" ,;:.!?")
