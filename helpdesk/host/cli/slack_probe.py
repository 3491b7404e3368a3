"""What `staffel doctor` asks Slack about the connected workspaces."""

from sqlalchemy.exc import SQLAlchemyError

from connectors.contract import Channel
from connectors.slack.connection_setup import examine
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.host.cli.checks import Check, check_of, skipped
from store.db import Database
from store.errors import HelpdeskError
from store.settings import Settings

_NOT_CONNECTED = "not connected; ./staffel connect slack does it"


async def check_slack(chosen: Settings) -> list[Check]:
    """Every workspace that was ever connected: token, permissions, clock, and how events come here."""
    if not chosen.database_url and not (chosen.home / "staffel.db").exists():
        return [skipped("slack", _NOT_CONNECTED)]
    db = Database(chosen.database)
    try:
        accounts = ChannelAccounts(db, chosen.secret_key.get_secret_value())
        names = [account.id for account in await accounts.listed() if account.channel == Channel.SLACK]
        known = [account for name in names if (account := await accounts.find(Channel.SLACK, name))]
        if not known:
            return [skipped("slack", _NOT_CONNECTED)]
        findings = await examine(accounts, known, origin=chosen.origin, api_url=chosen.slack_api_url)
    except (HelpdeskError, SQLAlchemyError, OSError) as error:
        return [skipped("slack", f"the database can not be asked ({type(error).__name__})")]
    finally:
        await db.close()
    return [check_of(finding) for finding in findings]
