"""How the tables of signs are written: alternatives in any case, as whole words. Pure."""

import re
from collections.abc import Mapping

type SignTable = Mapping[str, re.Pattern[str]]
"""The signs of each language, by its code."""


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern for all, in any case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def words_of(*patterns: str) -> re.Pattern[str]:
    """One pattern for all, as whole words, in any case."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)})(?!\w)", re.IGNORECASE)


def shortened(words: str, limit: int = 90) -> str:
    """Words as a hint quotes them, in one line."""
    plain = " ".join(words.split()).strip(" ,;:–-")
    return plain if len(plain) <= limit else plain[: limit - 1].rsplit(" ", 1)[0] + " …"
