"""Passwords: what a good one is, and argon2id hashes computed off the event loop."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from helpdesk.accounts.errors import BadPassword, PasswordIsEmail, PasswordTooLong

MIN_LENGTH = 12
MAX_LENGTH = 256

# RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_WORKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")  # two hashes at a time: at most 128 MiB


def check_password(password: str, *, email: str, name: str = "") -> None:
    """Raise `BadPassword` with a helpful sentence. Length is what counts (NIST SP 800-63B); no rules on characters."""
    if len(password) > MAX_LENGTH:
        raise PasswordTooLong(f"The password may have at most {MAX_LENGTH} characters.", most=MAX_LENGTH)
    if len(password) < MIN_LENGTH:
        raise BadPassword(
            f"The password needs at least {MIN_LENGTH} characters; three or four words work well.", least=MIN_LENGTH
        )
    lowered = password.casefold()
    known = [email.casefold(), email.casefold().partition("@")[0], name.casefold().replace(" ", "")]
    if email.casefold() in lowered or lowered.replace(" ", "") in known or len(set(lowered)) < 5:
        raise PasswordIsEmail(
            "The password is too easy to guess: take words that aren't your e-mail address or your name."
        )


def hash_password(password: str) -> str:
    """The argon2id hash; takes some 100 ms and 64 MiB, so call it where nothing else waits."""
    return _HASHER.hash(password)


async def hash_aside(password: str) -> str:
    """`hash_password` without holding up the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_WORKERS, hash_password, password)


async def verify_aside(password: str, stored: str | None) -> bool:
    """Whether the password is right. Without a stored hash it takes as long and is wrong, so time tells nothing."""
    return await asyncio.get_running_loop().run_in_executor(_WORKERS, _verify, password, stored)


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _verify(password: str, stored: str | None) -> bool:
    decoy = _decoy()
    try:
        _HASHER.verify(stored or decoy, password[:MAX_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


@cache
def _decoy() -> str:
    return _HASHER.hash(secrets.token_hex(16))
