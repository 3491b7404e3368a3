"""What is found while a channel is being connected or examined, in plain words for whoever runs Staffel."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class FindingLevel(StrEnum):
    """How a step or a check ended."""

    OK = "ok"
    NOTE = "note"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of a report: what was looked at, what was found, and what to do if it isn't well."""

    name: str
    level: FindingLevel
    found: str
    remedy: str = ""


Report = Callable[[Finding], None]


class ConnectionFailure(Exception):
    """Nothing was changed for customers; the message says what to do."""


def ok_finding(name: str, found: str) -> Finding:
    """As it should be."""
    return Finding(name=name, level=FindingLevel.OK, found=found)


def note_finding(name: str, found: str, remedy: str) -> Finding:
    """Works, and yet somebody should look."""
    return Finding(name=name, level=FindingLevel.NOTE, found=found, remedy=remedy)


def failed_finding(name: str, found: str, remedy: str) -> Finding:
    """Doesn't work like this."""
    return Finding(name=name, level=FindingLevel.FAILED, found=found, remedy=remedy)
