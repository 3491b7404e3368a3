"""A file in a request: its bytes are the body, so that nothing has to be taken apart.

Its name is in a header, so that it gets into no access log.
"""

from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.files.file_store import FileStore, KeptFile
from helpdesk.files.uploads import MAX_FILE_BYTES
from helpdesk.web.shared.bodies import Json

NAME_HEADER = "X-File-Name"
#: What a route takes; the last byte too many is ours to refuse, in words.
MAX_UPLOAD_BODY = MAX_FILE_BYTES + 64 * 1024


async def take_upload(request: Request, files: FileStore, owner: str, *, draft_of: str | None = None) -> Response:
    """Keep the file that a request brings, for `owner`; what it is. Raises as `FileStore.take` does."""
    kept = await files.take(owner, file_name(request), request.stream(), draft_of=draft_of)
    return Json(told_file(kept), status_code=201)


def file_name(request: Request) -> str:
    """What the sender calls the file."""
    return unquote(request.headers.get(NAME_HEADER, ""), errors="replace")


def told_file(file: KeptFile) -> dict[str, Any]:
    """A file as its sender is told of it; `id` is what a message names."""
    return {
        "id": file.key,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
    }
