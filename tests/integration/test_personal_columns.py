"""The table of personal data drives export, erasure and end dates: each column is filled, and none is left out."""

import json
import zipfile
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import func, select, update

from helpdesk.files.file_store import FileStore, make_file_store
from helpdesk.privacy.data_table import DataKind, EndDate, TableEntry, Whose
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from helpdesk.privacy.export_file import write_export
from helpdesk.privacy.kept import load_kept
from helpdesk.privacy.personal_data import PERSONAL_DATA
from helpdesk.privacy.retention import Retention
from helpdesk.turns.rasa_client import RasaClient
from store.db import Database
from store.models import Base, now
from tests.fakes.bot_transport import answering
from tests.personal_rows import PersonalRows, marked, store_personal_rows

CUSTOMERS = {name: entry for name, entry in PERSONAL_DATA.items() if entry.whose}
EXPORTED = (DataKind.WORDS, DataKind.COPY, DataKind.NAME, DataKind.ADDRESS, DataKind.FACT)
#: Made of other columns of the same row, for the search.
INDEX = "search_text"
#: What can't hold a word, whatever its type.
WORDLESS = {
    "handoffs.told": "times and places in the queue",
    "paces.taken": "times",
    "contact_merges.moves": "ids of contacts",
}
DAYS = 90


async def stored(db: Database, time: datetime | None = None) -> PersonalRows:
    async with db.write() as session:
        return await store_personal_rows(session, time)


async def left(db: Database) -> set[str]:
    """The columns in which a word of somebody's still stands."""
    async with db.read() as session:
        return {
            f"{table.name}.{name}"
            for table in Base.metadata.sorted_tables
            for row in await session.execute(select(table))
            for name, _ in marked(dict(row._mapping))
        }


def retention_of(db: Database) -> tuple[Retention, FileStore]:
    files = make_file_store(db, "")
    rasa = RasaClient("http://bot.test", "s" * 32, transport=answering(lambda _: httpx.Response(503)))
    return Retention(db, rasa, files, days=DAYS), files


async def test_every_column_is_filled_and_every_row_counted(db: Database) -> None:
    rows = await stored(db)
    named = {f"{name}.{column}" for name, entry in CUSTOMERS.items() for column in entry.columns}
    owned = {f"{name}.{column}" for name, entry in CUSTOMERS.items() for column in entry.whose}
    ids = {one for one in named if one.rpartition(".")[2] in ("id", "key", "file_key")}
    assert named - await left(db) - owned - ids == set(WORDLESS), "give it a value in tests/personal_rows.py"
    kept = await load_kept(db, rows.owners[Whose.CONTACT])
    expected = {entry.title for name, entry in CUSTOMERS.items() if name not in ("conversation_numbers", "file_pieces")}
    assert {title for title, _ in kept.counts} == expected


async def test_an_export_has_every_column_that_is_of_use_to_somebody(db: Database) -> None:
    rows = await stored(db)
    exported = json.dumps(await export_contact(db, rows.owners[Whose.CONTACT]))
    missing = {
        f"{table}.{column}"
        for (table, column), word in rows.words.items()
        if CUSTOMERS[table].exported and CUSTOMERS[table].columns[column] in EXPORTED and word not in exported
    }
    assert {one for one in missing if not one.endswith(f".{INDEX}")} - set(WORDLESS) == set()


async def test_an_archive_has_the_bytes_of_files(db: Database) -> None:
    rows = await stored(db)
    made = await write_export(db, make_file_store(db, ""), rows.owners[Whose.CONTACT], language="de")
    with made, zipfile.ZipFile(made) as archive:
        contents = [archive.read(name) for name in archive.namelist() if name.startswith("files/")]
    assert contents == [rows.word("file_pieces", "content").encode()]


async def test_an_erasure_leaves_no_column_filled(db: Database) -> None:
    rows = await stored(db)
    assert len(await left(db)) > len(CUSTOMERS)
    await erase_contact(db, rows.owners[Whose.CONTACT])
    assert await left(db) == set()


async def test_retention_leaves_no_column_filled(db: Database) -> None:
    await stored(db, now() - timedelta(days=DAYS + 1))
    retention, files = retention_of(db)
    assert await retention.sweep() == 1
    await files.erase_due()
    assert await left(db) == set()


@pytest.mark.parametrize("entry", [one for one in CUSTOMERS.values() if one.ends], ids=lambda entry: entry.table)
async def test_what_has_an_end_of_its_own_ends_while_its_conversation_stays(db: Database, entry: TableEntry) -> None:
    await stored(db)
    assert entry.ends
    retention, files = retention_of(db)
    for moved, remains in ((timedelta(minutes=5), 1), (timedelta(minutes=-5), 0)):
        await move_end(db, entry.table, entry.ends, now() - entry.ends.kept + moved)
        assert await retention.sweep() == 0
        await files.erase_due()
        assert await count(db, entry.table) == remains, moved
    assert await count(db, "conversations") == 1


async def move_end(db: Database, table: str, ends: EndDate, time: datetime) -> None:
    changes: dict[str, datetime | str | None] = {ends.column: time}
    async with db.write() as session:
        if ends.only:
            agents = Base.metadata.tables["agents"]
            changes[ends.only] = await session.scalar(select(agents.c.id))
        await session.execute(update(Base.metadata.tables[table]).values(changes))


async def count(db: Database, table: str) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(Base.metadata.tables[table])) or 0
