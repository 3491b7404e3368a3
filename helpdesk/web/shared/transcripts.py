"""A conversation as a file that a browser keeps."""

from starlette.responses import Response

from helpdesk.conversations.log.transcript_file import TranscriptFile


def transcript_response(file: TranscriptFile) -> Response:
    """A file to keep: nothing of it stays on the way."""
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Response(file.as_html(), media_type="text/html; charset=utf-8", headers=headers)
