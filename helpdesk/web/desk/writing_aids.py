"""What helps agents write: canned replies and articles, found from the composer and put into the answer."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from connectors.contract import Faq
from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.canned_replies.reply import (
    MAX_SHORTCUT,
    MAX_TEXT,
    MAX_TITLE,
    ReplyDraft,
    choose_text,
    key_for,
)
from helpdesk.canned_replies.reply_search import find_replies
from helpdesk.canned_replies.reply_store import CannedReplies, ReplyView
from helpdesk.canned_replies.reply_text import fill_text, put_variables
from helpdesk.canned_replies.reply_values import ReplyContext, load_reply_context
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.words import REPLY_VARIABLES, text_name
from store.errors import NotAllowed

MAX_QUERY = 200
MAX_ARTICLES = 6
EVERYBODY, ME = "everybody", "me"


class SavedReplyBody(Body):
    """What an agent has written and wants to have ready: for `scope` "me", "everybody" or the id of a team.

    `text` is as it was written for the conversation: what is known of it becomes variables again.
    """

    shortcut: Annotated[str, Field(max_length=MAX_SHORTCUT + 1)]
    title: Annotated[str, Field(max_length=MAX_TITLE)]
    text: Annotated[str, Field(max_length=MAX_TEXT)]
    scope: Annotated[str, Field(max_length=32)]


def writing_routes(*, replies: CannedReplies, faq: Faq, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors, one = _WritingRoutes(replies, faq, pages), "/desk/api/conversations/{id}"
    return [
        route(f"{one}/replies", doors.list_replies, access=Capability.ANSWERS),
        route(f"{one}/replies", doors.save_reply, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{one}/articles", doors.list_articles, access=Capability.ANSWERS),
        route("/desk/api/replies/scopes", doors.list_scopes, access=Capability.ANSWERS),
        route("/desk/api/replies/{id}/use", doors.count_use, access=Capability.ANSWERS, methods=["POST"]),
        route("/desk/api/replies/{id}/drop", doors.drop_reply, access=Capability.ANSWERS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _WritingRoutes:
    replies: CannedReplies
    faq: Faq
    pages: Pages

    async def list_replies(self, request: Request) -> Response:
        """Those that fit `q`, each filled in for the conversation."""
        context = await self._context(request)
        found = find_replies(await self.replies.list_for(_agent(request).id), _query(request))
        return Json({"replies": [self._told(request, reply, context) for reply in found]})

    async def save_reply(self, request: Request) -> Response:
        saved, context, agent = await read(request, SavedReplyBody), await self._context(request), _agent(request)
        key = key_for(context.language, context.formality)
        draft = ReplyDraft(
            shortcut=saved.shortcut, title=saved.title, texts={key: put_variables(saved.text, context.values)}
        )
        if saved.scope == ME:
            made = await self.replies.add(draft, by=agent.name, owner=agent.id)
        elif saved.scope != EVERYBODY:
            made = await self.replies.add_for_team(draft, team=saved.scope, by=agent.name, agent_id=agent.id)
        elif agent.may(Capability.REPLIES):
            made = await self.replies.add(draft, by=agent.name)
        else:
            raise NotAllowed("Only who keeps the replies enters one for everybody.")
        return Json({"id": made}, status_code=201)

    async def list_articles(self, request: Request) -> Response:
        """Articles that may answer `q`, in the conversation's language where they have it."""
        query, context = _query(request), await self._context(request)
        found = await self.faq.search(query, context.language, limit=MAX_ARTICLES) if query else []
        articles = [
            {"key": one.article, "title": one.question, "answer": one.answer, "link": one.link or None} for one in found
        ]
        return Json({"articles": articles})

    async def list_scopes(self, request: Request) -> Response:
        """For whom the agent may enter a reply: the teams; everybody, where they keep the replies."""
        agent = _agent(request)
        teams = await self.replies.load_teams_of(agent.id)
        return Json(
            {
                "teams": [{"id": id_, "name": name} for id_, name in teams.items()],
                "everybody": agent.may(Capability.REPLIES),
            }
        )

    async def count_use(self, request: Request) -> Response:
        await self.replies.count_use(_id(request))
        return Response(status_code=204)

    async def drop_reply(self, request: Request) -> Response:
        """Forget one of one's own."""
        await self.replies.remove(_id(request), owner=_agent(request).id)
        return Response(status_code=204)

    async def _context(self, request: Request) -> ReplyContext:
        async with self.replies.db.read() as session:
            return await load_reply_context(
                session, _id(request), agent=_agent(request).name, company=self.pages.settings().company
            )

    def _told(self, request: Request, reply: ReplyView, context: ReplyContext) -> dict[str, Any]:
        chosen = choose_text(reply.draft.texts, context.language, context.formality)
        names = {key: str(name) for key, name in self.pages.texts(request, REPLY_VARIABLES).items()}
        filled = fill_text(chosen.text, context.values, names)
        reader = self.pages.language(request)
        return {
            "id": reply.id,
            "shortcut": reply.draft.shortcut,
            "title": reply.draft.title,
            "text": filled.text,
            "gaps": [names[gap] for gap in filled.gaps],
            "other": None if chosen.is_fitting else text_name(chosen.key, reader),
            "team": reply.team_name,
            "is_own": reply.owner != "",
        }


def _query(request: Request) -> str:
    return request.query_params.get("q", "")[:MAX_QUERY].strip()


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent
