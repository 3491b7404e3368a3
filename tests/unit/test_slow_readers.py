"""Screens that don't read what they are sent: they cost little memory, and not for long."""

import asyncio
from typing import Any, cast

import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect

from connectors.webchat import session as webchat_session
from connectors.webchat.entrance import Entrance
from connectors.webchat.session import Session
from helpdesk.observability.change_hints import ConversationChange, QueueChange, Subscription, Typing
from helpdesk.web.desk import socket as desk_socket
from helpdesk.web.desk.socket import SocketClosure

NOTHING = cast("Any", None)


class DeafSocket:
    """Never gets rid of what it is given to send."""

    def __init__(self) -> None:
        self.code: int | None = None

    async def send_text(self, _: str) -> None:
        await asyncio.Event().wait()

    async def close(self, code: int) -> None:
        self.code = code


def test_f72_hints_that_nobody_reads_take_the_place_of_one_another() -> None:
    subscription = Subscription()
    for seq in range(10_000):
        subscription.offer(ConversationChange(conversation_id="c", seq=seq))
        subscription.offer(Typing(conversation_id="c", author="agent", name="Mia", on=bool(seq % 2)))
        subscription.offer(QueueChange())

    assert len(subscription._pending) == 3


async def test_f72_a_web_chat_that_reads_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webchat_session, "SEND_WITHIN", 0.01)
    socket = DeafSocket()
    chat = Session(cast("WebSocket", socket), NOTHING, NOTHING, explain=NOTHING, rations=NOTHING, entrance=Entrance())

    with pytest.raises(WebSocketDisconnect):
        await chat._write({"type": "pong"})
    assert socket.code == 1013


async def test_f72_a_desk_that_reads_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_socket, "SENT_WITHIN", 0.01)

    with pytest.raises(SocketClosure) as closure:
        await desk_socket._send(cast("WebSocket", DeafSocket()), {"type": "queue"})
    assert closure.value.code == 1013
