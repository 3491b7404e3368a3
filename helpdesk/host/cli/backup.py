"""`staffel backup` and `staffel restore`."""

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from helpdesk.backup.archive import MIN_PASSPHRASE, Lock, Unlock
from helpdesk.backup.manifest import BackupProblem
from helpdesk.backup.restoring import read_keys, restore_backup
from helpdesk.backup.taking import keep_keys, remove_ended_backups, take_backup
from helpdesk.host import secrets_file
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.installation import make_home
from helpdesk.host.cli.up import only_one, prepare_settings
from helpdesk.privacy.erasure_ledger import ErasedContact, read_ledger
from store.db import Database
from store.errors import Invalid, Unavailable
from store.migrate import current, head
from store.models import now
from store.settings import Settings

PASSPHRASE = "STAFFEL_BACKUP_PASSPHRASE"  # noqa: S105 - a variable's name
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--recipient", "recipients", multiple=True, help="Who can open it: age1… or ssh-ed25519 …; again for more."
)
@click.option("--keys", type=_FILE, help="Also write the installation's keys, to this file.")
@click.option("--prune", is_flag=True, help="Then remove this installation's backups beside it that have ended.")
def backup(file: Path, recipients: tuple[str, ...], keys: Path | None, *, prune: bool) -> None:
    """Copy the database into FILE, encrypted, while Staffel runs. Of a folder, into a file in it with the time.

    It ends after STAFFEL_BACKUP_DAYS. Without --recipient a passphrase is asked for, or taken from
    STAFFEL_BACKUP_PASSPHRASE. The keys that some of it is encrypted with (STAFFEL_SECRET_KEY) are not in FILE: keep
    them somewhere else.

    \b
    Examples:
      ./staffel backup staffel-monday.backup
      ./staffel backup --recipient age1… --keys staffel.keys staffel.backup
      ./staffel backup --recipient age1… --prune /var/backups/staffel
    """
    chosen = prepare_settings()
    if file.is_dir():
        file /= f"staffel-{now():%Y%m%d-%H%M%S}.backup"
    lock = Lock(recipients=recipients) if recipients else Lock(passphrase=_new_passphrase())
    report = _checked(lambda: take_backup(chosen, file.absolute(), lock))
    click.echo(
        f"{file}: {report.conversations} conversations, {report.size / 1e6:.1f} MB, until {report.ends_at:%Y-%m-%d}."
    )
    locked_by = "recipients" if recipients else "passphrase"
    _enter(chosen, "backup.take", {"conversations": str(report.conversations), "locked_by": locked_by})
    if not report.keeps_files:
        click.echo("Uploaded files are in the bucket of STAFFEL_FILES_URL and not in this backup: keep that, too.")
    if keys is None:
        click.echo(f"Keep the keys, too, in another place ({secrets_file.FILE}, or --keys FILE).")
    else:
        secrets = {name: os.environ[name] for name in secrets_file.NAMES if os.environ.get(name)}
        text, target = secrets_file.form(secrets_file.complete(secrets)), keys.absolute()
        _checked(lambda: keep_keys(text, target, lock))
        _enter(chosen, "backup.keys", {"locked_by": locked_by})
        click.echo(f"{keys}: the keys. Whoever has both can read everything, so don't keep them together.")
    if prune:
        _prune(chosen, file.absolute().parent)


def _prune(chosen: Settings, folder: Path) -> None:
    try:
        ended = remove_ended_backups(chosen, folder)
    except OSError as error:
        raise click.ClickException(f"The backup is there; those that have ended can't be removed: {error}") from None
    for file in ended:
        click.echo(f"{file}: removed, its end has come.")
    if ended:
        _enter(chosen, "backup.prune", {"removed": str(len(ended))})


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--identity", type=click.File("r"), help="The file with the age or SSH key that opens it.")
@click.option(
    "--keys", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The keys, if they aren't here."
)
@click.option(
    "--replace", is_flag=True, help="Put the database that is here aside (SQLite) or replace it (PostgreSQL)."
)
@click.option("--ended", is_flag=True, help="Put it back although its end has come.")
@click.option("--erasures", type=click.File("r"), help="What `staffel contact erased` has printed since.")
def restore(file: Path, identity: Any, keys: Path | None, erasures: Any, *, replace: bool, ended: bool) -> None:
    """Put the backup FILE back. Stop Staffel first, every instance.

    Everything is read and compared before anything is changed. Open web chats then start over. Who was erased since is
    erased in it again, as far as the database here or --erasures knows them.

    \b
    Example:
      ./staffel restore --replace staffel-monday.backup
    """
    unlock = Unlock(identities=identity.read()) if identity else Unlock(passphrase=_passphrase())
    if keys is not None:
        kept = keys.absolute()
        _take_keys(_checked(lambda: read_keys(kept, unlock)))
    chosen = prepare_settings()
    erased = _read_erasures(erasures) if erasures else []
    with only_one(chosen.home):
        report = _checked(
            lambda: restore_backup(chosen, file.absolute(), unlock, replace=replace, even_ended=ended, erased=erased)
        )
    made = report.manifest
    made_at = f"{made.made_at:%Y-%m-%d %H:%M}"
    after = {"made_at": made_at, "replaced": str(replace).lower(), "erased_again": str(report.erased_again)}
    _enter(chosen, "backup.restore", after)
    click.echo(f"Put back: {made.rows.get('conversations', 0)} conversations of {made_at} UTC.")
    if report.erased_again:
        click.echo(f"Erased again: {report.erased_again} contact(s) who were erased after that.")
    if not report.knows_erasures:
        click.echo(
            "Nothing here tells who was erased after that. If somebody was, erase them again, or put the backup back "
            "once more with --erasures and what `staffel contact erased` printed."
        )
    if report.former is not None:
        click.echo(f"What was here before is {report.former}; erase it when you no longer need it.")
    if not report.has_same_key:
        click.echo(
            "STAFFEL_SECRET_KEY is another one than in the backup: channels, sign-ins and second factors can't be "
            "read. Put the old key into the environment, or connect them again."
        )
    if not made.has_files:
        click.echo("Uploaded files are in the bucket of STAFFEL_FILES_URL, as they were there.")


def _read_erasures(lines: Iterable[str]) -> list[ErasedContact]:
    try:
        return read_ledger(lines)
    except Invalid as problem:
        raise click.ClickException(str(problem)) from None


def _take_keys(text: str) -> None:
    """Let the keys of a backup be this installation's. Others that stand here already are not replaced."""
    home, kept = make_home(), secrets_file.parse(text)
    for name, value in kept.items():
        if os.environ.get(name, value) != value:
            raise click.ClickException(f"{name} has another value here already. Take that away first, if you mean it.")
    os.environ.update(kept)
    secrets_file.keep(home, kept)


def _enter(chosen: Settings, action: str, after: Mapping[str, str]) -> None:
    """Enter what was done. A backup has been taken even where its database, an older one, has no audit log to say so.

    Nothing is upgraded here: a backup is what comes before that.
    """

    async def work() -> None:
        db = Database(chosen.database)
        try:
            if await current(db) == head():
                await enter_command(db, action, after=after)
            else:
                click.echo("Not entered into the audit log: the database is an older version's.", err=True)
        except Unavailable as reason:
            click.echo(f"Not entered into the audit log: {reason}", err=True)
        finally:
            await db.close()

    asyncio.run(work())


def _new_passphrase() -> str:
    given = os.environ.get(PASSPHRASE)
    return given or str(
        click.prompt(f"Passphrase, {MIN_PASSPHRASE} characters or more", hide_input=True, confirmation_prompt=True)
    )


def _passphrase() -> str:
    return os.environ.get(PASSPHRASE) or str(click.prompt("Passphrase", hide_input=True))


def _checked[T](work: Callable[[], T]) -> T:
    try:
        return work()
    except BackupProblem as problem:
        raise click.ClickException(str(problem)) from None
