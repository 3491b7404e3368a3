"""Taking what is personal out of a customer's sentence before it becomes a phrasing that is kept."""

import re

MASK = "…"

_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,4})?\b")
_NUMBER = re.compile(r"(?<![\w,])[+#]?\(?(?:[A-Za-z]{1,6}[-_/]?)?(?:\d{4,}|\d(?:[ ./()_-]{0,2}\d){5,})[\w-]*")
_STREET = re.compile(
    r"\b[\w-]{2,}(?:str\.|stra(?:ß|ss)e|weg|platz|allee|gasse)\s*\d+(?:\s?[a-z])?\b"
    r"|\b[A-ZÄÖÜ][\w-]+\s(?:Str\.|Stra(?:ß|ss)e|Weg|Platz|Allee|Gasse)\s*\d+(?:\s?[a-z])?\b"
    r"|\b\d+[a-z]?\s[A-Z][\w-]+\s(?:Street|Road|Avenue|Lane|Drive)\b"
)
_TITLE = re.compile(r"\b(Herrn?|Frau|Mr\.?|Mrs\.?|Ms\.?)\s+(?:Dr\.\s+)?[A-ZÄÖÜ][\w'-]+(?:\s+[A-ZÄÖÜ][\w'-]+)?")
_NAMED = re.compile(
    r"\b((?:mein name ist|ich hei(?:ß|ss)e|hier spricht|my name is|my name's|i am called)\s+)"
    r"(?!und\b|and\b)[^\W\d_][\w'-]*(?:\s+(?!und\b|and\b|ich\b|i\b|aus\b|from\b|mit\b|with\b)[^\W\d_][\w'-]*)?",
    re.IGNORECASE,
)
_I_AM = re.compile(
    r"\b((?:[Ii]ch bin|[Hh]ier ist|I am|I'm|[Tt]his is)\s+(?:der\s+|die\s+)?)"
    r"(?!(?:Kund|Student|Schüler|Neukund|Gast|Mitglied|German|Austrian|Swiss|English)\w*)"
    r"[A-ZÄÖÜ][a-zäöüß'-]+(?:\s+[A-ZÄÖÜ][a-zäöüß'-]+)?"
)
_SIGNED = re.compile(
    r"((?:gr(?:ü|ue)(?:ß|ss)e?n?|lg|mfg|regards|cheers),?\s+)(?!aus\b|from\b)[A-ZÄÖÜ][\w'-]+(?:\s+[A-ZÄÖÜ][\w'-]+)?\s*$",
    re.IGNORECASE,
)
_RUN = re.compile(rf"{MASK}(?:[\s,;]*{MASK})+")


def mask(text: str) -> str:
    """The sentence with addresses, numbers of four digits and more, and names after "ich bin" and the like as "…".

    Prices, sizes and times stay. It errs on the side of masking; what it can't know is a name in mid-sentence.
    """
    for pattern in (_URL, _EMAIL, _IBAN, _STREET, _NUMBER):
        text = pattern.sub(MASK, text)
    for pattern in (_TITLE, _NAMED, _I_AM, _SIGNED):
        text = pattern.sub(lambda found: f"{found.group(1).rstrip()} {MASK}", text)
    return " ".join(_RUN.sub(MASK, text).split())
