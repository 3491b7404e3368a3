"""The admin pages of look-ups: connect a service, try it with real values, switch it on."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from actions.lookups.field_values import value_of
from actions.lookups.lookup import FieldKind, LookupOutcome, LookupResult, text_in
from helpdesk.accounts.roles import Capability
from helpdesk.lookups.answer_values import MAX_LISTED, list_fields
from helpdesk.lookups.client import LookupFailure
from helpdesk.lookups.current_lookups import CurrentLookups, result_of
from helpdesk.lookups.definition import LookupDefinition, LookupProblem, ShownKind
from helpdesk.web.admin.articles.view_data import name_of
from helpdesk.web.admin.lookups.bodies import LookupBody, LookupSwitchBody, LookupTrialBody
from helpdesk.web.admin.lookups.view_data import form_of
from helpdesk.web.admin.lookups.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Json, read
from helpdesk.web.shared.pages import Pages
from knowledge.articles.placeholders import fill_placeholders


def lookup_routes(*, lookups: CurrentLookups, pages: Pages, zone: ZoneInfo) -> list[BaseRoute]:
    """The doors of this module. `zone` is the one in which days are told."""
    doors, api = _LookupPages(lookups, pages, zone), "/admin/api/lookups"
    changes = {"save": doors.save, "try": doors.try_it, "switch": doors.switch, "remove": doors.remove}
    return [
        route("/admin/lookups", doors.show_list, access=Capability.RULES),
        route("/admin/lookups/new", doors.show_new, access=Capability.RULES),
        route("/admin/lookups/{id}", doors.show_lookup, access=Capability.RULES),
        route(f"{api}/new", doors.add, access=Capability.RULES, methods=["POST"]),
        *(
            route(f"{api}/{{id}}/{verb}", door, access=Capability.RULES, methods=["POST"])
            for verb, door in changes.items()
        ),
    ]


@dataclass(frozen=True, slots=True)
class _LookupPages:
    lookups: CurrentLookups
    pages: Pages
    zone: ZoneInfo

    async def show_list(self, request: Request) -> Response:
        return self.pages.render(
            request,
            "admin/lookups/lookups.html",
            lookups=await self.lookups.store.list_all(),
            text_in=text_in,
        )

    async def show_new(self, request: Request) -> Response:
        return self._editor(request, None)

    async def show_lookup(self, request: Request) -> Response:
        return self._editor(request, await self.lookups.store.load(_id(request)))

    def _editor(self, request: Request, view: Any) -> Response:
        return self.pages.render(
            request,
            "admin/lookups/lookup.html",
            view=view,
            form=form_of(view.definition) if view else None,
            asked_kinds=list(FieldKind),
            shown_kinds=list(ShownKind),
            text_in=text_in,
            texts=self.pages.texts(request, WORDS),
        )

    async def add(self, request: Request) -> Response:
        entered = await read(request, LookupBody)
        view = await self.lookups.store.add(entered.as_definition(), secret=entered.secret, by=name_of(request))
        return Json({"id": view.id}, status_code=201)

    async def save(self, request: Request) -> Response:
        entered = await read(request, LookupBody)
        view = await self.lookups.store.change(
            _id(request), entered.as_definition(), secret=entered.secret or None, by=name_of(request)
        )
        return Json({"id": view.id, "is_on": view.is_on, "is_tried": view.is_tried})

    async def switch(self, request: Request) -> Response:
        wanted = await read(request, LookupSwitchBody)
        view = await self.lookups.store.switch(_id(request), is_on=wanted.is_on, by=name_of(request))
        return Json({"is_on": view.is_on})

    async def remove(self, request: Request) -> Response:
        await self.lookups.store.remove(_id(request))
        return Json({})

    async def try_it(self, request: Request) -> Response:
        """Ask the service as a customer's message would have it asked, and show what came back. Nothing is kept."""
        tried = await read(request, LookupTrialBody)
        view = await self.lookups.store.load(_id(request))
        values = _values(view.definition, tried.values)
        began = monotonic()
        try:
            secret = await self.lookups.store.secret_of(view.id)
            answer = await self.lookups.client.ask(view.definition, values, tried.language, secret)
        except LookupFailure as failure:
            unreachable = LookupResult(outcome=LookupOutcome.UNREACHABLE)
            facts: dict[str, Any] = {"status": failure.status, "reason": failure.reason, "fields": []}
            return Json(facts | _said(view.definition, unreachable) | {"seconds": round(monotonic() - began, 2)})
        result = result_of(view.definition, values, answer, self.zone)
        if result.outcome is LookupOutcome.FOUND:
            await self.lookups.store.note_trial(view.id, view.definition.fingerprint)
        fields = list(islice(list_fields(answer.content), MAX_LISTED))
        facts = {"status": answer.status, "reason": "", "fields": fields}
        return Json(facts | _said(view.definition, result) | {"seconds": round(monotonic() - began, 2)})


def _values(definition: LookupDefinition, given: Mapping[str, str]) -> dict[str, str]:
    """The values as they would be found in a message. Raises `LookupProblem`."""
    written = {one.name: given.get(one.name, "").strip() for one in definition.lookup.asked}
    found = {one.name: value_of(one, written[one.name]) for one in definition.lookup.asked if written[one.name]}
    values = {name: value for name, value in found.items() if value}
    if len(values) < len(found) or definition.lookup.missing(values):
        raise LookupProblem("lookup_trial_values", "values")
    return values


def _said(definition: LookupDefinition, result: LookupResult) -> dict[str, Any]:
    """What a customer would be told, in both languages."""
    lookup = definition.lookup
    sentences = {
        LookupOutcome.FOUND: lookup.found,
        LookupOutcome.NOT_FOUND: lookup.not_found,
        LookupOutcome.UNREACHABLE: lookup.unreachable,
    }[result.outcome]
    said = {}
    for language in ("de", "en"):
        values = {name: text_in(wording, language) for name, wording in result.values.items()}
        said[language] = fill_placeholders(text_in(sentences, language), values)
    return {"outcome": str(result.outcome), "sentences": said}


def _id(request: Request) -> str:
    return str(request.path_params["id"])
