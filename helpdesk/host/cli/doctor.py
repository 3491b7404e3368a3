"""`staffel doctor`: a report on this installation that is worth sending to support."""

import asyncio
import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from pydantic import ValidationError

from helpdesk.host import secrets_file
from helpdesk.host.cli import checks, probes, programs
from helpdesk.host.cli.alert_probe import check_alerts
from helpdesk.host.cli.checks import Check, CheckStatus
from helpdesk.host.cli.installation import ROOT, settings, version
from helpdesk.host.cli.mail_probe import check_mail, check_mailbox
from helpdesk.host.cli.provider_probe import check_providers
from helpdesk.host.cli.slack_probe import check_slack
from helpdesk.host.cli.telegram_probe import check_telegram
from helpdesk.host.cli.translation_probe import check_translation
from store import migrate

SIGNS = {CheckStatus.OK: "✓", CheckStatus.WARNING: "!", CheckStatus.FAILED: "✗", CheckStatus.SKIPPED: "–"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def doctor(as_json: bool) -> None:
    """Check the installation and say what is wrong and what to do about it.

    The report holds no secrets and nothing that customers wrote. The exit status is 1 when something has failed.

    \b
    Examples:
      ./staffel doctor
      ./staffel doctor --json > report.json
    """
    report = asyncio.run(examine())
    click.echo(form_json(report) if as_json else form_table(report))
    sys.exit(1 if any(check.status is CheckStatus.FAILED for check in report) else 0)


async def examine() -> list[Check]:
    """Every check, in the order in which one would look."""
    home = Path(os.environ["STAFFEL_HOME"])
    lengths = {name: len(os.environ.get(name, "")) for name in secrets_file.NAMES}
    local = [
        checks.check_environment(ROOT, "helpdesk"),
        checks.check_environment(ROOT, "bot"),
        checks.check_model(ROOT),
        checks.check_home(home),
        checks.check_space(home),
        checks.check_secrets(home, lengths),
        checks.check_clock(ROOT),
    ]
    return [*local, *await _ask_programs()]


async def _ask_programs() -> Sequence[Check]:
    try:
        chosen = settings()
    except ValidationError as error:
        names = ", ".join("STAFFEL_" + "_".join(map(str, one["loc"])).upper() for one in error.errors())
        return [checks.failed("settings", f"not as they should be: {names}", "docs/operations.md lists all settings.")]
    place = programs.choose_place(host=chosen.host, port=chosen.port, rasa_url=chosen.rasa_url, environ=os.environ)
    address = checks.check_address(chosen.origin, chosen.proxy_problem)
    checked = await asyncio.gather(
        probes.check_database(chosen, migrate.head()),
        probes.check_database_clock(chosen),
        probes.check_redis(chosen),
        probes.check_helpdesk(place),
        probes.check_bot(place, chosen.bot_secret.get_secret_value()),
    )
    mail = [*await check_mail(chosen), *await check_mailbox(chosen)]
    channels = [*await check_telegram(chosen), *await check_slack(chosen)]
    others = [*await check_providers(chosen), *await check_alerts(chosen), *await check_translation(chosen)]
    return [address, *checked, *mail, *channels, *others]


def form_table(report: Sequence[Check]) -> str:
    """One line for each check, and under it what to do."""
    width = max(len(check.name) for check in report)
    lines = [f"Staffel {version()} · {platform.platform()}", ""]
    for check in report:
        lines.append(f"{SIGNS[check.status]} {check.name:<{width}}  {check.found}")
        if check.remedy:
            lines.append(f"  {'':<{width}}  → {check.remedy}")
    count = sum(check.status is CheckStatus.FAILED for check in report)
    lines += [
        "",
        "All is well." if count == 0 else f"{count} of {len(report)} checks failed; the arrows say what to do.",
    ]
    return "\n".join(lines)


def form_json(report: Sequence[Check]) -> str:
    """The same for programs."""
    passed = all(check.status is not CheckStatus.FAILED for check in report)
    head = {"staffel": version(), "platform": platform.platform(), "ok": passed}
    return json.dumps({**head, "checks": [asdict(check) for check in report]}, indent=2, ensure_ascii=False)
