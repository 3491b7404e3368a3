"""The programs of a one-machine installation, and the environment that each is started with."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

from helpdesk.host import ports
from helpdesk.host.supervisor import Program

BOT_PORT = 5005
HELPDESK = ("-P", "-m", "helpdesk.server")
WATCHED = ("actions", "connectors", "helpdesk", "i18n", "knowledge", "locale", "store", "tracing")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenAddresses:
    """Where the programs listen. `bot_port` is None when the bot runs on another machine."""

    host: str
    port: int
    rasa_url: str
    bot_port: int | None

    @property
    def helpdesk_url(self) -> str:
        """helpdesk as a program on this machine reaches it."""
        return f"http://{ports.to_reach(self.host)}:{self.port}"


def choose_place(*, host: str, port: int, rasa_url: str, environ: Mapping[str, str]) -> ListenAddresses:
    """STAFFEL_RASA_URL says where the bot is; alone, STAFFEL_BOT_PORT is enough to move it to another port."""
    bot_port = environ.get("STAFFEL_BOT_PORT", "")
    if bot_port and not (bot_port.isdecimal() and 0 < int(bot_port) < 65536):
        raise click.ClickException("STAFFEL_BOT_PORT has to be the number of a port, 1 to 65535.")
    if "STAFFEL_RASA_URL" not in environ and bot_port:
        rasa_url = f"http://127.0.0.1:{bot_port}"
    url = urlsplit(rasa_url)
    here = ports.is_loopback(url.hostname or "")
    return ListenAddresses(host=host, port=port, rasa_url=rasa_url, bot_port=(url.port or BOT_PORT) if here else None)


def list_programs(place: ListenAddresses, root: Path, *, watch: bool = False) -> list[Program]:
    """helpdesk first: it is stopped first, and what it still asks the bot gets an answer.

    With `watch` helpdesk starts again whenever one of its files changes; the bot, which is slow to start, goes on.
    """
    helpdesk = Program(
        name="helpdesk",
        command=_watched(HELPDESK) if watch else (sys.executable, *HELPDESK),
        folder=root,
        environment={"STAFFEL_RASA_URL": place.rasa_url, "PYTHONPATH": str(root)},
    )
    if place.bot_port is None:
        return [helpdesk]
    bot = Program(
        name="bot",
        command=(str(root / "bot" / "rasa"), "run"),
        folder=root,
        environment={
            "STAFFEL_BOT_PORT": str(place.bot_port),
            "STAFFEL_ACTIONS_URL": f"{place.helpdesk_url}/internal/actions/webhook",
        },
    )
    return [helpdesk, bot]


def _watched(arguments: Sequence[str]) -> tuple[str, ...]:
    """The command that runs Python with these arguments and starts it again when a watched file has changed."""
    command = shlex.join((sys.executable, *arguments))
    watcher = (sys.executable, "-m", "watchfiles", "--target-type", "command", "--sigint-timeout", "10")
    return (*watcher, "--verbosity", "warning", command, *WATCHED)
