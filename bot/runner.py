"""Runs each turn once and turns what happened into a reply."""

import asyncio
import json
import logging
import sqlite3
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import UserMessage

from bot.processor import TurnOutput, TurnProcessor
from bot.turn_request import TurnRequest

logger = logging.getLogger(__name__)

LONGEST_REPLY = 256 * 1024
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
        """The reply to this turn. It is finished and kept even if the caller goes away meanwhile."""
        task = self._running.get(turn.turn_id)
        if task is None:
            task = asyncio.ensure_future(self._answer_once(turn))
            self._running[turn.turn_id] = task
            task.add_done_callback(lambda _: self._running.pop(turn.turn_id, None))
        return await asyncio.shield(task)

    async def forget(self, sender: str) -> None:
        """Drops a conversation, after the turn that may be running in it. Raises sqlite3.Error."""
        async with self._locks.setdefault(sender, asyncio.Lock()):
            self._store.forget(sender)

    async def _answer_once(self, turn: TurnRequest) -> dict[str, Any]:
        async with self._locks.setdefault(turn.sender, asyncio.Lock()):
            try:
                return self._store.reply_to(turn.turn_id) or await self._run(turn)
            except sqlite3.Error as error:
                return self._failure(turn, "error", "the tracker store failed", error)
            except Exception as error:
                return self._failure(turn, "error", "the model failed", error)

    async def _run(self, turn: TurnRequest) -> dict[str, Any]:
        output, tracker = await self._processor.run_turn(_as_user_message(turn))
        if output.failures:
            return self._failure(turn, "action_failed", "; ".join(output.failures))
        if not output.messages:
            return self._failure(turn, "error", "the bot had nothing to say")
        intent = tracker.latest_message.intent if tracker.latest_message else {}
        reply = self._reply(turn, "ok", output, {key: intent.get(key) for key in ("name", "confidence")})
        if len(json.dumps(reply).encode()) > LONGEST_REPLY:
            return self._failure(turn, "error", f"the reply is longer than {LONGEST_REPLY} bytes")
        self._store.commit(tracker, turn.turn_id, reply)
        return reply

    def _reply(
        self, turn: TurnRequest, status: str, output: TurnOutput, intent: dict[str, Any] | None
    ) -> dict[str, Any]:
        return {
            "turn_id": turn.turn_id,
            "status": status,
            "messages": output.messages,
            "intent": intent,
            "model": self._model,
        }

    def _failure(self, turn: TurnRequest, status: str, reason: str, error: Exception | None = None) -> dict[str, Any]:
        """Nothing of a failed turn is stored, so it may be tried again. The log names ids, never what was written."""
        logger.error(f"Turn {turn.turn_id} of {turn.sender}: {reason}.", exc_info=error)
        return {**self._reply(turn, status, TurnOutput(), None), "reason": reason}


def _as_user_message(turn: TurnRequest) -> UserMessage:
    return UserMessage(
        turn.text,
        sender_id=turn.sender,
        parse_data=turn.parse_data,
        input_channel="staffel",
        message_id=turn.turn_id,
        metadata=dict(turn.metadata),
    )
