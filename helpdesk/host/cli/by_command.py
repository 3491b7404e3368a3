"""What is done at the command line is entered in the audit log as done by the system's user, with the command."""

import os
import pwd
from collections.abc import Mapping

import click

from helpdesk.accounts.browsers import shortened_address
from helpdesk.audit import Actor, AuditAct, AuditLog
from helpdesk.host.cli import installation
from store.db import Database


async def enter_command(
    db: Database,
    action: str,
    subject: str = "",
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> None:
    """Enter what a command has done, with its name: never what stands behind it, which may name somebody."""
    log = AuditLog(db, installation.settings().audit_stream)
    told = {**(after or {}), "command": click.get_current_context().command_path}
    await log.record(_system_user(), AuditAct(action=action, subject=subject, before=before or {}, after=told))


def _system_user() -> Actor:
    """Whoever calls the command, by number and, where the system knows it, by name; from where, if by SSH."""
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run as a user without a name
        name = ""
    came_from = os.environ.get("SSH_CONNECTION", "").partition(" ")[0]
    return Actor(
        kind="command",
        id=str(number),
        name=f"system user {number} {name}".strip(),
        address=shortened_address(came_from),
    )
