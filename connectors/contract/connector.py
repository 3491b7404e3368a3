"""The code of one channel, as helpdesk uses it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from starlette.routing import BaseRoute

from connectors.contract.inbox import Inbox
from connectors.contract.messages import Address, Attachment, Channel, OutboundMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPart:
    """One part has gone out, known to the channel as `external_id`. `more`: call again for the next part."""

    external_id: str
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLimit:
    """At most `count` parts in any `seconds` may go out under `key`, over all instances."""

    key: str
    count: int
    seconds: float


class Connector(Protocol):
    """The code of one channel."""

    channel: Channel

    def routes(self, inbox: Inbox) -> list[BaseRoute]:
        """The HTTP and WebSocket doors of the channel. A door acknowledges only what the inbox has returned from."""
        ...

    async def run(self, inbox: Inbox) -> None:
        """What the channel needs beside its doors, such as polling, until cancelled; returns when there is nothing."""
        ...

    async def close(self) -> None:
        """Finish what is on its way and close lines, whether or not `run` ever began; nothing is sent afterwards."""
        ...

    def limits(self, address: Address) -> tuple[SendLimit, ...]:
        """What the channel allows to be sent there."""
        ...

    async def send(self, message: OutboundMessage) -> SentPart:
        """Send the next part of a message, once.

        Raises `RetryLater`, `Undeliverable` or `Moved` when it surely didn't arrive; `Unclear`, or any other
        exception, when nobody knows. After an unclear try comes one more, with `doubtful` set, and no third.
        """
        ...

    async def show_typing(self, address: Address) -> None:
        """Show the customer that somebody is writing, for some seconds; failures don't matter."""
        ...

    def fetch(self, account: str, attachment: Attachment) -> AsyncIterator[bytes]:
        """The content of an attachment, piece by piece. Raises `RetryLater` or `Undeliverable`."""
        ...
