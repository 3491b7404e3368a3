"""The REST API as an app of FastAPI."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.accounts.errors import NoSuchAgent
from helpdesk.web.api.agents import agent_api
from helpdesk.web.api.analytics import analytics_api
from helpdesk.web.api.articles import article_api
from helpdesk.web.api.components import ApiComponents
from helpdesk.web.api.contacts import contact_api
from helpdesk.web.api.conversations import conversation_api
from helpdesk.web.api.events import event_api
from helpdesk.web.api.files import file_api
from helpdesk.web.api.notices import notice_api
from helpdesk.web.api.numbers import number_api
from helpdesk.web.api.privacy import privacy_api
from helpdesk.web.shared.access import Guard
from helpdesk.web.shared.errors import patience_headers
from store.errors import HelpdeskError, NotFound

#: Every route of the API, by its part.
ROUTERS = (
    conversation_api,
    file_api,
    contact_api,
    agent_api,
    article_api,
    analytics_api,
    number_api,
    notice_api,
    event_api,
    privacy_api,
)


def make_api(components: ApiComponents, guard: Guard) -> FastAPI:
    """The API as an app of its own; its description is at `/openapi.json`."""
    api = FastAPI(title="Staffel", version="1", docs_url=None, redoc_url=None)
    api.state.guard = guard
    api.state.components = components
    for routes in ROUTERS:
        api.include_router(routes)
    api.add_exception_handler(HelpdeskError, _refuse)
    api.add_exception_handler(RequestValidationError, _refuse_form)
    return api


async def _refuse(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HelpdeskError):
        raise error
    status = 404 if isinstance(error, NotFound | NoSuchAgent) else error.status
    details = {name: value for name, value in error.details.items() if isinstance(value, str | int | float)}
    body = {"error": {"code": error.code, "message": str(error)} | details}
    return JSONResponse(body, status_code=status, headers=patience_headers(error))


async def _refuse_form(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    problems = [{"where": ".".join(map(str, one["loc"])), "what": one["msg"]} for one in error.errors()]
    message = "; ".join(f"{problem['where']}: {problem['what']}" for problem in problems)
    return JSONResponse({"error": {"code": "invalid", "message": message, "fields": problems}}, status_code=422)
