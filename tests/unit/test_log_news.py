"""News of the log says all that is new after a line, or that something is missing."""

from datetime import UTC, datetime

from connectors.contract import LogLine, LogNews


def line(seq: int) -> LogLine:
    return LogLine(
        seq=seq,
        kind="outgoing",
        author="bot",
        name="",
        text="",
        html=None,
        choices=(),
        chosen=None,
        article=None,
        article_title=None,
        client_id=None,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def news(*seqs: int, last_seq: int) -> LogNews:
    return LogNews(lines=tuple(map(line, seqs)), last_seq=last_seq, state=None)


def new_seqs(found: tuple[LogLine, ...] | None) -> list[int] | None:
    return None if found is None else [one.seq for one in found]


def test_lines_that_continue_what_is_shown_are_all_that_is_new() -> None:
    assert new_seqs(news(4, 5, last_seq=5).after(3)) == [4, 5]


def test_a_line_that_is_shown_already_is_not_shown_again() -> None:
    assert new_seqs(news(4, 5, last_seq=5).after(4)) == [5]


def test_a_change_without_lines_shows_none() -> None:
    assert new_seqs(news(last_seq=3).after(3)) == []


def test_a_line_of_somebody_elses_in_between_has_to_be_read() -> None:
    assert news(5, last_seq=5).after(3) is None


def test_news_older_than_what_is_shown_says_nothing() -> None:
    assert news(4, last_seq=4).after(6) is None
