"""Signing in with a passkey alone: the device has verified its owner, so it counts as both factors."""

from collections.abc import Callable
from datetime import datetime

from helpdesk.accounts.agents import find_agent, has_password
from helpdesk.accounts.errors import NoSuchAgent
from helpdesk.accounts.sessions import Sessions
from helpdesk.accounts.signin import Browser
from helpdesk.accounts.throttle import account_key, count_attempts, forgive, passkey_key
from helpdesk.second_factor.challenges import ChallengePurpose
from helpdesk.second_factor.errors import PasskeyFault, PasskeyRefused
from helpdesk.second_factor.passkeys import Passkeys
from helpdesk.second_factor.relying_party import RelyingParty
from store.models import now


async def sign_in_by_passkey(
    passkeys: Passkeys,
    sessions: Sessions,
    rp: RelyingParty,
    holder: str,
    answer: str,
    browser: Browser,
    *,
    clock: Callable[[], datetime] = now,
) -> tuple[str, str]:
    """Check and return (agent id, new session token). Raises `PasskeyRefused` or `TooManySignIns`.

    It stands for a password, so whoever has none here signs in with their provider, which may have shut them out. At
    most 10 answers in 15 minutes per network address, apart from those that sign somebody in; a browser that the
    agent used before has a count of its own, as with passwords.
    """
    owner = await passkeys.find_owner(answer)
    known = browser.known_as(owner) if owner else None
    key = account_key(f"passkey {owner} {known}") if known else passkey_key(browser.address)
    await count_attempts(passkeys.db, [key], at=clock())
    agent_id = await passkeys.verify(rp, ChallengePurpose.SIGN_IN, holder, answer)
    await _check_account(passkeys, agent_id)
    await forgive(passkeys.db, clear="", refund=key)
    token = await sessions.start(
        agent_id, browser=browser.name, address=browser.address, replaces=browser.token, with_factor=True
    )
    return agent_id, token


async def _check_account(passkeys: Passkeys, agent_id: str) -> None:
    try:
        agent = await find_agent(passkeys.db, agent_id)
    except NoSuchAgent:
        raise PasskeyRefused(PasskeyFault.ACCOUNT) from None
    if not agent.active or not has_password(agent):
        raise PasskeyRefused(PasskeyFault.ACCOUNT, agent_id)
