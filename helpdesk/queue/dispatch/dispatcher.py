"""Asks agents to take those who wait: one offer a handoff, for a while, then the next agent."""

import asyncio
import random
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.offers import OfferEnd, end_offer
from helpdesk.handoff.priority import QueuedRequest
from helpdesk.handoff.routing import Offer, route
from helpdesk.notifications.notification_recorder import NotificationRecorder
from helpdesk.observability import metrics
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.queue.dispatch.queue_snapshot import QueueSnapshot, load_queue_snapshot
from store.db import Database
from store.errors import NotFound, Unavailable
from store.models import Agent, Handoff, Lease, now
from store.settings import Settings
from store.upsert import insert_into

log = structlog.get_logger()

WAITING_POLL = 5.0  # seconds between looks while somebody waits and nobody says that the queue has changed
POLL = 30.0  # seconds between looks while nobody waits
AT_MOST_EVERY = 0.2
AGAIN_AFTER = 1.0  # after another instance was just looking
ASK_AGAIN = timedelta(minutes=2)  # after everybody who is there has said no
_QUEUE_TABLES = ("handoffs", "promises")
_STAFF_TABLES = ("agents", "teams", "team_members")
_TURN = "dispatch"  # the lease whose row is locked by the instance that is looking


class Dispatcher:
    """Looks at the queue when it has changed. An offer draws attention; any agent may still accept from the queue."""

    def __init__(
        self, db: Database, live: ChangeHints, settings: Settings, notifications: NotificationRecorder | None = None
    ) -> None:
        self.db = db
        self.live = live
        self.lasts = timedelta(seconds=settings.offer_seconds)
        self._notifications = notifications or NotificationRecorder(db)
        self._news = asyncio.Event()
        self._next_look: datetime | None = None

    async def run(self) -> None:
        """Look when the queue changes, when an offer ends, and now and then, until cancelled."""
        with (
            self.db.feed.listening(_QUEUE_TABLES, self._news.set),
            self.db.feed.listening(_STAFF_TABLES, self._note_staff),
        ):
            while True:
                self._news.clear()
                try:
                    await self.look()
                except Unavailable:
                    log.warning("dispatch.database_away")
                await asyncio.sleep(AT_MOST_EVERY)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pause()):
                        await self._news.wait()

    def _note_staff(self) -> None:
        """Who comes and goes matters while somebody waits."""
        if self._next_look is not None:
            self._news.set()

    def _pause(self) -> float:
        """Seconds until the next look."""
        if self._next_look is None:
            return POLL * random.uniform(0.8, 1.2)
        return max(0.0, (self._next_look - now()).total_seconds())

    async def look(self) -> int:
        """End the offers that nobody took, make those that are due; how many offers were made."""
        time = now()
        async with self.db.read() as session:
            scene = await load_queue_snapshot(session, time)
        self._next_look = _next_look(scene, time) if scene else None
        if scene is None or not _has_work(scene, time):
            return 0
        async with self.db.write() as session:
            made, changed = await self._work(session, time)
        if changed:
            self.live.queue_changed()
        return made

    async def decline(self, conversation_id: str, agent_id: str) -> None:
        """An agent says no: the next one is asked. Raises `NotFound` when nobody waits in that conversation."""
        async with self.db.write() as session:
            handoff = await session.scalar(
                select(Handoff)
                .where(
                    Handoff.conversation_id == conversation_id,
                    Handoff.ended_at.is_(None),
                    Handoff.accepted_at.is_(None),
                )
                .with_for_update()
            )
            if handoff is None:
                raise NotFound("Nobody waits in this conversation any more.")
            if agent_id not in handoff.declined_by:
                handoff.declined_by = (*handoff.declined_by, agent_id)
            if handoff.offered_to == agent_id:
                end_offer(handoff, OfferEnd.DECLINED)
            await session.flush()
            await session.execute(update(Agent).where(Agent.id == agent_id).values(missed_offers=0))
        self.live.queue_changed()

    async def _work(self, session: AsyncSession, time: datetime) -> tuple[int, bool]:
        """All of one look in one transaction, by one instance at a time; (offers made, whether anything changed).

        Handoffs are written before agents, as `decline` does, so that two transactions never wait for each other.
        """
        if not await _take_turn(session, time):
            self._next_look = time + timedelta(seconds=AGAIN_AFTER)  # whoever looks may have begun too early
            return 0, False
        scene = await load_queue_snapshot(session, time)
        if scene is None:
            return 0, False
        missed = await self._end_offers(session, scene, time)
        again = await _ask_again(session, scene, time)
        await _set_teams(session, scene)
        after = await load_queue_snapshot(session, time) or scene
        offers = [
            offer for offer in route(after.waiting, after.agents, after.teams, time) if await self._make(session, offer)
        ]
        await _note_agents(session, missed, [offer.agent for offer in offers], after, time)
        return len(offers), bool(missed or again or offers)

    async def _end_offers(self, session: AsyncSession, scene: QueueSnapshot, time: datetime) -> list[str]:
        """Take back what was let pass, or was offered to somebody who has gone; the agents who missed it."""
        here = {agent.id for agent in scene.agents}
        missed = []
        for waiting in scene.waiting:
            if waiting.offered_to is None or (waiting.is_offered(time) and waiting.offered_to in here):
                continue
            end = OfferEnd.MISSED if waiting.offered_to in here else OfferEnd.WITHDRAWN
            declined = {*waiting.declined_by, waiting.offered_to} if end == OfferEnd.MISSED else waiting.declined_by
            if not await _end(session, waiting, sorted(declined)):
                continue
            if end == OfferEnd.MISSED:
                missed.append(waiting.offered_to)
            metrics.OFFERS.labels(end).inc()
            log.info("dispatch.offer_ended", handoff=waiting.id, agent=waiting.offered_to, end=str(end))
        return missed

    async def _make(self, session: AsyncSession, offer: Offer) -> bool:
        """Store an offer unless somebody has accepted meanwhile; the offer runs from now, not from the look's begin."""
        time = now()
        reasons = {str(reason.why): round(reason.value, 2) for reason in offer.reasons}
        made = await session.scalar(
            update(Handoff)
            .where(
                Handoff.id == offer.waiting,
                Handoff.accepted_at.is_(None),
                Handoff.ended_at.is_(None),
                Handoff.offered_to.is_(None),
            )
            .values(
                offered_to=offer.agent,
                offered_at=time,
                offered_until=time + self.lasts,
                offered_because=tuple(reasons),
            )
            .returning(Handoff.conversation_id)
        )
        if made is None:
            return False
        await self._notifications.record_offer(session, offer.agent, made)
        metrics.OFFERS.labels("made").inc()
        log.info("dispatch.offered", handoff=offer.waiting, agent=offer.agent, fit=offer.fit.name.lower(), **reasons)
        return True


def _next_look(scene: QueueSnapshot, time: datetime) -> datetime:
    """When an offer ends; else soon, because people leave and teams open without anybody saying so."""
    ends = (each.offered_until for each in scene.waiting if each.offered_until and each.offered_until > time)
    return min((time + timedelta(seconds=WAITING_POLL), *ends))


def _has_work(scene: QueueSnapshot, time: datetime) -> bool:
    here = {agent.id for agent in scene.agents}
    over = any(each.offered_to and not (each.is_offered(time) and each.offered_to in here) for each in scene.waiting)
    return (
        over
        or bool(scene.chosen)
        or any(_all_declined(each, scene, time) for each in scene.waiting)
        or bool(route(scene.waiting, scene.agents, scene.teams, time))
    )


def _all_declined(waiting: QueuedRequest, scene: QueueSnapshot, time: datetime) -> bool:
    """Everybody who is there has said no or let it pass, a while ago."""
    if not waiting.declined_by or waiting.is_offered(time) or not scene.agents:
        return False
    last = scene.offered_at.get(waiting.id, waiting.asked_at)
    return all(agent.id in waiting.declined_by for agent in scene.agents) and time >= last + ASK_AGAIN


async def _take_turn(session: AsyncSession, time: datetime) -> bool:
    """Whether it is this instance that looks. SQLite has one writer anyway; on PostgreSQL one row is locked."""
    row = insert_into(session, Lease).values(name=_TURN, owner="", until=time)
    await session.execute(row.on_conflict_do_nothing())
    mine = select(Lease.name).where(Lease.name == _TURN).with_for_update(skip_locked=True)
    return await session.scalar(mine) is not None


async def _end(session: AsyncSession, waiting: QueuedRequest, declined: list[str]) -> bool:
    found = await session.scalar(
        update(Handoff)
        .where(
            Handoff.id == waiting.id,
            Handoff.offered_to == waiting.offered_to,
            Handoff.offered_until == waiting.offered_until,
            Handoff.accepted_at.is_(None),
        )
        .values(offered_to=None, offered_until=None, declined_by=declined)
        .returning(Handoff.id)
    )
    return found is not None


async def _ask_again(session: AsyncSession, scene: QueueSnapshot, time: datetime) -> bool:
    ids = [waiting.id for waiting in scene.waiting if _all_declined(waiting, scene, time)]
    if ids:
        await session.execute(
            update(Handoff).where(Handoff.id.in_(ids), Handoff.offered_to.is_(None)).values(declined_by=[])
        )
    return bool(ids)


async def _set_teams(session: AsyncSession, scene: QueueSnapshot) -> None:
    for handoff_id, team in scene.chosen.items():
        await session.execute(
            update(Handoff).where(Handoff.id == handoff_id, Handoff.team_id.is_(None)).values(team_id=team)
        )


async def _note_agents(
    session: AsyncSession, missed: list[str], offered: list[str], scene: QueueSnapshot, time: datetime
) -> None:
    """When each was last asked, and how many offers in a row they let pass; in one order, against deadlocks."""
    before = {agent.id: agent.missed for agent in scene.agents}
    for agent_id in sorted({*missed, *offered}):
        values: dict[str, object] = {"missed_offers": before.get(agent_id, 0) + missed.count(agent_id)}
        if agent_id in offered:
            values["last_offer_at"] = time
        await session.execute(update(Agent).where(Agent.id == agent_id).values(values))
