"""Putting mails to staff down for the way out. Nothing happens without a mail server."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.accounts.agents import has_password, normal_email
from helpdesk.accounts.errors import NoSuchAgent
from store.db import Database
from store.models import Agent, DeliveryStatus, DigestInterval, MailDelivery, MailKind, new_id, now

#: When the daily mail of what waits leaves, and on Mondays the week's figures, in the installation's time.
DAILY_AT_HOUR = 8


class StaffMails:
    """`sender` is the address that mails come from, `None` without a mail server."""

    def __init__(self, db: Database, *, sender: str | None, zone: ZoneInfo) -> None:
        self.db = db
        self.zone = zone
        self._domain = sender.partition("@")[2] if sender else None

    @property
    def is_on(self) -> bool:
        """Whether mails leave here."""
        return self._domain is not None

    async def invite(self, agent_id: str) -> bool:
        """Send a link to choose a password; False without a mail server."""
        if not self.is_on:
            return False
        async with self.db.write() as session:
            session.add(self._mail(MailKind.INVITATION, agent_id))
        return True

    async def reset_password(self, email: str) -> None:
        """Send a link to choose a new password if somebody here has this address and could sign in; never says so."""
        async with self.db.write() as session:
            agent = await session.scalar(select(Agent).where(Agent.email == normal_email(email), Agent.active))
            if self.is_on and agent is not None and has_password(agent):
                session.add(self._mail(MailKind.RESET, agent.id))

    async def choose(self, agent_id: str, digest: DigestInterval, *, promises: bool, weekly: bool = False) -> None:
        """What an agent hears of by mail from now on. Raises `NoSuchAgent`."""
        async with self.db.write() as session:
            agent = await session.get(Agent, agent_id)
            if agent is None:
                raise NoSuchAgent("There is no such agent.")
            agent.mail_digest, agent.mail_promises, agent.mail_weekly = digest, promises, weekly
            await session.execute(
                delete(MailDelivery).where(
                    MailDelivery.agent_id == agent_id,
                    MailDelivery.kind.in_([MailKind.DIGEST, MailKind.WEEKLY]),
                    MailDelivery.status == DeliveryStatus.PENDING,
                )
            )
            schedule_digest(session, agent, self.zone, now())
            schedule_weekly(session, agent, self.zone, now())

    def _mail(self, kind: MailKind, agent_id: str) -> MailDelivery:
        return MailDelivery(kind=kind, agent_id=agent_id, message_id=f"<{new_id()}@{self._domain}>")


def schedule_digest(session: AsyncSession, agent: Agent, zone: ZoneInfo, time: datetime) -> None:
    """Put down the next mail of what waits, if the agent wants one."""
    due_at = next_digest(agent.mail_digest, zone, time)
    if due_at is not None and agent.active:
        session.add(MailDelivery(kind=MailKind.DIGEST, agent_id=agent.id, due_at=due_at))


def schedule_weekly(session: AsyncSession, agent: Agent, zone: ZoneInfo, time: datetime) -> None:
    """Put down the next mail of the week's figures, if the agent wants them."""
    if agent.mail_weekly and agent.active:
        session.add(MailDelivery(kind=MailKind.WEEKLY, agent_id=agent.id, due_at=next_monday(zone, time)))


def next_monday(zone: ZoneInfo, time: datetime) -> datetime:
    """The next Monday at eight in the morning."""
    local = time.astimezone(zone)
    morning = local.replace(hour=DAILY_AT_HOUR, minute=0, second=0, microsecond=0)
    monday = morning + timedelta(days=-local.weekday() % 7)
    return monday if monday > local else monday + timedelta(days=7)


def next_digest(interval: DigestInterval, zone: ZoneInfo, time: datetime) -> datetime | None:
    """The next full hour, or eight in the morning."""
    local = time.astimezone(zone)
    if interval == DigestInterval.HOURLY:
        return local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if interval == DigestInterval.DAILY:
        today = local.replace(hour=DAILY_AT_HOUR, minute=0, second=0, microsecond=0)
        return today if today > local else today + timedelta(days=1)
    return None
