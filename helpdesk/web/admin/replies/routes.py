"""The admin pages of canned replies: entered, searched, changed, taken along and brought in as a table."""

from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.canned_replies.reply import MAX_SHORTCUT, MAX_TEXT, MAX_TITLE, ReplyDraft, text_keys
from helpdesk.canned_replies.reply_search import find_replies
from helpdesk.canned_replies.reply_store import CannedReplies, ReplyView
from helpdesk.canned_replies.reply_table import read_table, write_table
from helpdesk.web.admin.replies.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.days import short_moment
from helpdesk.web.shared.error_sentences import ERROR_SENTENCES
from helpdesk.web.shared.pages import Pages, signed_in
from helpdesk.web.shared.words import REPLY_VARIABLES, text_name
from i18n import locale_of
from store.models import now

MAX_FILE = 8 * 1024 * 1024


class ReplyBody(Body):
    """A canned reply as the page holds it; `texts` are by language and form of address."""

    shortcut: Annotated[str, Field(max_length=MAX_SHORTCUT + 1)]
    title: Annotated[str, Field(max_length=MAX_TITLE)]
    texts: dict[Annotated[str, Field(max_length=16)], Annotated[str, Field(max_length=MAX_TEXT)]]
    team: Annotated[str, Field(max_length=32)] = ""

    def as_draft(self) -> ReplyDraft:
        """What it means."""
        return ReplyDraft(shortcut=self.shortcut, title=self.title, texts=self.texts, team=self.team or None)


def canned_reply_routes(*, replies: CannedReplies, pages: Pages, zone: ZoneInfo) -> list[BaseRoute]:
    """The doors of this module; times are those of `zone`."""
    doors, api = _ReplyPages(replies, pages, zone), "/admin/api/replies"
    return [
        route("/admin/replies", doors.show_list, access=Capability.REPLIES),
        route("/admin/replies/new", doors.show_new, access=Capability.REPLIES),
        route("/admin/replies/export", doors.download, access=Capability.REPLIES),
        route("/admin/replies/{id}", doors.show_reply, access=Capability.REPLIES),
        route(f"{api}/new", doors.add, access=Capability.REPLIES, methods=["POST"]),
        route(f"{api}/import", doors.take_in, access=Capability.REPLIES, methods=["POST"], max_body=MAX_FILE),
        route(f"{api}/{{id}}/save", doors.save, access=Capability.REPLIES, methods=["POST"]),
        route(f"{api}/{{id}}/remove", doors.remove, access=Capability.REPLIES, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _ReplyPages:
    replies: CannedReplies
    pages: Pages
    zone: ZoneInfo

    async def show_list(self, request: Request) -> Response:
        shared, query = await self.replies.list_shared(), request.query_params.get("q", "").strip()[:200]
        locale = locale_of(self.pages.language(request))
        return self.pages.render(
            request,
            "admin/replies/replies.html",
            replies=find_replies(shared, query, limit=len(shared)) if query else shared,
            query=query,
            is_empty=not shared,
            keys=text_keys(),
            text_name=text_name,
            when=lambda at: short_moment(at, locale, self.zone),
            texts=self.pages.texts(request, WORDS),
        )

    async def show_new(self, request: Request) -> Response:
        return await self._editor(request, None)

    async def show_reply(self, request: Request) -> Response:
        return await self._editor(request, await self.replies.load_shared(_id(request)))

    async def _editor(self, request: Request, reply: ReplyView | None) -> Response:
        return self.pages.render(
            request,
            "admin/replies/reply.html",
            reply=reply,
            teams=await self.replies.load_teams(),
            keys=text_keys(),
            text_name=text_name,
            variables=self.pages.texts(request, REPLY_VARIABLES),
        )

    async def add(self, request: Request) -> Response:
        made = await self.replies.add((await read(request, ReplyBody)).as_draft(), by=_by(request))
        return Json({"id": made}, status_code=201)

    async def save(self, request: Request) -> Response:
        await self.replies.change(_id(request), (await read(request, ReplyBody)).as_draft(), by=_by(request))
        return Json({})

    async def remove(self, request: Request) -> Response:
        await self.replies.remove(_id(request))
        return Json({})

    async def download(self, request: Request) -> Response:
        """All but the agents' own, as a table that can be brought in again."""
        separator = ";" if self.pages.language(request) == "de" else ","
        body = write_table(await self.replies.list_shared(), separator)
        name = f"canned-replies-{now():%Y-%m-%d}.csv"
        return Response(body, media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})

    async def take_in(self, request: Request) -> Response:
        """Enter what a table has, or say what is wrong with its rows."""
        table = read_table(await request.body(), await self.replies.load_teams())
        messages = self.pages.messages(request)
        problems = [
            {"row": one.row, "reason": messages.gettext(ERROR_SENTENCES[one.code])} for one in table.problems[:50]
        ]
        if problems:
            return Json({"added": 0, "changed": 0, "problems": problems})
        counts = await self.replies.take_in(table.drafts, by=_by(request))
        return Json({"added": counts.added, "changed": counts.changed, "problems": []})


def _by(request: Request) -> str:
    agent = signed_in(request)
    return agent.name if agent else ""


def _id(request: Request) -> str:
    return str(request.path_params["id"])
