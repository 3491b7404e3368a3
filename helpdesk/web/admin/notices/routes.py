"""The admin pages of known disturbances: entered, looked at, switched on at once, and how many they spared."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.notices.notice import MAX_NAME, MAX_TEXT, MAX_WORD, Notice
from helpdesk.notices.notice_figures import count_days, count_told, load_told
from helpdesk.notices.notice_store import NoticeStore, NoticeView
from helpdesk.texts import Say, say
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.chart import draw_chart
from helpdesk.web.shared.days import last_days, short_day
from helpdesk.web.shared.pages import Pages, signed_in
from i18n import available_languages, locale_of
from knowledge.articles.article_list import list_categories
from store.models import now

DAYS = 14
FIGURES_FOR = timedelta(days=90)
"""How far back the figures of the list go."""
MAX_CONVERSATIONS = 50
"""Told conversations that the page of a notice leads to."""


class NoticeBody(Body):
    """A notice as the page holds it; the times are ISO 8601 with their zone."""

    name: Annotated[str, Field(max_length=MAX_NAME)]
    texts: dict[Annotated[str, Field(max_length=8)], Annotated[str, Field(max_length=MAX_TEXT)]]
    categories: Annotated[list[Annotated[str, Field(max_length=128)]], Field(max_length=100)]
    words: Annotated[list[Annotated[str, Field(max_length=MAX_WORD)]], Field(max_length=100)]
    starts_at: Annotated[datetime, Field(strict=False)] | None = None
    ends_at: Annotated[datetime, Field(strict=False)] | None = None

    def as_notice(self) -> Notice:
        """What it means; without a beginning it begins now."""
        return Notice(
            name=self.name,
            texts=self.texts,
            categories=tuple(self.categories),
            words=tuple(self.words),
            starts_at=self.starts_at or now(),
            ends_at=self.ends_at,
        )


class NewNoticeBody(NoticeBody):
    """A notice that is entered; `is_on` tells it at once."""

    is_on: bool = False


class NoticeSwitchBody(Body):
    """Whether a notice is on."""

    is_on: bool


def notice_routes(*, store: NoticeStore, pages: Pages, zone: tzinfo) -> list[BaseRoute]:
    """The doors of this module; days are those of `zone`."""
    doors, api = _NoticePages(store, pages, zone), "/admin/api/notices"
    changes = {"save": doors.save, "switch": doors.switch, "remove": doors.remove}
    return [
        route("/admin/notices", doors.show_list, access=Capability.DISTURBANCES),
        route("/admin/notices/new", doors.show_new, access=Capability.DISTURBANCES),
        route("/admin/notices/{id}", doors.show_notice, access=Capability.DISTURBANCES),
        route(f"{api}/new", doors.add, access=Capability.DISTURBANCES, methods=["POST"]),
        *(
            route(f"{api}/{{id}}/{verb}", door, access=Capability.DISTURBANCES, methods=["POST"])
            for verb, door in changes.items()
        ),
    ]


@dataclass(frozen=True, slots=True)
class _NoticePages:
    store: NoticeStore
    pages: Pages
    zone: tzinfo

    async def show_list(self, request: Request) -> Response:
        views, at = await self.store.list_all(), now()
        told = await load_told(self.store.db, since=at - FIGURES_FOR, at=at)
        return self.pages.render(
            request, "admin/notices/notices.html", views=views, figures=count_told(told), state_of=state_of, at=at
        )

    async def show_new(self, request: Request) -> Response:
        return await self._editor(request, None)

    async def show_notice(self, request: Request) -> Response:
        return await self._editor(request, await self.store.load(_id(request)))

    async def _editor(self, request: Request, view: NoticeView | None) -> Response:
        at, locale = now(), locale_of(self.pages.language(request))
        since = at - FIGURES_FOR
        told = await load_told(self.store.db, since=since, at=at, notice_id=view.id) if view else []
        days = count_days(told, last_days(at, DAYS, self.zone), self.zone)
        languages, house = available_languages("customer"), self.pages.settings()
        return self.pages.render(
            request,
            "admin/notices/notice.html",
            view=view,
            state=state_of(view, at) if view else "off",
            figures=count_told(told).get(view.id) if view else None,
            conversations=[one for one in told if one.asked][:MAX_CONVERSATIONS],
            chart=draw_chart([(short_day(day, locale), count, spared) for day, count, spared in days]),
            categories=await list_categories(self.store.db),
            languages=languages,
            greetings={code: say(Say.GREETING, code, house.formality, bot=house.bot_name) for code in languages},
            bot_name=house.bot_name,
        )

    async def add(self, request: Request) -> Response:
        entered = await read(request, NewNoticeBody)
        view = await self.store.add(entered.as_notice(), is_on=entered.is_on, by=_by(request))
        return Json({"id": view.id}, status_code=201)

    async def save(self, request: Request) -> Response:
        entered = await read(request, NoticeBody)
        view = await self.store.change(_id(request), entered.as_notice(), by=_by(request))
        return Json({"id": view.id, "is_on": view.is_on})

    async def switch(self, request: Request) -> Response:
        wanted = await read(request, NoticeSwitchBody)
        view = await self.store.switch(_id(request), is_on=wanted.is_on, by=_by(request))
        return Json({"is_on": view.is_on})

    async def remove(self, request: Request) -> Response:
        await self.store.remove(_id(request))
        return Json({})


def state_of(view: NoticeView, at: datetime) -> str:
    """`told`, `off`, `planned` (it begins later) or `ended`."""
    if view.notice.ends_at is not None and view.notice.ends_at <= at:
        return "ended"
    if not view.is_on:
        return "off"
    return "told" if view.notice.is_due(at) else "planned"


def _by(request: Request) -> str:
    agent = signed_in(request)
    return agent.name if agent else ""


def _id(request: Request) -> str:
    return str(request.path_params["id"])
