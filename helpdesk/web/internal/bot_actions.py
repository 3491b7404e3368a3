"""The bot's way back: its custom actions run here, beside the knowledge base, behind the shared secret."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

import tracing
from actions import Actions, CallDesk, HoursSource, LookupSource, UnknownAction
from helpdesk.web.shared.access import Access, route
from knowledge.articles.answers import AnswerSource


def internal_routes(
    answers: AnswerSource, call_desk: CallDesk, lookups: LookupSource, hours: HoursSource
) -> list[BaseRoute]:
    """The doors of this module."""
    actions = Actions(answers, call_desk, lookups, hours)

    async def run_action(request: Request) -> Response:
        call: dict[str, Any] = await request.json()
        with tracing.carry_on(request.headers, "action", action=call.get("next_action")):
            try:
                return JSONResponse(await actions.run(call))
            except UnknownAction as error:
                return JSONResponse({"error": "no such action", "action_name": error.name}, status_code=404)

    return [route("/internal/actions/webhook", run_action, access=Access.INTERNAL, methods=["POST"])]
