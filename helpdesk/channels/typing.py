"""Lets customers on other channels see that bot or agent is writing, as web chat shows by itself."""

import asyncio
from collections.abc import Mapping
from time import monotonic

import structlog

from connectors.contract import Address, Channel, Connector
from helpdesk.observability.change_hints import ChangeHints, Typing
from store.db import Database
from store.errors import Unavailable
from store.models import Conversation

log = structlog.get_logger()

AGAIN_AFTER = 4.0
"""Seconds between two signs to the same chat: Telegram shows one for five."""
_MAX_CHATS = 1_000


class TypingSigns:
    """Hands hints of this instance on to the channels; lost ones don't matter."""

    def __init__(self, db: Database, live: ChangeHints, connectors: Mapping[Channel, Connector]) -> None:
        self._db = db
        self._live = live
        self._connectors = connectors
        self._shown: dict[str, float] = {}
        self._at_work: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Show signs until cancelled."""
        async with self._live.own_typing() as hints:
            while True:
                hint = await hints.next()
                if isinstance(hint, Typing) and hint.on and hint.author != "contact":
                    self._show(hint.conversation_id)

    def _show(self, conversation_id: str) -> None:
        if monotonic() - self._shown.get(conversation_id, -AGAIN_AFTER) < AGAIN_AFTER:
            return
        if len(self._shown) > _MAX_CHATS:
            self._shown.clear()
        self._shown[conversation_id] = monotonic()
        task = asyncio.create_task(self._tell(conversation_id))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _tell(self, conversation_id: str) -> None:
        try:
            address = await self._address(conversation_id)
            if address is not None and address.channel != Channel.WEBCHAT:
                await self._connectors[address.channel].show_typing(address)
        except (Unavailable, KeyError):
            return
        except Exception as error:
            log.info("typing.not_shown", conversation=conversation_id, error=type(error).__name__)

    async def _address(self, conversation_id: str) -> Address | None:
        async with self._db.read() as session:
            conversation = await session.get(Conversation, conversation_id)
            return conversation.address if conversation else None
