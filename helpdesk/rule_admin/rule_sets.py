"""The rules of the handoff as admins saved them: the newest is in force, older ones can be taken up again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.handoff.rules import DEFAULT_RULES, Rules, read_rules
from store.db import Database, is_unique_violation
from store.errors import Conflict, Invalid, NotFound
from store.models import Agent, RuleSet

log = structlog.get_logger()

BUILT_IN = 0
"""The revision of the rules that every installation starts with; it is in no table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetView:
    """Rules with who saved them and when. Revisions go up by one; `BUILT_IN` has neither author nor time."""

    revision: int
    rules: Rules
    author: str = ""
    saved_at: datetime | None = None


async def load_newest(db: Database) -> RuleSetView:
    """What is in force."""
    async with db.read() as session:
        return await _newest(session)


async def list_rule_sets(db: Database, *, most: int = 20) -> list[RuleSetView]:
    """The newest first; the built-in ones last, if there is room."""
    async with db.read() as session:
        rows = await session.execute(_saved().limit(most))
        views = [_view(row, author) for row, author in rows]
    return [*views, _built_in()] if len(views) < most else views


async def save_rule_set(db: Database, rules: Rules, *, agent_id: str, seen: int) -> RuleSetView:
    """Put rules in force. `seen` is the revision the admin was looking at. Raises `Conflict` naming who was quicker."""
    try:
        async with db.write() as session:
            newest = await _newest(session)
            if newest.revision != seen:
                raise _conflict(newest)
            # The revision is the primary key: of two admins who save in the same instant one gets it.
            session.add(RuleSet(id=seen + 1, rules=rules.as_json(), agent_id=agent_id))
    except IntegrityError as error:
        if is_unique_violation(error):
            raise _conflict(await load_newest(db)) from error
        raise
    return await load_newest(db)


async def restore_rule_set(db: Database, revision: int, *, agent_id: str, seen: int) -> RuleSetView:
    """Put earlier rules in force again, as a new revision. Raises `NotFound`, `Conflict`."""
    async with db.read() as session:
        earlier = await _of_revision(session, revision)
    return await save_rule_set(db, earlier.rules, agent_id=agent_id, seen=seen)


def read_stored(stored: Mapping[str, Any], revision: int) -> Rules:
    """Rules from the database. What can't be understood falls back to the built-in ones."""
    try:
        return read_rules(dict(stored))
    except Invalid as error:
        log.warning("rules.not_understood", revision=revision, reason=str(error))
        return DEFAULT_RULES


async def _newest(session: AsyncSession) -> RuleSetView:
    row = (await session.execute(_saved().limit(1))).first()
    return _view(*row) if row else _built_in()


async def _of_revision(session: AsyncSession, revision: int) -> RuleSetView:
    if revision == BUILT_IN:
        return _built_in()
    row = (await session.execute(_saved().where(RuleSet.id == revision))).first()
    if row is None:
        raise NotFound(f"There are no rules {revision}.")
    return _view(*row)


def _saved() -> Any:
    return select(RuleSet, Agent.name).outerjoin(Agent, Agent.id == RuleSet.agent_id).order_by(RuleSet.id.desc())


def _view(row: RuleSet, author: str | None) -> RuleSetView:
    return RuleSetView(
        revision=row.id, rules=read_stored(row.rules, row.id), author=author or "", saved_at=row.saved_at
    )


def _built_in() -> RuleSetView:
    return RuleSetView(revision=BUILT_IN, rules=DEFAULT_RULES)


def _conflict(newest: RuleSetView) -> Conflict:
    return Conflict(
        f"{newest.author} has changed the rules in the meantime.", code="rules_changed", changed_by=newest.author
    )
