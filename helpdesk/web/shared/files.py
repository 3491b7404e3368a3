"""Giving out files: pictures to look at, everything else only to be saved, nothing to be run."""

from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from helpdesk.files.attached_files import FileDownload
from helpdesk.files.kinds import ANYTHING, PICTURES

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def file_response(file: FileDownload) -> Response:
    """A picture inline, another file as a download without a type that a browser would open."""
    is_picture = file.media_type in PICTURES
    how = "inline" if is_picture else "attachment"
    headers = _HEADERS | {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Length": str(file.size),
    }
    return StreamingResponse(file.pieces, media_type=file.media_type if is_picture else ANYTHING, headers=headers)


def thumbnail_response(content: bytes) -> Response:
    """A picture's small copy, which we have made ourselves."""
    return Response(content, media_type="image/webp", headers=_HEADERS)
