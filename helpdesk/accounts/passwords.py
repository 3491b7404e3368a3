"""Passwords: what a good one is, and argon2id hashes computed off the event loop."""

import asyncio
import math
import re
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from helpdesk.accounts.errors import (
    BadPassword,
    PasswordIsKnown,
    PasswordIsOwnWords,
    PasswordIsPattern,
    PasswordTooLong,
)

MIN_LENGTH = 12
MAX_LENGTH = 256
#: Fewer guesses than this are made while a stolen table of hashes is fresh (zxcvbn's score 3 begins here).
MIN_GUESSES = 10**8
#: Letters and digits that a password with a word of its owner's needs beside it.
MIN_OTHER_LETTERS = 6
_JUDGED_LENGTH = 40  # characters; zxcvbn takes seconds for 72 of them, and no password needs them
#: German words that many passwords are made of and that zxcvbn's lists, which are English, lack or rank late.
_GERMAN_WORDS = (
    "passwort", "kennwort", "geheim", "hallo", "schatz", "sommer", "winter", "herbst", "fruehling", "frühling",
    "fussball", "fußball", "willkommen", "deutschland", "berlin", "hamburg", "muenchen", "münchen", "schmetterling",
    "sonnenschein", "qwertz", "qwertzuiop", "yxcvbnm", "asdfghjkl", "start", "anfang", "admin",
)  # fmt: skip

# RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_WORKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")  # two hashes at a time: at most 128 MiB


def check_password(password: str, *, email: str, name: str = "", installation_words: Sequence[str] = ()) -> None:
    """Raise `BadPassword` with a helpful sentence. What counts is how soon it is guessed (NIST SP 800-63B).

    Takes some milliseconds, and a tenth of a second with 15 MB for the lists the first time: see `hash_checked`.
    """
    if len(password) > MAX_LENGTH:
        raise PasswordTooLong(f"The password may have at most {MAX_LENGTH} characters.", most=MAX_LENGTH)
    if len(password) < MIN_LENGTH:
        raise BadPassword(
            f"The password needs at least {MIN_LENGTH} characters; three or four words work well.", least=MIN_LENGTH
        )
    own = own_words(email, name, *installation_words)
    if _letters_beside(password, own) < MIN_OTHER_LETTERS:
        raise _own_words_refused()
    _check_guesses(password[:_JUDGED_LENGTH], own)


def own_words(*texts: str) -> list[str]:
    """The words of names and addresses that somebody who knows their owner tries first, in lower case."""
    parts = [part for text in texts for part in re.findall(r"\w{3,}", text.casefold())]
    joined = ["".join(re.findall(r"\w+", text.casefold())) for text in texts]
    return list(dict.fromkeys(word for word in (*parts, *joined) if len(word) > 2))


def _letters_beside(password: str, own: list[str]) -> float:
    """How many letters and digits there are beside the own words; without any of these there is nothing to count."""
    rest = lowered = password.casefold()
    for word in sorted(own, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return math.inf if rest == lowered else sum(character.isalnum() for character in rest)


def _check_guesses(password: str, own: list[str]) -> None:
    # Imported late: its lists take a tenth of a second and 15 MB, which only a new password needs.
    from zxcvbn import zxcvbn

    found = zxcvbn(password, user_inputs=[*own, *_GERMAN_WORDS])
    if found["guesses"] >= MIN_GUESSES:
        return
    matches = [inner for match in found["sequence"] for inner in (match, *match.get("base_matches", ()))]
    if any(match.get("matched_word") in own for match in matches):
        raise _own_words_refused()
    if any(match["pattern"] == "dictionary" for match in matches):
        raise PasswordIsKnown("The password, or one like it, is in lists of passwords that are tried first.")
    raise PasswordIsPattern("The password is made of repetitions, rows of keys or dates, which are tried first.")


def _own_words_refused() -> PasswordIsOwnWords:
    return PasswordIsOwnWords(
        "The password is made of your name, your e-mail address or the company's name: take other words."
    )


async def hash_checked(password: str, *, email: str, name: str = "", installation_words: Sequence[str] = ()) -> str:
    """The hash of a new password, without holding up the event loop. Raises `BadPassword`."""
    check = partial(check_password, password, email=email, name=name, installation_words=installation_words)
    await asyncio.get_running_loop().run_in_executor(_WORKERS, check)
    return await hash_aside(password)


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
