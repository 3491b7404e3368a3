"""The question in a long story: the sentences that ask, and what stands before each; else the trouble at its end. Pure.

Who writes at length tells first and asks last, mostly in one sentence. What is told holds many words of other articles,
so it is only looked at beside the question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.message.clauses import looks_like_a_question, sentences_of

MIN_CHARACTERS = 160
MIN_SENTENCES = 3
"""A message that is as long and has as many is a story; of two sentences it is one from `MIN_CHARACTERS_OF_TWO` on."""
MIN_CHARACTERS_OF_TWO = 220
MAX_QUESTIONS = 4
"""The last ones count; who asks more has written a letter."""
MIN_CORE_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryQuestion:
    """A sentence that asks, without "I would love to know", and the sentence before it, empty where there is none."""

    text: str
    before: str


def is_story(message: str) -> bool:
    """Whether a message tells at length."""
    sentences = len(sentences_of(message))
    return (len(message) > MIN_CHARACTERS and sentences >= MIN_SENTENCES) or (
        len(message) > MIN_CHARACTERS_OF_TWO and sentences == MIN_SENTENCES - 1
    )


def questions_of(message: str) -> tuple[StoryQuestion, ...]:
    """The questions of a story in order; none where it only tells."""
    sentences = sentences_of(message)
    asking = [number for number, sentence in enumerate(sentences) if _asks(sentence)]
    return tuple(
        StoryQuestion(text=_core(sentences[number]), before=_before(sentences, number, asking))
        for number in asking[-MAX_QUESTIONS:]
    )


def trouble_of(message: str) -> tuple[str, str]:
    """The last sentence of a story that asks nothing, and the last two: what went wrong stands there."""
    sentences = sentences_of(message)
    return sentences[-1], " ".join(sentences[-2:])


def _before(sentences: Sequence[str], number: int, asking: Sequence[int]) -> str:
    """The sentence before, unless it is a question of its own."""
    return sentences[number - 1] if number and number - 1 not in asking else ""


def _asks(sentence: str) -> bool:
    if _COURTESY.search(sentence) or ("?" not in sentence and _TELLING.match(sentence)):
        return False
    return looks_like_a_question(sentence) or bool(_REQUEST.search(sentence) or _LATE_QUESTION.search(sentence))


def _core(sentence: str) -> str:
    """What is asked, without the words that announce it."""
    announced = list(_ANNOUNCED.finditer(sentence))
    core = sentence[announced[-1].end() :] if announced else sentence
    return core if len(core.split()) >= MIN_CORE_WORDS else sentence


def _spaced(phrases: str) -> str:
    return phrases.replace(" ", r"\s+")


_COURTESY = re.compile(
    _spaced(r"\b(?:wie geht (?:es|'?s)|wie gehts|how are you|hope you(?:'re| are)|alles gut bei)\b"), re.I
)
_TELLING = re.compile(
    _spaced(r"(?:what i|was (?:ich|mich)|when (?:i|we|the)|where i|wie (?:gesagt|ich)|wo ich|who)\b"), re.I
)
_ANNOUNCED = re.compile(
    _spaced(
        r"\b(?:(?:wissen|fragen|erfahren|nachfragen|sagen|verraten|mitteilen|erklären|interessieren|to know|to ask|"
        r"know|ask|"
        r"tell me|wondering|wonder|find out|let me know)\b,?\s*(?=(?:ob|wie|wo|wann|was|wer|wen|wem|welche\w*|woran|"
        r"wohin|woher|warum|"
        r"wieso|ab wann|bis wann|if|whether|how|where|when|what|who|which|why)\b))"
    ),
    re.IGNORECASE,
)
_REQUEST = re.compile(
    _spaced(
        r"\b(?:(?:würde|wollte|möchte|hätte|will|muss)\b[^.!?]{0,30}\b(?:wissen|fragen|erfahren|nachfragen)|"
        r"könn(?:t|ten|tet|en|test) (?:sie|ihr|du)|kannst du|würde(?:n|t|st)? (?:sie|ihr|du)|"
        r"besteht (?:die|eine) möglichkeit|ist es möglich|frage mich|weiß (?:jemand|wer)|meine frage|"
        r"(?:love|like|want|wanted|need) to (?:know|ask|find out)|wondering|(?:could|can|would|will) you|"
        r"is it possible|"
        r"is there any (?:way|chance)|let me know|my question|any idea|"
        r"(?:bitte|please) (?:\w+ )?(?:löscht?|schick\w*|stornier\w*|send|delete|cancel|änder\w*|change|sag\w*|tell|"
        r"gebt|geben|"
        r"remove|nehmt|nehmen|entfern\w*|erstatte\w*|refund)|(?:lösch|stornier|schick|änder|entfern)\w* (?:sie |"
        r"mir )?bitte)\b"
    ),
    re.IGNORECASE,
)
_LATE_QUESTION = re.compile(
    _spaced(
        r",\s*(?:und |also |aber |so |and )?(?:wo|wann|wie|was|wer|wohin|woran|warum|wieso|welche\w*|kann ich|"
        r"kann man|muss ich|"
        r"darf ich|gibt es|how (?:do|can|long|much)|where|when|what (?:do|can|happens)|can i|do i|is there)\b[^,]*$"
    ),
    re.IGNORECASE,
)
