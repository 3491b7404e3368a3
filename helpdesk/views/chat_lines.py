"""Parts of the lines that a customer's browser shows."""

from connectors.contract import Author, LineFile, LogLine
from helpdesk.files.attached_files import AttachedFile
from store.models import AttachmentStatus, Message


def line_file(file: AttachedFile) -> LineFile:
    """A file of a line, as the browser is told of it."""
    return LineFile(
        id=file.id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        width=file.width,
        height=file.height,
        is_here=file.status == AttachmentStatus.KEPT,
    )


def hidden_line(message: Message) -> LogLine:
    """Only the number of a line that isn't for the customer."""
    return LogLine(
        seq=message.seq,
        kind="hidden",
        author=str(Author.SYSTEM),
        name="",
        text="",
        html=None,
        choices=(),
        chosen=message.chosen,
        article=None,
        article_title=None,
        client_id=None,
        at=message.created_at,
    )
