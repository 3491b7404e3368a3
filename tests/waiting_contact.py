"""A contact who waits for a person, as several tests need one."""

import pytest
from sqlalchemy import select

from connectors.contract import Tap
from helpdesk.app import AppComponents
from store.models import Handoff
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.harness import conversation_of, eventually, inbound_message, log_of


async def asked(
    parts: AppComponents,
    text: str = "Mein Paket 4711 ist seit drei Wochen nicht da.",
    kind: TriggerKind = TriggerKind.ASKED,
) -> str:
    """A contact who has said what it is about and then asked for a person, or was passed on for another reason."""
    received = await parts.inbox.receive(inbound_message(text, id_="1"))

    async def is_answered() -> bool:
        return (await conversation_of(parts, received.conversation_id)).answered_seq >= received.seq

    await eventually(is_answered, "the bot's answer")
    trigger = Trigger(kind=kind, turns=(received.seq,), text="Mensch bitte")
    await drive(parts.conversations).request_handoff(received.conversation_id, [trigger])
    return received.conversation_id


async def handoff_of(parts: AppComponents, conversation_id: str) -> Handoff:
    async with parts.db.read() as session:
        found = await session.scalars(
            select(Handoff).where(Handoff.conversation_id == conversation_id).order_by(Handoff.asked_at.desc())
        )
        return found.first() or pytest.fail("no handoff")


async def chooses(parts: AppComponents, conversation_id: str, payload: str) -> None:
    """The contact taps the newest button that means `payload`, or the first that begins so."""
    offer = next(
        (line, at)
        for line in reversed(await log_of(parts, conversation_id))
        for at, choice in enumerate(line.choices)
        if choice.payload.startswith(payload) and line.chosen is None
    )
    await parts.inbox.receive(inbound_message(tap=Tap(seq=offer[0].seq, choice=offer[1])))
