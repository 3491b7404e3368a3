"""A channel's accounts on this installation and where their keys are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from connectors.contract.messages import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One end of ours on a channel: a Telegram bot, a Slack workspace. `secrets` are kept encrypted.

    `settings` may be shown. `problem` is what the channel last complained of, in words for an admin.
    """

    channel: Channel
    id: str
    name: str
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)
    active: bool = True
    problem: str | None = None


class Accounts(Protocol):
    """Our own ends on the channels, kept in the database and read through a cache of a few seconds."""

    async def find(self, channel: Channel, account_id: str) -> Account | None:
        """The account, active or not."""
        ...

    async def every(self, channel: Channel) -> list[Account]:
        """All active accounts of a channel."""
        ...

    async def save(self, account: Account) -> None:
        """Keep an account, new or changed."""
        ...

    async def close(self, channel: Channel, account_id: str, problem: str) -> None:
        """The channel has taken our access away; `problem` says so to an admin."""
        ...
