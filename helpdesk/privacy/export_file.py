"""The export as one archive: the data as JSON, the same as a page to read, and the files themselves."""

import asyncio
import json
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select

from connectors.contract import Undeliverable
from helpdesk.files.file_store import FileStore
from helpdesk.files.names import clean_name
from helpdesk.privacy.export import export_contact
from helpdesk.privacy.personal_data import PERSONAL_DATA
from i18n import catalog, translate
from store.db import Database
from store.errors import NotFound, Unavailable
from store.models import AttachmentRecord

#: An archive up to this size stays in memory; a larger one is written to a file that has no name.
SPOOLED_BYTES = 8 * 1024 * 1024


async def write_export(db: Database, files: FileStore, contact_id: str, *, language: str) -> IO[bytes]:
    """An open ZIP archive, at its beginning: `data.json`, `read.html` and `files/`. Raises `NotFound`."""
    exported = await export_contact(db, contact_id)
    made = SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115 - whoever reads it closes it
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for conversation in exported["conversations"]:
            for record in conversation["files"]:
                record["path"] = await _add_file(files, archive, record, await _load_key(db, record["id"]))
            for record in conversation["unsent_files"]:
                record["path"] = await _add_file(files, archive, record, record["id"])
        archive.writestr("data.json", json.dumps(exported, ensure_ascii=False, indent=1))
        page = await asyncio.to_thread(render_export, exported, language)
        archive.writestr("read.html", page)
    made.seek(0)
    return made


async def _load_key(db: Database, attachment_id: str) -> str | None:
    async with db.read() as session:
        key: str | None = await session.scalar(
            select(AttachmentRecord.file_key).where(AttachmentRecord.id == attachment_id)
        )
    return key


async def _add_file(
    files: FileStore, archive: zipfile.ZipFile, record: Mapping[str, Any], key: str | None
) -> str | None:
    """Put a file's bytes into the archive; its path there, `None` where they are gone or can't be reached."""
    if not key:
        return None
    path = f"files/{record['id'][:8]}-{clean_name(record['name']) or 'file'}"
    try:
        with archive.open(path, "w", force_zip64=True) as target:
            async for piece in files.read(key):
                target.write(piece)
    except (Undeliverable, NotFound, Unavailable):
        return None
    return path


def render_export(exported: Mapping[str, Any], language: str) -> str:
    """The export as a page that needs nothing else, in the language of whoever reads it."""
    messages = catalog("staff", language)
    titles = {name: translate(messages, entry.title) for name, entry in PERSONAL_DATA.items() if entry.title}
    return str(
        _template().render(
            exported=exported, language=language, _=messages.gettext, ngettext=messages.ngettext, titles=titles
        )
    )


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("export.html")
