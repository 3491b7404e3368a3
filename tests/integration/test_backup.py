"""A backup that is taken while customers write, put back in another place: one moment of it; and what is refused."""

import asyncio
import json
import sqlite3
import subprocess
import zipfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from helpdesk.backup import sqlite_copy
from helpdesk.backup.archive import Lock, Unlock, read_archive, write_archive
from helpdesk.backup.manifest import DATABASE, MANIFEST, BackupProblem
from helpdesk.backup.restoring import read_keys, restore_backup
from helpdesk.backup.taking import keep_keys, take_backup
from store.db import Database
from store.models import Conversation, Message, Meta
from store.settings import Settings
from tests.fakes.bot import FakeBot
from tests.harness import inbound_message, run_helpdesk, settings_for

SECRET = "k" * 40
PASSPHRASE = "four words are enough"
KEY = x25519.Identity.generate()  # making a key of a passphrase takes age up to a gigabyte: only the commands do it
LOCK, UNLOCK = Lock(recipients=(str(KEY.to_public()),)), Unlock(identities=f"# mine\n{KEY}\n")
CANARY = "Kanarienvogel-4711"


async def said(url: str) -> dict[str, list[tuple[int, str]]]:
    """Every line of every conversation; each has to be as long as its conversation says."""
    db = Database(url)
    try:
        async with db.read() as session:
            last = {row.id: row.last_seq for row in await session.scalars(select(Conversation))}
            lines: dict[str, list[tuple[int, str]]] = {key: [] for key in last}
            for line in await session.scalars(select(Message).order_by(Message.seq)):
                lines[line.conversation_id].append((line.seq, line.text))
    finally:
        await db.close()
    assert {key: [seq for seq, _ in each] for key, each in lines.items()} == {
        key: list(range(1, seq + 1)) for key, seq in last.items()
    }
    return lines


@pytest.fixture
async def other_url(database_url: str, tmp_path: Path) -> Any:
    """An empty place of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite+aiosqlite:///{tmp_path}/elsewhere/staffel.db"
        return
    name = f"{database_url.rpartition('/')[2]}_restored"
    engine = create_async_engine(database_url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield f"{database_url.rpartition('/')[0]}/{name}"
    async with engine.connect() as connection:
        await connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    await engine.dispose()


async def test_a_backup_under_load_is_one_moment_of_it_and_is_put_back_whole(
    tmp_path: Path, database_url: str, other_url: str
) -> None:
    settings = settings_for(tmp_path, database_url, secret_key=SECRET)
    file = tmp_path / "monday.backup"
    async with run_helpdesk(settings, FakeBot()) as parts:
        acknowledged: list[str] = []

        async def customer(name: str) -> None:
            number = 0
            while not file.exists() or number < 5:
                words = f"{CANARY} {name} {number}"
                await parts.inbox.receive(inbound_message(words, name=name, id_=str(number)))
                acknowledged.append(words)
                number += 1

        writing = [asyncio.create_task(customer(f"c{number}")) for number in range(4)]
        while len(acknowledged) < 8:
            await asyncio.sleep(0.01)
        before = list(acknowledged)
        report = await asyncio.to_thread(take_backup, settings, file, LOCK)
        await asyncio.gather(*writing)
    after = await said(settings.database)

    assert report.size == file.stat().st_size
    assert file.stat().st_mode & 0o077 == 0
    assert CANARY.encode() not in file.read_bytes()
    elsewhere = settings_for(tmp_path / "other", other_url, secret_key=SECRET)
    put_back = await asyncio.to_thread(restore_backup, elsewhere, file, UNLOCK)

    found = await said(other_url)
    texts = [words for lines in found.values() for _, words in lines]
    assert set(before) <= set(texts)
    assert max(Counter(words for words in texts if CANARY in words).values()) == 1
    assert all(after[key][: len(lines)] == lines for key, lines in found.items()), "nothing that was not there"
    assert put_back.has_same_key
    assert put_back.former is None
    await starts_over(settings.database, other_url)


async def starts_over(old: str, new: str) -> None:
    """Open web chats learn that this is another log."""
    epochs = []
    for url in (old, new):
        db = Database(url)
        async with db.read() as session:
            epochs.append(dict((row.key, row.value) for row in await session.scalars(select(Meta))).get("log_epoch"))
        await db.close()
    assert epochs[1]
    assert epochs[0] != epochs[1]


@pytest.fixture
async def settings(tmp_path: Path, sqlite_url: str) -> Settings:
    """An installation with one conversation."""
    chosen = settings_for(tmp_path, sqlite_url, secret_key=SECRET)
    async with run_helpdesk(chosen, FakeBot()) as parts:
        await parts.inbox.receive(inbound_message(CANARY))
    return chosen


async def refused(work: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(BackupProblem) as problem:
        await asyncio.to_thread(lambda: work(*arguments, **options))
    return str(problem.value)


async def test_what_cannot_be_put_back_changes_nothing(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "a.backup"
    await asyncio.to_thread(take_backup, settings, file, LOCK)
    before = await said(settings.database)
    broken, cut, none = tmp_path / "broken", tmp_path / "cut", tmp_path / "none"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    broken.write_bytes(content)
    cut.write_bytes(file.read_bytes()[:-5_000])
    none.write_text("Guten Tag")

    assert "--replace" in await refused(restore_backup, settings, file, UNLOCK)
    stranger = Unlock(identities=str(x25519.Identity.generate()))
    assert "another one" in await refused(restore_backup, settings, file, stranger, replace=True)
    assert "--identity" in await refused(restore_backup, settings, file, Unlock(passphrase=PASSPHRASE), replace=True)
    assert "can't be opened" in await refused(restore_backup, settings, broken, UNLOCK, replace=True)
    assert "no backup" in await refused(restore_backup, settings, cut, UNLOCK, replace=True)
    assert "no backup" in await refused(restore_backup, settings, none, UNLOCK, replace=True)
    assert "there already" in await refused(take_backup, settings, file, LOCK)
    assert "12 characters" in await refused(take_backup, settings, tmp_path / "b", Lock(passphrase="short"))
    assert "no recipient" in await refused(take_backup, settings, tmp_path / "b", Lock(recipients=("age1nobody",)))
    assert await said(settings.database) == before
    assert not list(await asyncio.to_thread(lambda: [*tmp_path.glob(".staffel*")]))


async def test_a_backup_that_does_not_fit_is_refused_with_the_reason(tmp_path: Path, settings: Settings) -> None:
    file, folder = tmp_path / "a.backup", tmp_path / "taken"
    folder.mkdir()
    await asyncio.to_thread(take_backup, settings, file, LOCK)
    read_archive(file, folder, (MANIFEST, DATABASE), UNLOCK)
    described = (folder / MANIFEST).read_text()
    for number, (old, new, told) in enumerate(
        (
            ('"revision": "', '"revision": "9', "newer Staffel"),
            ('"sqlite"', '"postgresql"', "one of PostgreSQL"),
            ('"format": 2', '"format": 3', "form"),
            ('"messages": ', '"messages": 9', "damaged"),
        )
    ):
        (folder / MANIFEST).write_text(described.replace(old, new, 1))
        other = tmp_path / f"{number}.backup"
        write_archive(other, {name: folder / name for name in (MANIFEST, DATABASE)}, LOCK)
        assert told in await refused(restore_backup, settings, other, UNLOCK, replace=True)


async def test_what_was_there_is_put_aside_and_what_was_erased_is_not_in_a_backup(
    tmp_path: Path, settings: Settings
) -> None:
    where = Path(settings.database.removeprefix("sqlite+aiosqlite:///"))
    with closing(sqlite3.connect(where)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("UPDATE messages SET text = 'weg', search_text = NULL")
        connection.commit()
    copy = tmp_path / "copy"
    sqlite_copy.copy_database(where, copy)
    assert CANARY.encode() not in copy.read_bytes()
    file = tmp_path / "a.backup"
    await asyncio.to_thread(take_backup, settings, file, LOCK)

    report = await asyncio.to_thread(restore_backup, settings, file, UNLOCK, replace=True)

    assert report.former is not None
    assert report.former.name.startswith(f"{where.name}.before-")
    assert "weg" in [words for lines in (await said(settings.database)).values() for _, words in lines]


async def test_the_keys_go_their_own_way_and_another_one_is_told_of(tmp_path: Path, settings: Settings) -> None:
    file, keys = tmp_path / "a.backup", tmp_path / "a.keys"
    await asyncio.to_thread(take_backup, settings, file, LOCK)
    keep_keys(f"STAFFEL_SECRET_KEY={SECRET}\n", keys, LOCK)

    assert SECRET in read_keys(keys, UNLOCK)
    changed = settings.model_copy(update={"secret_key": type(settings.secret_key)("n" * 40)})
    report = await asyncio.to_thread(restore_backup, changed, file, UNLOCK, replace=True)
    assert not report.has_same_key


async def test_the_commands(tmp_path: Path, settings: Settings) -> None:
    program = [".venv/bin/python", "-m", "helpdesk.host.cli"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "STAFFEL_HOME": str(tmp_path / "home"),
        "STAFFEL_DATABASE_URL": settings.database,
        "STAFFEL_BACKUP_PASSPHRASE": PASSPHRASE,
        "SSH_CONNECTION": "198.51.100.7 4711 192.0.2.1 22",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*program, *arguments], env=environment, capture_output=True, text=True, check=False)

    file = tmp_path / "c.backup"
    taken = await asyncio.to_thread(run, "backup", str(file))
    assert (taken.returncode, "1 conversations" in taken.stdout) == (0, True), taken.stderr
    with zipfile.ZipFile(file) as archive:
        assert "key.age" in archive.namelist()
    put_back = await asyncio.to_thread(run, "restore", str(file), "--replace")
    assert put_back.returncode == 0, put_back.stderr
    assert "Put back: 1 conversations" in put_back.stdout
    assert "another one" not in put_back.stdout
    shown = await asyncio.to_thread(run, "audit", "show", "--action", "backup")
    (restored,) = map(json.loads, shown.stdout.splitlines())
    assert (restored["action"], restored["actor"]["kind"]) == ("backup.restore", "command")
    assert (restored["after"]["command"], restored["after"]["replaced"]) == ("staffel restore", "true")
    assert restored["address"] == "198.51.100.…"
    if settings.database.startswith("sqlite"):
        assert entered_before(tmp_path) == ["backup.take"]


def entered_before(folder: Path) -> list[str]:
    """What the audit log of the database that was put aside says."""
    former = next(folder.glob("**/*before-*"))
    with closing(sqlite3.connect(former)) as connection:
        return [action for (action,) in connection.execute("SELECT action FROM audit_entries ORDER BY number")]
