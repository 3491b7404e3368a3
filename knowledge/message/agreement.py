"""Whether a short message says yes to what was asked, and nothing else. Pure.

A yes has consequences: somebody is called. What only sounds like one ("läuft", "ok sorry, how long is it") has none.
"""

import re

from knowledge.message.clauses import clauses_of

MAX_YES_WORDS = 8
"""A longer message says something of its own, whatever it begins with."""
_BEGINS = re.compile(
    r"^\W*(?:(?:oh|ach|na|gut|well|ok(?:ay)?)\W+)?(?:ja\w*|jo|jep|gerne?|bitte|unbedingt|yes|yep|yup|yeah|yea|sure|please|"
    r"absolutely|definitely|genau|jawohl|exactly|of course|natürlich|klar|ok(?:ay)?|do (?:that|so|it)|let'?s|"
    r"go (?:ahead|on)|(?:tu|mach\w*) (?:das|es|mal|sie|bitte)|einverstanden|in ordnung|von mir aus|meinetwegen|"
    r"warum nicht|why not|"
    r"(?:das )?(?:wäre?|würde?) (?:\w+ )?(?:gut|super|nett|toll|lieb|schön|helfen|freuen)|"
    r"(?:that|this|it)(?:'d| would) (?:be|help)|i (?:would|guess|think) so|oui|volontiers|s'il)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:nein|nee|(?<!warum )nicht|kein\w*|no|(?<!why )not|nope|don'?t|erst mal|later|später)\b", re.IGNORECASE
)
_ASKS_FOR_IT = re.compile(
    r"\b(?:könn\w*|kannst|würde\w*|can|could|would|will) (?:sie|du|ihr|you)\b|\b(?:please|bitte)\W*$|"
    r"\b(?:why not|warum nicht)\b",
    re.IGNORECASE,
)


def is_yes(text: str) -> bool:
    """Whether a message takes up what was offered: it begins with a yes, denies nothing, and asks nothing else."""
    return (
        bool(_BEGINS.match(text))
        and len(text.split()) <= MAX_YES_WORDS
        and not _DENIES.search(text)
        and not asks_else(text)
    )


def asks_else(text: str) -> bool:
    """Whether it asks a question of its own, and not for what was offered ("yes, could you do that?")."""
    return any(clause.asks for clause in clauses_of(text)) and not _ASKS_FOR_IT.search(text)


def has_letters(text: str) -> bool:
    """Whether it says anything in words; a thumb is read elsewhere."""
    return any(letter.isalpha() for letter in text)
