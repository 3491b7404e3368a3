"""What a customer's text may cost: whatever it holds and however long it is, the others don't wait for it."""

import gc
import threading
from collections.abc import Iterator, Sequence
from time import process_time

import numpy as np
import pytest

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.rules import DEFAULT_RULES, Circumstances
from helpdesk.handoff.summary import summarise
from helpdesk.texts.summary_phrases import StaffSummaryPhrases
from helpdesk.turns.handoff_check import judged
from knowledge.articles.answers import ShortAnswer
from knowledge.message.clauses import clauses_of
from knowledge.message.understanding import MAX_READ_CHARACTERS, MAX_SEARCHED_CHARACTERS, understand
from knowledge.normalization import MAX_REPEATS, compact, excerpt
from knowledge.search.embedder import E5_DIMENSIONS, MAX_HELPING_CHARACTERS, FairLock, _helpings
from knowledge.search.library import SearchResult
from knowledge.search.ranking import SearchOutcome

MAX_MESSAGE_LENGTH = 4_000
#: Seconds of processor for one step on one message: many times what it takes, and far less than it once took.
ENOUGH_SECONDS = 1.0

HOSTILE = {
    name: (pattern * MAX_MESSAGE_LENGTH)[:MAX_MESSAGE_LENGTH]
    for name, pattern in {
        "question_marks": "?",
        "dashes": "-",
        "spaces": "x" + " " * 500,
        "tabs": "\t",
        "marks": "?!.,",
        "one_word": "x",
        "numbers": "7 ",
        "dots": "12.",
        "greetings": "hi ",
        "thanks": "danke, ",
        "links": "und ",
        "stars": "*a* ",
        "addresses": "a@",
        "accounts": "DE12 ",
        "telephones": "+49 171 ",
        "emoji": "😡",
        "lines": "a?\n",
        "brackets": "(a",
        "zalgo": "a\u0301\u0302\u0303",
        "prose": "Guten Tag, ich habe vor drei Wochen einen Tisch bestellt, und er ist noch nicht da. ",
    }.items()
}


NOTHING = SearchResult(
    language="de",
    outcome=SearchOutcome.NONE,
    candidates=(),
    embedding=np.zeros(E5_DIMENSIONS, np.float32),
    ms=0.0,
)


class RecordingSearcher:
    """Finds nothing, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def search_many(
        self, asked: Sequence[tuple[str, str | None]], *, certain: bool = False, written: str | None = None
    ) -> list[SearchResult]:
        self.asked += [text for text, _ in asked]
        return [NOTHING for _ in asked]

    async def short_answer(self, key: str, language: str, question: str) -> ShortAnswer | None:
        return None

    async def mend(self, text: str) -> str:
        return text


def line(text: str) -> DialogueLine:
    return DialogueLine(seq=1, author="contact", text=compact(text))


@pytest.fixture(autouse=True, scope="module")
def everything_is_loaded() -> Iterator[None]:
    """Tables that are read once belong to no message, and neither does sweeping up after thousands of other tests."""
    judged((line("hallo"),), DEFAULT_RULES, Circumstances())
    summarise([line("hallo")], phrases=StaffSummaryPhrases("de"))
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_searched_of_a_message_has_a_limit(name: str) -> None:
    searcher, began = RecordingSearcher(), process_time()
    await understand(searcher, "\n".join([HOSTILE[name]] * 5), "de")

    assert process_time() - began < ENOUGH_SECONDS
    assert max(map(len, searcher.asked), default=0) <= MAX_SEARCHED_CHARACTERS
    assert sum(map(len, searcher.asked)) <= 5 * MAX_READ_CHARACTERS


@pytest.mark.parametrize("name", HOSTILE)
def test_taking_apart_and_judging_and_summing_up_end_soon(name: str) -> None:
    text, began = HOSTILE[name], process_time()
    clauses_of(text[:MAX_READ_CHARACTERS])
    assert process_time() - began < ENOUGH_SECONDS

    began = process_time()
    judged((line(text),), DEFAULT_RULES, Circumstances())
    assert process_time() - began < ENOUGH_SECONDS

    began = process_time()
    summarise([line(text)], phrases=StaffSummaryPhrases("de"))
    assert process_time() - began < ENOUGH_SECONDS


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    story = "Mein Anliegen steht vorn. " + "Und dann war da noch etwas. " * 200 + "Wie zahle ich?"
    read = excerpt(story, 300)

    assert len(read) <= 300
    assert read.startswith("Mein Anliegen steht vorn.")
    assert read.endswith("Wie zahle ich?")
    assert set(read.split()) <= set(story.split())


def test_a_short_text_is_read_as_it_is() -> None:
    assert excerpt("Wie zahle ich?", 300) == "Wie zahle ich?"
    assert len(excerpt("x" * 5_000, 300)) <= 300


def test_runs_of_one_character_are_cut_and_words_are_not() -> None:
    assert compact("Hallo" + "?" * 4_000) == "Hallo" + "?" * MAX_REPEATS
    assert compact("Schifffahrt!!! Soooo nicht...") == "Schifffahrt!!! Soooo nicht..."


def test_f29_who_embeds_much_lets_others_in_between() -> None:
    texts = ["x" * 300] * 10

    assert [len(some) for some in _helpings(texts)] == [2] * 5
    assert [len(some) for some in _helpings(["x" * (2 * MAX_HELPING_CHARACTERS), "y"])] == [1, 1]
    assert list(_helpings([])) == [[]]


def test_a_lock_is_given_in_the_order_in_which_it_was_asked_for() -> None:
    lock, order, waiting = FairLock(), list[str](), threading.Event()

    def be_served() -> None:
        waiting.set()
        with lock:
            order.append("other")

    other = threading.Thread(target=be_served)
    with lock:
        order.append("first")
        other.start()
        waiting.wait()
        while len(lock._queue) < 2:
            pass
    with lock:
        order.append("first again")
    other.join()

    assert order == ["first", "other", "first again"]
