"""How mail programs write an answer, from `clients.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES = ("de", "en", "fr")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailClient:
    """A mail program: what it writes above quoted words and as a footer, by language, and its markup around both."""

    name: str
    above: Mapping[str, str]
    html: str
    marks: bool
    footer: Mapping[str, str] = field(default_factory=dict)


def load_clients() -> tuple[MailClient, ...]:
    """All of them."""
    table = tomllib.loads(Path(__file__).with_name("clients.toml").read_text())
    return tuple(MailClient(**client) for client in table["client"])
