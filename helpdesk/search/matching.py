"""Which conversations hold what is looked for: SQLite's FTS5 or PostgreSQL's tsvector, one query for both."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Select, column, func, intersect, literal, select, table, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.search.query import Query, Term, Wording
from store.models import INDEX_TABLE

#: A conversation's lines in the index: its number times this, and the line's `seq`.
LINES_OF_ONE = 1_048_576
#: So many conversations are listed by number; of more, they are looked at in their order until enough are there.
MAX_LISTED = 2_000

_INDEX = table(INDEX_TABLE, column("id", BigInteger), column("rowid", BigInteger), column("words"), column(INDEX_TABLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The numbers of conversations, or the query for them where they are more than `MAX_LISTED`."""

    numbers: tuple[int, ...] | None
    query: Select[int]

    def has(self, number: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """Whether the conversation of this number is among them.

        Of many, none is looked up by its number (hence the sum): the database goes through conversations in the order
        of the list, and is done as soon as a page is full.
        """
        return (number + 0).in_(self.query) if self.numbers is None else number.in_(self.numbers)


async def load_matches(session: AsyncSession, query: Query) -> Matches:
    """The conversations in which every term of `query` is found, in whatever line, or with the contact."""
    is_sqlite = is_fts5(session)
    each = [_select_numbers(term, is_sqlite=is_sqlite) for term in query.terms]
    found = (each[0] if len(each) == 1 else intersect(*each)).subquery()
    numbers = select(found.c.number)
    listed = tuple(await session.scalars(numbers.limit(MAX_LISTED + 1)))
    return Matches(numbers=listed if len(listed) <= MAX_LISTED else None, query=numbers)


async def load_matching_seqs(session: AsyncSession, number: int, query: Query, *, limit: int) -> list[int]:
    """The newest lines of one conversation that hold any of the terms."""
    is_sqlite = is_fts5(session)
    place = _place(is_sqlite=is_sqlite)
    first = number * LINES_OF_ONE
    wordings = [wording for term in query.terms for wording in term.shown]
    found = await session.scalars(
        select(place)
        .where(_matches(wordings, is_sqlite=is_sqlite), place > first, place < first + LINES_OF_ONE)
        .order_by(place.desc())
        .limit(limit)
    )
    return [row - first for row in found]


def is_fts5(session: AsyncSession) -> bool:
    """Whether the index is SQLite's."""
    return session.get_bind().dialect.name == "sqlite"


def _select_numbers(term: Term, *, is_sqlite: bool) -> Select[int]:
    number = _place(is_sqlite=is_sqlite).op("/")(literal(LINES_OF_ONE))
    numbered = select(type_coerce(number, BigInteger).label("number"))
    return numbered.where(_matches(term.wordings, is_sqlite=is_sqlite)).distinct()


def _place(*, is_sqlite: bool) -> ColumnElement[int]:
    return _INDEX.c.rowid if is_sqlite else _INDEX.c.id


def _matches(wordings: Iterable[Wording], *, is_sqlite: bool) -> ColumnElement[bool]:
    if is_sqlite:
        return _INDEX.c[INDEX_TABLE].op("MATCH")(" OR ".join(map(_fts5, wordings)))
    return _INDEX.c.words.op("@@")(func.to_tsquery("simple", " | ".join(map(_tsquery, wordings))))


def _fts5(wording: Wording) -> str:
    """Folded words hold letters and digits only, so that none of them is read as an operator."""
    return f'"{" ".join(wording.words)}"{" *" if wording.is_prefix else ""}'


def _tsquery(wording: Wording) -> str:
    *first, last = (f"'{word}'" for word in wording.words)
    return "(" + " <-> ".join([*first, f"{last}:*" if wording.is_prefix else last]) + ")"
