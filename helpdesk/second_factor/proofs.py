"""How somebody who is signed in proves themselves anew before their passkeys change."""

from datetime import timedelta
from enum import StrEnum

from helpdesk.accounts.agents import find_agent, has_password
from helpdesk.accounts.password_change import check_password
from helpdesk.accounts.sessions import SignedInAgent, SignInStage
from helpdesk.second_factor.errors import StaleSignIn
from helpdesk.second_factor.second_factors import SecondFactors
from store.db import Database
from store.models import AgentSession, now

#: How long a sign-in is proof enough for who has neither an app nor a password.
FRESH = timedelta(minutes=10)


class ProofKind(StrEnum):
    """What is asked."""

    NOTHING = "nothing"  # has signed in just now
    CODE = "code"  # of the app, or a recovery code
    PASSWORD = "password"  # noqa: S105 - a kind of proof
    SIGN_IN = "sign_in"  # neither is there: sign in once more


async def proof_kind(db: Database, factors: SecondFactors, agent: SignedInAgent) -> ProofKind:
    """What is asked of this agent: the stronger of what they have."""
    if agent.stage is SignInStage.SETUP:
        return ProofKind.NOTHING
    if await factors.is_set_up(agent.id):
        return ProofKind.CODE
    if has_password(await find_agent(db, agent.id)):
        return ProofKind.PASSWORD
    async with db.read() as session:
        row = await session.get(AgentSession, agent.session)
    return ProofKind.NOTHING if row and row.created_at > now() - FRESH else ProofKind.SIGN_IN


async def check_proof(
    db: Database, factors: SecondFactors, agent: SignedInAgent, given: str, *, browser: str | None
) -> None:
    """Return if `given` is what is asked. Raises `WrongCode`, `WrongPassword`, `StaleSignIn`, `TooManySignIns`."""
    kind = await proof_kind(db, factors, agent)
    if kind is ProofKind.CODE:
        await factors.verify(agent.id, given, browser=browser)
    elif kind is ProofKind.PASSWORD:
        await check_password(db, agent.id, given)
    elif kind is ProofKind.SIGN_IN:
        raise StaleSignIn("Sign in once more first.")
