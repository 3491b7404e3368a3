"""Where the bytes of files are: in the database, in pieces, unless the settings name a bucket."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from sqlalchemy import delete, insert, select

from store.db import Database
from store.models import FilePiece, StoragePlace

#: Bytes of one statement; a transaction of its own each, so that nobody waits for a whole file.
PIECE_BYTES = 512 * 1024


class FileContent(Protocol):
    """A place for the bytes of files, by key."""

    place: StoragePlace

    async def write(self, key: str, path: Path) -> None:
        """Keep the content of the file at `path`. Raises `Unavailable`."""
        ...

    def read(self, key: str) -> AsyncIterator[bytes]:
        """The content, piece by piece; nothing of a file that isn't there. Raises `Unavailable`."""
        ...

    async def erase(self, key: str) -> None:
        """Erase the content, if there is any. Raises `Unavailable`."""
        ...


class DatabaseContent:
    """Files in the database: nothing to set up, every instance has them, a backup has them too."""

    place = StoragePlace.DATABASE

    def __init__(self, db: Database) -> None:
        self._db = db

    async def write(self, key: str, path: Path) -> None:
        """Keep the content of the file at `path`, piece by piece."""
        number = 0
        with path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                async with self._db.write() as session:
                    await session.execute(insert(FilePiece).values(key=key, number=number, content=piece))
                number += 1

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """The content, a statement for each piece: nobody holds a transaction while a slow browser reads."""
        number = 0
        while True:
            async with self._db.read() as session:
                piece = await session.scalar(
                    select(FilePiece.content).where(FilePiece.key == key, FilePiece.number == number)
                )
            if piece is None:
                return
            yield piece
            number += 1

    async def erase(self, key: str) -> None:
        """Erase all pieces."""
        async with self._db.write() as session:
            await session.execute(delete(FilePiece).where(FilePiece.key == key))
