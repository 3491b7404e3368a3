"""A burst over two instances on PostgreSQL, as large as a test can afford; the benchmark does the rest."""

import random
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from store.models import Delivery, Turn, TurnStatus
from tests.fakes.telegram.burst import LoadBalancer, judge, write
from tests.harness import eventually
from tests.integration.send_permissions import Permissions, exceeded
from tests.integration.telegram_desk import ORIGIN, telegram_desk

UPDATES, PEOPLE = 100, 20


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_a_burst_is_stored_once_answered_once_in_order_and_within_the_limits(
    tmp_path: Path, postgres_url: str, permissions: Permissions
) -> None:
    """A busy machine may take its time, so no turn gets a deadline here, and limits are read where they are granted."""
    chance = random.Random(4)
    async with telegram_desk(tmp_path, postgres_url, instances=2, turn_deadline=120.0) as desk:
        inner = [httpx.ASGITransport(app, raise_app_exceptions=False) for app in desk.apps]
        doors = LoadBalancer(inner, chance)
        desk.fake.updates.doors[ORIGIN] = [doors]
        people = [desk.fake.person(f"P{number}") for number in range(PEOPLE)]
        written = write(desk.fake, people, UPDATES, chance)
        await desk.fake.updates.quiet()

        async def nothing_open() -> bool:
            async with desk.parts.db.read() as session:
                turns = select(func.count()).select_from(Turn).where(Turn.status.in_(list(OPEN)))
                waiting = select(func.count()).select_from(Delivery).where(Delivery.status.in_(["pending", "sending"]))
                return not await session.scalar(turns) and not await session.scalar(waiting)

        await eventually(nothing_open, "all answers", patience=120)
        verdict = await judge(desk.fake, desk.parts.db, written, doors)
        assert not verdict.wrong, "\n".join(verdict.wrong)
        assert exceeded(permissions) == []
        assert verdict.stored == UPDATES
        assert verdict.repeats > UPDATES * 0.1


OPEN = (TurnStatus.PENDING, TurnStatus.RUNNING)
