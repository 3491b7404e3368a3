"""What a message in the middle of a look-up shows beside values: it is called off, corrected, doubted. Pure."""

import re

from knowledge.message.clauses import looks_like_a_question

_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
MAX_WORDS = 7
"""Words of a message that only calls something off, asks why, or says that a value isn't known."""
_CANCEL = re.compile(
    r"\b(?:egal|abbrechen|abbruch|vergiss\w*|vergessen sie|lass(?:en|t)?\b.{0,12}\b(?:gut sein|es|das|mal|sein)"
    r"|lass(?:'?s| ma)"
    r"|stopp?|nicht mehr nötig|hat sich erledigt|schon erledigt|schon gut|(?:dann |ach )?doch nicht"
    r"|brauch\w* nicht mehr"
    r"|cancel|never ?mind|nvm|forget (?:it|about it|that)|stop|skip (?:it|that)|leave it|drop it|no longer needed"
    r"|don'?t bother|laisse[rz]? tomber|annule[rz]?|tant pis|peu importe)\b",
    re.IGNORECASE,
)
_NOT_A_CANCEL = re.compile(
    r"\b(?:bestell\w*|auftrag\w*|order\w*|purchase|commande|vertrag\w*|abo\w*|subscription|stornier\w*)\b",
    re.IGNORECASE,
)
_CORRECT = re.compile(
    r"^\W*(?:nein|nee?|nö|no|nope|non)\b|\b(?:falsch\w*|vertipp\w*|verschrieben"
    r"|korrekt\w*|korrigier\w*|ich meinte?|meinte? ich|sorry|moment"
    r"|(?:äh|ach|oh|oder|halt|uh|oops)\W+(?:nein|nee?|no)"
    r"|sondern|statt|stimmt nicht|quatsch|wrong|mistyped|typo|i meant?|actually|correction|rather|instead"
    r"|mistake|erreur|pardon)\b",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"\b(?:wei(?:ß|ss)\b.{0,25}\b(?:nicht|nimmer|net|ned)|wei(?:ß|ss) net|keine ahnung|kenn\w*\b.{0,15}\bnicht"
    r"|(?:hab|habe|hätte|finde?|seh\w*|erinner\w*|weiß)\b.{0,30}\b(?:nicht|keine?n?|nirgends|nimmer|net|ned|grad nicht)"
    r"|verloren|verlegt|gelöscht|don'?t (?:know|have|remember|recall)|do not (?:know|have|remember)|no idea"
    r"|can'?t (?:find|remember)"
    r"|cannot find|haven'?t got|lost (?:it|the)|deleted|not sure|je ne (?:sais|trouve|connais)|perdu)\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"\b(?:warum|wieso|weshalb|wozu|wofür|why|what for|what do you need|pourquoi)\b", re.IGNORECASE)
_REFUSES = re.compile(
    r"\b(?:(?:möchte|will|mag|werde|gebe?|sag\w*|verrat\w*)\b.{0,30}\bnicht|geht (?:sie|dich|euch) nichts an"
    r"|privat|datenschutz"
    r"|(?:won'?t|not going to|don'?t want to|rather not|prefer not)\b|none of your|private|privacy)",
    re.IGNORECASE,
)


def is_called_off(text: str) -> bool:
    """Whether the look-up is called off; "Bestellung abbrechen" is about the order."""
    return _is_short(text) and bool(_CANCEL.search(text)) and not _NOT_A_CANCEL.search(text)


def is_called_off_first(text: str) -> bool:
    """Whether a sentence calls the look-up off, and another question follows: "Egal. Was kostet …?"."""
    first, *rest = _SENTENCE.findall(text) or [""]
    return looks_like_a_question(" ".join(rest)) and is_called_off(first)


def is_correction(text: str) -> bool:
    """Whether a value in the text replaces one that was given before."""
    return bool(_CORRECT.search(text))


def correction_start(text: str) -> int:
    """Where the first word of a correction stands; 0 without one."""
    sign = _CORRECT.search(text)
    return sign.start() if sign else 0


def has_no_value(text: str) -> bool:
    """Whether the customer does not know what was asked for, or would rather not say it."""
    return bool(_WITHOUT.search(text) or _REFUSES.search(text))


def asks_why(text: str) -> bool:
    """Whether the customer asks what a value is needed for."""
    return _is_short(text) and bool(_WHY.search(text))


def _is_short(text: str) -> bool:
    return len(text.split()) <= MAX_WORDS
