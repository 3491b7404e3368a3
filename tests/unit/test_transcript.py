"""What the rules of the handoff see of a stored conversation."""

from helpdesk.conversations.transcript import awaited_in, with_open_answers
from helpdesk.handoff.dialogue import DialogueLine


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
