"""Giving out what strangers have sent: pictures to look at, everything else only to be saved, nothing to be run."""

from urllib.parse import quote

from starlette.responses import Response

from helpdesk.channels.attachments import StoredFile

_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_ANYTHING = "application/octet-stream"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=300",
}


def picture_type(content: bytes) -> str | None:
    """What kind of picture it is by its first bytes; what the sender says counts for nothing."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _PICTURES.items() if content.startswith(start)), None)


def file_response(file: StoredFile) -> Response:
    """A picture inline, another file as a download under a name of ours."""
    kind = picture_type(file.content)
    how = "inline" if kind else "attachment"
    disposition = f"{how}; filename*=UTF-8''{quote(safe_name(file.name, file.kind), safe='')}"
    headers = _HEADERS | {"Content-Disposition": disposition}
    return Response(file.content, media_type=kind or _ANYTHING, headers=headers)


def safe_name(name: str, kind: str) -> str:
    """The sender's name for a file, without what a file system or a reader could trip over."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(character for character in last if character.isprintable()).strip(". ")
    return kept[-120:] or kind
