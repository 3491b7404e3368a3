"""What `staffel doctor` asks Telegram about the connected bots."""

from sqlalchemy.exc import SQLAlchemyError

from connectors.contract import Channel
from connectors.telegram.connection_setup import examine
from helpdesk.channels.accounts import ChannelAccounts
from helpdesk.host.cli.checks import Check, check_of, skipped
from store.db import Database
from store.errors import HelpdeskError
from store.settings import Settings


async def check_telegram(chosen: Settings) -> list[Check]:
    """Every bot that was ever connected: token, updates, address, clock, and what its last trouble was."""
    if not chosen.database_url and not (chosen.home / "staffel.db").exists():
        return [skipped("telegram", "not connected; ./staffel connect telegram does it")]
    db = Database(chosen.database)
    try:
        accounts = ChannelAccounts(db, chosen.secret_key.get_secret_value())
        names = [account.id for account in await accounts.listed() if account.channel == Channel.TELEGRAM]
        known = [account for name in names if (account := await accounts.find(Channel.TELEGRAM, name))]
    except (HelpdeskError, SQLAlchemyError, OSError) as error:
        return [skipped("telegram", f"the database can not be asked ({type(error).__name__})")]
    finally:
        await db.close()
    if not known:
        return [skipped("telegram", "not connected; ./staffel connect telegram does it")]
    found = [await examine(account, origin=chosen.origin, api_url=chosen.telegram_api_url) for account in known]
    return [check_of(finding) for findings in found for finding in findings]
