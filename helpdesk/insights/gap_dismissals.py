"""Groups of questions of which somebody has said that they need no article.

A group is known by the middle of its meaning, so that no customer's text is kept beyond its conversation.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.search.embedder import DIMENSIONS
from knowledge.search.similarity_thresholds import similarity_thresholds
from knowledge.search.vector_space import VectorSpace
from store.db import Database
from store.models import Meta

KEY = "gaps.dismissed"
"""Where they stand in the table `meta`."""

_GROWTH = 1.5
_MAX_DISMISSALS = 100

type Middle = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """Who put a group aside, when (ISO 8601) and why, and how many customers were affected then."""

    middle: str
    customers: int
    by: str
    why: str
    at: str

    @property
    def day(self) -> str:
        """The day of it, UTC."""
        return self.at[:10]

    def outgrown_by(self, customers: int) -> bool:
        """Whether so many more customers are affected by now that it should be looked at again."""
        return customers > self.customers * _GROWTH + 1


def make_dismissal(middle: Middle, *, customers: int, by: str, why: str, at: datetime) -> Dismissal:
    """`middle` is the mean embedding of the group's questions; half precision is plenty for telling groups apart."""
    packed = base64.b64encode(middle.astype("<f2").tobytes()).decode()
    return Dismissal(middle=packed, customers=customers, by=by, why=why, at=at.isoformat(timespec="seconds"))


def find_dismissal(dismissals: Sequence[Dismissal], space: VectorSpace, middle: Middle) -> Dismissal | None:
    """The dismissal of a group with this middle."""
    if not dismissals:
        return None
    alike = _alike(dismissals, space, middle)
    best = int(alike.argmax())
    return dismissals[best] if alike[best] >= similarity_thresholds(space).groups else None


async def load_dismissals(db: Database) -> list[Dismissal]:
    """All of them, the latest first."""
    async with db.read() as session:
        return _read(await session.get(Meta, KEY))


async def add_dismissal(db: Database, space: VectorSpace, dismissal: Dismissal) -> None:
    """Keep it, in place of an earlier one of the same group; the oldest of more than a hundred goes."""
    middle = _unpacked(dismissal)
    await _change(db, lambda there: [dismissal, *_others(there, space, middle)])


async def remove_dismissal(db: Database, space: VectorSpace, middle: Middle) -> None:
    """The group with this middle is open again."""
    await _change(db, lambda there: _others(there, space, middle))


async def _change(db: Database, change: Callable[[list[Dismissal]], list[Dismissal]]) -> None:
    async with db.write() as session:
        row = await _locked(session)
        row.value = json.dumps([asdict(one) for one in change(_read(row))[:_MAX_DISMISSALS]])


async def _locked(session: AsyncSession) -> Meta:
    row = await session.get(Meta, KEY, with_for_update=True)
    if row is None:
        row = Meta(key=KEY, value="[]")
        session.add(row)
    return row


def _read(row: Meta | None) -> list[Dismissal]:
    """Those of another model's vectors can't be compared any more: their groups are shown again."""
    found = [Dismissal(**one) for one in json.loads(row.value)] if row else []
    return [one for one in found if len(_unpacked(one)) == DIMENSIONS]


def _others(there: Sequence[Dismissal], space: VectorSpace, middle: Middle) -> list[Dismissal]:
    if not there:
        return []
    enough = similarity_thresholds(space).groups
    return [one for one, alike in zip(there, _alike(there, space, middle), strict=True) if alike < enough]


def _alike(dismissals: Sequence[Dismissal], space: VectorSpace, middle: Middle) -> NDArray[np.float32]:
    theirs = space.place(np.stack([_unpacked(one) for one in dismissals]))
    alike: NDArray[np.float32] = theirs @ space.place(middle[None])[0]
    return alike


def _unpacked(dismissal: Dismissal) -> Middle:
    return np.frombuffer(base64.b64decode(dismissal.middle), dtype="<f2").astype(np.float32)
