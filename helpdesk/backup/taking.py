"""Taking a backup of an installation that runs, and a copy of its keys apart from it."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from helpdesk.backup import postgres_dump, sqlite_copy
from helpdesk.backup.archive import Lock, write_archive
from helpdesk.backup.label import label_of, remove_ended
from helpdesk.backup.manifest import DATABASE, MANIFEST, BackupProblem, Manifest, key_mark
from store.models import now
from store.settings import Settings

KEYS = "secrets.env"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What was taken; `size` in bytes, `keeps_files` False where uploaded files are in a bucket."""

    size: int
    conversations: int
    keeps_files: bool
    ends_at: datetime


def take_backup(settings: Settings, target: Path, lock: Lock) -> BackupReport:
    """Copy one moment of the database into `target`, encrypted. Raises `BackupProblem`; then there is no file."""
    _check_target(target)
    with tempfile.TemporaryDirectory(prefix=".staffel-backup-", dir=target.parent) as folder:
        database = Path(folder) / DATABASE
        engine, revision, rows = _copy(settings.database, database)
        made_at = now()
        ends_at = made_at + timedelta(days=settings.backup_days)
        manifest = Manifest(
            made_at=made_at,
            ends_at=ends_at,
            engine=engine,
            revision=revision,
            rows=rows,
            key_mark=key_mark(settings.secret_key.get_secret_value()),
            has_files=not settings.files_url.get_secret_value(),
        )
        described = Path(folder) / MANIFEST
        described.write_text(manifest.to_json(), encoding="utf-8")
        write_archive(target, {MANIFEST: described, DATABASE: database}, lock, label=label_of(manifest))
    return BackupReport(
        size=target.stat().st_size,
        conversations=rows.get("conversations", 0),
        keeps_files=manifest.has_files,
        ends_at=ends_at,
    )


def remove_ended_backups(settings: Settings, folder: Path) -> Sequence[Path]:
    """Remove this installation's backups in `folder` that are past their end; which they were. Raises `OSError`."""
    return remove_ended(folder, key_mark(settings.secret_key.get_secret_value()), now())


def keep_keys(text: str, target: Path, lock: Lock) -> None:
    """Write the installation's keys, as they stand in `secrets.env`, to a file of their own. Raises `BackupProblem`."""
    _check_target(target)
    with tempfile.TemporaryDirectory(prefix=".staffel-keys-", dir=target.parent) as folder:
        file = Path(folder) / KEYS
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
        write_archive(target, {KEYS: file}, lock)


def _copy(url: str, target: Path) -> tuple[str, str, Mapping[str, int]]:
    where = make_url(url)
    if where.get_backend_name() != "sqlite":
        return "postgresql", *asyncio.run(postgres_dump.dump_database(url, target))
    source = Path(where.database or "")
    if not source.exists():
        raise BackupProblem("There is no database yet: ./staffel up makes it.")
    sqlite_copy.copy_database(source, target)
    return "sqlite", sqlite_copy.revision_of(target), sqlite_copy.count_rows(target)


def _check_target(target: Path) -> None:
    if target.exists():
        raise BackupProblem(f"{target} is there already: choose another name, so that no backup is lost.")
    if not target.parent.is_dir():
        raise BackupProblem(f"There is no folder {target.parent}.")
