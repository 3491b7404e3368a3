"""What a mood is: two scores of one line, and the words that show them."""

from dataclasses import dataclass
from enum import StrEnum


class SignKind(StrEnum):
    """What a sign is. Those from `INSULT` on are abuse, the others frustration."""

    ANGER = "anger"
    DISPLEASED = "displeased"
    UNHELPED = "unhelped"
    IMPATIENT = "impatient"
    REPEATED = "repeated"
    CORRECTING = "correcting"
    DOUBTING = "doubting"
    GIVING_UP = "giving_up"
    LEAVING = "leaving"
    SARCASM = "sarcasm"
    SWEARING = "swearing"
    COMPANY = "company"
    SHOUTING = "shouting"
    PUNCTUATION = "punctuation"
    STRETCHED = "stretched"
    EMOJI = "emoji"
    BREVITY = "brevity"
    REPETITION = "repetition"
    REFUSING = "refusing"
    FAILURE = "failure"
    NOT_HELPFUL = "not_helpful"
    INSULT = "insult"
    DISMISSAL = "dismissal"
    THREAT = "threat"
    SLUR = "slur"
    CONTEMPT = "contempt"
    SEXUAL = "sexual"
    RUDE_EMOJI = "rude_emoji"


ABUSIVE = frozenset(
    {
        SignKind.INSULT,
        SignKind.DISMISSAL,
        SignKind.THREAT,
        SignKind.SLUR,
        SignKind.CONTEMPT,
        SignKind.SEXUAL,
        SignKind.RUDE_EMOJI,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """`text` is an exact part of the line `seq`: the contact's words, or the other side's for a `FAILURE`.

    A `NOT_HELPFUL` that was tapped quotes the button, or nothing where it has no text.
    """

    kind: SignKind
    seq: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """How the contact's line `seq` reads, judged from it and what came before.

    `frustration` and `abuse` are probabilities from 0 to 1; `shown_by` is in the order of the dialogue.
    """

    seq: int
    frustration: float
    abuse: float
    shown_by: tuple[Sign, ...] = ()
