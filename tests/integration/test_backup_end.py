"""A backup ends: it is removed where it lies, not put back unasked, and brings nobody back who was erased since."""

import asyncio
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519
from sqlalchemy import select, update

from helpdesk.backup.archive import Lock, Unlock
from helpdesk.backup.label import LABEL, read_label
from helpdesk.backup.manifest import BackupProblem, Manifest
from helpdesk.backup.restoring import restore_backup
from helpdesk.backup.taking import keep_keys, remove_ended_backups, take_backup
from helpdesk.privacy.erasure_ledger import ErasedContact, read_ledger, written_ledger
from helpdesk.privacy.erasure_requests import Erasures, erase_by_own_wish
from helpdesk.privacy.terms import erase_ended_rows
from store.db import Database
from store.errors import Invalid
from store.migrate import upgrade
from store.models import Contact, ErasureMark, ErasureRecord, Message, now
from store.settings import MAX_BACKUP_DAYS, Settings
from tests.fakes.bot import FakeBot
from tests.harness import inbound_message, run_helpdesk, settings_for

KEY = x25519.Identity.generate()
LOCK, UNLOCK = Lock(recipients=(str(KEY.to_public()),)), Unlock(identities=str(KEY))
SECRET = "k" * 40


@contextmanager
def at(time: datetime) -> Iterator[None]:
    """Backups are taken, put back and removed as if it were then."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("taking", "restoring"):
            patch.setattr(f"helpdesk.backup.{module}.now", lambda: time)
        yield


async def take(settings: Settings, file: Path) -> None:
    await asyncio.to_thread(take_backup, settings, file, LOCK)


async def put_back(settings: Settings, file: Path, **options: Any) -> Any:
    return await asyncio.to_thread(lambda: restore_backup(settings, file, UNLOCK, replace=True, **options))


async def on_database[T](settings: Settings, work: Any) -> Any:
    db = Database(settings.database)
    try:
        return await work(db)
    finally:
        await db.close()


async def lines_of(settings: Settings) -> list[str]:
    async def load(db: Database) -> list[str]:
        async with db.read() as session:
            return sorted(await session.scalars(select(Message.text).where(Message.author == "contact")))

    return list(await on_database(settings, load))


@pytest.fixture
async def settings(tmp_path: Path, database_url: str) -> Settings:
    """An installation in which Ida, Mia and Kim have written."""
    return await written_in(tmp_path, database_url)


async def written_in(home: Path, database_url: str) -> Settings:
    """The settings of an installation in which Ida, Mia and Kim have written."""
    chosen = settings_for(home, database_url, secret_key=SECRET)
    async with run_helpdesk(chosen, FakeBot()) as parts:
        for name in ("ida", "mia", "kim"):
            await parts.inbox.receive(inbound_message(f"Hallo von {name}", name=name))
    return chosen


async def contact_of(settings: Settings, name: str) -> str:
    async def load(db: Database) -> str | None:
        async with db.read() as session:
            return await session.scalar(select(Contact.id).where(Contact.external_id == name))

    return str(await on_database(settings, load))


async def test_who_was_erased_since_does_not_come_back(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "monday.backup"
    await take(settings, file)
    ida, mia = await contact_of(settings, "ida"), await contact_of(settings, "mia")
    receipt = await on_database(settings, lambda db: Erasures(db).ask(ida, "ada@example.org", reference="Brief 17"))
    await on_database(settings, lambda db: erase_by_own_wish(db, mia))
    assert await lines_of(settings) == ["Hallo von kim"]

    report = await put_back(settings, file)

    assert await lines_of(settings) == ["Hallo von kim"]
    assert (report.erased_again, report.knows_erasures) == (2, True)

    async def load(db: Database) -> tuple[set[str], set[str]]:
        async with db.read() as session:
            receipts = set(await session.scalars(select(ErasureRecord.id)))
            return set(await session.scalars(select(ErasureMark.contact_id))), receipts

    marks, receipts = await on_database(settings, load)
    assert marks == {ida, mia}, "and they stay away from a third one"
    assert receipt.id in receipts
    assert len(receipts) == 2


async def test_a_lost_database_needs_what_was_kept_elsewhere(tmp_path: Path, sqlite_url: str) -> None:
    """A file is lost more easily than a server, so this is SQLite's alone."""
    settings = await written_in(tmp_path, sqlite_url)
    file = tmp_path / "monday.backup"
    await take(settings, file)
    ida = await contact_of(settings, "ida")
    where = Path(settings.database.removeprefix("sqlite+aiosqlite:///"))
    await asyncio.to_thread(where.write_bytes, b"nothing that SQLite knows" * 400)

    report = await put_back(settings, file)
    assert (report.erased_again, report.knows_erasures) == (0, False)
    assert "Hallo von ida" in await lines_of(settings)

    kept = list(written_ledger([ErasedContact(contact_id=ida, erased_at=now())]))
    report = await put_back(settings, file, erased=read_ledger(kept))
    assert (report.erased_again, report.knows_erasures) == (1, True)
    assert "Hallo von ida" not in await lines_of(settings)


async def test_the_ledger_outlasts_every_backup_and_ends_itself(settings: Settings) -> None:
    ida = await contact_of(settings, "ida")
    await on_database(settings, lambda db: erase_by_own_wish(db, ida))

    async def sweep(db: Database, days: int) -> int:
        async with db.write() as session:
            await erase_ended_rows(session, now() + timedelta(days=days))
            return len(list(await session.scalars(select(ErasureMark))))

    assert await on_database(settings, lambda db: sweep(db, MAX_BACKUP_DAYS)) == 1
    assert await on_database(settings, lambda db: sweep(db, MAX_BACKUP_DAYS + 2)) == 0


async def test_a_backup_past_its_end_is_not_put_back_unasked(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "monday.backup"
    await take(settings, file)

    async def change(db: Database) -> None:
        async with db.write() as session:
            await session.execute(update(Message).where(Message.author == "contact").values(text="seitdem"))

    await on_database(settings, change)
    with at(now() + timedelta(days=settings.backup_days, minutes=1)):
        with pytest.raises(BackupProblem, match="--ended"):
            await put_back(settings, file)
        assert set(await lines_of(settings)) == {"seitdem"}
        report = await put_back(settings, file, even_ended=True)
    assert report.manifest.ends_at == report.manifest.made_at + timedelta(days=settings.backup_days)
    assert "Hallo von ida" in await lines_of(settings)


def test_one_of_an_older_version_ends_by_the_setting() -> None:
    written = Manifest(
        made_at=now(), engine="sqlite", revision="0049", rows={}, key_mark="m", has_files=True, ends_at=None
    )
    older = json.loads(written.to_json()) | {"format": 1}
    del older["ends_at"]
    assert Manifest.from_json(json.dumps(older)).ends_at is None
    assert Manifest.from_json(written.to_json()) == written


@pytest.fixture
def small(tmp_path: Path, sqlite_url: str) -> Settings:
    """An installation with nothing in it."""
    upgrade(sqlite_url)
    return settings_for(tmp_path, sqlite_url, secret_key=SECRET)


def test_only_ended_backups_of_this_installation_in_the_folder_itself_go(tmp_path: Path, small: Settings) -> None:
    folder = tmp_path / "backups"
    (folder / "below").mkdir(parents=True)
    strangers = small.model_copy(update={"secret_key": type(small.secret_key)("n" * 40)})
    with at(now() - timedelta(days=small.backup_days, minutes=1)):
        for settings, name in (
            (small, "old.backup"),
            (small, "below/old.backup"),
            (small, "elsewhere"),
            (strangers, "strangers.backup"),
        ):
            take_backup(settings, folder / name, LOCK)
        (folder / "elsewhere").rename(tmp_path / "elsewhere")
        keep_keys(f"STAFFEL_SECRET_KEY={SECRET}\n", folder / "staffel.keys", LOCK)
    take_backup(small, folder / "young.backup", LOCK)
    (folder / "linked.backup").symlink_to(tmp_path / "elsewhere")
    (folder / "notes.txt").write_text("mine")
    (folder / "broken.backup").write_bytes((folder / "old.backup").read_bytes()[:-900])
    before = set(folder.rglob("*"))

    removed = remove_ended_backups(small, folder)

    assert [file.name for file in removed] == ["old.backup"]
    assert before - set(folder.rglob("*")) == {folder / "old.backup"}
    assert (tmp_path / "elsewhere").exists()


def test_the_label_says_nothing_but_whose_it_is_and_its_times(tmp_path: Path, small: Settings) -> None:
    file = tmp_path / "a.backup"
    take_backup(small, file, LOCK)
    label = read_label(file)
    assert label is not None
    assert set(json.loads(label.to_json())) == {"installation", "made_at", "ends_at"}
    assert label.ends_at - label.made_at == timedelta(days=small.backup_days)
    assert SECRET[:16] not in label.installation
    assert read_label(tmp_path) is None
    assert LABEL.encode() in file.read_bytes()


@pytest.mark.parametrize("line", ["nothing", '{"contact_id": "c"}', '{"contact_id": "c", "erased_at": "then"}', "[]"])
def test_a_line_that_is_none_of_the_ledger_is_named(line: str) -> None:
    good = next(iter(written_ledger([ErasedContact(contact_id="c", erased_at=now())])))
    assert [each.contact_id for each in read_ledger([good, "", "\n"])] == ["c"]
    with pytest.raises(Invalid, match="Line 2"):
        read_ledger([good, line])


def test_the_nightly_command_names_the_file_and_takes_away_what_has_ended(tmp_path: Path, small: Settings) -> None:
    folder, home = tmp_path / "backups", tmp_path / "home"
    folder.mkdir()
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "STAFFEL_HOME": str(home),
        "STAFFEL_DATABASE_URL": small.database,
        "STAFFEL_SECRET_KEY": SECRET,
        "STAFFEL_BOT_SECRET": "b" * 40,
    }
    with at(now() - timedelta(days=31)):
        take_backup(small, folder / "old.backup", LOCK)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = [".venv/bin/python", "-m", "helpdesk.host.cli", *arguments]
        return subprocess.run(program, env=environment, capture_output=True, text=True, check=False)

    ran = run("backup", "--recipient", str(KEY.to_public()), "--prune", str(folder))
    assert ran.returncode == 0, ran.stderr
    (file,) = folder.iterdir()
    assert datetime.strptime(file.name, "staffel-%Y%m%d-%H%M%S.backup").date() <= now().date()  # noqa: DTZ007
    assert "old.backup: removed" in ran.stdout
    with closing(sqlite3.connect(small.database.removeprefix("sqlite+aiosqlite:///"))) as connection:
        entered = connection.execute("SELECT action FROM audit_entries ORDER BY number").fetchall()
        connection.execute("INSERT INTO erasure_marks VALUES ('c1', '2026-11-30 12:00:00.000000')")
        connection.commit()
    assert entered == [("backup.take",), ("backup.prune",)]
    printed = run("contact", "erased")
    assert [json.loads(line)["contact_id"] for line in printed.stdout.splitlines()] == ["c1"], printed.stderr
