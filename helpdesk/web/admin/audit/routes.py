"""The admin page of the audit log: who did what, filtered, and taken along as a file."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import list_agents
from helpdesk.accounts.roles import Capability
from helpdesk.audit import AuditLog, BrokenChain, ChainReport
from helpdesk.audit.audit_view import PAGE, AuditFilter, load_entries, stream_entries
from helpdesk.audit.chain import as_document, verify_chain
from helpdesk.web.admin.audit.words import ACTS, KINDS, act_name
from helpdesk.web.shared.access import route
from helpdesk.web.shared.days import short_moment
from helpdesk.web.shared.pages import Pages
from i18n import locale_of, translate
from store.db import Database
from store.errors import Invalid
from store.models import now

_FIELDS = ("action", "actor", "subject", "month", "since", "until")
MONTHS = 13


def audit_routes(*, db: Database, audit: AuditLog, pages: Pages, zone: ZoneInfo) -> list[BaseRoute]:
    """The routes of this module; days are those of `zone`."""
    doors = _AuditPages(db, audit, pages, zone)
    return [
        route("/admin/audit", doors.show, access=Capability.AUDIT),
        route("/admin/audit/export", doors.export, access=Capability.AUDIT),
    ]


@dataclass(frozen=True, slots=True)
class _AuditPages:
    db: Database
    audit: AuditLog
    pages: Pages
    zone: ZoneInfo

    async def show(self, request: Request) -> Response:
        asked = {name: request.query_params.get(name, "").strip()[:160] for name in _FIELDS}
        entries = await load_entries(self.db, self._filter(asked), before=_before(request), limit=PAGE + 1)
        chosen = {name: value for name, value in asked.items() if value}
        older = urlencode(chosen | {"before": str(entries[PAGE - 1].number)}) if len(entries) > PAGE else ""
        report, broken = await self._verify(request)
        messages = self.pages.messages(request)
        names = {action: translate(messages, name) for action, name in (KINDS | ACTS).items()}
        return self.pages.render(
            request,
            "admin/audit/audit.html",
            entries=entries[:PAGE],
            agents={agent.id: agent.name for agent in await list_agents(self.db)},
            asked=asked,
            query=urlencode(chosen),
            older=older,
            kinds=self.pages.texts(request, KINDS),
            act=partial(act_name, names=names),
            months=_months(now().astimezone(self.zone).date(), locale_of(self.pages.language(request))),
            report=report,
            broken=broken,
            moment=partial(short_moment, locale=locale_of(self.pages.language(request)), zone=self.zone),
            zone=self.zone,
        )

    async def export(self, request: Request) -> Response:
        """What is filtered, as lines of JSON."""
        asked = {name: request.query_params.get(name, "").strip()[:160] for name in _FIELDS}
        lines = self._lines(self._filter(asked))
        headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"', "Cache-Control": "no-store"}
        return StreamingResponse(lines, media_type="application/jsonl", headers=headers)

    async def _lines(self, wanted: AuditFilter) -> AsyncIterator[bytes]:
        async for entry in stream_entries(self.db, wanted):
            yield (json.dumps(as_document(entry) | {"hash": entry.hash}, ensure_ascii=False) + "\n").encode()

    async def _verify(self, request: Request) -> tuple[ChainReport | None, int | None]:
        if "verify" not in request.query_params:
            return None, None
        async with self.db.read() as session:
            try:
                return await verify_chain(session), None
            except BrokenChain as broken:
                number = broken.details.get("number")
                return None, number if isinstance(number, int) else 0

    def _filter(self, asked: dict[str, str]) -> AuditFilter:
        since, last = (asked["since"], asked["until"]) if not asked["month"] else _days_of(asked["month"])
        until = self._day(last)
        return AuditFilter(
            action=asked["action"],
            actor=asked["actor"],
            subject=asked["subject"],
            since=self._day(since),
            until=until + timedelta(days=1) if until else None,
        )

    def _day(self, text: str) -> datetime | None:
        if not text:
            return None
        try:
            return datetime.fromisoformat(text[:10]).replace(tzinfo=self.zone).astimezone(UTC)
        except ValueError:
            raise Invalid("A day is written as in 2026-11-29.") from None


def _months(today: date, locale: Locale) -> dict[str, str]:
    """The last months, the newest first: "2026-03" and what it is called."""
    first = today.replace(day=1)
    found = {}
    for _ in range(MONTHS):
        found[f"{first:%Y-%m}"] = format_skeleton("yMMMM", first, locale=locale)
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def _days_of(month: str) -> tuple[str, str]:
    """The first day and the last of "2026-03". Raises `Invalid`."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Invalid("A month is written as in 2026-11.") from None
    after = (first + timedelta(days=31)).replace(day=1)
    return first.isoformat(), (after - timedelta(days=1)).isoformat()


def _before(request: Request) -> int | None:
    given = request.query_params.get("before", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
