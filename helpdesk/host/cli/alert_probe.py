"""What `staffel doctor` says of the alerts into the staff's own chat."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.delivery.staff_alerts import load_last_problem
from helpdesk.host.cli.checks import Check, CheckStatus, failed, skipped
from store.db import Database
from store.errors import Unavailable
from store.models import ChannelAccount, StaffAlertRule
from store.settings import Settings

_NAME = "alerts"


async def check_alerts(chosen: Settings) -> list[Check]:
    """Whether the chat's channel is connected, and why the last alert did not arrive; nothing is sent."""
    if not chosen.database_url and not (chosen.home / "staffel.db").exists():
        return [skipped(_NAME, "no alerts are switched on")]
    db = Database(chosen.database)
    try:
        return [await _look(db)]
    except (SQLAlchemyError, OSError, Unavailable) as error:
        return [skipped(_NAME, f"the database can not be asked ({type(error).__name__})")]
    finally:
        await db.close()


async def _look(db: Database) -> Check:
    async with db.read() as session:
        rule = await session.get(StaffAlertRule, 1)
        if rule is None or not rule.is_on:
            return skipped(_NAME, "no alerts are switched on")
        account = await session.scalar(
            select(ChannelAccount.account).where(
                ChannelAccount.channel == rule.channel, ChannelAccount.account == rule.account
            )
        )
        problem = await load_last_problem(session)
    if account is None:
        return failed(_NAME, f"{rule.channel} is not connected any more", "Choose another chat on /admin/alerts.")
    if problem is not None:
        return failed(_NAME, f"the last one did not arrive: {problem.problem}", "Send a test on /admin/alerts.")
    return Check(name=_NAME, status=CheckStatus.OK, found=f"into a chat on {rule.channel}")
