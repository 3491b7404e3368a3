"""Correcting and taking back what an agent has sent, on the desk."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.audit import AuditAct, AuditLog
from helpdesk.conversations import Conversations
from helpdesk.conversations.answers.answer_changes import correct_answer, take_back_answer
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.web.shared.access import route
from helpdesk.web.shared.acts import actor_of
from helpdesk.web.shared.bodies import Body, read
from store.errors import NotFound


class RemovalBody(Body):
    """Whether colleagues can still read what stood there; not where it was somebody else's data."""

    keeps_words: bool = True


class CorrectionBody(RemovalBody):
    """The words that are to stand there."""

    text: Annotated[str, Field(min_length=1, max_length=10_000)]


def answer_change_routes(conversations: Conversations, audit: AuditLog) -> list[BaseRoute]:
    """The routes of this module."""
    routes, one = _AnswerChangeRoutes(conversations, audit), "/desk/api/conversations/{id}/lines/{seq}"
    return [
        route(f"{one}/correct", routes.correct, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{one}/take-back", routes.take_back, access=Capability.ANSWERS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _AnswerChangeRoutes:
    conversations: Conversations
    audit: AuditLog

    async def correct(self, request: Request) -> Response:
        """The customer reads the new words where the old ones were."""
        wanted = await read(request, CorrectionBody)
        agent, seq = _agent(request), _seq(request)
        async with self.conversations.open(str(request.path_params["id"])) as c:
            await correct_answer(c, agent.id, seq, wanted.text, keeps_words=wanted.keeps_words)
            if not wanted.keeps_words:
                await self._enter(request, c, seq)
        return Response(status_code=204)

    async def take_back(self, request: Request) -> Response:
        """The customer reads that something was taken back, or nothing, as the channel has it."""
        wanted = await read(request, RemovalBody)
        agent, seq = _agent(request), _seq(request)
        async with self.conversations.open(str(request.path_params["id"])) as c:
            await take_back_answer(c, agent.id, seq, keeps_words=wanted.keeps_words)
            if not wanted.keeps_words:
                await self._enter(request, c, seq)
        return Response(status_code=204)

    async def _enter(self, request: Request, c: OpenConversation, seq: int) -> None:
        """Words that nobody can read any more are in the audit log as having been there."""
        act = AuditAct(action="conversation.erase_words", subject=f"{c.conversation.id}:{seq}")
        await self.audit.add(c.session, actor_of(request, _agent(request)), act)


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent


def _seq(request: Request) -> int:
    given = str(request.path_params["seq"])
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise NotFound("There is no such answer.")
    return int(given)
