"""Records as a file, piece by piece: CSV as it is read, a workbook at its end."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime

from helpdesk.insights.records import RecordCell, RecordRow, RecordTable
from knowledge.formats.cells import neutralise
from knowledge.formats.csv import BYTE_ORDER_MARK
from knowledge.formats.workbook import WorkbookFile
from store.errors import Invalid

MAX_ROWS = 1_000_000
"""Rows of a workbook; Excel shows 1,048,576."""

_LINES_AT_ONCE = 200


async def write_csv(table: RecordTable, separator: str = ",") -> AsyncIterator[bytes]:
    """Some lines at a time. Times are UTC, as "2026-11-29 08:15:00", which every spreadsheet understands."""
    lines = [BYTE_ORDER_MARK + _line(table.head, separator)]
    async for row in table.rows:
        lines.append(_line(map(_shown, row), separator))
        if len(lines) >= _LINES_AT_ONCE:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


async def write_xlsx(table: RecordTable, title: str) -> bytes:
    """The whole workbook. Raises `Invalid` beyond what a sheet holds."""
    workbook, count, rows = WorkbookFile(title, table.head), 0, list[RecordRow]()
    async for row in table.rows:
        rows.append([_naive(cell) for cell in row])
        count += 1
        if count > MAX_ROWS:
            raise Invalid(f"A sheet holds {MAX_ROWS:,} rows. Choose a shorter time, or CSV.")
        if len(rows) >= _LINES_AT_ONCE:
            await asyncio.to_thread(workbook.extend, rows)
            rows.clear()
    await asyncio.to_thread(workbook.extend, rows)
    return await asyncio.to_thread(workbook.finish)


def _shown(cell: RecordCell) -> str:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, str):
        return neutralise(cell) if cell else ""
    return "" if cell is None else str(cell)


def _naive(cell: RecordCell) -> str | int | datetime | date | None:
    """Workbooks know no time zones."""
    return cell.astimezone(UTC).replace(tzinfo=None) if isinstance(cell, datetime) else cell


def _line(cells: Iterable[str], separator: str) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerow(list(cells))
    return written.getvalue()
