"""The bot's way back: its custom actions run here, beside the knowledge base, behind the shared secret."""

from typing import Any

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from actions import build_actions
from helpdesk.web.shared.access import Access, route
from knowledge.articles.answers import AnswerSource

log = structlog.get_logger()


def internal_routes(answers: AnswerSource) -> list[BaseRoute]:
    """The doors of this module."""
    executor = ActionExecutor()
    for action in build_actions(answers):
        executor.register_action(action)

    async def run_action(request: Request) -> Response:
        call: dict[str, Any] = await request.json()
        try:
            result = await executor.run(call)
        except ActionNotFoundException as error:
            return JSONResponse({"error": "no such action", "action_name": error.action_name}, status_code=404)
        except ActionExecutionRejection as error:
            return JSONResponse({"error": "rejected", "action_name": error.action_name}, status_code=400)
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})

    return [route("/internal/actions/webhook", run_action, access=Access.INTERNAL, methods=["POST"])]
