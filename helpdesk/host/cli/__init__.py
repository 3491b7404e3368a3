"""The command line `staffel`. Each command is imported when it is called, so that `--help` answers at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import cast

import click

from helpdesk.host.cli import installation

EXAMPLES = """\b
Examples:
  ./staffel up                                     set up, train, and run everything
  ./staffel doctor                                 find out what is wrong
  ./staffel agent add anna@example.org             invite a colleague
  ./staffel knowledge import articles.jsonl        load articles
  ./staffel knowledge ask < questions.jsonl        ask in bulk
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEntry:
    """Where a command lives and what it is for, known without importing it."""

    name: str
    path: str
    purpose: str


COMMANDS = (
    CommandEntry(
        name="up", path="helpdesk.host.cli.up:up", purpose="Run helpdesk and the bot, setting up what is missing."
    ),
    CommandEntry(
        name="doctor", path="helpdesk.host.cli.doctor:doctor", purpose="Check the installation and say what is wrong."
    ),
    CommandEntry(
        name="migrate",
        path="helpdesk.host.cli.migrate:migrate",
        purpose="Bring the database to this version's revision.",
    ),
    CommandEntry(
        name="train",
        path="helpdesk.host.cli.train:train",
        purpose="Train the bot when what it learns from has changed.",
    ),
    CommandEntry(
        name="knowledge", path="helpdesk.host.cli.knowledge:knowledge", purpose="Import, export and ask the articles."
    ),
    CommandEntry(
        name="export",
        path="helpdesk.host.cli.export:export",
        purpose="Write conversations, ratings and figures to files.",
    ),
    CommandEntry(
        name="handoff", path="helpdesk.host.cli.handoff:handoff", purpose="Try the rules of the handoff on dialogues."
    ),
    CommandEntry(name="agent", path="helpdesk.host.cli.agent:agent", purpose="Add and list the people who answer."),
    CommandEntry(name="audit", path="helpdesk.host.cli.audit:audit", purpose="Verify and read who did what."),
    CommandEntry(name="key", path="helpdesk.host.cli.key:key", purpose="Make and end keys for the REST API."),
    CommandEntry(
        name="connect", path="helpdesk.host.cli.connect:connect", purpose="Connect Telegram or Slack, or repair it."
    ),
    CommandEntry(
        name="contact", path="helpdesk.host.cli.contact:contact", purpose="Export or erase what is kept of a customer."
    ),
    CommandEntry(
        name="backup",
        path="helpdesk.host.cli.backup:backup",
        purpose="Copy the database into an encrypted file, while it runs.",
    ),
    CommandEntry(name="restore", path="helpdesk.host.cli.backup:restore", purpose="Put a backup back."),
    CommandEntry(
        name="restored", path="helpdesk.host.cli.restored:restored", purpose="Run this after restoring a backup."
    ),
    CommandEntry(
        name="rasa", path="helpdesk.host.cli.rasa:rasa", purpose="Run a command of Rasa, such as `rasa shell`."
    ),
)


class LazyGroup(click.Group):
    """A group that knows its commands from `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = next((entry for entry in COMMANDS if entry.name == cmd_name), None)
        return load(entry) if entry else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.purpose) for entry in COMMANDS])


def load(entry: CommandEntry) -> click.Command:
    """The command behind an entry."""
    module, _, name = entry.path.partition(":")
    return cast(click.Command, getattr(import_module(module), name))


def show_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    """What `--version` does."""
    if asked:
        click.echo(f"Staffel {installation.version()}")
        ctx.exit()


@click.group(cls=LazyGroup, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=show_version, help="Say which version it is."
)
def staffel() -> None:
    """Staffel answers customers from a knowledge base and hands over to a person, with the whole story.

    Settings are environment variables that begin with STAFFEL_, or lines of the file .env (see .env.example).
    """
    installation.prepare_environment()


def main(arguments: Sequence[str] | None = None) -> None:
    """What `./staffel` runs."""
    staffel(args=arguments, prog_name="staffel")
