"""The lists of the desk: searched, filtered, sorted, page by page; and the views that agents keep of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from gettext import NullTranslations
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from connectors.contract import Channel
from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations import count_agents_online
from helpdesk.search import read_query
from helpdesk.views import saved_views
from helpdesk.views.timeline import ConversationCard, DeskView, Timeline
from helpdesk.views.timeline.filters import ConversationFilter, MoodFilter, RatingFilter
from helpdesk.views.timeline.listing import MAX_PAGE, Listing, Sort
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.topics import topic_name
from i18n import N_, available_languages, foreign_sentences, locale_of, translate
from store.errors import Invalid
from store.models import now
from store.status import Status

PAGE = 50  # cards of a list that are fetched at once
MAX_LIMIT_DIGITS = 4
EVERYBODY = N_("everybody")
MAX_VALUE_LENGTH = 128  # characters of what is filtered by


class SavedViewBody(Body):
    """A list to keep under a name: for oneself, for a team, or (`shared`) for everybody."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    wanted: dict[Annotated[str, Field(max_length=16)], Annotated[str, Field(max_length=200)]]
    team: Annotated[str, Field(max_length=32)] | None = None
    shared: bool = False


def list_routes(timeline: Timeline, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _ListRoutes(timeline, pages)
    one = "/desk/api/views/{id}"
    return [
        route("/desk/api/conversations", doors.list_conversations, access=Capability.CONVERSATIONS),
        route("/desk/api/filters", doors.list_filters, access=Capability.CONVERSATIONS),
        route("/desk/api/views", doors.list_views, access=Capability.CONVERSATIONS),
        route("/desk/api/views", doors.keep_view, access=Capability.CONVERSATIONS, methods=["POST"]),
        route(f"{one}/drop", doors.drop_view, access=Capability.ANSWERS, methods=["POST"]),
    ]


def named(card: ConversationCard, messages: NullTranslations) -> ConversationCard:
    """The card with its topic as the agent calls it."""
    return replace(card, topic=topic_name(card.topic, messages)) if card.topic else card


@dataclass(frozen=True, slots=True)
class _ListRoutes:
    timeline: Timeline
    pages: Pages

    async def list_conversations(self, request: Request) -> Response:
        wanted, agent = _listing(request), _agent(request)
        page = await self.timeline.page(
            wanted, after=_value(request, "after"), limit=_limit(request), counted="count" in request.query_params
        )
        offers = await self.timeline.offers(agent.id)
        async with self.timeline.db.read() as session:
            online = await count_agents_online(session)
        messages = self.pages.messages(request)
        return Json(
            {
                "view": wanted.view,
                "conversations": [named(card, messages) for card in page.cards],
                "found": page.lines,
                "after": page.after,
                "count": page.count,
                "has_more": page.has_more,
                "offers": [named(card, messages) for card in offers],
                "counts": await self.timeline.counts(agent.id),
                "load": await self.timeline.load(agent.id),
                "agents_online": online,
                "now": now(),
            }
        )

    async def list_filters(self, request: Request) -> Response:
        """What can be chosen to filter by, with its names."""
        agent = _agent(request)
        choices = await saved_views.load_filter_choices(
            self.timeline.db, agent.id, may_share=agent.may(Capability.SUPERVISION)
        )
        messages = self.pages.messages(request)
        topics = sorted(({"id": topic, "name": topic_name(topic, messages)} for topic in choices.topics), key=_name)
        names = locale_of(self.pages.language(request)).languages
        codes = (*available_languages("customer"), *foreign_sentences())
        languages = [{"id": code, "name": names[code]} for code in codes]
        everybody = {"id": "everybody", "name": translate(messages, EVERYBODY)}
        return Json(
            {
                "team": choices.teams,
                "agent": choices.agents,
                "topic": topics,
                "tag": choices.tags,
                "language": languages,
                "shares_with": [everybody, *choices.shares_with]
                if agent.may(Capability.SUPERVISION)
                else choices.shares_with,
            }
        )

    async def list_views(self, request: Request) -> Response:
        return Json({"views": await saved_views.load_views(self.timeline.db, _agent(request).id)})

    async def keep_view(self, request: Request) -> Response:
        asked, agent = await read(request, SavedViewBody), _agent(request)
        wanted = saved_views.NewView(name=asked.name.strip(), wanted=asked.wanted, team=asked.team, shared=asked.shared)
        kept = await saved_views.keep_view(
            self.timeline.db, agent.id, wanted, may_share=agent.may(Capability.SUPERVISION)
        )
        return Json(kept, status_code=201)

    async def drop_view(self, request: Request) -> Response:
        agent = _agent(request)
        view = str(request.path_params["id"])
        await saved_views.drop_view(self.timeline.db, agent.id, view, may_share=agent.may(Capability.SUPERVISION))
        return Response(status_code=204)


def _listing(request: Request) -> Listing:
    """What a request asks to see. Raises `Invalid`."""
    return Listing(
        view=_one_of(request, "view", DeskView) or DeskView.QUEUE,
        agent_id=_agent(request).id,
        query=read_query(request.query_params.get("q", "")),
        filter=ConversationFilter(
            channel=_one_of(request, "channel", Channel),
            status=_one_of(request, "status", Status),
            team=_value(request, "team"),
            agent=_agent(request).id if _value(request, "agent") == "me" else _value(request, "agent"),
            topic=_value(request, "topic"),
            language=_value(request, "language"),
            mood=_one_of(request, "mood", MoodFilter),
            rating=_one_of(request, "rating", RatingFilter),
            tag=_value(request, "tag"),
            since=_time(request, "since"),
            until=_time(request, "until"),
        ),
        sort=_one_of(request, "sort", Sort),
    )


def _one_of[T](request: Request, name: str, values: Callable[[str], T]) -> T | None:
    given = request.query_params.get(name)
    if not given:
        return None
    try:
        return values(given)
    except ValueError:
        raise Invalid(f"There is no such {name}.") from None


def _value(request: Request, name: str) -> str | None:
    given = request.query_params.get(name) or None
    if given is not None and name != "after" and len(given) > MAX_VALUE_LENGTH:
        raise Invalid(f"{name} is too long.")
    return given


def _time(request: Request, name: str) -> datetime | None:
    given = request.query_params.get(name)
    if not given:
        return None
    try:
        time = datetime.fromisoformat(given)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise Invalid(f"{name} is a time with its zone, as in 2026-11-29T00:00:00+01:00.")
    return time


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", str(PAGE))
    if not given.isascii() or not given.isdigit() or len(given) > MAX_LIMIT_DIGITS or not 0 < int(given) <= MAX_PAGE:
        raise Invalid(f"limit is a number from 1 to {MAX_PAGE}.")
    return int(given)


def _name(choice: dict[str, Any]) -> str:
    return str(choice["name"]).casefold()


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent
