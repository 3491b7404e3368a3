"""Counting attempts in one statement, so that parallel ones can't slip past the limit (Zammad's CVE-2022-35490)."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Integer, bindparam, delete, text, update

from helpdesk.accounts.errors import TooManySignIns
from store.db import Database
from store.models import Throttle, UtcDateTime

LIMIT = 10
WINDOW = timedelta(minutes=15)
DAY = timedelta(days=1)

_COUNT = (
    text(
        "INSERT INTO throttles (key, window_start, count) VALUES (:key, :at, 1) "
        "ON CONFLICT (key) DO UPDATE SET "
        "count = CASE WHEN throttles.window_start <= :over THEN 1 ELSE throttles.count + 1 END, "
        "window_start = CASE WHEN throttles.window_start <= :over THEN :at ELSE throttles.window_start END "
        "RETURNING count, window_start"
    )
    .bindparams(bindparam("at", type_=UtcDateTime()), bindparam("over", type_=UtcDateTime()))
    .columns(count=Integer, window_start=UtcDateTime)
)


async def count_attempts(
    db: Database, keys: Iterable[str], *, at: datetime, limit: int = LIMIT, window: timedelta = WINDOW
) -> None:
    """Count one attempt under each key. Raises `TooManySignIns` when one is beyond `limit` in `window`."""
    over: list[datetime] = []
    async with db.write() as session:
        for key in sorted(keys):  # one order for everybody: PostgreSQL locks the rows in it
            found = await session.execute(_COUNT, {"key": key, "at": at, "over": at - window})
            count, since = found.one()
            if count > limit:
                over.append(since)
    if over:
        wait = max((max(over) + window - at).total_seconds(), 1.0)
        raise TooManySignIns(
            f"Too many attempts. Please wait {round(wait / 60) or 1} minutes and try again.",
            after=wait,
        )


async def count_resets(db: Database, key: str, *, at: datetime, limit: int, daily_limit: int) -> None:
    """Count that a new password was asked for. Raises `TooManySignIns` beyond `limit` in `WINDOW` or a day's limit."""
    await count_attempts(db, [key], at=at, limit=limit)
    await count_attempts(db, [f"day:{key}"], at=at, limit=daily_limit, window=DAY)


async def forgive(db: Database, *, clear: str, refund: str) -> None:
    """After a success: forget the account's failures and give the address its attempt back."""
    async with db.write() as session:
        await session.execute(delete(Throttle).where(Throttle.key == clear))
        await session.execute(
            update(Throttle).where(Throttle.key == refund, Throttle.count > 0).values(count=Throttle.count - 1)
        )


async def forget_attempts(db: Database, key: str) -> None:
    """Start counting anew, after a success."""
    async with db.write() as session:
        await session.execute(delete(Throttle).where(Throttle.key == key))


def account_key(email: str) -> str:
    """The key of an account, known or not; hashed, so that what people type isn't stored."""
    return f"signin:account:{hashlib.sha256(email.encode()).hexdigest()[:40]}"


def reset_account_key(email: str) -> str:
    """The key of an account that a new password is asked for."""
    return account_key(email).replace("signin:", "reset:", 1)


def reset_address_key(address: str) -> str:
    """The key of a network address that new passwords are asked for from."""
    return address_key(address).replace("signin:", "reset:", 1)


def address_key(address: str) -> str:
    """The key of a network address. An IPv6 customer owns a whole /64, so that's what counts."""
    return f"signin:address:{_network(address)}"


def provider_key(address: str) -> str:
    """The key of a network address that answers of providers come from."""
    return address_key(address).replace("signin:", "provider:", 1)


def passkey_key(address: str) -> str:
    """The key of a network address that answers of passkeys come from."""
    return address_key(address).replace("signin:", "passkey:", 1)


def challenge_key(address: str) -> str:
    """The key of a network address that asks for what passkeys are to sign."""
    return address_key(address).replace("signin:", "challenge:", 1)


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64)) + "/64"
