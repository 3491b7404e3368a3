"""The log of one conversation: every line that is added, and the delivery that goes with what the contact reads."""

from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author, Choice, InboundMessage, InboundReceipt
from helpdesk.observability import metrics
from store.models import (
    Activity,
    Agent,
    Conversation,
    Delivery,
    DeliveryStatus,
    Message,
    MessageFacts,
    MessageKind,
    new_id,
    now,
)


class MessageLog:
    """The log of a conversation whose row the transaction holds: the lock keeps `seq` free of gaps."""

    def __init__(self, session: AsyncSession, conversation: Conversation) -> None:
        self._session = session
        self._conversation = conversation
        self._deliveries: list[Delivery] = []
        self.lines: list[Message] = []
        """What this transaction has added."""
        self.program = ""
        """The program that acts, by the name of its key: each line says so."""

    def append(self, kind: MessageKind, author: Author, text: str, **fields: Any) -> Message:
        """Add the next line; `fields` are columns of `Message`."""
        conversation = self._conversation
        conversation.last_seq += 1
        conversation.changed_at = now()
        message = Message(
            id=new_id(),
            conversation_id=conversation.id,
            seq=conversation.last_seq,
            epoch=conversation.epoch,
            kind=kind,
            author=author,
            text=text,
            created_at=conversation.changed_at,
            **fields,
        )
        if self.program:
            message.facts = replace(fields.get("facts", MessageFacts()), program=self.program)
        self._session.add(message)
        self.lines.append(message)
        return message

    def append_incoming(self, inbound: InboundMessage, *, text: str, payload: str | None) -> Message:
        """Add what the contact wrote; its `external_id` keeps a repeat out. Nothing is put off any longer."""
        self._conversation.snoozed_until = None
        return self.append(
            MessageKind.INCOMING,
            Author.CONTACT,
            text,
            payload=payload,
            author_name=inbound.contact_name or "",
            channel=inbound.address.channel,
            account=inbound.address.account,
            external_id=inbound.external_id,
            facts=MessageFacts(
                tap=replace(inbound.tap, mark="") if inbound.tap else None,
                subject=inbound.subject,
                signed_in=inbound.signed_in,
            ),
        )

    async def append_outgoing(
        self, author: Author, text: str, *, choices: tuple[Choice, ...] = (), **fields: Any
    ) -> Message:
        """Add what the contact is to read, and its delivery with it: stored together or not at all."""
        message = self.append(
            MessageKind.OUTGOING,
            author,
            text,
            choices=choices,
            **fields,
        )
        self._deliver(message)
        return message

    async def append_activity(self, activity: Activity, text: str = "", *, agent: Agent | None = None) -> Message:
        """Add what happened, and who did it. `text` is delivered to the contact if the activity is shown to them."""
        message = self.append(
            MessageKind.ACTIVITY,
            Author.SYSTEM,
            text,
            agent_id=agent.id if agent else None,
            author_name=agent.name if agent else "",
            facts=MessageFacts(activity=activity),
        )
        if activity.shown and (self._conversation.channel.is_live or activity.event == "promise_broken"):
            self._deliver(message)
        return message

    async def store_deliveries(self) -> None:
        """Add the deliveries of all lines at once, at the end of the transaction."""
        if self._deliveries:
            await self._session.flush()  # the lines come first: deliveries point at them
            self._session.add_all(self._deliveries)

    def deliver(self, message: Message) -> None:
        """Have the channel told of a line that the contact doesn't read as one, such as that another was changed."""
        self._deliver(message)

    def _deliver(self, message: Message) -> None:
        conversation, time = self._conversation, now()
        delivery = Delivery(
            message_id=message.id, conversation_id=conversation.id, lane=conversation.address.lane, due_at=time
        )
        if conversation.channel.shows_the_log:
            delivery.status, delivery.attempts = DeliveryStatus.STORED, 1
            delivery.external_id, delivery.parts = message.id, (message.id,)
        self._deliveries.append(delivery)

    def count_deliveries(self) -> None:
        """Count what is where the contact's screen reads it."""
        for delivery in self._deliveries:
            if delivery.status == DeliveryStatus.STORED:
                metrics.DELIVERIES.labels(str(self._conversation.channel), str(delivery.status)).inc()


def settle(message: Message) -> None:
    """It has been answered on the spot: no turn of the bot's takes it up."""
    message.facts = replace(message.facts, settled=True)


def receipt_of(message: Message, *, repeated: bool, with_agent: bool = False) -> InboundReceipt:
    """The receipt for a stored message."""
    return InboundReceipt(
        conversation_id=message.conversation_id,
        seq=message.seq,
        stored_at=message.created_at,
        repeated=repeated,
        with_agent=with_agent,
    )
