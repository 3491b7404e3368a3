"""The admin page of the language model: what it does, what leaves the house, switches, trying it, how it has done."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from babel.numbers import format_decimal, get_decimal_symbol
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.rewording import Rewording
from helpdesk.rewording.addresses import find_place
from helpdesk.rewording.rewording import ANSWER_WITHIN, Attempt, RewordingOutcome
from helpdesk.rewording.service import ServiceForm
from helpdesk.web.admin.rewording.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from i18n import locale_of
from store.errors import Invalid, NotFound


class RewordingSettingsBody(Body):
    """What the form holds. An empty key keeps the stored one."""

    url: Annotated[str, Field(max_length=500)] = ""
    model: Annotated[str, Field(max_length=200)] = ""
    key: Annotated[str, Field(max_length=500)] = ""
    summaries: bool = False
    answers: bool = False
    own_network: bool = False


class RewordingTrialBody(Body):
    """A text of the admin's own, to see what the model makes of it."""

    question: Annotated[str, Field(min_length=1, max_length=500)]
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    language: Literal["de", "en"]


def rewording_routes(*, rewording: Rewording, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _RewordingPages(rewording, pages)
    return [
        route("/admin/rewording", doors.show, access=Capability.RULES),
        route("/admin/api/rewording", doors.save, access=Capability.RULES, methods=["POST"]),
        route("/admin/api/rewording/remove", doors.remove, access=Capability.RULES, methods=["POST"]),
        route("/admin/api/rewording/try", doors.try_it, access=Capability.RULES, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _RewordingPages:
    rewording: Rewording
    pages: Pages

    async def show(self, request: Request) -> Response:
        locale = locale_of(self.pages.language(request))
        return self.pages.render(
            request,
            "admin/rewording/rewording.html",
            service=await self.rewording.services.find(),
            counts=_counted(self.rewording.attempts),
            endings=list(RewordingOutcome),
            seconds=format_decimal(ANSWER_WITHIN, locale=locale),
            texts=self.pages.texts(request, WORDS) | {"rewording_point": get_decimal_symbol(locale)},
        )

    async def save(self, request: Request) -> Response:
        entered = await read(request, RewordingSettingsBody)
        services = self.rewording.services
        url = services.fixed_url or entered.url.strip()
        await _must_be_reachable(url, own_network=entered.own_network)
        wanted = ServiceForm(
            url=url,
            model=entered.model,
            key=entered.key or None,
            summaries=entered.summaries,
            answers=entered.answers,
            own_network=entered.own_network,
        )
        service = await services.save(wanted, request.state.agent.id)
        return Json({"answers": bool(service and service.answers), "summaries": bool(service and service.summaries)})

    async def remove(self, request: Request) -> Response:
        await self.rewording.services.remove()
        return Json({"removed": True})

    async def try_it(self, request: Request) -> Response:
        tried = await read(request, RewordingTrialBody)
        service = await self.rewording.services.find()
        if service is None:
            raise NotFound("No language model has been entered yet.", code="no_model")
        attempt = await self.rewording.try_answer(
            service, tried.question, tried.text, tried.language, self.pages.formality
        )
        return Json(_shown(attempt))


async def _must_be_reachable(url: str, *, own_network: bool) -> None:
    """Say at once what would be refused later. Raises `Invalid`."""
    try:
        await find_place(url, own_network=own_network)
    except (OSError, UnicodeError):
        raise Invalid("There is no machine of that name.", code="address_unknown", fields=["url"]) from None


def _shown(attempt: Attempt) -> dict[str, Any]:
    return {
        "ending": str(attempt.ending),
        "reason": attempt.reason,
        "seconds": attempt.seconds,
        "sent": attempt.sent,
        "theirs": "\n".join(attempt.theirs),
        "objections": [{"fault": str(each.fault), "found": each.found} for each in attempt.objections],
    }


def _counted(attempts: Iterable[Attempt]) -> dict[str, dict[str, Any]]:
    """For answers and summaries: how often each ending, and why those were refused or broken, most often first."""
    found: dict[str, dict[str, Any]] = {}
    for attempt in attempts:
        row = found.setdefault(attempt.what, {"endings": Counter(), "faults": Counter(), "reasons": Counter()})
        row["endings"][str(attempt.ending)] += 1
        row["faults"].update(str(fault) for fault in attempt.faults)
        row["reasons"].update([attempt.reason] if attempt.reason else [])
    return found
