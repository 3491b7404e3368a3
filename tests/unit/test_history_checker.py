"""The checker of histories finds what it is there to find: each kind of fault, planted in a clean log."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.history.checker import ConversationLog, LoggedLine, check
from benchmarks.history.ledger import AcknowledgedLine, Ledger, Takeover
from connectors.contract import Author
from store.models import MessageKind
from store.status import Event, Status


def line(seq: int, author: Author, text: str = "", *, epoch: int = 1, event: Event | None = None) -> LoggedLine:
    kinds = {Author.CONTACT: MessageKind.INCOMING, Author.BOT: MessageKind.OUTGOING, Author.AGENT: MessageKind.OUTGOING}
    return LoggedLine(
        seq=seq,
        epoch=epoch,
        kind=MessageKind.ACTIVITY if event else kinds.get(author, MessageKind.ACTIVITY),
        author=author,
        agent="mia" if author is Author.AGENT or event is Event.ACCEPT else None,
        text=text,
        event=event,
    )


LINES = (
    line(1, Author.CONTACT, "c0-1 where is it"),
    line(2, Author.BOT, "You said: c0-1 where is it"),
    line(3, Author.CONTACT, "c0-2 a person please"),
    line(4, Author.SYSTEM, epoch=2, event=Event.REQUEST_HANDOFF),
    line(5, Author.SYSTEM, epoch=3, event=Event.ACCEPT),
    line(6, Author.AGENT, "a0-1 answers", epoch=3),
    line(7, Author.SYSTEM, epoch=4, event=Event.RETURN_TO_BOT),
    line(8, Author.CONTACT, "c0-3 thanks", epoch=4),
    line(9, Author.BOT, "You said: c0-3 thanks", epoch=4),
)
TOLD = (
    AcknowledgedLine(conversation="k", seq=1, text="c0-1 where is it", author="contact"),
    AcknowledgedLine(conversation="k", seq=6, text="a0-1 answers", author="agent"),
)


def log_with(lines: Sequence[LoggedLine] = LINES, answered: int = 8) -> ConversationLog:
    return ConversationLog(id="k", status=Status.BOT, answered_seq=answered, last_seq=9, lines=lines)


def ledger_with(*takeovers: Takeover) -> Ledger:
    ledger = Ledger(lines=list(TOLD), takeovers=[Takeover(conversation="k", epoch=3, agent="mia"), *takeovers])
    ledger.order["k"] = ["c0-1 where is it", "c0-2 a person please", "c0-3 thanks"]
    ledger.screens["k"] = [(each.seq, str(each.author), each.text) for each in LINES]
    return ledger


def changed(seq: int, **values: object) -> list[LoggedLine]:
    return [replace(each, **values) if each.seq == seq else each for each in LINES]  # type: ignore[arg-type]


def test_a_clean_history_has_no_fault() -> None:
    assert check([log_with()], ledger_with()) == []


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("another line", changed(1, text="something else")),
        ("lost", [each for each in LINES if each.seq != 6]),
        ("gaps", [each for each in LINES if each.seq != 7]),
        ("doubled", changed(8, text="c0-2 a person please")),
        ("doubled", changed(9, text="You said: c0-1 where is it")),
        ("out of order", [*changed(1, text="c0-3 thanks")[:7], replace(LINES[7], text="c0-1 where is it"), LINES[8]]),
        ("epoch", changed(6, epoch=1)),
        ("bot after takeover", changed(6, author=Author.BOT, text="You said: a0-1")),
        ("not the owner", changed(6, agent="jonas")),
        ("screen", changed(3, text="c0-2 changed")),
    ],
)
def test_each_kind_of_fault_is_found(kind: str, lines: list[LoggedLine]) -> None:
    found = check([log_with(lines)], ledger_with())
    assert any(fault.startswith(kind) for fault in found), found


def test_a_customer_whom_the_bot_left_standing_is_found() -> None:
    assert any(fault.startswith("unanswered") for fault in check([log_with(answered=3)], ledger_with()))


def test_two_who_were_both_told_that_it_is_theirs_are_found() -> None:
    found = check([log_with()], ledger_with(Takeover(conversation="k", epoch=3, agent="jonas")))
    assert any(fault.startswith("two owners") for fault in found)


def test_a_conversation_that_is_gone_is_found() -> None:
    found = check([], ledger_with())
    assert {fault.partition(":")[0] for fault in found} == {"lost"}
