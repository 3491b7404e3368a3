"""The admin pages of privacy: find a person, see and export what is kept, erase with a receipt, retention."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO, Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute

from connectors.contract import Channel, PrivacyLink
from helpdesk.accounts.roles import Capability
from helpdesk.channels.privacy_notices import PrivacyNotices
from helpdesk.files.file_store import FileStore
from helpdesk.privacy.erasure import told_rows
from helpdesk.privacy.erasure_requests import MAX_REFERENCE_LENGTH, Erasures, Receipt
from helpdesk.privacy.export import export_contact
from helpdesk.privacy.export_file import write_export
from helpdesk.privacy.kept import load_kept
from helpdesk.privacy.people_search import find_people
from helpdesk.privacy.terms import KeptDays, load_terms
from helpdesk.web.admin.privacy.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.pages import Pages, signed_in
from i18n import available_languages, translate
from store.db import Database
from store.errors import Conflict, Invalid, NotFound
from store.models import ErasureStatus, now

_PIECE = 64 * 1024
_PERSON, _RECEIPT = "/admin/privacy/people/{id}", "/admin/privacy/receipts/{id}"


def privacy_routes(
    *,
    db: Database,
    files: FileStore,
    erasures: Erasures,
    privacy_notices: PrivacyNotices,
    pages: Pages,
    zone: ZoneInfo,
    days: KeptDays,
) -> list[BaseRoute]:
    """The doors of this module; times are told in `zone`."""
    doors = _PrivacyPages(db, files, erasures, privacy_notices, pages, zone, days)

    def write(path: str, endpoint: object) -> BaseRoute:
        return route(path, endpoint, access=Capability.PRIVACY, methods=["POST"])  # type: ignore[arg-type]

    return [
        route("/admin/privacy", doors.show, access=Capability.PRIVACY),
        write("/admin/privacy", doors.find),
        route("/admin/privacy/retention", doors.show_terms, access=Capability.PRIVACY),
        route("/admin/privacy/notices", doors.show_notices, access=Capability.PRIVACY),
        write("/admin/privacy/notices", doors.save_notice),
        route(_PERSON, doors.show_person, access=Capability.PRIVACY),
        route(f"{_PERSON}/data.json", doors.export, access=Capability.PRIVACY),
        route(f"{_PERSON}/archive.zip", doors.export_archive, access=Capability.PRIVACY),
        write(f"{_PERSON}/erase", doors.erase),
        route(_RECEIPT, doors.show_receipt, access=Capability.PRIVACY),
        route(f"{_RECEIPT}/receipt.json", doors.download_receipt, access=Capability.PRIVACY),
        write(f"{_RECEIPT}/confirm", doors.confirm),
        write(f"{_RECEIPT}/refuse", doors.refuse),
    ]


@dataclass(frozen=True, slots=True)
class _PrivacyPages:
    db: Database
    files: FileStore
    erasures: Erasures
    privacy_notices: PrivacyNotices
    pages: Pages
    zone: ZoneInfo
    days: KeptDays

    async def show(self, request: Request) -> Response:
        return await self._overview(request, wanted=None)

    async def find(self, request: Request) -> Response:
        """What is looked for comes in a form, not in an address, which would stand in logs and histories."""
        form = await request.form(max_files=0, max_fields=5)
        return await self._overview(request, wanted=_text(form, "wanted")[:200])

    async def _overview(self, request: Request, *, wanted: str | None) -> Response:
        found = await find_people(self.db, wanted) if wanted else []
        return self._render(
            request,
            "privacy",
            wanted=wanted,
            found=found,
            receipts=await self.erasures.newest(),
            two=self.erasures.rule == "two",
        )

    async def show_person(self, request: Request) -> Response:
        return await self._person(request)

    async def _person(self, request: Request, problem: str = "", status: int = 200) -> Response:
        kept = await load_kept(self.db, _id(request))
        waiting = [
            each
            for each in await self.erasures.newest()
            if each.status is ErasureStatus.WAITING and each.contact_id in {one.id for one in kept.contacts}
        ]
        return self._render(
            request,
            "person",
            status=status,
            kept=kept,
            waiting=waiting[0] if waiting else None,
            two=self.erasures.rule == "two",
            problem=problem,
            max_reference=MAX_REFERENCE_LENGTH,
        )

    async def export(self, request: Request) -> Response:
        exported = await export_contact(self.db, _id(request))
        return JSONResponse(exported, headers=_download(f"staffel-{_id(request)[:8]}.json"))

    async def export_archive(self, request: Request) -> Response:
        made = await write_export(self.db, self.files, _id(request), language=self.pages.language(request))
        headers = _download(f"staffel-{_id(request)[:8]}.zip")
        return StreamingResponse(_pieces(made), media_type="application/zip", headers=headers)

    async def erase(self, request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=5)
        if not form.get("sure"):
            return await self._person(request, problem="not_sure", status=422)
        try:
            receipt = await self.erasures.ask(_id(request), _by(request), reference=_text(form, "reference"))
        except (Invalid, Conflict) as error:
            return await self._person(request, problem=error.code, status=error.status)
        return RedirectResponse(f"/admin/privacy/receipts/{receipt.id}", 303)

    async def show_receipt(self, request: Request) -> Response:
        return await self._receipt(request, await self.erasures.load(_id(request)))

    async def _receipt(self, request: Request, receipt: Receipt, problem: str = "", status: int = 200) -> Response:
        return self._render(
            request,
            "receipt",
            status=status,
            receipt=receipt,
            rows=told_rows(receipt.rows),
            is_over=receipt.status is ErasureStatus.WAITING and receipt.ends_at < now(),
            is_own=receipt.asked_by == _by(request),
            problem=problem,
        )

    async def download_receipt(self, request: Request) -> Response:
        receipt = await self.erasures.load(_id(request))
        return JSONResponse(receipt.as_json(), headers=_download(f"staffel-receipt-{receipt.id[:8]}.json"))

    async def confirm(self, request: Request) -> Response:
        return await self._decide(request, confirmed=True)

    async def refuse(self, request: Request) -> Response:
        return await self._decide(request, confirmed=False)

    async def _decide(self, request: Request, *, confirmed: bool) -> Response:
        decide = self.erasures.confirm if confirmed else self.erasures.refuse
        try:
            receipt = await decide(_id(request), _by(request))
        except (Conflict, NotFound) as error:
            known = await self.erasures.load(_id(request))
            return await self._receipt(request, known, problem=error.code, status=error.status)
        return RedirectResponse(f"/admin/privacy/receipts/{receipt.id}", 303)

    async def show_terms(self, request: Request) -> Response:
        terms = await load_terms(self.db, self.days)
        return self._render(request, "retention", terms=terms)

    async def show_notices(self, request: Request) -> Response:
        return await self._notices(request)

    async def _notices(self, request: Request, problem: str = "", status: int = 200, saved: bool = False) -> Response:
        return self._render(
            request,
            "notices",
            status=status,
            notices=await self.privacy_notices.list_all(),
            channels=["", *Channel],
            languages=available_languages("customer"),
            problem=problem,
            saved=saved,
        )

    async def save_notice(self, request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=8)
        channel, language = _text(form, "channel"), _text(form, "language")
        if channel not in ("", *Channel) or language not in available_languages("customer"):
            raise NotFound("There is no such channel or language.")
        told = PrivacyLink(address=_text(form, "address"), text=_text(form, "text"))
        try:
            await self.privacy_notices.save(channel, language, told, _by(request))
        except Invalid as error:
            return await self._notices(request, problem=error.code, status=error.status)
        return await self._notices(request, saved=True)

    def _render(self, request: Request, page: str, *, status: int = 200, **context: Any) -> Response:
        messages = self.pages.messages(request)
        return self.pages.render(
            request,
            f"admin/privacy/{page}.html",
            status=status,
            words=self.pages.texts(request, WORDS),
            say=lambda text: translate(messages, text),
            moment=lambda time: time.astimezone(self.zone).strftime("%Y-%m-%d %H:%M"),
            **context,
        )


async def _pieces(made: IO[bytes]) -> AsyncIterator[bytes]:
    with made:
        while piece := made.read(_PIECE):
            yield piece


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _by(request: Request) -> str:
    agent = signed_in(request)
    return agent.email if agent else ""


def _id(request: Request) -> str:
    return str(request.path_params["id"])
