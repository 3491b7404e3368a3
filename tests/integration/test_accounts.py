"""Accounts in the database, on SQLite and on PostgreSQL."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.accounts.agents import (
    add_agent,
    change_role,
    deactivate,
    find_agent,
    list_agents,
    reactivate,
    set_availability,
)
from helpdesk.accounts.errors import (
    BadPassword,
    EmailTaken,
    LastAdmin,
    LinkExpired,
    NoSuchAgent,
    SignInFailed,
    TooManySignIns,
)
from helpdesk.accounts.invitations import (
    FIRST_ADMIN_FOR,
    INVITED_FOR,
    RESET_FOR,
    InvitationAcceptance,
    accept_invitation,
    first_admin_link,
    invitation_link,
    look,
)
from helpdesk.accounts.keys import find_key, make_key, revoke_key
from helpdesk.accounts.sessions import IDLE, MAX_AGE, Sessions
from helpdesk.accounts.signin import Browser, sign_in
from helpdesk.accounts.throttle import WINDOW, account_key, count_attempts
from store.db import Database
from store.models import Agent, AgentSession, Availability, Invitation, Role
from store.tokens import token_hash
from tests.integration.staff import ORIGIN, PASSWORD

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FILLED = InvitationAcceptance(name="Mia", email="mia@example.org", password=PASSWORD, language="de")


class FrozenClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


async def first_admin(db: Database) -> Agent:
    return await add_agent(db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)


async def mia(db: Database) -> Agent:
    return await add_agent(db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)


def token_of(link: str | None) -> str:
    assert link
    return link.rpartition("/")[2]


async def test_the_first_admin_link_makes_an_admin_and_then_there_is_none(db: Database) -> None:
    link = await first_admin_link(db, ORIGIN)
    assert link
    assert link.startswith(f"{ORIGIN}/invitation/")
    agent = await accept_invitation(db, token_of(link), FILLED)
    assert (Role(agent.role), agent.name, agent.email) == (Role.ADMIN, "Mia", "mia@example.org")
    assert await first_admin_link(db, ORIGIN) is None


async def test_a_newer_first_admin_link_ends_the_older(db: Database) -> None:
    older, newer = await first_admin_link(db, ORIGIN), await first_admin_link(db, ORIGIN)
    with pytest.raises(LinkExpired):
        await look(db, token_of(older))
    assert (await look(db, token_of(newer))).role is Role.ADMIN


async def test_a_first_admin_link_ends_after_a_day(db: Database) -> None:
    token = token_of(await first_admin_link(db, ORIGIN, at=NOON))
    await look(db, token, at=NOON + FIRST_ADMIN_FOR - timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        await accept_invitation(db, token, FILLED, at=NOON + FIRST_ADMIN_FOR)


async def test_a_link_used_many_times_at_once_counts_once(db: Database) -> None:
    token = token_of(await first_admin_link(db, ORIGIN))
    attempts = [
        accept_invitation(
            db, token, InvitationAcceptance(name=f"Mia {n}", email=f"mia{n}@example.org", password=PASSWORD)
        )
        for n in range(6)
    ]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(result, Agent) for result in results) == 1
    assert sum(isinstance(result, LinkExpired) for result in results) == 5
    assert len(await list_agents(db)) == 1


async def test_a_refused_password_leaves_the_link_usable(db: Database) -> None:
    token = token_of(await first_admin_link(db, ORIGIN))
    with pytest.raises(BadPassword):
        await accept_invitation(db, token, InvitationAcceptance(name="Mia", email="mia@example.org", password="kurz"))
    assert (await accept_invitation(db, token, FILLED)).email == FILLED.email


async def test_only_the_hash_of_a_link_is_stored(db: Database) -> None:
    token = token_of(await first_admin_link(db, ORIGIN))
    async with db.read() as session:
        rows = (await session.execute(select(Invitation.token_hash))).scalars().all()
    assert rows == [token_hash(token)]


async def test_an_invited_agent_keeps_role_and_address_whatever_the_form_says(db: Database) -> None:
    await first_admin(db)
    await add_agent(db, "Jo@Example.org", "Jo", Role.AGENT)
    token = token_of(await invitation_link(db, ORIGIN, "jo@example.org", at=NOON))
    await look(db, token, at=NOON + INVITED_FOR - timedelta(seconds=1))
    filled = InvitationAcceptance(name="Jo Schmidt", email="boss@example.org", password=PASSWORD)
    agent = await accept_invitation(db, token, filled, at=NOON)
    assert (agent.email, Role(agent.role), agent.name) == ("jo@example.org", Role.AGENT, "Jo Schmidt")


async def test_f79_a_password_link_lasts_half_an_hour_and_ends_every_session(db: Database) -> None:
    agent = await mia(db)
    sessions = Sessions(db)
    old = await sessions.start(agent.id)
    token = token_of(await invitation_link(db, ORIGIN, "mia@example.org", at=NOON))
    with pytest.raises(LinkExpired):
        await look(db, token, at=NOON + RESET_FOR)
    await accept_invitation(
        db, token, InvitationAcceptance(name="Mia", email="", password="ganz anders gewählt"), at=NOON
    )
    assert await sessions.find(old) is None
    with pytest.raises(SignInFailed):
        await sign_in(db, sessions, "mia@example.org", PASSWORD, Browser(address="192.0.2.1"))
    assert await sign_in(db, sessions, "mia@example.org", "ganz anders gewählt", Browser(address="192.0.2.1"))


async def test_two_accounts_can_not_share_an_address(db: Database) -> None:
    await mia(db)
    with pytest.raises(EmailTaken):
        await add_agent(db, "MIA@example.org", "Mia Zwei", Role.AGENT)


async def test_the_last_admin_can_neither_leave_nor_step_down(db: Database) -> None:
    ada = await first_admin(db)
    await add_agent(db, "invited@example.org", "Not Yet", Role.ADMIN)
    with pytest.raises(LastAdmin):
        await deactivate(db, ada.id)
    with pytest.raises(LastAdmin):
        await change_role(db, ada.id, Role.AGENT)


async def test_of_two_admins_who_leave_at_once_one_stays(db: Database) -> None:
    ada = await first_admin(db)
    bo = await add_agent(db, "bo@example.org", "Bo", Role.ADMIN, password=PASSWORD)
    results = await asyncio.gather(deactivate(db, ada.id), deactivate(db, bo.id), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Agent", "LastAdmin"]


async def test_a_deactivated_agent_is_out_at_once_and_can_not_come_back(db: Database) -> None:
    agent, sessions = await mia(db), Sessions(db)
    token = await sessions.start(agent.id)
    link = token_of(await invitation_link(db, ORIGIN, agent.id))
    await set_availability(db, agent.id, Availability.ONLINE)
    await deactivate(db, agent.id)
    assert await sessions.find(token) is None
    with pytest.raises(LinkExpired):
        await look(db, link)
    with pytest.raises(SignInFailed):
        await sign_in(db, sessions, "mia@example.org", PASSWORD, Browser(address="192.0.2.1"))
    with pytest.raises(NoSuchAgent):
        await invitation_link(db, ORIGIN, agent.id)
    assert (await find_agent(db, agent.id)).availability == Availability.OFFLINE


async def test_a_reactivated_agent_needs_a_new_password(db: Database) -> None:
    agent = await mia(db)
    await deactivate(db, agent.id)
    await reactivate(db, agent.id)
    with pytest.raises(SignInFailed):
        await sign_in(db, Sessions(db), "mia@example.org", PASSWORD, Browser(address="192.0.2.1"))
    assert await invitation_link(db, ORIGIN, agent.id)


async def test_a_session_is_stored_as_a_hash_and_tells_who_it_is(db: Database) -> None:
    agent, sessions = await mia(db), Sessions(db)
    token = await sessions.start(agent.id, browser="x" * 500)
    found = await sessions.find(token)
    assert found
    assert (found.id, found.role, found.session) == (agent.id, Role.AGENT, token_hash(token))
    assert len(found.csrf_token) >= 43
    async with db.read() as session:
        assert token not in str((await session.execute(select(AgentSession.token_hash))).all())


@pytest.mark.parametrize("token", [None, "", "x", "a" * 43])
async def test_an_invented_token_is_nobody(db: Database, token: str | None) -> None:
    assert await Sessions(db).find(token) is None


async def test_a_session_ends_when_it_rests_for_half_a_day(db: Database) -> None:
    clock = FrozenClock()
    agent, sessions = await mia(db), Sessions(db, clock=clock)
    token = await sessions.start(agent.id)
    clock.time = NOON + IDLE - timedelta(seconds=1)
    assert await sessions.find(token)
    clock.time += IDLE - timedelta(seconds=1)
    assert await sessions.find(token), "using it has kept it alive"
    clock.time += IDLE
    assert await sessions.find(token) is None


async def test_a_session_ends_after_a_week_however_busy(db: Database) -> None:
    clock = FrozenClock()
    agent, sessions = await mia(db), Sessions(db, clock=clock)
    token = await sessions.start(agent.id)
    while clock.time < NOON + MAX_AGE - timedelta(hours=6):
        clock.time += timedelta(hours=6)
        assert (await sessions.find(token) is not None) is (clock.time < NOON + MAX_AGE)
    clock.time = NOON + MAX_AGE
    assert await sessions.find(token) is None


async def test_signing_in_again_ends_the_session_the_browser_came_with(db: Database) -> None:
    agent, sessions = await mia(db), Sessions(db)
    planted = await sessions.start(agent.id)
    _, token = await sign_in(db, sessions, agent.email, PASSWORD, Browser(address="192.0.2.1", token=planted))
    assert await sessions.find(planted) is None
    assert await sessions.find(token)


async def test_ending_all_sessions_ends_those_of_one_agent_only(db: Database) -> None:
    sessions, ada, agent = Sessions(db), await first_admin(db), await mia(db)
    tokens = [await sessions.start(agent.id), await sessions.start(agent.id)]
    other = await sessions.start(ada.id)
    await sessions.end_all(agent.id)
    assert [await sessions.find(token) for token in tokens] == [None, None]
    assert await sessions.find(other)


async def test_forty_attempts_at_once_are_ten(db: Database) -> None:
    attempts = [count_attempts(db, ["signin:account:x"], at=NOON) for _ in range(40)]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(result is None for result in results) == 10
    assert sum(isinstance(result, TooManySignIns) for result in results) == 30


async def test_the_door_opens_again_by_itself_even_while_somebody_keeps_knocking(db: Database) -> None:
    for minute in range(14):
        for _ in range(2):
            with suppress(TooManySignIns):
                await count_attempts(db, ["k"], at=NOON + timedelta(minutes=minute))
    with pytest.raises(TooManySignIns) as refused:
        await count_attempts(db, ["k"], at=NOON + timedelta(minutes=14))
    assert refused.value.after == 60
    await count_attempts(db, ["k"], at=NOON + WINDOW)


async def test_wrong_passwords_for_one_account_are_stopped_from_any_address(db: Database) -> None:
    await mia(db)
    sessions = Sessions(db)
    for n in range(10):
        with pytest.raises(SignInFailed):
            await sign_in(db, sessions, "mia@example.org", "falsch geraten", Browser(address=f"192.0.2.{n}"))
    with pytest.raises(TooManySignIns):
        await sign_in(db, sessions, "mia@example.org", PASSWORD, Browser(address="192.0.2.99"))


async def test_one_address_is_stopped_whichever_accounts_it_tries(db: Database) -> None:
    sessions = Sessions(db)
    for n in range(10):
        with pytest.raises(SignInFailed):
            await sign_in(db, sessions, f"name{n}@example.org", "falsch geraten", Browser(address="192.0.2.1"))
    with pytest.raises(TooManySignIns):
        await sign_in(db, sessions, "name11@example.org", "falsch geraten", Browser(address="192.0.2.1"))


async def test_known_and_unknown_addresses_get_the_same_answers(db: Database) -> None:
    await mia(db)

    async def answers(email: str, address: str) -> list[str]:
        said = []
        for _ in range(12):
            try:
                await sign_in(db, Sessions(db), email, "falsch geraten", Browser(address=address))
            except (SignInFailed, TooManySignIns) as error:
                said.append(f"{error.code}: {error}")
        return said

    assert await answers("mia@example.org", "192.0.2.1") == await answers("nobody@example.org", "192.0.2.2")


async def test_an_agents_own_browser_gets_in_while_strangers_guess(db: Database) -> None:
    agent, sessions = await mia(db), Sessions(db)
    for _ in range(11):
        with pytest.raises((SignInFailed, TooManySignIns)):
            await sign_in(db, sessions, agent.email, "falsch geraten", Browser(address="203.0.113.5"))
    own = Browser(address="192.0.2.1", known_as={agent.id: "laptop"}.get)
    assert await sign_in(db, sessions, agent.email, PASSWORD, own)


async def test_a_team_behind_one_address_can_all_sign_in(db: Database) -> None:
    sessions = Sessions(db)
    for n in range(12):
        await add_agent(db, f"a{n}@example.org", f"Agent {n}", Role.AGENT, password=PASSWORD)
        assert await sign_in(db, sessions, f"a{n}@example.org", PASSWORD, Browser(address="192.0.2.1"))


async def test_a_success_clears_the_accounts_count(db: Database) -> None:
    from store.models import Throttle

    agent = await mia(db)
    with pytest.raises(SignInFailed):
        await sign_in(db, Sessions(db), agent.email, "falsch geraten", Browser(address="192.0.2.1"))
    await sign_in(db, Sessions(db), agent.email, PASSWORD, Browser(address="192.0.2.1"))
    async with db.read() as session:
        assert await session.get(Throttle, account_key(agent.email)) is None
        assert await session.scalar(select(func.sum(Throttle.count))) == 1, "the address keeps the failed attempt"


async def test_a_key_of_a_program_is_known_until_it_is_revoked(db: Database) -> None:
    key = await make_key(db, "shop", ["conversations:read"])
    holder = await find_key(db, key)
    assert holder
    assert holder.scopes == {"conversations:read"}
    assert await revoke_key(db, "shop") == 1
    assert await find_key(db, key) is None
