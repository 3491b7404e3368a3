"""What desks ask all day costs the same after years: no statement of it goes through all conversations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, select
from sqlalchemy.engine import Connection

from helpdesk.conversations.follow_ups.cards import concerns as follows_up
from helpdesk.conversations.promises.register import concerns
from helpdesk.insights.ratings import is_readable
from helpdesk.views.timeline.cards import DeskView, select_offers
from helpdesk.views.timeline.counts import count_lists, count_promises
from helpdesk.views.timeline.listing import Listing, select_first_page
from store.db import Database
from store.migrate import upgrade_async
from store.models import FollowUp, Promise, Rating

ASKED: dict[str, Select[*tuple[Any, ...]]] = {
    "lists": count_lists("mia"),
    "promises": count_promises("mia"),
    "offers": select_offers("mia"),
    "mine": select_first_page(Listing(view=DeskView.MINE, agent_id="mia"), 50),
    "queue": select_first_page(Listing(view=DeskView.QUEUE, agent_id="mia"), 50),
    "my promises": select(Promise.id).where(concerns("mia")),
    "my follow-ups": select(FollowUp.id).where(follows_up("mia")),
    "my ratings": select(Rating.id).where(Rating.agent_id == "mia", is_readable("mia")),
}


@pytest.fixture
async def database(tmp_path: Path) -> Any:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'one.db'}")
    await upgrade_async(db)
    yield db
    await db.close()


@pytest.mark.parametrize("name", ASKED)
async def test_no_statement_goes_through_all_conversations(database: Database, name: str) -> None:
    plan = await plan_of(database, ASKED[name])

    assert plan
    assert [step for step in plan if step.startswith(("SCAN conversations", "SCAN messages"))] == []


async def plan_of(db: Database, query: Select[*tuple[Any, ...]]) -> Sequence[str]:
    """How SQLite goes about a statement, with what SQLAlchemy sends it."""

    def explain(connection: Connection) -> Sequence[str]:
        text, parameters = compiled_of(connection, query)
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)]

    async with db.read() as session:
        return await (await session.connection()).run_sync(explain)


def compiled_of(connection: Connection, query: Select[*tuple[Any, ...]]) -> tuple[str, tuple[Any, ...]]:
    """The statement's text and parameters."""
    compiled = query.compile(connection, compile_kwargs={"render_postcompile": True})
    processors: Any = compiled._bind_processors
    given = compiled.construct_params()
    return str(compiled), tuple(
        processors[name](given[name]) if name in processors else given[name] for name in compiled.positiontup or ()
    )
