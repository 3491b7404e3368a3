"""Articles in and out: a file is looked at first, then brought in; and everything can be taken along."""

import asyncio
import io
import zipfile
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.db import Database
from helpdesk.errors import Conflict, Invalid
from helpdesk.models import now
from helpdesk.web.access import Access, route
from helpdesk.web.admin_articles.shown import name_of, shown_differences, texts_for
from helpdesk.web.bodies import Json
from helpdesk.web.pages import Pages
from helpdesk.web.words import LANGUAGES, words_in
from helpdesk.web.words.refusals import reason_in
from knowledge.content import Content
from knowledge.importing import MOST_BYTES, Contents, Fate, Plan, Source, carry_out, make_plan, read_source
from knowledge.transfer import export_articles, write_articles
from knowledge.written.archives import KNOWN
from knowledge.written.forms import WRITERS, Format

_MOST_SHOWN = 200  # articles of one fate; their number is always said
_MAX_BODY = 2 * MOST_BYTES  # what is a little too big gets our own sentence, what is far too big the server's
_TYPES = {Format.JSONL: "application/jsonl", Format.CSV: "text/csv", Format.MARKDOWN: "application/zip"}


class FileRefused(Invalid):
    """The file can't be read, or isn't read for what it might do."""

    code = "file_refused"


@dataclass(frozen=True, slots=True)
class Importing:
    """The doors of import and export."""

    db: Database
    pages: Pages

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        api = "/admin/api/import"
        return [
            route("/admin/articles/import", self.show, access=Access.ADMIN),
            route("/admin/articles/export", self.export, access=Access.ADMIN),
            route(f"{api}/preview", self.preview, access=Access.ADMIN, methods=["POST"], max_body=_MAX_BODY),
            route(api, self.bring_in, access=Access.ADMIN, methods=["POST"], max_body=_MAX_BODY),
        ]

    async def show(self, request: Request) -> Response:
        """The page."""
        return self.pages.render(
            request,
            "admin/import.html",
            formats=list(Format),
            exported=list(WRITERS),
            endings=",".join((*KNOWN, ".zip")),
            languages=LANGUAGES,
            megabytes=MOST_BYTES // 2**20,
            texts=texts_for(self.pages, request),
        )

    async def preview(self, request: Request) -> Response:
        """What the file in the body would change; nothing is stored."""
        plan = await self._plan(request, await self._read(request))
        template = self.pages.environment.get_template("admin/plan.html")
        html = template.render(
            t=words_in(self.pages.language(request)),
            plan=plan,
            new=plan.of(Fate.NEW)[:_MOST_SHOWN],
            changed=[
                (one, shown_differences(one.before, one.after) if one.before else []) for one in plan.of(Fate.CHANGED)
            ][:_MOST_SHOWN],
            language=self.pages.language(request),
            reason=partial(reason_in, self.pages.language(request)),
        )
        counts = {str(fate): len(plan.of(fate)) for fate in Fate}
        return Json(
            {
                "html": html,
                "revision": plan.revision,
                "counts": {**counts, "archived": len(plan.archived), "refused": plan.refused_count},
            }
        )

    async def bring_in(self, request: Request) -> Response:
        """Bring the file in as the preview of that revision said."""
        contents = await self._read(request)
        if contents.problems.count and "skip" not in request.query_params:
            found = "\n".join(map(str, contents.problems.found))
            told = reason_in(self.pages.language(request), found)
            raise FileRefused(f"Nothing was stored. The file has problems:\n{found}", reason=told)
        plan = await self._plan(request, contents)
        if str(plan.revision) != request.query_params.get("revision"):
            raise Conflict("The knowledge base has changed since the preview.", code="plan_old")
        as_drafts = "drafts" in request.query_params
        return Json(await carry_out(self.db, plan, by=name_of(request), as_drafts=as_drafts))

    async def export(self, request: Request) -> Response:
        """Everything that is published, as a file to keep. A folder of Markdown comes as a ZIP archive."""
        written = _format(request.query_params.get("format", "")) or Format.JSONL
        if written not in WRITERS:
            raise Invalid(f"Written are: {', '.join(WRITERS)}.")
        articles = await export_articles(self.db)
        ending = "zip" if written == Format.MARKDOWN else str(written)
        body = await asyncio.to_thread(_zipped if written == Format.MARKDOWN else _written, articles, written)
        name = f"articles-{now():%Y-%m-%d}.{ending}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(body, media_type=_TYPES[written], headers=headers)

    async def _plan(self, request: Request, contents: Contents) -> Plan:
        replacing = "replace" in request.query_params
        if replacing and not contents.articles:
            reason = "it holds no articles; replacing with it would take every article away"
            told = reason_in(self.pages.language(request), reason)
            raise FileRefused(f"The file was refused: {reason}.", reason=told)
        return await make_plan(self.db, contents, replacing=replacing)

    async def _read(self, request: Request) -> Contents:
        language = request.query_params.get("language", "")
        source = Source(
            raw=await request.body(),
            name=request.query_params.get("name", "")[:200],
            written=_format(request.query_params.get("format", "")),
            language=language if language in LANGUAGES else None,
        )
        try:
            return await asyncio.to_thread(read_source, source)
        except Invalid as error:
            told = reason_in(self.pages.language(request), error)
            raise FileRefused(f"The file was refused: {error}", reason=told) from None


def _format(name: str) -> Format | None:
    return Format(name) if name in set(Format) else None


def _written(articles: list[tuple[str, Content]], written: Format) -> bytes:
    return "".join(write_articles(articles, written)).encode()


def _zipped(articles: list[tuple[str, Content]], written: Format) -> bytes:
    """A file an article."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for key, content in articles:
            archive.writestr(f"{key}.md", _written([(key, content)], written))
    return packed.getvalue()
