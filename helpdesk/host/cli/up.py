"""`staffel up`: from a fresh clone to a running service, with a sentence for everything that stands in the way."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import ValidationError

from helpdesk.host import ports, secrets_file
from helpdesk.host.cli import programs, sample
from helpdesk.host.cli.installation import ROOT, make_home, settings
from helpdesk.host.cli.preparation import connect_demo_orders, prepare_database
from helpdesk.host.cli.programs import ListenAddresses
from helpdesk.host.cli.train import train_if_needed
from helpdesk.host.supervision import SupervisionPlan, become_supervisor
from store.settings import Settings

PAGES = (("Customer page", "/"), ("Desk", "/desk"), ("Admin", "/admin"))


@click.command()
@click.option("--sample/--no-sample", "with_sample", default=None, help="Load the sample articles, or do not ask.")
@click.option("--watch", is_flag=True, help="Start helpdesk again whenever one of its files changes.")
def up(with_sample: bool | None, watch: bool) -> None:
    """Run helpdesk and the bot, setting up what is missing.

    \b
    The first start trains the bot, creates the database, offers a sample knowledge base and prints a link with which
    the first admin signs up. Ctrl-C stops everything.

    \b
    Examples:
      ./staffel up
      STAFFEL_PORT=9000 ./staffel up
      STAFFEL_DATABASE_URL=postgresql+asyncpg://staffel@localhost/staffel ./staffel up
    """
    began = time.monotonic()
    chosen = prepare_settings()
    if chosen.proxy_problem:
        raise click.ClickException(chosen.proxy_problem)
    place = programs.choose_place(host=chosen.host, port=chosen.port, rasa_url=chosen.rasa_url, environ=os.environ)
    with only_one(chosen.home) as lock:
        check_ports(place)
        if place.bot_port is not None:
            train_if_needed(ROOT)
        found = prepare_database(chosen)
        if not found.articles and sample.offer(ROOT, wanted=with_sample):
            connect_demo_orders(chosen)
        plan = make_plan(chosen, place, began, found.admin_link, watch=watch)
        become_supervisor(plan, ROOT, keep=[lock])


def prepare_settings() -> Settings:
    """The settings with all secrets, made now when this is the first start."""
    try:
        os.environ.update(secrets_file.ensure(make_home(), os.environ))
        return settings()
    except secrets_file.SecretTooShort as error:
        raise click.ClickException(str(error)) from error
    except ValidationError as error:
        raise click.ClickException(describe_invalid(error)) from error
    except OSError as error:
        raise click.ClickException(
            f"The folder {os.environ['STAFFEL_HOME']} can not be used ({error.strerror})."
            " Choose another with STAFFEL_HOME."
        ) from error


def describe_invalid(error: ValidationError) -> str:
    """One line for each setting that is not as it should be, without its value, which may be a secret."""
    lines = (f"  STAFFEL_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors())
    return "\n".join(["Some settings are not as they should be:", *lines])


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[int]:
    """Two supervisors on one home folder would fight over the bot's memory and the embedded database.

    Yields the file whose lock lasts for as long as it is open.
    """
    with (home / "up.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise click.ClickException(
                f"Staffel is already running here (process {file.read().strip() or 'unknown'}). Stop it with Ctrl-C"
                " where it runs, or give this one its own folder: STAFFEL_HOME=./other-home."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield file.fileno()


def check_ports(place: ListenAddresses) -> None:
    """Says which port is taken and how to choose another, before anything long begins."""
    _check_port(place.host, place.port, "STAFFEL_PORT", "The port of helpdesk")
    if place.bot_port is not None:
        _check_port("127.0.0.1", place.bot_port, "STAFFEL_BOT_PORT", "The port of the bot")


def _check_port(host: str, port: int, variable: str, what: str) -> None:
    try:
        if ports.is_free(host, port):
            return
    except OSError as error:
        raise click.ClickException(
            f"helpdesk can not listen on {host} ({error.strerror}). STAFFEL_HOST is an address of this machine,"
            " such as 127.0.0.1 or 0.0.0.0."
        ) from error
    other = ports.next_free(host, port)
    proposal = f"{variable}={other} make up" if other else f"{variable}=… make up"
    raise click.ClickException(
        f"{what}, {port}, is taken by another program. Stop that program, or choose another port: {proposal}"
    )


def make_plan(
    chosen: Settings, place: ListenAddresses, began: float, admin_link: str | None, *, watch: bool
) -> SupervisionPlan:
    """What is to run here, and what is said once it does. `began`: by `time.monotonic`."""
    folder = chosen.home / "log"
    return SupervisionPlan(
        programs=tuple(programs.list_programs(place, ROOT, watch=watch)),
        log_folder=folder,
        ready_url=f"{place.helpdesk_url}/readyz",
        welcome=welcome(chosen.origin, admin_link, folder / "staffel.log"),
        began=began,
    )


def welcome(origin: str, link: str | None, log: Path) -> str:
    """What is printed when everything works."""
    rows = [(name, origin + path) for name, path in PAGES]
    if link:
        rows.append(("First admin", f"{link}  (works once, within 24 hours)"))
    lines = [f"  {name:<14} {address}" for name, address in rows]
    return "\n".join(["", *lines, "", f"  Ctrl-C stops everything. The log is kept in {log}.", ""])
