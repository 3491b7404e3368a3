"""Alerts into the staff's own chat on Slack or Telegram: somebody waits, nobody is there, a promise is overdue.

Nobody knows who is in that chat: what private teams have is not told there.
"""

import asyncio
import random
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from gettext import NullTranslations

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import (
    Address,
    Author,
    Channel,
    ChatMoved,
    Connector,
    OutboundMessage,
    RetryLater,
    Undeliverable,
)
from helpdesk.conversations import count_agents_online
from helpdesk.conversations.visibility import is_visible_to, may_read
from helpdesk.handoff.summary import mask_personal
from helpdesk.notifications.naming import load_name
from helpdesk.notifications.words import ALERT_TEST, ALERTS
from i18n import available_languages, catalog, translate
from store.db import Database, is_unique_violation
from store.errors import Unavailable
from store.lease_worker import WorkerLimits
from store.models import Conversation, DeliveryStatus, Handoff, Promise, StaffAlert, StaffAlertRule, new_id, now

log = structlog.get_logger()

#: Not more than so many alerts in so much time; whoever still waits then comes afterwards.
MAX_ALERTS, WITHIN = 6, timedelta(minutes=10)
#: Whoever asks while nobody is online is told of after so long, should somebody be just coming back.
NOBODY_AFTER = timedelta(minutes=1)
MAX_ATTEMPTS = 6
#: Characters of what the customer wants: an alert is one message, and its link stands at the end.
MAX_WISH_LENGTH = 500
MAX_PROBLEM_LENGTH = 300
LOOK_SECONDS = 15.0
_IDLE_SECONDS = 600.0
_SEND_SECONDS = 15.0
_UNFINISHED = (DeliveryStatus.PENDING, DeliveryStatus.SENDING)
_MARKUP = re.compile(r"//+|[\[\]()*_`<>~#|\\]")
ALERT_LIMITS = WorkerLimits(
    name="staff_alerts",
    at_once=2,
    at_once_in_burst=1,
    idle_seconds=60.0,
    drain_seconds=_SEND_SECONDS,
    drops_some=True,
)
_LEASE = timedelta(seconds=2 * _SEND_SECONDS)

type TopicName = Callable[[str, NullTranslations], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertJob:
    """One alert, ready for its connector."""

    alert_id: int
    attempts: int
    message: OutboundMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertResult:
    """How an attempt ended; `problem` is why it did not arrive, `retry_after` in seconds where another one may help."""

    job: AlertJob
    problem: str | None = None
    retry_after: float | None = None


class StaffAlerts:
    """Finds what is to be told, and sends it. A `LeaseSource`, with `store` for the results."""

    def __init__(
        self,
        db: Database,
        connectors: Mapping[Channel, Connector],
        *,
        origin: str,
        language: Callable[[], str],
        topic_name: TopicName,
    ) -> None:
        self.db = db
        self._connectors = connectors
        self._origin = origin
        self._wanted_language = language
        self._topic_name = topic_name

    @property
    def _language(self) -> str:
        wanted = self._wanted_language()
        return wanted if wanted in available_languages("staff") else "en"

    @property
    def _messages(self) -> NullTranslations:
        return catalog("staff", self._language)

    async def run(self) -> None:
        """Look while the rule is switched on; otherwise wait until somebody changes it."""
        news = asyncio.Event()
        with self.db.feed.listening(("staff_alert_rules",), news.set):
            while True:
                news.clear()
                pause = LOOK_SECONDS
                try:
                    pause = LOOK_SECONDS if await self.look() else _IDLE_SECONDS
                except Unavailable:
                    log.warning("staff_alerts.database_away")
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause * random.uniform(0.8, 1.0)):
                        await news.wait()

    async def look(self) -> bool:
        """Store an alert for whatever has become one; whether the rule is on."""
        async with self.db.read() as session:
            rule = await session.get(StaffAlertRule, 1)
            found = await self._find(session, rule, now()) if rule is not None and rule.is_on else []
        if found:
            try:
                async with self.db.write() as session:
                    session.add_all(found)
            except DBAPIError as error:
                if not is_unique_violation(error):
                    raise  # otherwise another instance was quicker
        return rule is not None and rule.is_on

    async def _find(self, session: AsyncSession, rule: StaffAlertRule, time: datetime) -> list[StaffAlert]:
        recent = select(func.count()).select_from(StaffAlert).where(StaffAlert.created_at > time - WITHIN)
        room = MAX_ALERTS - (await session.scalar(recent) or 0)
        if room <= 0:
            return []
        found = await self._find_waiting(session, rule, time)
        if "promise" in rule.reasons:
            found += await _find_overdue(session, time)
        return found[:room]

    async def _find_waiting(self, session: AsyncSession, rule: StaffAlertRule, time: datetime) -> list[StaffAlert]:
        waits = [("waits", timedelta(minutes=rule.minutes))] if "waits" in rule.reasons else []
        if "nobody" in rule.reasons and not await count_agents_online(session):
            waits.insert(0, ("nobody", NOBODY_AFTER))
        found: dict[str, StaffAlert] = {}
        for reason, wait in waits:
            told = select(StaffAlert.id).where(StaffAlert.about == "handoff:" + Handoff.id).exists()
            due = (
                select(Handoff.id, Handoff.conversation_id)
                .join(Conversation, Conversation.id == Handoff.conversation_id)
                .where(Handoff.ended_at.is_(None), Handoff.accepted_at.is_(None), Handoff.asked_at <= time - wait)
                .where(~told, is_visible_to(None))
                .order_by(Handoff.asked_at)
                .limit(MAX_ALERTS)
            )
            for handoff, conversation in await session.execute(due):
                about = f"handoff:{handoff}"
                found.setdefault(about, StaffAlert(about=about, reason=reason, conversation_id=conversation))
        return list(found.values())

    def log_ids(self, item: AlertJob) -> dict[str, str | int]:
        """Which alert."""
        return {"alert": item.alert_id}

    async def next_due(self) -> datetime | None:
        """When the next may be sent, or the lease of one runs out."""
        async with self.db.read() as session:
            return await session.scalar(select(func.min(StaffAlert.due_at)).where(StaffAlert.status.in_(_UNFINISHED)))

    async def claim(self, limit: int) -> list[AlertJob]:
        """Take what is due; what is over by now ends here."""
        time = now()
        due = (
            select(StaffAlert)
            .where(StaffAlert.status.in_(_UNFINISHED), StaffAlert.due_at <= time)
            .order_by(StaffAlert.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        async with self.db.write() as session:
            rule = await session.get(StaffAlertRule, 1)
            rows = list(await session.scalars(due))
            return [job for row in rows if (job := await self._take(session, row, rule, time))]

    async def _take(
        self, session: AsyncSession, row: StaffAlert, rule: StaffAlertRule | None, time: datetime
    ) -> AlertJob | None:
        handoff = await session.scalar(
            select(Handoff).where(Handoff.conversation_id == row.conversation_id, Handoff.ended_at.is_(None))
        )
        is_over = row.reason != "promise" and (handoff is None or handoff.accepted_at is not None)
        if rule is None or not rule.is_on or is_over or not await may_read(session, row.conversation_id, None):
            row.status = DeliveryStatus.FAILED
            return None
        row.status, row.attempts, row.due_at = DeliveryStatus.SENDING, row.attempts + 1, time + _LEASE
        row.lease_owner = self.db.name
        text = await self._say(session, row, rule, handoff, time)
        return AlertJob(alert_id=row.id, attempts=row.attempts, message=self._message(rule, text))

    async def _say(
        self, session: AsyncSession, row: StaffAlert, rule: StaffAlertRule, handoff: Handoff | None, time: datetime
    ) -> str:
        conversation = await session.get_one(Conversation, row.conversation_id)
        minutes = int((time - handoff.asked_at).total_seconds() // 60) if handoff else 0
        who = _plain(await load_name(session, conversation, self._messages))
        parts = [translate(self._messages, ALERTS[row.reason]).format(who=who, minutes=minutes)]
        if handoff and handoff.topic:
            parts.append(_plain(self._topic_name(handoff.topic, self._messages)))
        if rule.with_text and handoff and (wish := handoff.correction or handoff.wording):
            parts.append(_plain(mask_personal(wish))[:MAX_WISH_LENGTH])
        parts.append(f"{self._origin}/desk?conversation={row.conversation_id}")
        return "\n".join(parts)

    def _message(self, rule: StaffAlertRule, text: str) -> OutboundMessage:
        return OutboundMessage(
            id=new_id(),
            address=Address(channel=rule.channel, account=rule.account, chat_id=rule.chat_id),
            conversation_id="",
            seq=0,
            author=Author.SYSTEM,
            author_name="Staffel",
            text=text,
            language=self._language,
        )

    async def work(self, item: AlertJob) -> AlertResult:
        """Send one; how that ended."""
        connector = self._connectors.get(item.message.address.channel)
        if connector is None:
            return self._give_up(item, "The channel is not connected.")
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                await connector.send(item.message)
        except RetryLater as wait:
            return AlertResult(job=item, problem="The channel asked to wait.", retry_after=wait.after)
        except ChatMoved as moved:
            await self._follow(item.message.address, moved.chat_id)
            return AlertResult(job=item, problem="The chat goes on under another id.", retry_after=0.0)
        except Undeliverable as never:
            return self._give_up(item, never.reason)
        except Exception as error:  # nobody knows whether it arrived: once more than never
            log.warning("staff_alerts.unclear", alert=item.alert_id, error=type(error).__name__)
            return AlertResult(job=item, problem=type(error).__name__, retry_after=5.0 * 2**item.attempts)
        return AlertResult(job=item)

    async def _follow(self, old: Address, chat_id: str) -> None:
        """A group became a supergroup: from now on alerts go where it goes on."""
        async with self.db.write() as session:
            await session.execute(
                update(StaffAlertRule)
                .where(StaffAlertRule.channel == old.channel, StaffAlertRule.account == old.account)
                .where(StaffAlertRule.chat_id == old.chat_id)
                .values(chat_id=chat_id)
            )

    def _give_up(self, item: AlertJob, why: str) -> AlertResult:
        log.warning("staff_alerts.not_sent", alert=item.alert_id, channel=str(item.message.address.channel), why=why)
        return AlertResult(job=item, problem=why[:MAX_PROBLEM_LENGTH])

    async def last_problem(self) -> StaffAlert | None:
        """The newest alert that did not arrive, if none has arrived since."""
        async with self.db.read() as session:
            return await load_last_problem(session)

    async def try_out(self, rule: StaffAlertRule) -> str:
        """Send a test to the chat of `rule`; why it did not arrive, empty when it did. A busy channel is waited for."""
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                await self._send_patiently(rule)
        except Undeliverable as never:
            return never.reason[:300]
        except Exception as error:
            log.warning("staff_alerts.test_failed", error=type(error).__name__)
            return type(error).__name__
        return ""

    async def _send_patiently(self, rule: StaffAlertRule) -> None:
        try:
            await self._send_test(rule)
        except RetryLater as wait:
            await asyncio.sleep(wait.after)
            await self._send_test(rule)

    async def _send_test(self, rule: StaffAlertRule) -> None:
        connector = self._connectors.get(rule.channel)
        if connector is None:
            raise Undeliverable("channel")
        test = self._message(rule, translate(self._messages, ALERT_TEST))
        try:
            await connector.send(test)
        except ChatMoved as moved:
            await self._follow(test.address, moved.chat_id)
            await connector.send(replace(test, address=replace(test.address, chat_id=moved.chat_id)))

    async def store(self, results: Sequence[AlertResult]) -> None:
        """Store how attempts ended, in one transaction. Raises `Unavailable`."""
        async with self.db.write() as session:
            for result in results:
                status = DeliveryStatus.FAILED if result.problem else DeliveryStatus.SENT
                values: dict[str, object] = {"status": status, "problem": result.problem}
                if result.retry_after is not None and result.job.attempts < MAX_ATTEMPTS:
                    due_at = now() + timedelta(seconds=max(1.0, result.retry_after))
                    values |= {"status": DeliveryStatus.PENDING, "due_at": due_at}
                await session.execute(
                    update(StaffAlert)
                    .where(
                        StaffAlert.id == result.job.alert_id,
                        StaffAlert.status == DeliveryStatus.SENDING,
                        StaffAlert.lease_owner == self.db.name,
                    )
                    .values(lease_owner=None, **values)
                )


async def load_last_problem(session: AsyncSession) -> StaffAlert | None:
    """The newest alert that did not arrive, if none has arrived since."""
    found = await session.scalar(
        select(StaffAlert)
        .where((StaffAlert.status == DeliveryStatus.SENT) | StaffAlert.problem.is_not(None))
        .order_by(StaffAlert.id.desc())
        .limit(1)
    )
    return found if found is not None and found.status != DeliveryStatus.SENT else None


async def _find_overdue(session: AsyncSession, time: datetime) -> list[StaffAlert]:
    told = select(StaffAlert.id).where(StaffAlert.about == "promise:" + Promise.id).exists()
    broken = (
        select(Promise.id, Promise.conversation_id)
        .join(Conversation, Conversation.id == Promise.conversation_id)
        .where(Promise.broken_at > time - timedelta(days=1), Promise.kept_at.is_(None), Promise.withdrawn_at.is_(None))
        .where(~told, is_visible_to(None))
    )
    return [
        StaffAlert(about=f"promise:{promise}", reason="promise", conversation_id=conversation)
        for promise, conversation in await session.execute(broken.order_by(Promise.due_at).limit(MAX_ALERTS))
    ]


def _plain(text: str) -> str:
    """Without what a chat could read as markup or a link, on one line."""
    return " ".join(_MARKUP.sub("", text).split())
