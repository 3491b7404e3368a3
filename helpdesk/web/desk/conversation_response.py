"""What the desk is told of a conversation after something was done with it."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.views.timeline import ConversationDetail, Timeline
from helpdesk.web.desk.lists import named
from helpdesk.web.shared.bodies import Json
from helpdesk.web.shared.pages import Pages
from store.models import now


@dataclass(frozen=True, slots=True)
class ConversationResponses:
    """Answers requests for `/desk/api/conversations/{id}/…` with that conversation, in the reader's language."""

    timeline: Timeline
    pages: Pages

    async def now(self, request: Request) -> Response:
        """The conversation as it stands, for the agent who asks."""
        agent: SignedInAgent = request.state.agent
        detail = await self.timeline.conversation(str(request.path_params["id"]), agent_id=agent.id)
        return Json({"conversation": self.told(request, detail), "now": now()})

    def told(self, request: Request, detail: ConversationDetail) -> ConversationDetail:
        """With the topic's name instead of its key."""
        return replace(detail, card=named(detail.card, self.pages.messages(request)))
