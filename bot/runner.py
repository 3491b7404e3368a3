"""Runs each turn once and turns what happened into a reply."""

import asyncio
import json
import logging
import sqlite3
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import UserMessage

from bot.payloads import check_payload, parse_data
from bot.processor import TurnProcessor
from bot.text import as_text
from bot_protocol import TurnAnswer, TurnRequest

logger = logging.getLogger(__name__)

MAX_REPLY_BYTES = 256 * 1024
"""Bytes."""


class TurnRunner:
    """Serialises the turns of a conversation, and repeats the reply to a turn that has already been run.

    helpdesk sends one turn of a conversation at a time. The lock here is for the moment after it gave up waiting, and
    unlike Rasa's, which asks again once a second, it lets the next one in at once.
    """

    def __init__(self, processor: TurnProcessor, model: str) -> None:
        self._processor = processor
        self._store = processor.tracker_store
        self._model = model
        self._running: dict[str, asyncio.Task[dict[str, Any]]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def answer(self, turn: TurnRequest) -> dict[str, Any]:
        """The answer to this turn, as it is sent. It is finished and kept even if the caller goes away meanwhile."""
        task = self._running.get(turn.turn_id)
        if task is None:
            task = asyncio.ensure_future(self._answer_once(turn))
            self._running[turn.turn_id] = task
            task.add_done_callback(lambda _: self._running.pop(turn.turn_id, None))
        return await asyncio.shield(task)

    def check(self, turn: TurnRequest) -> None:
        """Raises `BotProtocolError` for a button whose intent this model doesn't have."""
        if turn.payload is not None:
            domain = self._processor.domain
            check_payload(turn.payload, domain.intents, domain.entities)

    async def forget(self, sender: str) -> None:
        """Drops a conversation, after the turn that may be running in it. Raises sqlite3.Error."""
        async with self._locks.setdefault(sender, asyncio.Lock()):
            self._store.forget(sender)

    async def _answer_once(self, turn: TurnRequest) -> dict[str, Any]:
        async with self._locks.setdefault(turn.conversation_id, asyncio.Lock()):
            try:
                return self._store.reply_to(turn.turn_id) or await self._run(turn)
            except sqlite3.Error as error:
                return self._failure(turn, "error", "the tracker store failed", error)
            except Exception as error:
                return self._failure(turn, "error", "the model failed", error)

    async def _run(self, turn: TurnRequest) -> dict[str, Any]:
        output, tracker = await self._processor.run_turn(_as_user_message(turn), turn.context)
        if output.failures:
            return self._failure(turn, "action_failed", "; ".join(output.failures))
        if not output.messages:
            return self._failure(turn, "error", "the bot had nothing to say")
        intent = tracker.latest_message.intent if tracker.latest_message else {}
        answer = TurnAnswer(
            turn_id=turn.turn_id,
            status="ok",
            messages=tuple(output.messages),
            intent=intent.get("name"),
            confidence=intent.get("confidence"),
            answered=output.answered,
            model=self._model,
        ).to_json()
        if len(json.dumps(answer).encode()) > MAX_REPLY_BYTES:
            return self._failure(turn, "error", f"the reply is longer than {MAX_REPLY_BYTES} bytes")
        self._store.commit(tracker, turn.turn_id, answer)
        return answer

    def _failure(self, turn: TurnRequest, status: str, reason: str, error: Exception | None = None) -> dict[str, Any]:
        """Nothing of a failed turn is stored, so it may be tried again. The log names ids, never what was written."""
        logger.error(f"Turn {turn.turn_id} of {turn.conversation_id}: {reason}.", exc_info=error)
        return TurnAnswer(turn_id=turn.turn_id, status=status, model=self._model, reason=reason).to_json()


def _as_user_message(turn: TurnRequest) -> UserMessage:
    """A pressed button needs no parsing; what was written must not be read as a command."""
    return UserMessage(
        as_text(turn.text or "") if turn.payload is None else turn.payload,
        sender_id=turn.conversation_id,
        parse_data=None if turn.payload is None else parse_data(turn.payload),
        input_channel=turn.context.channel or "staffel",
        message_id=turn.turn_id,
        metadata=turn.context.to_json(),
    )
