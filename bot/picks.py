"""Which of several choices is meant by a message that only counts: "2", "the second one", "nr. 1". Pure, no Rasa."""

import re

_COUNTED = (
    "eins erste first one premier un",
    "zwei zweite second two deuxième deux",
    "drei dritte third three troisième trois",
    "vier vierte fourth four quatrième quatre",
    "fünf fünfte fifth five cinquième cinq",
)
_NUMBERS = {word: number for number, words in enumerate(_COUNTED, start=1) for word in words.split()}
_ARTICLE = r"(?:(?:das|die|der|den|the|option|nummer|number|num|nr|no|punkt|auswahl|choice|le|la|numéro)\b[\s.]*)*"
_PICK = re.compile(
    rf"[\W_]*{_ARTICLE}[\W_]*(?:(?P<number>\d{{1,2}})|(?P<word>{'|'.join(_NUMBERS)})[srn]?)"
    r"(?:\s+(?:one|option|bitte|please|davon|antwort|frage|s'il vous plaît))*[\W_]*",
    re.IGNORECASE,
)
_KEYCAP = re.compile("[\u20e3\ufe0e\ufe0f]")
_SIGNED = re.compile(r"\s*[-+–]")


def picked(text: str) -> int | None:
    """The number of the choice, from 1; None for a message that says anything else, an amount or "-1" for example."""
    match = _PICK.fullmatch(_KEYCAP.sub("", text).strip())
    if match is None or _SIGNED.match(text):
        return None
    return int(match["number"]) if match["number"] else _NUMBERS[match["word"].lower()]
