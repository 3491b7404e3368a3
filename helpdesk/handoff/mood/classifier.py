"""From features to two probabilities: a logistic regression whose weights are learnt from our own examples."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from operator import mul

from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.mood.evidence import shows_feeling
from helpdesk.handoff.mood.features import of_line
from helpdesk.handoff.mood.history import MoodHistory
from helpdesk.handoff.mood.moods import ABUSIVE, Mood


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodWeights:
    """A linear score: a constant, a weight for each feature, and one for each dimension of the meaning (or none)."""

    constant: float
    features: Mapping[str, float]
    meaning: Sequence[float] = ()

    def probability(self, features: Mapping[str, float], meaning: Sequence[float] = ()) -> float:
        """0 to 1. A feature without a weight counts nothing."""
        score = self.constant + sum(value * self.features.get(name, 0.0) for name, value in features.items())
        if self.meaning and meaning:
            score += sum(map(mul, self.meaning, meaning))
        return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


class MoodClassifier:
    """Judges a conversation line by line; each line costs the same, however long the conversation is."""

    def __init__(self) -> None:
        self._course = MoodHistory()

    def hear(self, line: DialogueLine) -> Mood | None:
        """Take the next line; a mood when it is the contact's and has words."""
        if line.author != CONTACT:
            self._course.hear(line)
            return None
        self._course.judge(line)
        return self._judge(line) if line.is_contacts_words else None

    def _judge(self, line: DialogueLine) -> Mood:
        seen = of_line(line, self._course)
        self._course.remember(line, seen.words, seen.features)
        meaning = line.meaning or ()
        plain, full = weights()
        frustration, abuse = full if meaning else plain
        mood = Mood(
            seq=line.seq,
            frustration=frustration.probability(seen.features, meaning),
            abuse=abuse.probability(seen.features, meaning),
            shown_by=seen.signs,
        )
        return Mood(seq=line.seq, frustration=0.0, abuse=0.0) if line.answers_question and _is_calm(mood) else mood


def _is_calm(mood: Mood) -> bool:
    """Whether no word of the line itself shows a feeling or insults: what was asked for is read as that."""
    return not shows_feeling(mood) and not any(sign.kind in ABUSIVE and sign.seq == mood.seq for sign in mood.shown_by)


def judge_moods(said: Sequence[DialogueLine]) -> tuple[Mood, ...]:
    """The mood of each line of the contact that has words, in order. Linear in the number of lines."""
    judge = MoodClassifier()
    return tuple(mood for line in said if (mood := judge.hear(line)))


@cache
def weights() -> tuple[tuple[MoodWeights, MoodWeights], tuple[MoodWeights, MoodWeights]]:
    """(frustration, abuse) for lines without and with a meaning, as `benchmarks/train_mood.py` learnt them."""
    stored = json.loads((files(__package__) / "weights.json").read_text("utf-8"))
    plain, full = (tuple(MoodWeights(**stored[form][score]) for score in ("frustration", "abuse")) for form in FORMS)
    return (plain[0], plain[1]), (full[0], full[1])


FORMS = ("words", "words_and_meaning")
