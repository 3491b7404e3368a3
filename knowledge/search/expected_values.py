"""What kind of thing a question wants to be told: a time of day, an amount, how long, when, how many. Pure."""

import re
from enum import StrEnum

from knowledge.values import MentionList, ValueKind


class ExpectedValue(StrEnum):
    """What an answer to "until 6 pm?", "how much is it?", "how long?", "when?" or "how many?" holds."""

    CLOCK = "clock"
    MONEY = "money"
    DURATION = "duration"
    TIME = "time"
    NUMBER = "number"


_CLOCK_ASKED = (
    r"\b(?:um|bis|ab|gegen|vor|nach|at|until|till|by|before|after)\s+(?:about\s+|ca\.?\s+)?"
    r"(?:\d{1,2}[:.]\d{2}\b|\d{1,2}\s*(?:uhr|h|am|pm|a\.m\.|p\.m\.|o.?clock)\b|(?:halb|viertel|half past|"
    r"quarter)\s+\w+)|"
    r"\b(?:at|um)\s+\d{1,2}\W*$|\b(?:by )?what time\b|\bum wie ?viel uhr\b|\bbis wie ?viel uhr\b"
)
_CLOCK = re.compile(
    r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}\s*(?:uhr|am|pm|a\.m\.|p\.m\.|o.?clock)\b|\b(?:noon|mittags?|midnight)\b", re.I
)
_ASKS: tuple[tuple[ExpectedValue, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (ExpectedValue.CLOCK, _CLOCK_ASKED),
        (
            ExpectedValue.MONEY,
            r"\bwelche[rmn]? (?:betrag|summe|preis)|\bwhat (?:amount|sum|price)\b|\b(?:was|"
            r"wie ?viel)\b.*\b(?:zahl\w*|macht|berechnet)\b|\b(?:koste[tn]?|kosten|preise?|gebühr\w*|teuer)\b|"
            r"\bhow much\b|\b(?:costs?|prices?|pricing|fees?|charges?|expensive)\b",
        ),
        (
            ExpectedValue.DURATION,
            r"\bwie (?:lange?|schnell|bald)\b|\bhow (?:long|soon|quickly|fast)\b|\bdauert\b|\bbis wann\b|\bfrist\b|"
            r"\bdeadline\b|\b(?:wie viele|how many) (?:tage|wochen|monate|stunden|days|weeks|months|hours)\b",
        ),
        (ExpectedValue.TIME, r"\bwann\b|\bwhen\b|\bwhat time\b|\buhrzeit\b|\böffnungszeiten\b|\bopening hours\b"),
        (
            ExpectedValue.NUMBER,
            r"\bwie (?:viele?|oft|hoch|groß|schwer|alt)\b|\bhow (?:many|often|high|big|heavy|old|large)\b",
        ),
    )
)
_HOW_TO = re.compile(
    r"\W*(?:(?:und|and|also|aber|but)\s+)?(?:"
    r"wie\s+(?!ist\b|sind\b|wird\b|wäre\b|hoch\b|alt\b|oft\b|groß\b|schwer\b|viel)\w+|"
    r"wo(?:hin|her)?\s+(?:kann|finde|muss|soll|stelle|trage|gebe|melde)\w*|"
    r"how\s+(?:do|can|could|would|should|to)\b|where\s+(?:do|can|am|should|would)\s+(?:i|we)\b|"
    r"(?:ich|wir)\s+(?:will|wollen|möchten?|würden?)\b|will\b|möchte\b|"
    r"(?:i|we)(?:'d like|\s+(?:want|need|would like))\s+to\b)",
    re.IGNORECASE,
)
_FREE = re.compile(r"\b(?:kostenlos\w*|kostenfrei|gratis|umsonst|nichts|free|nothing|no charge)\b|%", re.IGNORECASE)
_TIME_WORDS = re.compile(
    r"\b(?:\w*tage?n?|wochen?|monate?n?|jahre?n?|stunden?|minuten?|days?|weeks?|months?|years?|hours?|minutes?|"
    r"sofort|immediately|straight away|at once)\b",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"\d|\b(?:eine?n?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|twelve|once|twice|\w*mal)\b",
    re.IGNORECASE,
)


def expected_value(question: str) -> ExpectedValue | None:
    """What a question wants to be told; None where its form does not say."""
    return next((kind for kind, pattern in _ASKS if pattern.search(question)), None)


def asks_how_to(question: str) -> bool:
    """Whether a question, or a wish, is about how something is done, and not about one thing of it."""
    return expected_value(question) is None and bool(_HOW_TO.match(question))


def holds(expected: ExpectedValue, text: str, said: MentionList) -> bool:
    """Whether a text with these values holds what is expected."""
    match expected:
        case ExpectedValue.CLOCK:
            return bool(_CLOCK.search(text))
        case ExpectedValue.MONEY:
            return any(one.term.key == "money" for one in said.of(ValueKind.QUANTITY)) or bool(_FREE.search(text))
        case ExpectedValue.DURATION:
            return bool(_TIME_WORDS.search(text))
        case ExpectedValue.TIME:
            named = said.of(ValueKind.WEEKDAY) or said.of(ValueKind.DATE)
            return bool(named or any(map(str.isdigit, text)) or _TIME_WORDS.search(text))
        case ExpectedValue.NUMBER:
            return bool(_NUMBERS.search(text))
