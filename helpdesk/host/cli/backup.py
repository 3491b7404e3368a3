"""`staffel backup` and `staffel restore`."""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from helpdesk.backup.archive import MIN_PASSPHRASE, Lock, Unlock
from helpdesk.backup.manifest import BackupProblem
from helpdesk.backup.restoring import read_keys, restore_backup
from helpdesk.backup.taking import keep_keys, take_backup
from helpdesk.host import secrets_file
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.installation import make_home
from helpdesk.host.cli.up import only_one, prepare_settings
from store.db import Database
from store.errors import Unavailable
from store.migrate import current, head
from store.settings import Settings

PASSPHRASE = "STAFFEL_BACKUP_PASSPHRASE"  # noqa: S105 - a variable's name
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--recipient", "recipients", multiple=True, help="Who can open it: age1… or ssh-ed25519 …; again for more."
)
@click.option("--keys", type=_FILE, help="Also write the installation's keys, to this file.")
def backup(file: Path, recipients: tuple[str, ...], keys: Path | None) -> None:
    """Copy the database into FILE, encrypted, while Staffel runs.

    Without --recipient a passphrase is asked for, or taken from STAFFEL_BACKUP_PASSPHRASE. The keys that some of it is
    encrypted with (STAFFEL_SECRET_KEY) are not in FILE: keep them somewhere else.

    \b
    Examples:
      ./staffel backup staffel-monday.backup
      ./staffel backup --recipient age1… --keys staffel.keys staffel.backup
    """
    chosen = prepare_settings()
    lock = Lock(recipients=recipients) if recipients else Lock(passphrase=_new_passphrase())
    report = _checked(lambda: take_backup(chosen, file.absolute(), lock))
    click.echo(f"{file}: {report.conversations} conversations, {report.size / 1e6:.1f} MB.")
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


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--identity", type=click.File("r"), help="The file with the age or SSH key that opens it.")
@click.option(
    "--keys", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The keys, if they aren't here."
)
@click.option(
    "--replace", is_flag=True, help="Put the database that is here aside (SQLite) or replace it (PostgreSQL)."
)
def restore(file: Path, identity: Any, keys: Path | None, *, replace: bool) -> None:
    """Put the backup FILE back. Stop Staffel first, every instance.

    Everything is read and compared before anything is changed. Open web chats then start over.

    \b
    Example:
      ./staffel restore --replace staffel-monday.backup
    """
    unlock = Unlock(identities=identity.read()) if identity else Unlock(passphrase=_passphrase())
    if keys is not None:
        kept = keys.absolute()
        _take_keys(_checked(lambda: read_keys(kept, unlock)))
    chosen = prepare_settings()
    with only_one(chosen.home):
        report = _checked(lambda: restore_backup(chosen, file.absolute(), unlock, replace=replace))
    made = report.manifest
    made_at = f"{made.made_at:%Y-%m-%d %H:%M}"
    _enter(chosen, "backup.restore", {"made_at": made_at, "replaced": str(replace).lower()})
    click.echo(f"Put back: {made.rows.get('conversations', 0)} conversations of {made_at} UTC.")
    if report.former is not None:
        click.echo(f"What was here before is {report.former}; erase it when you no longer need it.")
    if not report.has_same_key:
        click.echo(
            "STAFFEL_SECRET_KEY is another one than in the backup: channels, sign-ins and second factors can't be "
            "read. Put the old key into the environment, or connect them again."
        )
    if not made.has_files:
        click.echo("Uploaded files are in the bucket of STAFFEL_FILES_URL, as they were there.")


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
