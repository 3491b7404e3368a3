"""Pictures are made anew from their pixels by a program of their own: a hostile one can neither hide nor break much."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from store.errors import Invalid, Unavailable

_PROGRAM = Path(__file__).with_name("picture_process.py")
#: Pictures that one instance works on at the same time: each may take much memory.
AT_ONCE = 2
#: Pictures that wait for their turn; each has its file on the disk and its sender waiting.
MAX_WAITING = 30
TIMEOUT_SECONDS = 40.0
_TOO_LARGE = 3


class UnreadablePicture(Invalid):
    """A picture that is broken, or none."""

    code = "file_broken"


class PictureTooLarge(Invalid):
    """A picture that unpacks to more than we take."""

    code = "picture_too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePicture:
    """A picture without metadata in the file `path`, and its small copy as WebP."""

    path: Path
    media_type: str
    width: int
    height: int
    thumbnail: bytes


class PictureMaker:
    """Starts the program, for a few pictures at a time."""

    def __init__(self, *, at_once: int = AT_ONCE, max_waiting: int = MAX_WAITING) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._max_waiting = max_waiting
        self._waiting = 0

    async def make_anew(self, source: Path) -> MadePicture:
        """The picture at `source`, made anew beside it.

        Raises `UnreadablePicture`, `PictureTooLarge`, and `Unavailable` while too many wait already.
        """
        target, thumbnail = source.with_suffix(".made"), source.with_suffix(".thumbnail")
        async with self._place():
            said = await _run(source, target, thumbnail)
        return MadePicture(
            path=target,
            media_type=str(said["media_type"]),
            width=int(said["width"]),
            height=int(said["height"]),
            thumbnail=await asyncio.to_thread(thumbnail.read_bytes),
        )

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._waiting >= self._max_waiting:
            raise Unavailable("Too many pictures are being worked on.")
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()


async def _run(*files: Path) -> dict[str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_PROGRAM),
        *map(str, files),
        env={},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            said, _ = await process.communicate()
    except TimeoutError:
        raise PictureTooLarge("The picture takes too long to read.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == _TOO_LARGE:
        raise PictureTooLarge("The picture unpacks to more than we take.")
    if process.returncode:
        raise UnreadablePicture("The picture can't be read.")
    return dict(json.loads(said))
