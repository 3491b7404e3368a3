"""What comes in is written to a file of the system's first: a slow sender holds neither memory nor a transaction."""

import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from store.errors import HelpdeskError, Invalid

#: What Telegram gives out at most, and mail servers take.
MAX_FILE_BYTES = 20 * 1024 * 1024


class FileTooLarge(HelpdeskError):
    """More than `MAX_FILE_BYTES` have come."""

    status = 413
    code = "file_too_large"


@asynccontextmanager
async def spool(pieces: AsyncIterable[bytes], *, max_bytes: int = MAX_FILE_BYTES) -> AsyncIterator[Path]:
    """All of `pieces` in a file until the block ends. Raises `FileTooLarge` as soon as it is, `Invalid` for nothing."""
    with tempfile.TemporaryDirectory(prefix="staffel-file-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "upload"
        size = 0
        with path.open("wb") as file:
            async for piece in pieces:
                size += len(piece)
                if size > max_bytes:
                    raise FileTooLarge(f"The file is larger than {max_bytes // 1024 // 1024} MB.")
                file.write(piece)
        if not size:
            raise Invalid("The file is empty.", code="file_empty")
        yield path


async def pieces_of(content: bytes) -> AsyncIterator[bytes]:
    """What is in memory already, for `spool`."""
    yield content
