"""What passkeys are asked to sign: random, good once, for five minutes, for one purpose and one browser."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete

from helpdesk.second_factor.errors import PasskeyFault, PasskeyRefused
from store.db import Database
from store.models import PasskeyChallenge
from store.tokens import token_hash

MAX_AGE = timedelta(minutes=5)
_LENGTH = 32


class ChallengePurpose(StrEnum):
    """What an answer is good for; one for another purpose is refused."""

    REGISTRATION = "registration"
    SIGN_IN = "sign_in"
    SECOND_FACTOR = "second_factor"


async def store_challenge(db: Database, purpose: ChallengePurpose, holder: str, *, at: datetime) -> bytes:
    """A new challenge for the browser that `holder` names; those that are over go."""
    challenge = secrets.token_bytes(_LENGTH)
    async with db.write() as session:
        await session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= at))
        session.add(
            PasskeyChallenge(
                challenge_hash=token_hash(challenge.hex()), purpose=purpose, holder=holder, expires_at=at + MAX_AGE
            )
        )
    return challenge


async def use_challenge(
    db: Database, challenge: bytes, purpose: ChallengePurpose, holder: str, *, at: datetime
) -> None:
    """Use it up, in one statement, before the answer is looked at. Raises `PasskeyRefused`."""
    async with db.write() as session:
        used = await session.execute(
            delete(PasskeyChallenge)
            .where(
                PasskeyChallenge.challenge_hash == token_hash(challenge.hex()),
                PasskeyChallenge.purpose == purpose,
                PasskeyChallenge.holder == holder,
            )
            .returning(PasskeyChallenge.expires_at)
        )
        expires_at = used.scalar_one_or_none()
    if expires_at is None or expires_at <= at:
        raise PasskeyRefused(PasskeyFault.CHALLENGE)
