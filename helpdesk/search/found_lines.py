"""The line of a conversation that shows what was found, with the words marked."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.handoff.summary import mask_payment
from helpdesk.search.matching import load_matching_seqs
from helpdesk.search.query import Query, Wording
from knowledge.normalization import fold
from store.models import Message

#: Characters of a line that are shown, and of them those before the first word found.
MAX_EXCERPT_LENGTH = 180
MAX_LEAD_LENGTH = 50
#: Lines of one conversation that are looked through, the newest first.
MAX_LINES = 100
#: Characters of lines that are looked through before whatever else this process does has its turn: about 5 ms.
CHARACTERS_AT_ONCE = 10_000

#: Markdown's signs of bold, of headings and of lists.
_MARKS = re.compile(r"\*\*|^[ \t]*(?:#{1,6}|[-*>])[ \t]+", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+(?:['’‘`´][^\W_]+)*")


Mask = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a line; `is_found`: it is what was looked for."""

    text: str
    is_found: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """The line that shows most of what was looked for; of several a person's, and of these the newest."""

    seq: int
    author: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    folded: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line, how many of the terms it shows, and whether a person said it."""

    count: int = 0
    is_human: bool = False
    line: FoundLine | None = None


async def load_found_lines(
    session: AsyncSession, numbers: Mapping[str, int], query: Query, masks: Mapping[str, Mask] = MappingProxyType({})
) -> dict[str, FoundLine]:
    """By conversation the line to show, of those in `numbers`; none where only the contact was found.

    `masks` turn a conversation's text into what the reader sees of it, before anything is looked for in it; without one
    payment data is masked.
    """
    if not numbers or not query.terms:
        return {}
    place = func.row_number().over(partition_by=Message.conversation_id, order_by=Message.seq.desc()).label("place")
    lines = select(Message.conversation_id, Message.seq, Message.author, Message.text, place)
    spoken = lines.where(Message.conversation_id.in_(numbers), Message.text != "").subquery()
    rows = await session.execute(select(spoken).where(spoken.c.place <= MAX_LINES).order_by(spoken.c.seq.desc()))
    best: dict[str, _Candidate] = {}
    long: set[str] = set()
    looked_through = 0
    for conversation_id, seq, author, text, at in rows:
        looked_through += len(text)
        if looked_through > CHARACTERS_AT_ONCE:
            looked_through = 0
            await asyncio.sleep(0)
        _take(best, conversation_id, _candidate(seq, author, masks.get(conversation_id, mask_payment)(text), query))
        if at == MAX_LINES:
            long.add(conversation_id)
    for conversation_id in long:
        if best[conversation_id].count < len(query.terms):
            for candidate in await _load_older(
                session, conversation_id, numbers[conversation_id], query, masks.get(conversation_id, mask_payment)
            ):
                _take(best, conversation_id, candidate)
    return {conversation_id: one.line for conversation_id, one in best.items() if one.line is not None}


async def _load_older(
    session: AsyncSession, conversation_id: str, number: int, query: Query, mask: Mask
) -> list[_Candidate]:
    """Lines that the index knows of, in a conversation that is too long to be looked through."""
    seqs = await load_matching_seqs(session, number, query, limit=MAX_LINES)
    rows = await session.execute(
        select(Message.seq, Message.author, Message.text)
        .where(Message.conversation_id == conversation_id, Message.seq.in_(seqs))
        .order_by(Message.seq.desc())
    )
    return [_candidate(seq, author, mask(text), query) for seq, author, text in rows]


def _take(best: dict[str, _Candidate], conversation_id: str, candidate: _Candidate) -> None:
    known = best.get(conversation_id)
    if known is None or (candidate.count, candidate.is_human) > (known.count, known.is_human):
        best[conversation_id] = candidate


def _candidate(seq: int, author: str, shown: str, query: Query) -> _Candidate:
    found = [_Word(match.start(), match.end(), _folded(match[0])) for match in _WORD.finditer(shown)]
    spans = [[span for wording in term.shown for span in _places(wording, found)] for term in query.terms]
    count = sum(map(bool, spans))
    if not count:
        return _Candidate()
    marked = sorted({span for each in spans for span in each})
    is_human = author in {Author.CONTACT, Author.AGENT}
    return _Candidate(count, is_human, FoundLine(seq=seq, author=str(author), parts=tuple(_parts(shown, marked))))


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    """Folding is most of what the search costs, and people use the same words."""
    return fold(word)


def _places(wording: Wording, found: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    length = len(wording.words)
    *first, last = wording.words
    for place in range(len(found) - length + 1):
        there = found[place : place + length]
        ends = there[-1].folded.startswith(last) if wording.is_prefix else there[-1].folded == last
        if ends and all(word.folded == wanted for word, wanted in zip(there[:-1], first, strict=True)):
            yield there[0].start, there[-1].end


def _parts(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Part]:
    """An excerpt around the first word found, cut between words."""
    start = _excerpt_start(text, spans[0][0])
    end = min(len(text), start + MAX_EXCERPT_LENGTH)
    if start:
        yield Part(text="… ")
    here = start
    for first, last in spans:
        if first < here or first >= end:
            continue
        yield from _plain(text[here:first])
        yield Part(text=text[first : min(last, end)], is_found=True)
        here = last
    yield from _plain(text[here:end])
    if end < len(text):
        yield Part(text=" …")


def _plain(text: str) -> Iterator[Part]:
    if shown := re.sub(r"\s+", " ", _MARKS.sub("", text)):
        yield Part(text=shown)


def _excerpt_start(text: str, first: int) -> int:
    if first <= MAX_LEAD_LENGTH:
        return 0
    start = first - MAX_LEAD_LENGTH
    space = text.find(" ", start, first)
    return start if space < 0 else space + 1
