"""What a connector finds in helpdesk: the way in for messages, edits and whatever else a channel reports."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from connectors.contract.messages import Address, InboundEdit, InboundMessage, Reachability, Withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundReceipt:
    """The receipt: stored for good as line `seq`. `repeated` means that it had been stored before.

    `with_agent`: an agent has the conversation, and nothing is said to the message until they write.
    """

    conversation_id: str
    seq: int
    stored_at: datetime
    repeated: bool
    with_agent: bool = False


Receive = Callable[[InboundMessage], Awaitable[InboundReceipt]]


class Inbox(Protocol):
    """Where a connector hands in. What a method has returned from is stored for good; a repeat changes nothing."""

    async def receive(self, inbound: InboundMessage) -> InboundReceipt:
        """Store a message and see that somebody answers it."""
        ...

    async def edit(self, edit: InboundEdit) -> InboundReceipt:
        """Store new words of a message; one that nobody has answered yet is answered in its new words."""
        ...

    async def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Erase the words of a deleted message; False when it isn't known."""
        ...

    async def reach(self, news: Reachability) -> bool:
        """Store that a contact can or can't be reached any more; False when there is no such conversation."""
        ...

    async def move(self, old: Address, chat_id: str) -> int:
        """A chat goes on under another id; how many conversations moved."""
        ...
