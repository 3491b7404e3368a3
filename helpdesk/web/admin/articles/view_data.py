"""What the pages about articles have in common: who asks, which article, and how it is shown."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from helpdesk.accounts.agents import list_agents
from helpdesk.accounts.sessions import SignedInAgent
from knowledge.articles.differences import DiffPiece, FieldDifference, abridge, differences
from knowledge.articles.drafts import ArticleView
from knowledge.articles.states import possible_events
from store.db import Database

#: The languages that the editor and the filters offer; articles may have others, which stay as they are.
EDITED_LANGUAGES = ("de", "en")


def key_of(request: Request) -> str:
    """The article's key in the address."""
    return str(request.path_params["key"])


def name_of(request: Request) -> str:
    """Who is signed in, as it is written into versions."""
    return agent_of(request).name


def agent_of(request: Request) -> SignedInAgent:
    """Who is signed in."""
    agent: SignedInAgent = request.state.agent
    return agent


def article_facts(view: ArticleView) -> dict[str, object]:
    """What the editor needs to know of an article after each step."""
    return {
        "key": view.key,
        "state": view.state,
        "stage": view.stage,
        "version": view.version,
        "has_draft": view.draft is not None,
        "possible": sorted(possible_events(view.stage)),
        "changed_by": view.changed_by,
        "changed_at": as_time(view.changed_at),
    }


def as_time(at: datetime) -> str:
    """The form that a `time` element takes."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def shown_differences(before: Any, after: Any) -> list[tuple[FieldDifference, tuple[DiffPiece, ...]]]:
    """The differences with their unchanged passages cut short."""
    return [(one, abridge(one.pieces)) for one in differences(before, after)]


async def load_owner_names(db: Database) -> dict[str, str]:
    """The names of colleagues by e-mail address."""
    return {agent.email: agent.name for agent in await list_agents(db) if agent.active}
