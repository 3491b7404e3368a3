"""One line as numbers: its words, its form, the course up to it, and what the three mean together."""

from dataclasses import dataclass
from itertools import chain

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.mood import form, wording
from helpdesk.handoff.mood.history import MoodHistory
from helpdesk.handoff.mood.moods import Sign, SignKind
from helpdesk.handoff.mood.spelling import Word

MAX_FEATURE = 2.0
"""Finds of one category that count; the third "damn" adds nothing."""
STRONG = ("insult", "slur", "sexual", "dismissal", "threat", "weak_at_you", "mild_at_you")
UPSET = ("anger", "swearing", "company", "unhelped", "sarcasm", "leaving", "insisting")
RESISTANCE = ("refusing", "correcting", "doubting", "alternative", "unhelped", "giving_up")
TOGETHER = (
    ("failed", "refusing"),
    ("failed", "doubting"),
    ("failed", "correcting"),
    ("failed", "alternative"),
    ("failed", "positive"),
    ("failed", "praise"),
    ("failed", "negation"),
    ("failed", "repetition"),
    ("heat_before", "praise"),
    ("trouble", "positive"),
    ("trouble", "praise"),
    ("trouble", "exclaims"),
    ("unhelped", "praise"),
    ("resistance", "resistance_before"),
    ("offered", "correcting"),
    ("failed", "closing"),
    ("failed", "failures"),
    ("offered", "refusing"),
    ("refusing", "correcting"),
    ("refusing", "positive"),
    ("failed", "agreeing"),
    ("negation", "agreeing"),
    ("sarcasm", "positive"),
    ("positive", "emoji_laughing"),
    ("heat_before", "upset"),
    ("heat_before", "exclaims"),
    ("repetition", "failures"),
    ("upset", "marks"),
    ("upset", "shouting"),
    ("abusive", "you"),
    ("abusive", "person"),
    ("contempt", "marks"),
    ("contempt", "person"),
    ("weak_thing", "person"),
    ("swearing", "you"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFeatures:
    """A line's features, its words and its signs in the order of the dialogue."""

    features: dict[str, float]
    words: list[Word]
    signs: tuple[Sign, ...]


def of_line(line: DialogueLine, course: MoodHistory) -> LineFeatures:
    """What shows in a line of the contact, with the course up to it."""
    worded = wording.read(line.text)
    shaped = form.look(line.text, worded.words)
    went, before = course.features(line, worded.words)
    features = {name: min(float(count), MAX_FEATURE) for name, count in worded.counts.items()}
    features |= shaped.features | went
    features |= {"brief": float(len(worded.words) <= 2), "long": min(len(worded.words) / 25, MAX_FEATURE)}
    features |= _together(features)
    signs = chain(before, (_sign(line, *found) for found in chain(worded.found, shaped.found)))
    return LineFeatures(features=features, words=list(worded.words), signs=_in_order(signs))


def _together(features: dict[str, float]) -> dict[str, float]:
    sums = {
        "upset": min(sum(features.get(name, 0.0) for name in UPSET), MAX_FEATURE),
        "abusive": min(sum(features.get(name, 0.0) for name in STRONG), MAX_FEATURE),
        "resistance": min(sum(features.get(name, 0.0) for name in RESISTANCE), MAX_FEATURE),
    }
    known = features | sums
    pairs = {f"{one}*{other}": known.get(one, 0.0) * known.get(other, 0.0) for one, other in TOGETHER}
    return {"abusive": sums["abusive"]} | {name: value for name, value in pairs.items() if value}


def _sign(line: DialogueLine, kind: SignKind, start: int, end: int) -> Sign:
    return Sign(kind=kind, seq=line.seq, text=line.text[start:end])


def _in_order(signs: chain[Sign]) -> tuple[Sign, ...]:
    return tuple(sorted(dict.fromkeys(signs), key=lambda sign: sign.seq))
