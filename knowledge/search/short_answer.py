"""The short answer: which passage of an article a question is about, and whether it holds what the question names.

A passage is scored by its meaning and its words beside the question's, by the values that the question names (a
country, a weekday, a way of paying) and by what it wants to be told (an amount, a time). A value that only another
passage holds moves the choice there, and one that the article does not name at all is said to be missing: nothing here
says yes for it. Weights and thresholds were chosen with `benchmarks.sentence` on its first half.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge.articles.answers import ShortAnswer
from knowledge.articles.fold import fold
from knowledge.search.applied_things import applied_thing, is_named
from knowledge.search.embedder import E5_DIMENSIONS, SHARED_DIMENSIONS, Vectors
from knowledge.search.expected_values import asks_how_to, expected_value, holds
from knowledge.search.passage_source import is_step, passage_markdown, passage_words, without_passage
from knowledge.search.passage_words import PassageWords
from knowledge.search.passages import Passage
from knowledge.values import Coverage, Mention, MentionList, ValueKind, coverage_of, find_mentions

E5_WEIGHT = 4.0
"""E5's cosines lie close together: a quarter of the spread of the encoder's."""
WORDS_WEIGHT = 0.2
WORDS_ALONE_WEIGHT = 1.0
"""Where nothing was embedded, words decide."""
VALUE_WEIGHTS = {Coverage.NAMED: 0.4, Coverage.INCLUDED: 0.3, Coverage.ALL_OTHERS: 0.3, Coverage.EVERYWHERE: 0.2}
MEASURE_WEIGHT = 0.1
"""For a passage with a number of the same dimension (25 kg, up to 20 kg)."""
EXACT_MEASURE_WEIGHT = 0.05
"""The same for money and time, which stand everywhere: only the same number or a range around it counts."""
EXPECTED_WEIGHT = 0.15
STEP_PENALTY = 0.15
FIRST_FROM = 0.03
"""How much better than the article's beginning a passage has to be to be read first."""
ABOUT_THE_WHOLE = 0.3
"""Likeness of a question to the article's own from which it asks for the whole article, more and more."""
WHOLE_WEIGHT = 0.5
HOW_TO_PENALTY = 0.2
"""What asks how something is done wants the article from its beginning, and rarely one sentence of it."""
BEGINNING_WEIGHT = 0.3
"""For the article's first sentence, where only other values than the one asked for can be told."""
_FEW_WORDS = 2
_FEW_WORDS_PENALTY = 0.3
"""One or two words ("storno") name a matter and ask nothing of it."""

_EVERYWHERE = frozenset({"money", "time"})
_YES_OR_NO = re.compile(
    r"(?:ja|nein|yes|no|oui|non|natürlich|selbstverständlich|klar|gerne?|of course|sure|certainly)\b[\s,.!:;–-]+",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:bestellt|gekauft|bezahlt|bekommen|erhalten|geschickt|abgeschickt|seit|letzte[nrs]?|gestern|"
    r"ordered|bought|paid|received|sent|since|last|arrived|yesterday|"
    r"ich bin|wir sind|ich habe?|wir haben|i(?:'m| am|'ve| have)|we(?:'re| are|'ve| have))\b",
    re.IGNORECASE,
)
_CALENDAR = frozenset({ValueKind.WEEKDAY, ValueKind.DATE})


@dataclass(frozen=True, kw_only=True, eq=False)
class ArticleReading:
    """An article in one language, read so that its short answers are found; everything is computed once.

    `vectors` are those of its passages in context, `asked` that of its question, both of zeros where unknown.
    """

    question: str
    answer: str
    passages: tuple[Passage, ...]
    vectors: NDArray[np.float16]
    asked: NDArray[np.float16]

    @cached_property
    def words(self) -> PassageWords:
        """The passages by their words, with what stands above them."""
        return PassageWords([f"{one.heading} {one.lead} {one.text}" for one in self.passages])

    @cached_property
    def mentions(self) -> tuple[MentionList, ...]:
        """The values that each passage names, or that stand above it."""
        return tuple(find_mentions("\n".join((one.heading, one.lead, one.text))) for one in self.passages)

    @cached_property
    def steps(self) -> NDArray[np.bool_]:
        """Which passages stand in a numbered list."""
        return np.array([is_step(one, self.answer) for one in self.passages], dtype=bool)

    @cached_property
    def beginning(self) -> int:
        """How many passages are read before the fold; all of them where there is none."""
        at = fold(self.answer)
        if at is None:
            return len(self.passages)
        lines = self.answer[:at].count("\n") + 1
        before = [one for one in self.passages if one.lines[0] < lines and _is_before(one, self.answer[:at])]
        return max(len(before), 1)


def _is_before(passage: Passage, shown: str) -> bool:
    """Whether the last words of a passage stand in what is shown, markup aside."""
    last = passage.text.split()[-1].strip(".!?:;,")
    return last in shown


def short_answer(question: str, vector: Vectors, reading: ArticleReading) -> ShortAnswer | None:
    """The passage of an article that `question` is about; None where the article has none. `vector`: the question's."""
    if not reading.passages:
        return None
    wanted = find_mentions(question).values
    scores = passage_scores(question, vector, reading, wanted)
    best = _best(question, wanted, reading, scores)
    decides = _decides(wanted, reading, best)
    margin = float(scores[best] - scores[: reading.beginning].max())
    goes_first = decides or (best >= reading.beginning and margin > _needed(question, vector, reading))
    missing = _find_missing(question, wanted, reading, best, shown=best if goes_first else 0)
    if missing is not None:
        return _answer_without(missing, reading, scores)
    thing = None if wanted else applied_thing(question)
    if thing and not is_named(thing, f"{reading.question} {reading.answer}"):
        return _passage_without(thing, reading, 0)
    number = best if goes_first or best < reading.beginning else int(np.argmax(scores[: reading.beginning]))
    passage, is_excepted = reading.passages[number], _is_excepted(wanted, reading.mentions[number])
    text = passage_markdown(passage, reading.answer)
    return ShortAnswer(
        text=_without_yes(text) if is_excepted else text,
        plain=passage_words(passage),
        number=number,
        goes_first=goes_first or is_excepted,
        surplus=margin,
        is_expected=_is_expected(question, passage.text, reading.mentions[number]),
        decides=decides,
        rest=without_passage(passage, reading.answer) if goes_first or is_excepted else None,
    )


def _best(question: str, wanted: Sequence[Mention], reading: ArticleReading, scores: NDArray[np.float32]) -> int:
    """The passage with the highest score; where it speaks of other values than the one asked for, the one with it."""
    best = int(np.argmax(scores))
    for one in _asked_for(question, wanted):
        covered = [coverage_of(one, said) for said in reading.mentions]
        if Coverage.SILENT < covered[best] <= Coverage.ALL_OTHERS and max(covered) > covered[best]:
            holding = [number for number, each in enumerate(covered) if each is max(covered)]
            best = max(holding, key=lambda number: float(scores[number]))
    return best


def _asked_for(question: str, wanted: Sequence[Mention]) -> list[Mention]:
    """The values that are asked for: a number is more often told, and when something was ordered is, too."""
    told = _CALENDAR if _TOLD.search(question) else frozenset()
    return [one for one in wanted if one.kind is not ValueKind.QUANTITY and one.kind not in told]


def passage_scores(
    question: str, vector: Vectors, reading: ArticleReading, wanted: Sequence[Mention]
) -> NDArray[np.float32]:
    """How well each passage answers `question`, which names the values `wanted`."""
    by_words = reading.words.compare(question)
    vectors = reading.vectors.astype(np.float32)
    e5, use = vectors[:, :E5_DIMENSIONS], vectors[:, E5_DIMENSIONS:SHARED_DIMENSIONS]
    by_meaning = 2 * (E5_WEIGHT * (e5 @ vector[:E5_DIMENSIONS]) + use @ vector[E5_DIMENSIONS:SHARED_DIMENSIONS])
    words_weight = WORDS_WEIGHT if by_meaning.any() else WORDS_ALONE_WEIGHT
    by_values = np.array([sum(_worth(one, said) for one in wanted) for said in reading.mentions], np.float32)
    total: NDArray[np.float32] = by_meaning + words_weight * by_words + by_values + _by_form(question, reading)
    return total


def _by_form(question: str, reading: ArticleReading) -> NDArray[np.float32]:
    scores = -STEP_PENALTY * reading.steps.astype(np.float32)
    if expected := expected_value(question):
        held = [holds(expected, *one) for one in zip((p.text for p in reading.passages), reading.mentions, strict=True)]
        scores += EXPECTED_WEIGHT * np.array(held, np.float32)
    return scores


def _is_expected(question: str, text: str, said: MentionList) -> bool:
    expected = expected_value(question)
    return expected is not None and holds(expected, text, said)


def _worth(wanted: Mention, said: MentionList) -> float:
    coverage = coverage_of(wanted, said)
    if wanted.kind is not ValueKind.QUANTITY:
        return VALUE_WEIGHTS.get(coverage, 0.0)
    if wanted.term.key in _EVERYWHERE:
        return EXACT_MEASURE_WEIGHT if coverage >= Coverage.INCLUDED else 0.0
    return MEASURE_WEIGHT if coverage else 0.0


def _needed(question: str, vector: Vectors, reading: ArticleReading) -> float:
    """The less a question asks for more than the article's own, the surer the choice has to be."""
    asked = reading.asked[E5_DIMENSIONS:SHARED_DIMENSIONS] @ vector[E5_DIMENSIONS:SHARED_DIMENSIONS]
    about_the_whole = max(0.0, 2 * float(asked) - ABOUT_THE_WHOLE)
    few = _FEW_WORDS_PENALTY if len(question.split()) <= _FEW_WORDS else 0.0
    how = HOW_TO_PENALTY if asks_how_to(question) else 0.0
    return FIRST_FROM + WHOLE_WEIGHT * about_the_whole + max(few, how)


def _decides(wanted: Sequence[Mention], reading: ArticleReading, chosen: int) -> bool:
    """Whether the chosen passage holds a value that is asked for and the article's first sentence does not."""
    held = (
        (coverage_of(one, reading.mentions[chosen]), coverage_of(one, reading.mentions[0]))
        for one in wanted
        if one.kind is not ValueKind.QUANTITY
    )
    return any(here >= Coverage.EVERYWHERE and here > first for here, first in held)


def _find_missing(
    question: str, wanted: Sequence[Mention], reading: ArticleReading, best: int, shown: int
) -> Mention | None:
    """A value that the question names and the article does not, though what is `shown` first is about such values."""
    title = find_mentions(reading.question)
    for one in wanted:
        if one.kind in _CALENDAR and _TOLD.search(question):
            continue  # when something was ordered is told, not asked
        if any(coverage_of(each, title) >= Coverage.INCLUDED for each in wanted if each.kind is one.kind):
            continue
        covered = [coverage_of(one, said) for said in reading.mentions]
        others = [other for other in wanted if other.kind is one.kind and other is not one]
        if any(coverage_of(other, said) > Coverage.OTHER_VALUE for other in others for said in reading.mentions):
            continue
        if max(covered) <= Coverage.OTHER_VALUE and _is_at_stake(one, reading, covered, {best, shown}, shown):
            return one
    return None


def _is_at_stake(
    wanted: Mention, reading: ArticleReading, covered: Sequence[Coverage], likely: set[int], shown: int
) -> bool:
    """Whether what is said speaks of other such values, or says yes to whatever was asked."""
    agrees = bool(_YES_OR_NO.match(reading.passages[shown].text))
    if wanted.kind is ValueKind.QUANTITY:
        return wanted.term.key not in _EVERYWHERE and covered[shown] is Coverage.OTHER_VALUE and agrees
    likely = likely if wanted.kind in _CALENDAR else likely | {0}
    return agrees or any(covered[number] is Coverage.OTHER_VALUE for number in likely)


def _is_excepted(wanted: Sequence[Mention], said: MentionList) -> bool:
    """Whether a passage leaves a value out that is asked for: then its "yes" is none."""
    left_out = {each.term.key for each in said.values if each.excepted}
    return any(one.term.key in left_out for one in wanted)


def _without_yes(text: str) -> str:
    """A sentence without the yes or no that it begins with."""
    answering = _YES_OR_NO.match(text)
    rest = text[answering.end() :] if answering else text
    return rest[:1].upper() + rest[1:] if answering else text


def _answer_without(missing: Mention, reading: ArticleReading, scores: NDArray[np.float32]) -> ShortAnswer:
    """What the article says of other values of the kind, else how it begins; a yes or no before it is left out."""
    about = [
        number for number, said in enumerate(reading.mentions) if coverage_of(missing, said) is Coverage.OTHER_VALUE
    ]
    number = max(about, key=lambda each: float(scores[each]) + (BEGINNING_WEIGHT if each == 0 else 0), default=0)
    return _passage_without(missing.text, reading, number)


def _passage_without(missing: str, reading: ArticleReading, number: int) -> ShortAnswer:
    passage = reading.passages[number]
    text = _without_yes(passage_markdown(passage, reading.answer))
    return ShortAnswer(
        text=text,
        plain=passage_words(passage),
        number=number,
        goes_first=True,
        missing=missing,
        rest=without_passage(passage, reading.answer),
    )
