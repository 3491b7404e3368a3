"""How the conversation went up to a line, kept in a window of fixed size, so that each line costs the same."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log1p

from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.mood.lexicon import lexicon
from helpdesk.handoff.mood.moods import Sign, SignKind
from helpdesk.handoff.mood.spelling import Word, words_of

WINDOW = 6
"""Lines of each side that are compared and remembered."""
FADING = 0.7
"""What is left of an older impression with each line of the contact."""
ALIKE_FROM, ALIKE_AT = 0.88, 0.97
"""e5's cosines of unrelated and of equal sentences: its space is narrow."""
SAME_WORDS = 0.5
MIN_REPEATED_LENGTH = 3
"""Words; "yes please" said twice is no repetition."""
LONGER = 4
"""Letters from which a word says something."""
IMPATIENCE = ("anger", "swearing", "company", "unhelped", "sarcasm", "insisting", "weak_at_you", "insult")
RESISTANCE = ("refusing", "correcting", "doubting", "alternative", "unhelped", "giving_up")

type Spoken = tuple[DialogueLine, frozenset[str], int]
"""A line, its folded words and how many there are."""


@dataclass(slots=True)
class MoodHistory:
    """What is remembered between two lines of the contact."""

    spoken: deque[Spoken] = field(default_factory=lambda: deque(maxlen=WINDOW))
    heard: deque[frozenset[str]] = field(default_factory=lambda: deque(maxlen=WINDOW))
    failures: float = 0.0
    resistance: float = 0.0
    heat: float = 0.0
    unhelped: float = 0.0
    turns: int = 0
    length: float = 0.0
    failed_now: float = 0.0
    asked_again_now: float = 0.0
    offered_now: float = 0.0
    unhelped_now: float = 0.0
    signs_now: list[Sign] = field(default_factory=list)

    def hear(self, line: DialogueLine) -> None:
        """A line of the bot or an agent."""
        words = words_of(line.text)
        bag = frozenset(word.folded for word in words)
        failed, sign = _failure(line, words)
        self.failed_now = max(self.failed_now, failed)
        self.asked_again_now = max(self.asked_again_now, max((_overlap(bag, old) for old in self.heard), default=0.0))
        self.offered_now = float("?" in line.text)
        self.heard.append(bag)
        if sign:
            self.signs_now.append(sign)

    def judge(self, line: DialogueLine) -> None:
        """The contact said whether an answer helped, by a button or in words."""
        if line.helpful is False:
            self.unhelped_now = 1.0
            self.signs_now.append(Sign(kind=SignKind.NOT_HELPFUL, seq=line.seq, text=line.text))

    def features(self, line: DialogueLine, words: Sequence[Word]) -> tuple[dict[str, float], list[Sign]]:
        """What the course says about this line; before `remember`."""
        bag = frozenset(word.folded for word in words)
        repetition = self._repetition(line, bag, len(words))
        signs = list(self.signs_now)
        if repetition >= SAME_WORDS:
            signs.append(Sign(kind=SignKind.REPETITION, seq=line.seq, text=line.text))
        brief = self._shorter(len(words))
        if brief >= 0.7 and self.failures + self.failed_now > 0 and words:
            signs.append(Sign(kind=SignKind.BREVITY, seq=line.seq, text=line.text))
        return {
            "failed": self.failed_now,
            "failures": min(self.failures, 3.0),
            "asked_again": float(self.asked_again_now >= 0.7) * float(self.turns > 0),
            "offered": self.offered_now,
            "resistance_before": min(self.resistance, 3.0),
            "heat_before": min(self.heat, 4.0),
            "not_helpful": self.unhelped_now,
            "not_helpful_before": min(self.unhelped, 2.0),
            "repetition": repetition,
            "said_before": self._said_before(words),
            "shorter": brief,
            "turns": log1p(self.turns),
            "first": float(self.turns == 0),
        }, signs

    def remember(self, line: DialogueLine, words: Sequence[Word], features: dict[str, float]) -> None:
        """Take the contact's line into the window."""
        bag = frozenset(word.folded for word in words)
        self.spoken.append((line, bag, len(words)))
        self.failures = FADING * self.failures + self.failed_now
        self.unhelped = FADING * self.unhelped + self.unhelped_now
        self.resistance = FADING * self.resistance + float(any(features.get(name) for name in RESISTANCE))
        self.heat = FADING * self.heat + min(sum(features.get(name, 0.0) for name in IMPATIENCE), 2.0)
        self.length = len(words) if not self.turns else 0.6 * self.length + 0.4 * len(words)
        self.turns += 1
        self.failed_now = self.asked_again_now = self.offered_now = self.unhelped_now = 0.0
        self.signs_now = []

    def _repetition(self, line: DialogueLine, bag: frozenset[str], length: int) -> float:
        """How much the line says what was said in the window, 0 to 1."""
        if length < MIN_REPEATED_LENGTH:
            return 0.0
        return max((_likeness(line, bag, *old) for old in self.spoken), default=0.0)

    def _said_before(self, words: Sequence[Word]) -> float:
        """The share of the longer words that the contact has used in the window: what was given is given again."""
        longer = {word.folded for word in words if len(word.folded) >= LONGER}
        known = frozenset[str]().union(*(bag for _, bag, _ in self.spoken))
        return len(longer & known) / len(longer) if len(longer) >= MIN_REPEATED_LENGTH else 0.0

    def _shorter(self, length: int) -> float:
        """How much shorter than the contact's usual line, 0 to 1."""
        return max(0.0, 1 - length / self.length) if self.turns and self.length >= 5 else 0.0


def _failure(line: DialogueLine, words: Sequence[Word]) -> tuple[float, Sign | None]:
    """Whether the line says that something was not found or not possible, and the words that say so."""
    hit = next((hit for hit in lexicon().find(words) if hit.category == "failure"), None)
    if hit:
        text = line.text[words[hit.start].start : words[hit.end - 1].end]
        return 1.0, Sign(kind=SignKind.FAILURE, seq=line.seq, text=text)
    if line.author != CONTACT and line.outcome in ("none", "clarify"):
        strength = 1.0 if line.outcome == "none" else 0.5
        return strength, Sign(kind=SignKind.FAILURE, seq=line.seq, text=line.text)
    return 0.0, None


def _likeness(
    line: DialogueLine, bag: frozenset[str], other: DialogueLine, other_bag: frozenset[str], length: int
) -> float:
    if length < MIN_REPEATED_LENGTH:
        return 0.0
    alike = _overlap(bag, other_bag)
    if line.meaning is None or other.meaning is None:
        return alike
    cosine = sum(a * b for a, b in zip(line.meaning, other.meaning, strict=True))
    return max(alike, min(1.0, (cosine - ALIKE_FROM) / (ALIKE_AT - ALIKE_FROM)), 0.0)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
