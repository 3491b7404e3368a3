"""What of a message only scolds whoever misunderstood, or says what was not meant: no question is about that. Pure."""

import re

MIN_MEANT_WORDS = 3
_SCOLDS = re.compile(
    r"^\W*(?:(?:hallo|hey|sag mal|sagt mal|ey|was|what|wow|oh)\W+)?"
    r"(?:are you|r u|bist du|seid ihr|sind sie)\s+(?:\w+\s+){0,2}?"
    r"(?:dumb|stupid|thick|deaf|blind|dense|blöd|doof|dumm|taub|begriffsstutzig|bescheuert)\w*"
    r"(?:\s+(?:or what|oder was|eigentlich|or something))?\W+(?=\w)",
    re.IGNORECASE,
)
_MEANT_NOT = re.compile(
    r"(?P<meant>.*\b(?:ask(?:ed|ing)?|meant|mean|talking about|meinte?|fragte?|gefragt|geht(?:'?s| es)? um|"
    r"(?:rede|spreche) (?:von|über))\b.*?)(?:\W*,\W*|\s+)(?:(?:und|and|aber|but)\s+)?(?:not|nicht)\s+"
    r"(?:about|for|the|a|an|nach|über|um|von|wegen|den|die|das|dem|der|ein\w*)\b.*",
    re.IGNORECASE | re.DOTALL,
)


def without_correction(text: str) -> str:
    """`text` with what was meant alone: "are you dumb or what, I asked about X, not about Y" asks about X."""
    bare = _SCOLDS.sub("", text)
    meant = found["meant"].strip(" ,;") if (found := _MEANT_NOT.fullmatch(bare)) else ""
    return meant if len(meant.split()) >= MIN_MEANT_WORDS else bare
