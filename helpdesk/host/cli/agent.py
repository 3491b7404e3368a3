"""`staffel agent`: the people who answer. Passwords never pass through arguments, which everybody on a machine sees."""

import os
import sys

import click
from rich.console import Console
from rich.table import Table

from helpdesk.accounts.agents import NO_PASSWORD, add_agent, change_role, deactivate, find_agent, list_agents
from helpdesk.accounts.invitations import first_admin_link, invitation_link
from helpdesk.accounts.workload import MAX_AT_ONCE, AgentWorkload, set_work
from helpdesk.host.cli import installation
from helpdesk.host.cli.by_command import enter_command
from helpdesk.host.cli.database import on_database
from helpdesk.schedule.teams import list_teams
from helpdesk.second_factor.second_factors import SecondFactors
from store.db import Database
from store.models import Agent, Role

EXAMPLES = """\b
Examples:
  ./staffel agent add anna@example.org --name "Anna Berg"     prints a one-time link for Anna
  ./staffel agent add ada@example.org --role admin            the same for an admin
  ./staffel agent role anna@example.org supervisor            Anna may also see how the team is doing
  ./staffel agent add bot@example.org --password-stdin < pw   no link; the password comes from a file
  ./staffel agent list                                        who there is
  ./staffel agent take anna@example.org --topics orders,returns --capacity 3
                                                              what is offered to Anna
  ./staffel agent link anna@example.org                       a new link, also for a forgotten password
  ./staffel agent remove-second-factor anna@example.org
                                                              Anna has lost her phone and the recovery codes
  ./staffel agent deactivate anna@example.org                 signs Anna out and closes the account
"""


@click.group(epilog=EXAMPLES)
def agent() -> None:
    """Add, list and close the accounts of the people who answer.

    A reader reads conversations, an editor looks after articles, an agent answers customers, a supervisor also sees
    how the team is doing, an admin may do everything. docs/roles.md says it in full.
    """


@agent.command()
@click.argument("email")
@click.option("--name", help="What customers see when this person answers. Default: the part before the @.")
@click.option("--role", "role_name", type=click.Choice([*Role]), help="What the person may do. Default: agent.")
@click.option("--admin", is_flag=True, help="The same as --role admin.")
@click.option("--language", type=click.Choice(["de", "en"]), help="Language of the screens. Default: STAFFEL_LANGUAGE.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making a link.")
def add(
    email: str, name: str | None, role_name: str | None, admin: bool, language: str | None, password_stdin: bool
) -> None:
    """Add EMAIL and print a link with which the person sets a password, once, within 72 hours."""
    settings = installation.settings()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    called = name or email.partition("@")[0].replace(".", " ").title()
    if admin and role_name not in {None, Role.ADMIN}:
        raise click.UsageError("Give either --role or --admin.")
    role = Role.ADMIN if admin else Role(role_name or Role.AGENT)

    async def work(db: Database) -> None:
        added = await add_agent(
            db,
            email,
            called,
            role,
            password=password,
            language=language or settings.language,
            installation_words=settings.names,
        )
        await enter_command(db, "agents.add", added.id, after={"role": added.role})
        click.echo(f"Added {added.name} <{added.email}> as {added.role}.")
        if password is None:
            click.echo(await _link(db, settings.origin, added.id))

    on_database(work)


@agent.command("role")
@click.argument("email")
@click.argument("role_name", metavar="ROLE", type=click.Choice([*Role]))
def change_role_(email: str, role_name: str) -> None:
    """Give EMAIL another ROLE: reader, editor, agent, supervisor or admin. It counts from the next click."""

    async def work(db: Database) -> None:
        before = await find_agent(db, email)
        changed = await change_role(db, before.id, Role(role_name))
        await enter_command(db, "agents.role", changed.id, before={"role": before.role}, after={"role": changed.role})
        click.echo(f"{changed.name} <{changed.email}> is {changed.role} now.")

    on_database(work)


@agent.command("list")
def list_() -> None:
    """Show everybody: role, whether a password is set, availability, last seen."""

    async def work(db: Database) -> None:
        agents = await list_agents(db)
        if agents:
            Console().print(_table(agents))
        else:
            click.echo("Nobody yet. Make the first admin with: staffel agent link --first-admin")

    on_database(work)


@agent.command()
@click.argument("email")
@click.option("--topics", help='Topics, comma-separated: categories of articles. "" for all.')
@click.option("--languages", help="de, en or de,en.")
@click.option("--capacity", type=int, help=f"How many conversations at once are offered: 1 to {MAX_AT_ONCE}.")
@click.option("--teams", help='Names of teams, comma-separated. "" for conversations of all teams.')
def take(email: str, topics: str | None, languages: str | None, capacity: int | None, teams: str | None) -> None:
    """Change what is offered to EMAIL; what isn't given stays as it is."""

    async def work(db: Database) -> None:
        changed = await set_work(
            db,
            (await find_agent(db, email)).id,
            AgentWorkload(
                skills=_listed(topics),
                languages=_listed(languages),
                capacity=capacity,
                teams=None if teams is None else await _team_ids(db, _listed(teams) or []),
            ),
        )
        await enter_command(db, "agents.work", changed.id, after=_work_facts(changed))
        topics_ = ", ".join(changed.skills) or "all topics"
        click.echo(f"{changed.name}: {topics_}; {', '.join(changed.languages)}; up to {changed.capacity} at once.")

    on_database(work)


@agent.command("deactivate")
@click.argument("email")
def deactivate_(email: str) -> None:
    """Close the account of EMAIL: every browser is signed out at once, links end, conversations stay."""

    async def work(db: Database) -> None:
        closed = await deactivate(db, (await find_agent(db, email)).id)
        await enter_command(db, "agents.deactivate", closed.id)
        click.echo(f"{closed.name} <{closed.email}> is signed out everywhere and can't sign in any more.")

    on_database(work)


@agent.command("remove-second-factor")
@click.argument("email")
def remove_second_factor(email: str) -> None:
    """Take EMAIL's second factor away: app, passkeys and recovery codes, for a lost phone.

    Signs every browser out. The log keeps who and when.
    """
    settings = installation.settings()

    async def work(db: Database) -> None:
        found = await find_agent(db, email)
        factors = SecondFactors(db, settings.secret_key.get_secret_value())
        if not await factors.remove_all(found.id, by=f"command, system user {os.getuid()}"):
            raise click.ClickException(f"{found.name} has no second factor.")
        await enter_command(db, "account.second-factor.remove", found.id)
        click.echo(f"{found.name} <{found.email}> ({found.id}) signs in with the password alone, or sets up another.")

    on_database(work)


@agent.command()
@click.argument("email", required=False)
@click.option("--first-admin", is_flag=True, help="A link that makes the first admin of a new installation.")
def link(email: str | None, first_admin: bool) -> None:
    """Print a one-time link for EMAIL: an invitation (72 hours), or a new password (30 minutes). Older links end."""
    if bool(email) is first_admin:
        raise click.UsageError("Give either an e-mail address or --first-admin.")
    settings = installation.settings()

    async def work(db: Database) -> None:
        if email:
            click.echo(await _link(db, settings.origin, email))
            return
        found = await first_admin_link(db, settings.origin)
        if found is None:
            raise click.ClickException("There is an admin already, who can invite others at /admin/agents.")
        await enter_command(db, "agents.link", after={"role": Role.ADMIN})
        click.echo(f"This link makes the first admin, once, within 24 hours:\n{found}")

    on_database(work)


def _work_facts(agent: Agent) -> dict[str, str]:
    lists = {"topics": agent.skills, "languages": agent.languages}
    return {name: ", ".join(value) for name, value in lists.items()} | {"capacity": str(agent.capacity)}


def _listed(text: str | None) -> list[str] | None:
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


async def _team_ids(db: Database, names: list[str]) -> list[str]:
    known = {view.team.name: view.team.id for view in await list_teams(db) if view.team.active}
    if unknown := next((name for name in names if name not in known), None):
        raise click.ClickException(f"There is no team {unknown!r}; there are: {', '.join(known) or 'none yet'}.")
    return [known[name] for name in names]


async def _link(db: Database, origin: str, who: str) -> str:
    invited = await find_agent(db, who)
    lasts = "72 hours" if invited.password_hash == NO_PASSWORD else "30 minutes"
    found = await invitation_link(db, origin, invited.id)
    await enter_command(db, "agents.link", invited.id)
    return f"Hand this link to {invited.name}; it works once, within {lasts}:\n{found}"


def _table(agents: list[Agent]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Name", "E-mail", "Role", "Account", "Available", "Last seen (UTC)", "Takes"):
        table.add_column(heading)
    for row in agents:
        account = "closed" if not row.active else "invited" if row.password_hash == NO_PASSWORD else "active"
        seen = f"{row.last_seen_at:%Y-%m-%d %H:%M}" if row.last_seen_at else "never"
        takes = f"{', '.join(row.skills) or 'all'}; {'/'.join(row.languages)}; {row.capacity}"
        table.add_row(row.name, row.email, row.role, account, row.availability, seen, takes)
    return table
