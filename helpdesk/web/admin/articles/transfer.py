"""Articles in and out: a file is looked at first, then brought in; and everything can be taken along."""

import asyncio
import io
import zipfile
from dataclasses import dataclass
from functools import partial
from gettext import NullTranslations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.web.admin.articles.refusals import translate_reason
from helpdesk.web.admin.articles.view_data import EDITED_LANGUAGES, name_of, shown_differences
from helpdesk.web.admin.articles.words import WORDS
from helpdesk.web.shared.access import Access, route
from helpdesk.web.shared.bodies import Json
from helpdesk.web.shared.pages import Pages
from knowledge.articles.content import Content
from knowledge.formats.file_formats import ENDINGS, WRITERS, FileFormat
from knowledge.formats.import_plan import (
    MAX_BYTES,
    ImportContents,
    ImportEffect,
    ImportPlan,
    ImportSource,
    apply_plan,
    make_plan,
    read_source,
)
from knowledge.formats.problem_words import describe_hold, describe_problem
from knowledge.formats.problems import FileProblem, FileRefusal
from knowledge.formats.transfer import export_articles, write_articles
from store.db import Database
from store.errors import Conflict, Invalid
from store.models import now

_MAX_SHOWN = 200  # articles of one fate; their number is always said
_MAX_BODY = 2 * MAX_BYTES  # what is a little too big gets our own sentence, what is far too big the server's
_TYPES = {FileFormat.JSONL: "application/jsonl", FileFormat.CSV: "text/csv", FileFormat.MARKDOWN: "application/zip"}


class UnusableFile(Invalid):
    """The file can't be read, or isn't read for what it might do."""

    code = "file_refused"


@dataclass(frozen=True, slots=True)
class ArticleTransferRoutes:
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
            "admin/articles/import.html",
            formats=list(FileFormat),
            exported=list(WRITERS),
            endings=",".join(ENDINGS),
            languages=EDITED_LANGUAGES,
            megabytes=MAX_BYTES // 2**20,
            texts=self.pages.texts(request, WORDS),
        )

    async def preview(self, request: Request) -> Response:
        """What the file in the body would change; nothing is stored."""
        plan = await self._plan(request, await self._read(request))
        html = self.pages.render_part(
            request,
            "admin/articles/import_plan.html",
            plan=plan,
            new=plan.of(ImportEffect.NEW)[:_MAX_SHOWN],
            changed=[
                (one, shown_differences(one.before, one.after) if one.before else [])
                for one in plan.of(ImportEffect.CHANGED)
            ][:_MAX_SHOWN],
            reason=partial(_say, self.pages.messages(request)),
            hold=partial(describe_hold, messages=self.pages.messages(request)),
            texts=self.pages.texts(request, WORDS),
        )
        counts = {str(fate): len(plan.of(fate)) for fate in ImportEffect}
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
        if contents.problems.refused_count and "skip" not in request.query_params:
            found = "\n".join(map(str, contents.problems.refused[:_MAX_SHOWN]))
            told = "\n".join(_say(self.pages.messages(request), one) for one in contents.problems.refused[:_MAX_SHOWN])
            raise UnusableFile(f"Nothing was stored. The file has problems:\n{found}", reason=told)
        plan = await self._plan(request, contents)
        if str(plan.revision) != request.query_params.get("revision"):
            raise Conflict("The knowledge base has changed since the preview.", code="plan_old")
        as_drafts = "drafts" in request.query_params
        return Json(await apply_plan(self.db, plan, by=name_of(request), as_drafts=as_drafts))

    async def export(self, request: Request) -> Response:
        """Everything that is published, as a file to keep. A folder of Markdown comes as a ZIP archive."""
        written = _format(request.query_params.get("format", "")) or FileFormat.JSONL
        if written not in WRITERS:
            raise Invalid(f"Written are: {', '.join(WRITERS)}.")
        articles = await export_articles(self.db)
        ending = "zip" if written == FileFormat.MARKDOWN else str(written)
        body = await asyncio.to_thread(_zipped if written == FileFormat.MARKDOWN else _written, articles, written)
        name = f"articles-{now():%Y-%m-%d}.{ending}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(body, media_type=_TYPES[written], headers=headers)

    async def _plan(self, request: Request, contents: ImportContents) -> ImportPlan:
        replacing = "replace" in request.query_params
        if replacing and not contents.articles:
            reason = "it holds no articles; replacing with it would take every article away"
            told = translate_reason(self.pages.messages(request), reason)
            raise UnusableFile(f"The file was refused: {reason}.", reason=told)
        return await make_plan(self.db, contents, replacing=replacing)

    async def _read(self, request: Request) -> ImportContents:
        language = request.query_params.get("language", "")
        source = ImportSource(
            raw=await request.body(),
            name=request.query_params.get("name", "")[:200],
            written=_format(request.query_params.get("format", "")),
            language=language if language in EDITED_LANGUAGES else None,
        )
        try:
            return await asyncio.to_thread(read_source, source)
        except Invalid as error:
            messages = self.pages.messages(request)
            told = (
                _say(messages, error.problem) if isinstance(error, FileRefusal) else translate_reason(messages, error)
            )
            raise UnusableFile(f"The file was refused: {error}", reason=told) from None


def _say(messages: NullTranslations, problem: FileProblem) -> str:
    """Where and what, in the reader's language; what the check of articles says comes in English."""
    return translate_reason(messages, describe_problem(problem, messages))


def _format(name: str) -> FileFormat | None:
    return FileFormat(name) if name in set(FileFormat) else None


def _written(articles: list[tuple[str, Content]], written: FileFormat) -> bytes:
    return "".join(write_articles(articles, written)).encode()


def _zipped(articles: list[tuple[str, Content]], written: FileFormat) -> bytes:
    """A file an article."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for key, content in articles:
            archive.writestr(f"{key}.md", _written([(key, content)], written))
    return packed.getvalue()
