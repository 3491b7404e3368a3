"""What a socket may be sent, and what it may not (faults F69, F80)."""

import pytest

from connectors.webchat.frames import (
    MAX_DRAFT_LENGTH,
    MAX_FRAME_BYTES,
    MAX_KEY_LENGTH,
    ProtocolError,
    read_article,
    read_client_id,
    read_draft,
    read_frame,
    read_hello,
    read_number,
    why_resync,
)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "[]",
        "null",
        "1e999x",
        '{"a": NaN}',
        '{"a": Infinity}',
        "[" * 2000,
        '{"a":' * 1500 + "1" + "}" * 1500,
        '"' + "x" * MAX_FRAME_BYTES + '"',
        "{",
    ],
)
def test_f80_what_is_no_object_of_json_is_broken(text: str | None) -> None:
    with pytest.raises(ProtocolError):
        read_frame(text)


@pytest.mark.parametrize("frame", [{}, {"type": "hello"}, {"type": "hello", "protocol": 2}, {"type": "base"}])
def test_a_first_frame_must_be_a_hello_of_this_protocol(frame: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        read_hello(frame)


@pytest.mark.parametrize("last_seq", [-1, "3", None, 1.5, True, 2**70, [], {}])
def test_f69_a_last_seq_that_is_no_count_asks_for_a_fresh_start(last_seq: object) -> None:
    hello = read_hello({"type": "hello", "protocol": 1, "last_seq": last_seq, "log_epoch": "e"})
    assert why_resync(hello.last_seq, 10, hello.log_epoch, "e") == "ahead_of_log"


@pytest.mark.parametrize("client_id", [None, 7, "", "x" * 65, "a:b"])
def test_a_client_id_is_a_short_text(client_id: object) -> None:
    with pytest.raises(ProtocolError):
        read_client_id({"client_id": client_id})


@pytest.mark.parametrize("value", [None, -1, "1", 1.0, True, 2**31])
def test_f80_a_number_is_a_count(value: object) -> None:
    with pytest.raises(ProtocolError):
        read_number({"seq": value}, "seq")


def test_f70_why_a_client_starts_over() -> None:
    assert why_resync(0, 400, None, "e") is None
    assert why_resync(5, 400, "e", "e") is None
    assert why_resync(5, 400, "older", "e") == "other_log"
    assert why_resync(401, 400, "e", "e") == "ahead_of_log"
    assert why_resync(5, 600, "e", "e") == "too_far_behind"


@pytest.mark.parametrize("frame", [{}, {"id": 1}, {"id": 1, "text": 7}, {"text": "wo"}, {"id": -1, "text": "wo"}])
def test_a_draft_is_a_numbered_text(frame: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        read_draft(frame)


def test_a_draft_that_is_too_long_to_be_a_question_is_none() -> None:
    assert read_draft({"id": 1, "text": " wo ist "}).text == "wo ist"
    assert read_draft({"id": 1, "text": "x" * (MAX_DRAFT_LENGTH + 1)}).text == ""


@pytest.mark.parametrize("article", [None, "", 7, "x" * (MAX_KEY_LENGTH + 1), ["returns"]])
def test_a_suggestion_names_an_article(article: object) -> None:
    with pytest.raises(ProtocolError):
        read_article({"article": article})


@pytest.mark.parametrize("id_", ["a\x00b", "\ud800", "x\udfff"])
def test_f99_an_id_that_no_database_can_hold_is_no_id(id_: str) -> None:
    with pytest.raises(ProtocolError):
        read_client_id({"client_id": id_})
    with pytest.raises(ProtocolError):
        read_article({"article": id_})
    hello = read_hello({"type": "hello", "protocol": 1, "token": id_, "log_epoch": id_, "page": id_})
    assert (hello.token, hello.log_epoch, hello.introduction.page) == (None, None, None)
