"""The supervisor's page: all queues and agents at this moment, and what can be done about them."""

from dataclasses import asdict, dataclass, replace
from gettext import NullTranslations
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations import Conversations, supervision
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.views.live_board import AgentRow, LiveBoard, LiveBoards, OwnedConversation
from helpdesk.views.timeline import ConversationCard
from helpdesk.web.live.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, ClientId, Json, read
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.topics import topic_name
from helpdesk.web.shared.words import AVAILABILITY, CHANNELS
from store.errors import Invalid
from store.models import now


class AssignmentBody(Body):
    """The agent, or the team, that a conversation is given to."""

    to: Annotated[str, Field(max_length=64)] | None = None
    team: Annotated[str, Field(max_length=32)] | None = None


class WhisperBody(Body):
    """What the agent who has the conversation is to read at once."""

    text: Annotated[str, Field(min_length=1, max_length=10_000)]
    client_id: ClientId


def live_routes(
    *, conversations: Conversations, boards: LiveBoards, live: ChangeHints, pages: Pages
) -> list[BaseRoute]:
    """The doors of the supervisor's page."""
    doors = _LiveRoutes(conversations, boards, live, pages)
    one, needed = "/desk/api/conversations/{id}", Capability.SUPERVISION
    changes = {"take-over": doors.take_over, "assign": doors.assign, "whisper": doors.whisper}
    return [
        route("/desk/live", doors.show, access=needed),
        route("/desk/api/live", doors.look, access=needed),
        route("/desk/api/live/hours", doors.list_hours, access=needed),
        *(route(f"{one}/{verb}", door, access=needed, methods=["POST"]) for verb, door in changes.items()),
    ]


@dataclass(frozen=True, slots=True)
class _LiveRoutes:
    conversations: Conversations
    boards: LiveBoards
    live: ChangeHints
    pages: Pages

    async def show(self, request: Request) -> Response:
        texts = self.pages.texts(request, WORDS, CHANNELS, AVAILABILITY)
        return self.pages.render(request, "live/live.html", texts=texts)

    async def look(self, request: Request) -> Response:
        """Everything that the page shows, but for the hours."""
        return self._told(request, await self.boards.look(_agent(request).id))

    async def list_hours(self, request: Request) -> Response:
        """The load of this weekday by hour beside the agents who were online."""
        hours = await self.boards.hours()
        return Json({"hours": [asdict(hour) for hour in hours], "hour": now().astimezone(self.boards.zone).hour})

    async def take_over(self, request: Request) -> Response:
        async with self.conversations.open(_id(request)) as c:
            await supervision.take_over(c, _agent(request).id)
        return await self._afresh(request)

    async def assign(self, request: Request) -> Response:
        wanted = await read(request, AssignmentBody)
        if (wanted.to is None) == (wanted.team is None):
            raise Invalid("Name an agent or a team, one of them.")
        async with self.conversations.open(_id(request)) as c:
            await supervision.assign(c, _agent(request).id, to=wanted.to, team=wanted.team)
        return await self._afresh(request)

    async def whisper(self, request: Request) -> Response:
        written, agent = await read(request, WhisperBody), _agent(request)
        async with self.conversations.open(_id(request)) as c:
            message = await supervision.whisper(c, agent.id, written.text, written.client_id)
            owner = str(c.conversation.agent_id)
        self.live.whispered(_id(request), to=owner, name=agent.name)
        return Json({"seq": message.seq, "at": message.created_at}, status_code=201)

    async def _afresh(self, request: Request) -> Response:
        return self._told(request, await self.boards.look(_agent(request).id, afresh=True))

    def _told(self, request: Request, board: LiveBoard) -> Response:
        messages = self.pages.messages(request)
        waiting = tuple(_named(card, messages) for card in board.waiting)
        agents = tuple(_with_names(agent, messages) for agent in board.agents)
        told = {"waiting": waiting, "teams": board.teams, "agents": agents, "overdue": board.overdue}
        return Json(told | {"at": board.at, "now": now()})


def _with_names(agent: AgentRow, messages: NullTranslations) -> AgentRow:
    owned = tuple(
        OwnedConversation(card=_named(each.card, messages), unanswered_since=each.unanswered_since)
        for each in agent.conversations
    )
    return replace(agent, conversations=owned)


def _named(card: ConversationCard, messages: NullTranslations) -> ConversationCard:
    """The card with its topic as people call it."""
    return replace(card, topic=topic_name(card.topic, messages)) if card.topic else card


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent


def _id(request: Request) -> str:
    return str(request.path_params["id"])
