"""Canned replies as a table for spreadsheets (CSV): one a line, with a column for each language and form of address."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from helpdesk.canned_replies.reply import ReplyDraft, ReplyProblem, text_keys, tidy_reply
from helpdesk.canned_replies.reply_store import MAX_REPLIES, ReplyView
from knowledge.formats.cells import restore
from knowledge.formats.csv import BYTE_ORDER_MARK, write_row

_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """What is wrong with a row of a file, the head being row 1: the code of its sentence."""

    row: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTable:
    """The replies of a file. Where there are `problems`, nothing of it is to be stored."""

    drafts: tuple[ReplyDraft, ...] = ()
    problems: tuple[RowProblem, ...] = ()


def write_table(replies: Iterable[ReplyView], separator: str = ",") -> str:
    """The file: `shortcut`, `title`, `team` (its name), a text for each key, `uses`."""
    keys = text_keys()
    lines = [BYTE_ORDER_MARK + write_row(("shortcut", "title", "team", *keys, "uses"), separator)]
    for reply in replies:
        texts = (reply.draft.texts.get(key, "") for key in keys)
        head = (reply.draft.shortcut, reply.draft.title, reply.team_name or "")
        lines.append(write_row((*head, *texts, str(reply.uses)), separator))
    return "".join(lines)


def read_table(content: bytes, teams: Mapping[str, str]) -> ReplyTable:
    """The replies of a file, with what is wrong with its rows. `teams` are names by id."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ReplyTable(problems=(RowProblem(row=1, code="reply_file"),))
    separator = next((each for each in _SEPARATORS if each in text.partition("\n")[0]), ",")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    if not {"shortcut", "title"} <= set(reader.fieldnames or ()):
        return ReplyTable(problems=(RowProblem(row=1, code="reply_head"),))
    try:
        rows = list(reader)
    except csv.Error:
        return ReplyTable(problems=(RowProblem(row=reader.line_num, code="reply_file"),))
    return _read_rows(rows, {name.casefold(): id_ for id_, name in teams.items()})


def _read_rows(rows: list[dict[str, str]], teams: Mapping[str, str]) -> ReplyTable:
    drafts, problems = dict[str, ReplyDraft](), list[RowProblem]()
    for number, row in enumerate(rows, start=2):
        try:
            draft = _read_row({key: restore(cell or "") for key, cell in row.items() if key}, teams)
        except ReplyProblem as problem:
            problems.append(RowProblem(row=number, code=problem.code))
            continue
        if draft.shortcut in drafts:
            problems.append(RowProblem(row=number, code="reply_shortcut_twice"))
        drafts[draft.shortcut] = draft
    if len(drafts) > MAX_REPLIES:
        problems.append(RowProblem(row=MAX_REPLIES + 2, code="reply_too_many"))
    return ReplyTable(drafts=tuple(drafts.values()), problems=tuple(problems))


def _read_row(cells: Mapping[str, str], teams: Mapping[str, str]) -> ReplyDraft:
    named = cells.get("team", "").strip()
    if named and named.casefold() not in teams:
        raise ReplyProblem("reply_team", "team")
    texts = {key: cells.get(key, "") for key in text_keys()}
    draft = tidy_reply(ReplyDraft(shortcut=cells["shortcut"], title=cells["title"], texts=texts))
    return replace(draft, team=teams[named.casefold()] if named else None)
