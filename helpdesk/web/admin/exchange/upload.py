"""What a page sends with a file: the file itself, and what an admin said about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.requests import Request

from helpdesk.web.admin.articles.view_data import EDITED_LANGUAGES
from knowledge.formats.file_formats import FileFormat
from knowledge.formats.import_plan import MAX_BYTES, ImportSource
from knowledge.formats.tables.column_mapping import ColumnMapping, read_mappings
from store.errors import Invalid

MAX_BODY = 2 * MAX_BYTES
"""Bytes of a request: what is a little too big gets our own sentence, what is far too big the server's."""

_MAX_NAME_LENGTH = 200
_MAX_FIELDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file to import. `replacing`: what it doesn't hold goes; `revision` is the knowledge base that was looked at."""

    source: ImportSource
    replacing: bool = False
    as_drafts: bool = False
    is_streamed: bool = False
    revision: str = ""


async def read_upload(request: Request) -> Upload:
    """A form with `file` and fields, or the bare file with the same fields in the address. Raises `Invalid`."""
    said: dict[str, str] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        raw, name = await _read_form(request, said)
    else:
        raw, name = await request.body(), said.get("name", "")
    return Upload(
        source=ImportSource(
            raw=raw,
            name=name[:_MAX_NAME_LENGTH],
            written=_format(said.get("format", "")),
            language=said["language"] if said.get("language") in EDITED_LANGUAGES else None,
            mappings=_mappings(said.get("mapping", "")),
        ),
        replacing="replace" in said,
        as_drafts="drafts" in said,
        is_streamed="stream" in said,
        revision=said.get("revision", ""),
    )


async def _read_form(request: Request, said: dict[str, str]) -> tuple[bytes, str]:
    async with request.form(max_files=1, max_fields=_MAX_FIELDS) as form:
        said |= {name: value for name, value in form.items() if isinstance(value, str)}
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Invalid('"file": expected a file.')
        return await file.read(), file.filename or ""


def _format(name: str) -> FileFormat | None:
    return FileFormat(name) if name in set(FileFormat) else None


def _mappings(text: str) -> Mapping[str, ColumnMapping]:
    if not text:
        return {}
    try:
        return read_mappings(json.loads(text))
    except (json.JSONDecodeError, RecursionError):
        raise Invalid('"mapping": expected JSON.') from None
