"""Changing who has a conversation: accepting, declining, handing on, giving back, closing, putting off."""

from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations import Conversations, held_resolutions, ownership
from helpdesk.conversations.lookups import find_owner, load_agent
from helpdesk.conversations.snooze import snooze, wake
from helpdesk.conversations.transfer_offers import decline_transfer
from helpdesk.web.desk.conversation_response import ConversationResponses
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, read
from store.errors import Conflict


class Offers(Protocol):
    """Who offers waiting conversations to agents."""

    async def decline(self, conversation_id: str, agent_id: str) -> object:
        """The agent doesn't take what is offered to them. Raises `Conflict` when nothing is."""
        ...


class ConversationEndBody(Body):
    """An agent gives a conversation away or closes it; `seq` is the last line that they have read."""

    seq: Annotated[int, Field(ge=0)] | None = None


class ResolutionBody(ConversationEndBody):
    """Why it is closed though the customer has no answer, for colleagues."""

    reason: Annotated[str, Field(max_length=1_000)] = ""


class TransferBody(ConversationEndBody):
    """The colleague who takes over, or the team whose queue it goes to; neither means the queue."""

    to: Annotated[str, Field(max_length=64)] | None = None
    team: Annotated[str, Field(max_length=32)] | None = None


class ReturnBody(ConversationEndBody):
    """What the agent has done, in a sentence, for the bot that goes on from there."""

    note: Annotated[str, Field(max_length=1_000)] = ""


class SnoozeBody(Body):
    """Until when a conversation is put off."""

    until: AwareDatetime


def ownership_routes(
    conversations: Conversations, responses: ConversationResponses, offers: Offers | None
) -> list[BaseRoute]:
    """The routes. Without `offers` conversations are taken from the queue only."""
    routes, one = _OwnershipRoutes(conversations, responses, offers), "/desk/api/conversations/{id}"
    changes = {
        "accept": routes.accept,
        "decline": routes.decline,
        "release": routes.release,
        "return": routes.return_to_bot,
        "resolve": routes.resolve,
        "reopen": routes.reopen,
        "transfer": routes.transfer,
        "snooze": routes.snooze,
        "wake": routes.wake,
    }
    return [route(f"{one}/{verb}", act, access=Capability.ANSWERS, methods=["POST"]) for verb, act in changes.items()]


@dataclass(frozen=True, slots=True)
class _OwnershipRoutes:
    conversations: Conversations
    responses: ConversationResponses
    offers: Offers | None

    async def accept(self, request: Request) -> Response:
        async with self.conversations.open(_id(request)) as c:
            await ownership.accept(c, _agent(request).id)
        return await self.responses.now(request)

    async def decline(self, request: Request) -> Response:
        if await find_owner(self.conversations.db, _id(request)) is not None:
            async with self.conversations.open(_id(request)) as c:
                await decline_transfer(c, await load_agent(c.session, _agent(request).id))
            return await self.responses.now(request)
        if self.offers is None:
            raise Conflict("Nothing is offered to you at the moment.")
        await self.offers.decline(_id(request), _agent(request).id)
        return await self.responses.now(request)

    async def release(self, request: Request) -> Response:
        async with self.conversations.open(_id(request)) as c:
            await ownership.release(c, _agent(request).id)
        return await self.responses.now(request)

    async def return_to_bot(self, request: Request) -> Response:
        wanted = await read(request, ReturnBody)
        async with self.conversations.open(_id(request)) as c:
            await ownership.return_to_bot(c, _agent(request).id, wanted.note, read_seq=wanted.seq)
        return await self.responses.now(request)

    async def resolve(self, request: Request) -> Response:
        wanted = await read(request, ResolutionBody)
        agent = _agent(request).id
        async with self.conversations.open(_id(request)) as c:
            await held_resolutions.resolve(c, agent, read_seq=wanted.seq, reason=wanted.reason)
        self.conversations.live.agent_work_changed(agent, _id(request))
        return await self.responses.now(request)

    async def reopen(self, request: Request) -> Response:
        async with self.conversations.open(_id(request)) as c:
            await ownership.reopen(c, _agent(request).id)
        return await self.responses.now(request)

    async def transfer(self, request: Request) -> Response:
        wanted = await read(request, TransferBody)
        async with self.conversations.open(_id(request)) as c:
            await ownership.transfer(c, _agent(request).id, wanted.to, wanted.team, read_seq=wanted.seq)
        return await self.responses.now(request)

    async def snooze(self, request: Request) -> Response:
        until = (await read(request, SnoozeBody)).until
        async with self.conversations.open(_id(request)) as c:
            await snooze(c, _agent(request).id, until)
        return await self.responses.now(request)

    async def wake(self, request: Request) -> Response:
        async with self.conversations.open(_id(request)) as c:
            await wake(c, _agent(request).id)
        return await self.responses.now(request)


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent


def _id(request: Request) -> str:
    return str(request.path_params["id"])
