"""What the rules of the handoff see of a stored conversation."""

from datetime import UTC, datetime

import pytest

from connectors.contract import Author
from helpdesk.conversations.log.transcript import awaited_in, log_line_of, with_open_answers
from helpdesk.handoff.dialogue import DialogueLine
from store.models import Message, MessageFacts


def contact(text: str) -> DialogueLine:
    return DialogueLine(seq=0, author="contact", text=text)


def bot(text: str, awaits: str | None = None) -> DialogueLine:
    return DialogueLine(seq=0, author="bot", text=text, awaits=awaits)


QUESTION = bot("Wann passt es Ihnen?", awaits="callback_time")


def test_all_that_is_written_after_a_question_of_the_bot_counts_as_its_answer() -> None:
    said = [contact("Rufen Sie mich an"), QUESTION, contact("Donnerstag"), contact("gegen drei")]

    assert awaited_in(said) == "callback_time"
    assert [line.answers_question for line in with_open_answers(said)] == [False, False, True, True]


def test_after_anything_else_of_the_bot_or_an_agent_nothing_is_awaited() -> None:
    agent = DialogueLine(seq=0, author="agent", text="Ich übernehme.")

    for last in (bot("Im Konto."), agent):
        said = [QUESTION, last, contact("Donnerstag")]
        assert awaited_in(said) is None
        assert with_open_answers(said) == tuple(said)


def test_what_the_bot_has_read_otherwise_stays_as_it_was_read() -> None:
    said = [QUESTION, contact("Was kostet der Versand?"), bot("4,90 Euro."), QUESTION, contact("Freitag")]

    assert [line.answers_question for line in with_open_answers(said)] == [False, False, False, False, True]


def test_a_line_of_the_system_between_changes_nothing() -> None:
    joined = DialogueLine(seq=0, author="system", text="")

    assert awaited_in([QUESTION, joined, contact("Freitag")]) == "callback_time"


@pytest.mark.parametrize(("lead", "short", "read"), [(25, 7, "9,95 €."), (None, 6, "Konto."), (25, None, None)])
def test_the_sentence_that_stood_first_is_known(lead: int | None, short: int | None, read: str | None) -> None:
    text = "Nach Österreich: 9,95 €.\n\nMehr steht im Konto."
    message = Message(
        seq=2,
        author=Author.BOT,
        text=text,
        payload=None,
        article="delivery",
        created_at=datetime.now(UTC),
        facts=MessageFacts(lead=lead, short=short),
    )

    assert log_line_of(message, "de").short == read
