"""Rules as admins save them: kept with author and time, never overwritten unseen, in force everywhere in a second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from helpdesk.accounts.agents import add_agent
from helpdesk.handoff.rules import DEFAULT_RULES, Rules
from helpdesk.rule_admin.current_rules import FRESH_FOR, CurrentRules
from helpdesk.rule_admin.rule_sets import BUILT_IN, list_rule_sets, load_newest, restore_rule_set, save_rule_set
from store.db import Database
from store.errors import Conflict, NotFound, Unavailable
from store.models import Role, RuleSet
from store.triggers import TriggerKind


@pytest.fixture
async def ada(db: Database) -> str:
    return (await add_agent(db, "ada@example.org", "Ada", Role.ADMIN)).id


def without(kind: TriggerKind) -> Rules:
    return replace(
        DEFAULT_RULES,
        rules=tuple(replace(rule, on=rule.on and rule.kind is not kind) for rule in DEFAULT_RULES.rules),
    )


class ManualClock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_new_installation_goes_by_the_built_in_rules(db: Database) -> None:
    assert await CurrentRules(db)() == DEFAULT_RULES
    assert [view.revision for view in await list_rule_sets(db)] == [BUILT_IN]


async def test_saved_rules_hold_at_once_and_in_the_end_where_nothing_was_heard_of_them(db: Database, ada: str) -> None:
    clock, elsewhere = ManualClock(), Database(db.url)
    here, there = CurrentRules(db, clock=clock), CurrentRules(elsewhere, clock=clock)
    assert await here() == await there() == DEFAULT_RULES
    await save_rule_set(db, without(TriggerKind.ABUSE), agent_id=ada, seen=BUILT_IN)
    assert not (await here())[TriggerKind.ABUSE].on
    assert (await there())[TriggerKind.ABUSE].on, "nobody listens there"
    clock.now += FRESH_FOR
    assert not (await there())[TriggerKind.ABUSE].on
    await elsewhere.close()


async def test_many_turns_in_a_second_read_the_database_once(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = 0
    original = db.read

    @asynccontextmanager
    async def counted() -> AsyncIterator[object]:
        nonlocal reads
        reads += 1
        async with original() as session:
            yield session

    monkeypatch.setattr(db, "read", counted)
    in_force = CurrentRules(db)
    await asyncio.gather(*(in_force() for _ in range(50)))
    assert reads == 1


async def test_with_the_database_away_the_last_known_rules_hold(
    db: Database, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock()
    await save_rule_set(db, without(TriggerKind.ABUSE), agent_id=ada, seen=BUILT_IN)
    known, unknown = CurrentRules(db, clock=clock), CurrentRules(db, clock=clock)
    await known()

    def away() -> object:
        raise Unavailable("away")

    monkeypatch.setattr(db, "read", away)
    clock.now += 10 * FRESH_FOR
    assert not (await known())[TriggerKind.ABUSE].on
    with pytest.raises(Unavailable):
        await unknown()


async def test_the_history_says_who_saved_what_and_earlier_rules_come_back(db: Database, ada: str) -> None:
    first, second = without(TriggerKind.ABUSE), without(TriggerKind.COMPLAINT)
    await save_rule_set(db, first, agent_id=ada, seen=BUILT_IN)
    await save_rule_set(db, second, agent_id=ada, seen=1)
    restored = await restore_rule_set(db, 1, agent_id=ada, seen=2)
    assert (restored.revision, restored.rules, restored.author) == (3, first, "Ada")
    views = await list_rule_sets(db)
    assert [(view.revision, view.author) for view in views] == [(3, "Ada"), (2, "Ada"), (1, "Ada"), (BUILT_IN, "")]
    assert (await restore_rule_set(db, BUILT_IN, agent_id=ada, seen=3)).rules == DEFAULT_RULES
    with pytest.raises(NotFound):
        await restore_rule_set(db, 99, agent_id=ada, seen=4)


async def test_of_admins_who_save_in_the_same_instant_one_is_kept(db: Database, ada: str) -> None:
    tries = [save_rule_set(db, without(kind), agent_id=ada, seen=BUILT_IN) for kind in list(TriggerKind)[:8]]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(each, BaseException) for each in ended) == 1
    assert all(isinstance(each, Conflict) for each in ended if isinstance(each, BaseException))
    assert (await load_newest(db)).revision == 1


async def test_rules_that_are_not_understood_do_not_stop_the_desk(db: Database) -> None:
    async with db.write() as session:
        session.add(RuleSet(id=1, rules={"from": "the future"}))
    found = await load_newest(db)
    assert (found.revision, found.rules) == (1, DEFAULT_RULES)
