"""What people and programs see when something can't be done: a sentence that helps, and an id to look up in the log."""

import re
import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping
from gettext import NullTranslations
from typing import NamedTuple

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from helpdesk.web.shared.access import wants_page
from helpdesk.web.shared.error_sentences import ERROR_SENTENCES
from helpdesk.web.shared.pages import Pages
from i18n import available_languages
from store.errors import HelpdeskError, TooManyRequests, Unavailable

log = structlog.get_logger()

_BODY_LIMIT = "starlette.middleware.body_limit"  # its exceptions are its way of saying 413

#: The help centre, the way from another channel to the web chat, and the page that shows the chat.
_CUSTOMER_PATH = re.compile(r"/$|/(?:help|continue)(?:/|$)")

Handler = Callable[[Request, Exception], Awaitable[Response]]

_CODES = {
    400: "bad_request",
    401: "sign_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


def exception_handlers(pages: Pages) -> Mapping[type[Exception], Handler]:
    """For `Starlette(exception_handlers=…)`: our own errors and Starlette's."""

    async def of_ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, HelpdeskError)  # noqa: S101 - what it is registered for
        reference = make_reference()
        log.info("request.refused", id=reference, status=error.status, code=error.code, path=_route(request))
        text = message_of(pages, request, error)
        return answer(pages, request, error.status, error.code, text, reference, patience_headers(error))

    async def of_starlette(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
        code = _CODES.get(error.status_code, "bad_request")
        text = reader_of(pages, request).messages.gettext(ERROR_SENTENCES[code])
        return answer(pages, request, error.status_code, code, text, make_reference(), dict(error.headers or {}))

    return {HelpdeskError: of_ours, HTTPException: of_starlette}


def patience_headers(error: HelpdeskError) -> dict[str, str]:
    """How long to wait before the same is asked again, where the error says so."""
    after = error.after if isinstance(error, TooManyRequests | Unavailable) else None
    return {} if after is None else {"Retry-After": str(max(1, round(after)))}


class Reader(NamedTuple):
    """Who reads what went wrong: customers may have languages that staff have not."""

    is_customer: bool
    language: str
    messages: NullTranslations


def reader_of(pages: Pages, request: Request) -> Reader:
    """The help centre's language stands in its addresses; everywhere else it is what the browser asks for."""
    if not _CUSTOMER_PATH.match(request.url.path):
        return Reader(is_customer=False, language=pages.language(request), messages=pages.messages(request))
    named = str(request.path_params.get("language", ""))
    language = named if named in available_languages("customer") else pages.language(request, "customer")
    return Reader(is_customer=True, language=language, messages=pages.customer_messages(language))


def message_of(pages: Pages, request: Request, error: HelpdeskError) -> str:
    """The sentence in the reader's language; the error's own where there is no translation."""
    sentence = ERROR_SENTENCES.get(_nearer_code(error))
    if sentence is None:
        return str(error)
    messages = reader_of(pages, request).messages
    minutes = max(1, round(error.after / 60)) if isinstance(error, TooManyRequests) else 0
    wait = messages.ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    try:
        return messages.gettext(sentence).format_map({**error.details, "minutes": wait})
    except KeyError:
        return str(error)


def _nearer_code(error: HelpdeskError) -> str:
    """A conflict that names somebody deserves a sentence that does, too."""
    if error.code == "conflict" and "owner" in error.details:
        return "already_assigned"
    if error.code == "conflict" and error.details.get("changed_by"):
        return "article_changed"
    return error.code


def answer(
    pages: Pages, request: Request, status: int, code: str, message: str, reference: str, headers: Mapping[str, str]
) -> Response:
    """A page for people, JSON for programs."""
    if wants_page(request):
        reader = reader_of(pages, request)
        response: Response = pages.render(
            request,
            "shared/error.html",
            status=status,
            messages=reader.messages,
            language=reader.language,
            for_customers=reader.is_customer,
            code=code,
            message=message,
            reference=reference,
        )
    else:
        body = {"error": {"code": code, "message": message, "id": reference}}
        response = JSONResponse(body, status_code=status)
    response.headers.update(headers)
    return response


class UnexpectedErrorHandler:
    """The last resort: an id for the person, the place of the fault for the log, and no customer text in either."""

    def __init__(self, app: ASGIApp, *, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, note_start)
        except ClientDisconnect:
            return  # whoever asked has gone, or was too slow to ask
        except Exception as error:
            if type(error).__module__ == _BODY_LIMIT:
                raise
            request = Request(scope)
            reference = make_reference()
            log.error(  # noqa: TRY400 - a traceback would quote the exception, which may quote a customer
                "request.failed", id=reference, path=_route(request), error=type(error).__name__, at=places(error)
            )
            if started:
                raise ConnectionAbortedError(f"answer broken off, see {reference}") from None
            text = reader_of(self._pages, request).messages.gettext(ERROR_SENTENCES["unexpected"])
            await answer(self._pages, request, 500, "unexpected", text, reference, {})(scope, receive, send)


def places(error: BaseException) -> list[str]:
    """Where it happened, innermost last. Messages of exceptions stay out: they may quote a customer."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def _route(request: Request) -> str:
    """The route's pattern, not the path: paths hold ids and one-time links."""
    found = request.scope.get("route")
    return str(getattr(found, "path", "")) or "?"


def make_reference() -> str:
    """A new id by which an answer is found in the log."""
    return secrets.token_hex(6)
