"""What a contact says to "has it been settled?", by their words alone. Pure."""

import re
from enum import Enum, auto

from helpdesk.conversations.waiting.wait_talk import asks_something, is_thanks, read_rating, says_settled

MAX_WORDS = 12
_NEVER = re.compile(
    r"\b(?:(?:bitte\s+)?(?:nicht|nie)\s+(?:mehr|wieder|noch\s?mal)\s+(?:nach)?fragen"
    r"|frag\w*\s+(?:(?:mich|sie|bitte|da|danach)\s+){0,3}(?:nicht|nie)\s+(?:mehr|wieder|noch\s?mal)"
    r"|keine\s+(?:weiteren\s+)?(?:nach)?fragen\s+mehr|(?:don.?t|do\s+not|never)\s+ask\s+(?:me\s+)?(?:that\s+)?again"
    r"|stop\s+asking|ne\s+(?:me\s+)?(?:re)?demande[rz]?\s+plus|plus\s+de\s+relances?)\b",
    re.IGNORECASE,
)
_WORKED = re.compile(
    r"^\W*(?:ja\W+|yes\W+|oui\W+)?(?:(?:das|es|alles|it|that|everything|inzwischen|jetzt|nun|now|all)\s+){0,3}"
    r"(?:hat\s+(?:\w+\s+){0,2}geklappt|hat\s+(?:\w+\s+){0,2}funktioniert|hat\s+geholfen|klappt|läuft|funktioniert"
    r"|ist\s+(?:\w+\s+){0,2}(?:da|angekommen|erledigt|geklärt|gelöst|behoben|in\s+ordnung)"
    r"|works|worked|(?:has\s+)?arrived|is\s+(?:fine|fixed|solved|settled|sorted|here)|all\s+(?:good|fine|sorted)"
    r"|[cç]a\s+(?:marche|fonctionne)|est\s+arriv[ée]e?)\b(?!.*\b(?:nicht|not|pas|aber|but|mais|nur|only)\b)",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\b(?:immer\s+noch|noch\s+immer|nach\s+wie\s+vor|weiterhin|still|toujours)\b"
    r"|\b(?:noch|leider)\s+(?:nicht|nichts|kein\w*)\b|\b(?:not\s+yet|nothing\s+yet|hasn.?t|pas\s+encore)\b",
    re.IGNORECASE,
)


class FollowUpAnswer(Enum):
    """What the words say."""

    SETTLED = auto()
    UNSETTLED = auto()
    NEVER = auto()
    """Nobody is to ask them again."""


def read_follow_up_answer(text: str) -> FollowUpAnswer | None:
    """The answer that a text is; None for a question of its own and for what says nothing of it."""
    if len(text.split()) <= MAX_WORDS and _NEVER.search(text):
        return FollowUpAnswer.NEVER
    if reads_settled(text):
        return FollowUpAnswer.SETTLED
    rating = read_rating(text)
    if rating is False or (_STILL.search(text) and not asks_something(text)):
        return FollowUpAnswer.UNSETTLED
    return FollowUpAnswer.SETTLED if rating or is_thanks(text) else None


def reads_settled(text: str) -> bool:
    """Whether a text says by itself that the matter is settled, whatever was said before it."""
    return len(text.split()) <= MAX_WORDS and "?" not in text and (says_settled(text) or bool(_WORKED.match(text)))
