"""Changing what has gone out part by part, as Telegram and Slack both do."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.contract import Address, Author, Channel, OutboundMessage, SentChange, Undeliverable
from connectors.contract.sent_changes import TOO_LONG, next_change


def message(parts: str, *, changed: str = "", files: int = 0, is_removal: bool = False) -> OutboundMessage:
    """One of which `parts` had gone out, and `changed` of them are changed already."""
    return OutboundMessage(
        id="m",
        seq=1,
        author=Author.BOT,
        author_name="Staffel",
        conversation_id="c",
        address=Address(channel=Channel.TELEGRAM, account="bot", chat_id="42"),
        text="",
        parts=tuple(changed),
        change=SentChange(parts=tuple(parts), files=files, is_removal=is_removal),
    )


def walk(parts: str, count: int, **kind: Any) -> Iterator[str]:
    """Each part with what becomes of it, up to the last that is looked at."""
    changed, more = "", True
    while more:
        change = next_change(message(parts, changed=changed, **kind), count, unknown="?")
        fate = "removed" if change.is_removed else "kept" if change.words is None else f"words {change.words}"
        yield f"{change.external_id} {fate}"
        changed, more = changed + change.external_id, change.more


@pytest.mark.parametrize(
    ("parts", "count", "kind", "expected"),
    [
        ("ab", 2, {}, ["a words 0", "b words 1"]),
        ("abc", 1, {}, ["a words 0", "b removed", "c removed"]),
        ("abF", 1, {"files": 1}, ["a words 0", "b removed"]),
        ("abF", 0, {"files": 1, "is_removal": True}, ["a removed", "b removed", "F removed"]),
        ("F", 0, {"files": 1}, ["F kept"]),
    ],
)
def test_words_are_replaced_what_is_left_over_goes_and_files_stay(
    parts: str, count: int, kind: dict[str, Any], expected: list[str]
) -> None:
    assert list(walk(parts, count, **kind)) == expected


def test_more_words_than_parts_and_parts_that_nobody_knows_are_refused() -> None:
    with pytest.raises(Undeliverable) as longer:
        next_change(message("a"), 2, unknown="?")
    with pytest.raises(Undeliverable) as nameless:
        next_change(message(""), 1, unknown="The channel didn't say.")
    assert (longer.value.reason, nameless.value.reason) == (TOO_LONG, "The channel didn't say.")
