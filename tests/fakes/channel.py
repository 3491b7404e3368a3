"""A channel whose other end is a list: keeps the whole contract of a connector, and misbehaves on demand."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from time import monotonic

from starlette.routing import BaseRoute

from connectors.contract import Address, Attachment, Channel, Inbox, OutboundMessage, SendLimit, SentChange, SentPart

Behave = Callable[[OutboundMessage], None]
"""Called before a part arrives; raises what the channel would."""


@dataclass(frozen=True)
class ReceivedPart:
    """One part that the other end got."""

    address: Address
    message_id: str
    text: str
    at: float


@dataclass
class FakeChannel:
    """Sends a text line by line, one part each, when `split` is set."""

    channel: Channel = Channel.TELEGRAM
    own_limits: tuple[SendLimit, ...] = ()
    split: bool = False
    before: Behave | None = None
    after: Behave | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    arrived: list[ReceivedPart] = field(default_factory=list)
    typing: list[Address] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    closed: bool = False

    def routes(self, inbox: Inbox) -> list[BaseRoute]:
        return []

    async def run(self, inbox: Inbox) -> None:
        """Nothing."""

    def limits(self, address: Address) -> tuple[SendLimit, ...]:
        return self.own_limits

    async def send(self, message: OutboundMessage) -> SentPart:
        if self.before:
            self.before(message)
        if message.change is not None:
            return self._change(message, message.change)
        parts = message.text.split("\n") if self.split else [message.text]
        text = parts[len(message.parts)]
        self.arrived.append(ReceivedPart(message.address, message.id, text, monotonic()))
        if self.after:
            self.after(message)
        return SentPart(external_id=str(len(self.arrived)), more=len(message.parts) + 1 < len(parts))

    def _change(self, message: OutboundMessage, change: SentChange) -> SentPart:
        """Note which part has which words now, none if it was taken back."""
        part = change.parts[len(message.parts)]
        self.changed.append((part, "" if change.is_removal else message.text))
        if self.after:
            self.after(message)
        return SentPart(external_id=part, more=len(message.parts) + 1 < len(change.parts))

    async def close(self) -> None:
        self.closed = True

    async def show_typing(self, address: Address) -> None:
        self.typing.append(address)

    async def fetch(self, account: str, attachment: Attachment) -> AsyncIterator[bytes]:
        content = self.files[attachment.external_id]
        for start in range(0, len(content), 1024):
            yield content[start : start + 1024]

    def texts(self) -> list[str]:
        """What arrived, in order."""
        return [part.text for part in self.arrived]
