"""`staffel rasa …`: Rasa's own command line, in the bot's environment and with this installation's settings."""

import os

import click

from helpdesk.host.cli.installation import ROOT

SCRIPT = ROOT / "bot" / "rasa"


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def rasa(arguments: tuple[str, ...]) -> None:
    """Run a command of Rasa: `staffel rasa shell`, `staffel rasa test nlu`, `staffel rasa --help`."""
    if not os.access(SCRIPT, os.X_OK):
        raise click.ClickException(f"{SCRIPT} is missing or can not be run; the clone is not complete.")
    os.chdir(ROOT)  # Rasa looks for config.yml, domain.yml and data/ where it stands
    os.execv(SCRIPT, [str(SCRIPT), *arguments])  # noqa: S606 - it takes our place, terminal and all
