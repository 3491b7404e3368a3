"""A promise to make, a conversation to make it in, and the lines that it leaves there."""

from datetime import timedelta

from sqlalchemy import delete, select

from connectors.contract import Address, Channel, InboundMessage
from helpdesk.conversations import Conversations
from helpdesk.conversations.promises.register import NewPromise
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.models import Agent, Delivery, Message, Promise, Role, now
from store.settings import Settings
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import PromiseDriver, drive


def register(db: Database, time_zone: str = "Europe/Berlin") -> PromiseDriver:
    return PromiseDriver(Conversations(db, ChangeHints(), Settings(time_zone=time_zone, _env_file=None)))


async def hire(db: Database, name: str, role: Role = Role.AGENT) -> str:
    async with db.write() as session:
        agent = Agent(email=f"{name.lower()}@example.org", name=name, role=role, password_hash="")
        session.add(agent)
        await session.flush()
        return agent.id


async def assigned(db: Database, agent_id: str | None, chat_id: str = "v1") -> str:
    """A conversation that waits for a person, or that an agent has."""
    conversations = Conversations(db, ChangeHints(), Settings(_env_file=None))
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id=chat_id)
    received = await drive(conversations).receive(
        InboundMessage(address=address, contact_id=chat_id, external_id=f"{chat_id}-1", text="Die Vase ist kaputt.")
    )
    trigger = Trigger(kind=TriggerKind.ASKED, turns=(received.seq,))
    await drive(conversations).request_handoff(received.conversation_id, [trigger])
    if agent_id:
        await drive(conversations).accept(received.conversation_id, agent_id)
    async with db.write() as session:
        await session.execute(delete(Promise))  # what Staffel promises whoever waits is tried elsewhere
    return received.conversation_id


async def activities(db: Database, conversation_id: str) -> list[tuple[str, str, bool]]:
    """(event, text, delivered) of the lines about promises."""
    async with db.read() as session:
        rows = await session.execute(
            select(Message, Delivery.id)
            .outerjoin(Delivery, Delivery.message_id == Message.id)
            .where(Message.conversation_id == conversation_id)
            .order_by(Message.seq)
        )
        said = [(message.facts.activity, message.text, delivery is not None) for message, delivery in rows]
        return [(one.event, text, delivered) for one, text, delivered in said if one and one.promise]


def vase(minutes: float = 120, **more: object) -> NewPromise:
    return NewPromise(text="Ersatz für die Vase", due_at=now() + timedelta(minutes=minutes), **more)  # type: ignore[arg-type]
