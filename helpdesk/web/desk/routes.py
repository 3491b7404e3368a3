"""The agents' desk: its page and its API. Changes go through `Conversations.open`, reading through `Timeline`."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import find_agent, list_agents, set_availability
from helpdesk.accounts.roles import Capability, has_capability
from helpdesk.accounts.sessions import Sessions, SignedInAgent
from helpdesk.audit import AuditAct, AuditLog
from helpdesk.conversations import ONLINE_FOR, Conversations
from helpdesk.conversations.answers import agent_answers
from helpdesk.conversations.answers.agent_drafts import drop_draft
from helpdesk.conversations.answers.held_answers import hold_answer
from helpdesk.conversations.contacts.contact_marks import mark_important
from helpdesk.conversations.log.transcript_file import load_transcript_file
from helpdesk.conversations.lookups import count_owned, find_owner, load_owner
from helpdesk.conversations.read_marks import mark_read_by_agent
from helpdesk.conversations.transcript_requests import send_transcript, sends_mail
from helpdesk.conversations.unit_of_work import Audience
from helpdesk.files.attached_files import AttachedFiles
from helpdesk.files.attaching import MAX_FILES
from helpdesk.files.file_store import FileStore
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.views.masking import load_reader, unmask
from helpdesk.views.timeline import Timeline
from helpdesk.web.desk.agent_work import agent_work_routes, load_work
from helpdesk.web.desk.answer_changes import answer_change_routes
from helpdesk.web.desk.blocking import blocking_routes
from helpdesk.web.desk.contacts import contact_routes
from helpdesk.web.desk.conversation_response import ConversationResponses
from helpdesk.web.desk.files import file_routes
from helpdesk.web.desk.follow_ups import follow_up_routes
from helpdesk.web.desk.hint_readers import HintReaders
from helpdesk.web.desk.lists import list_routes
from helpdesk.web.desk.ownership import Offers, ownership_routes
from helpdesk.web.desk.promises import promise_routes
from helpdesk.web.desk.socket import DeskSocket
from helpdesk.web.desk.tags import tag_routes
from helpdesk.web.desk.words import COUNTS, WORDS
from helpdesk.web.shared.access import route, websocket_route
from helpdesk.web.shared.acts import actor_of
from helpdesk.web.shared.bodies import Body, ClientId, Json, read
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.transcripts import transcript_response
from helpdesk.web.shared.words import AVAILABILITY, CHANNELS, PALETTE, TRIGGERS
from i18n import available_languages, foreign_sentences, locale_of
from store.db import Database
from store.errors import Conflict, Invalid, NotAllowed, NotFound
from store.markdown import render
from store.models import Availability, Conversation, HeldAction, Message, Team, now

FileKey = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
NEWEST = 60  # lines of the log that a conversation opens with, however long it is
PAGE = 100  # older lines that are fetched at once
MAX_LINES = 1_000  # where a line far back is gone to


class AnswerBody(Body):
    """What an agent writes to the customer, under the epoch in which the agent owns the conversation."""

    text: Annotated[str, Field(max_length=10_000)]
    client_id: ClientId
    epoch: int
    files: Annotated[tuple[FileKey, ...], Field(max_length=MAX_FILES, strict=False)] = ()


class NoteBody(Body):
    """What agents write to each other."""

    text: Annotated[str, Field(min_length=1, max_length=10_000)]
    client_id: ClientId


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
    files: FileStore,
    attached: AttachedFiles,
    live: ChangeHints,
    sessions: Sessions,
    pages: Pages,
    offers: Offers | None = None,
    audit: AuditLog | None = None,
    translates: bool = False,
) -> list[BaseRoute]:
    """The doors of the desk. Without `offers` conversations are taken from the queue only."""
    responses = ConversationResponses(timeline, pages)
    desk = _DeskRoutes(db, conversations, timeline, live, pages, responses, audit or AuditLog(db), translates)
    one = "/desk/api/conversations/{id}"
    changes = {
        "messages": desk.answer,
        "notes": desk.note,
        "typing": desk.typing,
        "seen": desk.seen,
        "important": desk.mark_important,
        "transcript": desk.send_transcript,
    }
    return [
        route("/desk", desk.show, access=Capability.CONVERSATIONS),
        route("/desk/api/agents", desk.list_colleagues, access=Capability.CONVERSATIONS),
        route("/desk/conversations/{id}/transcript", desk.download_transcript, access=Capability.CONVERSATIONS),
        route(f"{one}/unmask", desk.unmask, access=Capability.UNMASKING, methods=["POST"]),
        route("/desk/api/articles/{key}", desk.give_article, access=Capability.CONVERSATIONS),
        route("/desk/api/preview", desk.preview, access=Capability.CONVERSATIONS, methods=["POST"]),
        route("/desk/api/availability", desk.set_availability, access=Capability.ANSWERS, methods=["POST"]),
        route(one, desk.show_conversation, access=Capability.CONVERSATIONS),
        route(f"{one}/summary", desk.tell_story, access=Capability.CONVERSATIONS),
        *(route(f"{one}/{verb}", door, access=Capability.ANSWERS, methods=["POST"]) for verb, door in changes.items()),
        *ownership_routes(conversations, responses, offers),
        *file_routes(db, files, attached, live),
        *list_routes(timeline, pages),
        *promise_routes(conversations),
        *agent_work_routes(conversations),
        *answer_change_routes(conversations, desk.audit),
        *blocking_routes(conversations),
        *tag_routes(conversations),
        *follow_up_routes(conversations),
        *contact_routes(conversations, timeline),
        websocket_route("/desk/ws", DeskSocket(db, sessions, live, HintReaders(db)), access=Capability.CONVERSATIONS),
    ]


@dataclass(frozen=True, slots=True)
class _DeskRoutes:
    db: Database
    conversations: Conversations
    timeline: Timeline
    live: ChangeHints
    pages: Pages
    responses: ConversationResponses
    audit: AuditLog
    translates: bool

    async def show(self, request: Request) -> Response:
        me = await find_agent(self.db, _agent(request).id)
        texts = self.pages.texts(request, WORDS, COUNTS, TRIGGERS, CHANNELS, AVAILABILITY, PALETTE)
        texts |= _language_names(self.pages.language(request))
        shown, others = _availabilities(me.availability, only_looks=_agent(request).may(Capability.SUPERVISION))
        return self.pages.render(
            request,
            "desk/desk.html",
            availability=shown,
            availabilities=others,
            texts=texts,
            translates=self.translates,
        )

    async def show_conversation(self, request: Request) -> Response:
        """`after=seq` brings what is newer, `before=seq` the page before it or what is before it since `from`, neither
        the newest page."""
        detail = await self.timeline.conversation(_id(request), agent_id=_agent(request).id)
        before, after, first = _number(request, "before"), _number(request, "after"), _number(request, "from")
        if before is not None:
            after = max(0, before - 1 - PAGE) if not first else max(first - 1, before - 1 - MAX_LINES, 0)
            limit = before - 1 - after
        else:
            limit, after = 500, after if after is not None else max(0, detail.last_seq - NEWEST)
        me = _agent(request).id
        lines = await self.timeline.lines(detail.card.id, after=after, limit=limit, agent_id=me) if limit > 0 else []
        async with self.db.read() as session:
            work = await load_work(session, detail.card.id, me)
        return Json({"conversation": self.responses.told(request, detail), "lines": lines, "work": work, "now": now()})

    async def tell_story(self, request: Request) -> Response:
        """The summary as of now, in the language of the agent who asks."""
        language = self.pages.language(request)
        summary = await self.timeline.story(_id(request), reader=language, agent_id=_agent(request).id)
        return Json({"summary": summary.as_json(), "text": summary.text})

    async def list_colleagues(self, request: Request) -> Response:
        since = now() - ONLINE_FOR
        async with self.db.read() as session:
            owned = await count_owned(session)
        colleagues = [
            {
                "id": agent.id,
                "name": agent.name,
                "availability": agent.availability
                if agent.last_seen_at and agent.last_seen_at > since
                else Availability.OFFLINE,
                "open": owned.get(agent.id, 0),
                "capacity": agent.capacity,
                "languages": agent.languages,
            }
            for agent in await list_agents(self.db)
            if agent.active and agent.id != _agent(request).id and has_capability(agent.role, Capability.ANSWERS)
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

    async def answer(self, request: Request) -> Response:
        written = await read(request, AnswerBody)
        agent = _agent(request).id
        async with self.conversations.open(_id(request)) as c:
            stored = await hold_answer(c, agent, written.epoch, written.text, written.client_id, written.files)
            if isinstance(stored, HeldAction):
                c.audience = Audience.NOBODY
        self.live.agent_work_changed(agent, _id(request))
        if isinstance(stored, HeldAction):
            return Json({"held": stored.id, "due_at": stored.due_at}, status_code=202)
        return Json(_receipt(stored), status_code=201)

    async def note(self, request: Request) -> Response:
        written = await read(request, NoteBody)
        agent = _agent(request).id
        async with self.conversations.open(_id(request)) as c:
            message = await agent_answers.note(c, agent, written.text, written.client_id)
            await drop_draft(c.session, c.conversation.id, agent, written.client_id)
        self.live.agent_work_changed(agent, _id(request))
        return Json(_receipt(message), status_code=201)

    async def typing(self, request: Request) -> Response:
        writing, agent = await read(request, TypingBody), _agent(request)
        if await find_owner(self.db, _id(request)) != agent.id:
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
        return await self.responses.now(request)

    async def download_transcript(self, request: Request) -> Response:
        """What the customer saw, as a file."""
        async with self.db.read() as session:
            conversation = await session.get(Conversation, _id(request))
            if conversation is None:
                raise NotFound("There is no such conversation.")
            reader = await load_reader(session, _agent(request).id)
            if reader.is_masked(conversation.id, conversation.agent_id):
                raise NotAllowed("The file holds personal data; show it first, which is logged.", code="masked")
            return transcript_response(await load_transcript_file(session, conversation, self.timeline.time_zone))

    async def unmask(self, request: Request) -> Response:
        """Show the personal data of a conversation to the agent for an hour; the audit log says so."""
        agent = _agent(request)
        async with self.db.write() as session:
            conversation = await session.get_one(Conversation, _id(request))
            await unmask(session, agent.id, conversation)
            act = AuditAct(action="conversation.unmask", subject=conversation.id)
            await self.audit.add(session, actor_of(request, agent), act)
        return await self.responses.now(request)

    async def send_transcript(self, request: Request) -> Response:
        """To the address that the customer has left, by whoever has the conversation."""
        async with self.conversations.open(_id(request)) as c:
            await load_owner(c.session, c.conversation, _agent(request).id)
            email = (await c.load_contact()).email
            if email is None or not sends_mail(c.settings):
                raise Conflict("There is no address, or no mail server.", code="transcript_no_mail")
            if not await send_transcript(c, email, silently=True):
                raise Conflict("A copy has been sent only lately.", code="transcript_lately")
        return Response(status_code=204)


def _availabilities(current: Availability, *, only_looks: bool) -> tuple[str, tuple[str, ...]]:
    """What is chosen, and what can be: who often only looks in says so instead of being away with the desk open."""
    if only_looks or current == Availability.LOOKING:
        shown = Availability.LOOKING if current == Availability.OFFLINE else current
        return str(shown), (Availability.ONLINE, Availability.PAUSED, Availability.LOOKING)
    return str(current), (Availability.ONLINE, Availability.PAUSED, Availability.OFFLINE)


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


def _number(request: Request, name: str) -> int | None:
    given = request.query_params.get(name)
    if given is None:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise Invalid(f"{name} is a number, from 0.")
    return int(given)
