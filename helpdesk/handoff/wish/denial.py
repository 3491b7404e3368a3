"""Finds that no person is wanted: "mich muss niemand anrufen", "no agent, please", "I'd rather not talk to anyone".

That nobody called, answered or was there is a complaint and no such wish.
"""

import re
from functools import lru_cache

MAX_LETTERS = 4000  # of a line that are read
_SOMEONE = (
    r"(?:mensch\w*|person(?:en)?|(?:kunden)?(?:berater|betreuer)\w*|mitarbeit\w*|kolleg\w*|agent\w*|support|hotline|"
    r"callcenter|"
    r"(?:rück|an)rufe?\w*|telefonat\w*|telefongespräch\w*|gespräch\w*|weiterleitung\w*|kontakt\w*|"
    r"humans?|people|operators?|advis[eo]rs?|representatives?|reps?|colleagues?|call(?:s|back)?|phone call)"
)
_TALK = (
    r"(?:telefonier\w*|sprechen|reden|anzurufen|zurückzurufen|anruf(?:en|t)?|zurückruf\w*|angerufen|verbind\w*|"
    r"verbunden|weiter\w*leit\w*|"
    r"durchstell\w*|durchgestellt|eskalier\w*|kümmer\w*|meld\w*|einschalt\w*|hinzuzieh\w*)"
)
_DONE_TO_ME = (
    r"(?:talk|speak|(?:be )?call(?:ed)?|phone|ring|put me through|put through|transfer(?:red)?|"
    r"connect(?:ed)?|escalated?|"
    r"get back|get in touch|contact(?:ed)?|involve|look into|deal with)"
)
_ANYONE = r"(?:anyone|anybody|someone|somebody)"
_DECLINES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:bitte |bloß |nur |brauche |will |möchte |wünsche |ich |und )?(?:kein\w*|ohne) (?:\w+ "
        rf"){{0,2}}{_SOMEONE}",
        r"\b(?:muss|müssen|braucht|brauchen|soll|sollte) (?:\w+ ){0,4}(?:niemand|keiner)\b",
        r"\b(?:niemand|keiner) (?:\w+ ){0,2}(?:muss|braucht|soll|sollte)\b",
        rf"\b(?:will|möchte|mag|würde|brauche|brauchen|müssen|muss|sollen)\b (?:\w+ "
        rf"){{0,3}}(?:nicht|niemand\w*) (?:\w+ ){{0,4}}{_TALK}",
        rf"\b(?:bitte|sie|ihr) (?:\w+ ){{0,2}}nicht (?:\w+ ){{0,3}}{_TALK}",
        rf"\bnicht (?:an|mit|zu) (?:\w+ ){{1,3}}{_TALK}",
        rf"\b{_SOMEONE} (?:\w+ ){{0,3}}(?:nicht |un)(?:nötig|notwendig|erforderlich|brauch\w*)",
        rf"\b{_SOMEONE} (?:brauche|will|möchte|benötige) ich (?:\w+ )?nicht\b",
        rf"\b(?:no|without|not an?|not any|don'?t (?:want|need) an?y?|do not (?:want|need) an?y?) (?:\w+ "
        rf"){{0,2}}{_SOMEONE}\b",
        r"\b(?:nobody|no one|no-one) (?:\w+ ){0,1}(?:has|needs?|have|should|must|ought)\b",
        rf"\bno need (?:\w+ ){{0,3}}(?:{_DONE_TO_ME}|{_ANYONE}|{_SOMEONE})",
        rf"\b(?:rather|prefer) not (?:to )?{_DONE_TO_ME}",
        rf"\b(?:don'?t|do not|needn'?t|need not) (?:(?:want|need|have|wish|like|you|to|please|be) )*{_DONE_TO_ME}",
        rf"\b(?:don'?t|do not|needn'?t|need not) (?:(?:want|need|have|wish|like|you|to|please) "
        rf")*(?:get|bring in|send) {_ANYONE}",
    )
)
_COMPLAINS = re.compile(
    r"\b(?:kann|könnte|darf|dürfte) (?:ich|man|wir) (?:\w+ )?nicht\b|\b(?:can'?t|couldn'?t) (?:i|we)\b|"
    r"\b(?:warum|wieso|weshalb|why|how come)\b|\b(?:bot|robot\w*|roboter|maschine|machine|computer|ki|ai)\b|"
    r"\b(?:hat|haben|hatte|war|bekommen|erhalten|erreich\w*|antwort\w*|geantwortet|gemeldet|abgenommen|"
    r"gekommen|verfügbar|frei)\b|"
    r"\b(?:ever|answer\w*|repl\w*|called me|called back|picks?|available|reached?|was|were|came|has been|did)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[^.!?;\n,]+[.!?]*")


@lru_cache(maxsize=4096)
def without_denials(text: str) -> str:
    """The text with spaces in place of the clauses that say that no person is wanted."""
    return _CLAUSE.sub(lambda clause: " " * len(clause.group()) if _declines(clause.group()) else clause.group(), text)


def declines_person(text: str) -> bool:
    """Whether a line of the contact says that no person is wanted."""
    return without_denials(text[:MAX_LETTERS]) != text[:MAX_LETTERS]


def _declines(clause: str) -> bool:
    words = " ".join(clause.split())
    return not _COMPLAINS.search(words) and any(pattern.search(words) for pattern in _DECLINES)
