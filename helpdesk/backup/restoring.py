"""Putting a backup back: first everything is read and compared, then it takes the place of what is there."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from helpdesk.backup import postgres_dump, sqlite_copy
from helpdesk.backup.archive import Unlock, read_archive
from helpdesk.backup.manifest import DATABASE, MANIFEST, BackupProblem, Manifest, check_rows, key_mark
from helpdesk.backup.taking import KEYS
from helpdesk.privacy.erasure_ledger import ErasedContact, ErasureLedger, apply_ledger, load_ledger
from helpdesk.views.log_epoch import renew_log_epoch
from store.db import Database
from store.migrate import known_revisions, upgrade_async
from store.models import now
from store.settings import Settings

_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """What was put back, and where the database is that was there before (SQLite).

    `erased_again` is how many contacts were in the backup who had been erased since; `knows_erasures` False when no
    ledger told of them: there was no database before, or one that can't be read.
    """

    manifest: Manifest
    former: Path | None
    has_same_key: bool
    erased_again: int
    knows_erasures: bool


def restore_backup(
    settings: Settings,
    source: Path,
    unlock: Unlock,
    *,
    replace: bool = False,
    even_ended: bool = False,
    erased: Sequence[ErasedContact] = (),
) -> RestoreReport:
    """Put the backup in `source` in the place of the installation's database, which nobody may use meanwhile.

    Whoever was erased since is erased in it: those whom the database knows that is replaced, and `erased`. Raises
    `BackupProblem`; then nothing was changed. One past its end is such a problem, but for `even_ended`.
    """
    where = make_url(settings.database)
    is_sqlite = where.get_backend_name() == "sqlite"
    target, former = Path(where.database or ""), None
    if is_sqlite:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".staffel-restore-", dir=target.parent if is_sqlite else None) as folder:
        read_archive(source, Path(folder), (MANIFEST, DATABASE), unlock)
        manifest = Manifest.from_json((Path(folder) / MANIFEST).read_text(encoding="utf-8"))
        _check_fit(manifest, "sqlite" if is_sqlite else "postgresql")
        if not even_ended:
            _check_end(manifest, settings)
        known = asyncio.run(_load_ledger(settings.database)) if not is_sqlite or target.exists() else None
        database = Path(folder) / DATABASE
        if is_sqlite:
            former = _replace_sqlite(database, target, manifest, replace=replace)
        else:
            asyncio.run(_replace_postgres(settings.database, database, manifest, replace=replace))
    ledger = known or ErasureLedger()
    ledger = replace_fields(ledger, contacts=(*ledger.contacts, *erased))
    return RestoreReport(
        manifest=manifest,
        former=former,
        has_same_key=manifest.key_mark == key_mark(settings.secret_key.get_secret_value()),
        erased_again=asyncio.run(_begin_anew(settings.database, ledger)),
        knows_erasures=known is not None or bool(erased),
    )


async def _begin_anew(url: str, ledger: ErasureLedger) -> int:
    """Bring it to this version, erase who was erased since, and let open web chats start over."""
    db = Database(url)
    try:
        await upgrade_async(db)
        erased_again = await apply_ledger(db, ledger)
        await renew_log_epoch(db)
    finally:
        await db.close()
    return erased_again


async def _load_ledger(url: str) -> ErasureLedger | None:
    db = Database(url)
    try:
        return await load_ledger(db)
    finally:
        await db.close()


def _check_end(manifest: Manifest, settings: Settings) -> None:
    ends_at = manifest.ends_at or manifest.made_at + timedelta(days=settings.backup_days)
    if ends_at <= now():
        raise BackupProblem(
            f"The backup ended on {ends_at:%Y-%m-%d}: what is in it should be gone. With --ended it is put back all "
            "the same; what is past its end date is then erased at the next start."
        )


def read_keys(source: Path, unlock: Unlock) -> str:
    """The keys in a file that `keep_keys` has written, as they stand in `secrets.env`. Raises `BackupProblem`."""
    with tempfile.TemporaryDirectory(prefix="staffel-keys-") as folder:
        read_archive(source, Path(folder), (KEYS,), unlock)
        return (Path(folder) / KEYS).read_text(encoding="utf-8")


def _check_fit(manifest: Manifest, engine: str) -> None:
    if manifest.engine != engine:
        raise BackupProblem(
            f"The backup is one of {_NAMES.get(manifest.engine, manifest.engine)}, and this installation uses "
            f"{_NAMES[engine]}. Set STAFFEL_DATABASE_URL as it was there."
        )
    if manifest.revision not in known_revisions():
        raise BackupProblem(
            f"The backup has revision {manifest.revision}, made by a newer Staffel: put it back with that version."
        )


def _replace_sqlite(database: Path, target: Path, manifest: Manifest, *, replace: bool) -> Path | None:
    check_rows(manifest.rows, sqlite_copy.count_rows(database))
    if target.exists() and not replace:
        raise BackupProblem(f"{target} is there already. With --replace it is put aside, and nothing of it is lost.")
    return sqlite_copy.put_in_place(database, target, f"before-{now():%Y%m%d-%H%M%S}")


async def _replace_postgres(url: str, dump: Path, manifest: Manifest, *, replace: bool) -> None:
    if running := await postgres_dump.count_instances(url):
        raise BackupProblem(f"Staffel is running on this database ({running} connections). Stop every instance first.")
    if any((await postgres_dump.count_rows(url)).values()) and not replace:
        raise BackupProblem("The database isn't empty. With --replace everything in it is replaced: back it up first.")
    await postgres_dump.restore_database(url, dump)
    check_rows(manifest.rows, await postgres_dump.count_rows(url))
