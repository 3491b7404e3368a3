"""The agents' desk: its page and its API. Changes go through `Conversations.open`, reading through `Timeline`."""

from dataclasses import dataclass, replace
from typing import Annotated, Protocol

from pydantic import Field
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import find_agent, list_agents, set_availability
from helpdesk.accounts.sessions import Sessions, SignedInAgent
from helpdesk.channels.attachments import Attachments
from helpdesk.conversations import ONLINE_FOR, Conversations, agent_answers, count_agents_online, ownership
from helpdesk.conversations.contact_marks import mark_important
from helpdesk.conversations.read_marks import mark_read_by_agent
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.views.timeline import ConversationCard, ConversationDetail, DeskView, Timeline
from helpdesk.web.desk.promises import promise_routes
from helpdesk.web.desk.socket import DeskSocket
from helpdesk.web.desk.words import WORDS
from helpdesk.web.shared.access import Access, route, websocket_route
from helpdesk.web.shared.bodies import Body, ClientId, Json, read
from helpdesk.web.shared.files import file_response
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.topics import topic_name
from helpdesk.web.shared.words import AVAILABILITY, CHANNELS, TRIGGERS
from i18n import available_languages, foreign_sentences, locale_of
from store.db import Database
from store.errors import Conflict, Invalid, NotAllowed, NotFound
from store.markdown import render
from store.models import Availability, Conversation, Message, Team, now

PAGE = 200  # lines of the log that are fetched at once


class Offers(Protocol):
    """Who offers waiting conversations to agents."""

    async def decline(self, conversation_id: str, agent_id: str) -> object:
        """The agent doesn't take what is offered to them. Raises `Conflict` when nothing is."""
        ...


class AnswerBody(Body):
    """What an agent writes to the customer, under the epoch in which the agent owns the conversation."""

    text: Annotated[str, Field(min_length=1, max_length=10_000)]
    client_id: ClientId
    epoch: int


class NoteBody(Body):
    """What agents write to each other."""

    text: Annotated[str, Field(min_length=1, max_length=10_000)]
    client_id: ClientId


class ConversationEndBody(Body):
    """An agent gives a conversation away or closes it; `seq` is the last line that they have read."""

    seq: Annotated[int, Field(ge=0)] | None = None


class TransferBody(ConversationEndBody):
    """The colleague who takes over, or the team whose queue it goes to; neither means the queue."""

    to: Annotated[str, Field(max_length=64)] | None = None
    team: Annotated[str, Field(max_length=32)] | None = None


class ReturnBody(ConversationEndBody):
    """What the agent has done, in a sentence, for the bot that goes on from there."""

    note: Annotated[str, Field(max_length=1_000)] = ""


class TypingBody(Body):
    """Whether the agent is writing."""

    on: bool


class ReadMarkBody(Body):
    """How far the agent has read."""

    seq: Annotated[int, Field(ge=0)]


class ImportanceBody(Body):
    """Whether the contact is important."""

    on: bool


class MarkdownPreviewBody(Body):
    """Markdown to look at before it is sent or saved."""

    text: Annotated[str, Field(max_length=20_000)]


class AvailabilityBody(Body):
    """Whether the agent takes conversations."""

    availability: Annotated[Availability, Field(strict=False)]


def desk_routes(
    *,
    db: Database,
    conversations: Conversations,
    timeline: Timeline,
    attachments: Attachments,
    live: ChangeHints,
    sessions: Sessions,
    pages: Pages,
    offers: Offers | None = None,
) -> list[BaseRoute]:
    """The doors of the desk. Without `offers` conversations are taken from the queue only."""
    desk = _DeskRoutes(db, conversations, timeline, attachments, live, pages, offers)
    one = "/desk/api/conversations/{id}"
    changes = {
        "accept": desk.accept,
        "decline": desk.decline,
        "release": desk.release,
        "return": desk.return_to_bot,
        "resolve": desk.resolve,
        "reopen": desk.reopen,
        "transfer": desk.transfer,
        "messages": desk.answer,
        "notes": desk.note,
        "typing": desk.typing,
        "seen": desk.seen,
        "important": desk.mark_important,
    }
    return [
        route("/desk", desk.show, access=Access.AGENT),
        route("/desk/api/conversations", desk.list_conversations, access=Access.AGENT),
        route("/desk/api/agents", desk.list_colleagues, access=Access.AGENT),
        route("/desk/api/articles/{key}", desk.give_article, access=Access.AGENT),
        route("/desk/api/preview", desk.preview, access=Access.AGENT, methods=["POST"]),
        route("/desk/api/availability", desk.set_availability, access=Access.AGENT, methods=["POST"]),
        route(one, desk.show_conversation, access=Access.AGENT),
        route(f"{one}/summary", desk.tell_story, access=Access.AGENT),
        route(f"{one}/files/{{file}}", desk.give_file, access=Access.AGENT),
        *(route(f"{one}/{verb}", door, access=Access.AGENT, methods=["POST"]) for verb, door in changes.items()),
        *promise_routes(conversations),
        websocket_route("/desk/ws", DeskSocket(db, sessions, live), access=Access.AGENT),
    ]


@dataclass(frozen=True, slots=True)
class _DeskRoutes:
    db: Database
    conversations: Conversations
    timeline: Timeline
    attachments: Attachments
    live: ChangeHints
    pages: Pages
    offers: Offers | None

    async def show(self, request: Request) -> Response:
        me = await find_agent(self.db, _agent(request).id)
        texts = self.pages.texts(request, WORDS, TRIGGERS, CHANNELS, AVAILABILITY)
        texts |= _language_names(self.pages.language(request))
        return self.pages.render(request, "desk/desk.html", availability=str(me.availability), texts=texts)

    async def list_conversations(self, request: Request) -> Response:
        view, agent = _view(request), _agent(request)
        cards = await self.timeline.overview(view, agent.id)
        offers = await self.timeline.offers(agent.id)
        async with self.db.read() as session:
            online = await count_agents_online(session)
        return Json(
            {
                "view": view,
                "conversations": [self._named(request, card) for card in cards],
                "offers": [self._named(request, card) for card in offers],
                "counts": await self.timeline.counts(agent.id),
                "load": await self.timeline.load(agent.id),
                "agents_online": online,
                "now": now(),
            }
        )

    async def show_conversation(self, request: Request) -> Response:
        """`after=seq` brings what is newer, `before=seq` the page before it, neither the newest page."""
        detail = await self.timeline.conversation(_id(request), agent_id=_agent(request).id)
        before, after = _number(request, "before"), _number(request, "after")
        if before is not None:
            after = max(0, before - 1 - PAGE)
            limit = before - 1 - after
        else:
            limit, after = 500, after if after is not None else max(0, detail.last_seq - PAGE)
        lines = await self.timeline.lines(detail.card.id, after=after, limit=limit) if limit > 0 else []
        return Json({"conversation": self._told(request, detail), "lines": lines, "now": now()})

    async def tell_story(self, request: Request) -> Response:
        """The summary as of now, in the language of the agent who asks."""
        language = self.pages.language(request)
        summary = await self.timeline.story(_id(request), reader=language, agent_id=_agent(request).id)
        return Json({"summary": summary.as_json(), "text": summary.text})

    async def give_file(self, request: Request) -> Response:
        """A file of the customer's: a picture may be looked at, everything else is only saved."""
        file = await self.attachments.read(str(request.path_params["file"]), _id(request))
        return file_response(file)

    async def list_colleagues(self, request: Request) -> Response:
        since = now() - ONLINE_FOR
        colleagues = [
            {
                "id": agent.id,
                "name": agent.name,
                "availability": agent.availability
                if agent.last_seen_at and agent.last_seen_at > since
                else Availability.OFFLINE,
            }
            for agent in await list_agents(self.db)
            if agent.active and agent.id != _agent(request).id
        ]
        async with self.db.read() as session:
            teams = await session.scalars(select(Team).where(Team.active).order_by(Team.name))
            return Json({"agents": colleagues, "teams": [{"id": team.id, "name": team.name} for team in teams]})

    async def give_article(self, request: Request) -> Response:
        """An article's answer as it is published, for the composer."""
        language = request.query_params.get("language", "de")
        return Json(await self.timeline.article(str(request.path_params["key"]), language))

    async def set_availability(self, request: Request) -> Response:
        wanted = await read(request, AvailabilityBody)
        await set_availability(self.db, _agent(request).id, wanted.availability)
        self.live.queue_changed()
        return Json({"availability": wanted.availability})

    async def preview(self, request: Request) -> Response:
        return Json({"html": render((await read(request, MarkdownPreviewBody)).text)})

    async def accept(self, request: Request) -> Response:
        async with self.conversations.open(_id(request)) as c:
            await ownership.accept(c, _agent(request).id)
        return await self._now(request)

    async def decline(self, request: Request) -> Response:
        if self.offers is None:
            raise Conflict("Nothing is offered to you at the moment.")
        await self.offers.decline(_id(request), _agent(request).id)
        return await self._now(request)

    async def release(self, request: Request) -> Response:
        async with self.conversations.open(_id(request)) as c:
            await ownership.release(c, _agent(request).id)
        return await self._now(request)

    async def return_to_bot(self, request: Request) -> Response:
        wanted = await read(request, ReturnBody)
        async with self.conversations.open(_id(request)) as c:
            await ownership.return_to_bot(c, _agent(request).id, wanted.note, read_seq=wanted.seq)
        return await self._now(request)

    async def resolve(self, request: Request) -> Response:
        wanted = await read(request, ConversationEndBody)
        async with self.conversations.open(_id(request)) as c:
            await ownership.resolve(c, _agent(request).id, read_seq=wanted.seq)
        return await self._now(request)

    async def reopen(self, request: Request) -> Response:
        async with self.conversations.open(_id(request)) as c:
            await ownership.reopen(c, _agent(request).id)
        return await self._now(request)

    async def transfer(self, request: Request) -> Response:
        wanted = await read(request, TransferBody)
        async with self.conversations.open(_id(request)) as c:
            await ownership.transfer(c, _agent(request).id, wanted.to, wanted.team, read_seq=wanted.seq)
        return await self._now(request)

    async def answer(self, request: Request) -> Response:
        written = await read(request, AnswerBody)
        async with self.conversations.open(_id(request)) as c:
            message = await agent_answers.answer(c, _agent(request).id, written.epoch, written.text, written.client_id)
        return Json(_receipt(message), status_code=201)

    async def note(self, request: Request) -> Response:
        written = await read(request, NoteBody)
        async with self.conversations.open(_id(request)) as c:
            message = await agent_answers.note(c, _agent(request).id, written.text, written.client_id)
        return Json(_receipt(message), status_code=201)

    async def typing(self, request: Request) -> Response:
        writing, agent = await read(request, TypingBody), _agent(request)
        if await self._owner(_id(request)) != agent.id:
            raise NotAllowed("Only who has the conversation is shown as writing.")
        self.live.typing(_id(request), author="agent", name=agent.name, on=writing.on)
        return Response(status_code=204)

    async def seen(self, request: Request) -> Response:
        seen = await read(request, ReadMarkBody)
        async with self.conversations.open(_id(request)) as c:
            await mark_read_by_agent(c, _agent(request).id, seen.seq)
        return Response(status_code=204)

    async def mark_important(self, request: Request) -> Response:
        on = (await read(request, ImportanceBody)).on
        async with self.conversations.open(_id(request)) as c:
            await mark_important(c, _agent(request).id, on)
        return await self._now(request)

    async def _owner(self, conversation_id: str) -> str | None:
        async with self.db.read() as session:
            row = (
                await session.execute(select(Conversation.agent_id).where(Conversation.id == conversation_id))
            ).one_or_none()
        if row is None:
            raise NotFound("There is no such conversation.")
        return row[0]

    async def _now(self, request: Request) -> Response:
        detail = await self.timeline.conversation(_id(request), agent_id=_agent(request).id)
        return Json({"conversation": self._told(request, detail), "now": now()})

    def _told(self, request: Request, detail: ConversationDetail) -> ConversationDetail:
        return replace(detail, card=self._named(request, detail.card))

    def _named(self, request: Request, card: ConversationCard) -> ConversationCard:
        """The card with its topic as the agent calls it."""
        return replace(card, topic=topic_name(card.topic, self.pages.messages(request))) if card.topic else card


def _language_names(reader: str) -> dict[str, str]:
    """What the customers' languages are called, for the script."""
    names = locale_of(reader).languages
    codes = (*available_languages("customer"), *foreign_sentences())
    return {f"desk_language_{code}": names[code] for code in codes}


def _receipt(message: Message) -> dict[str, object]:
    return {"seq": message.seq, "at": message.created_at}


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _view(request: Request) -> DeskView:
    try:
        return DeskView(request.query_params.get("view", DeskView.QUEUE))
    except ValueError:
        raise Invalid(f"The view is one of {', '.join(DeskView)}.") from None


def _number(request: Request, name: str) -> int | None:
    given = request.query_params.get(name)
    if given is None:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise Invalid(f"{name} is a number, from 0.")
    return int(given)
