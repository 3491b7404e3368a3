"""A snapshot of the knowledge base, ready to be searched. It never changes, so it is read without locks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol, cast
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from knowledge.articles.content import Content
from knowledge.normalization import same_words, words
from knowledge.search.calibration import USUAL, Calibration
from knowledge.search.embedder import DIMENSIONS, Vectors
from knowledge.search.head import Head
from knowledge.search.lexical import LexicalIndex, Pieces, Scores, build_lexical, count_words, pack, unpack
from knowledge.search.vector_space import VectorSpace


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndexEntry:
    """One published article with all that is computed once for each of its phrasings, in the same order.

    A vector of zeros means that the phrasing is still waiting to be embedded; until then words alone find it.
    """

    key: str
    revision: int
    content: Content
    phrasings: tuple[str, ...]
    languages: tuple[str, ...]
    vectors: NDArray[np.float16]
    """As the embedder made them, rounded to half the bytes: cosines change by less than 0.001."""
    pieces: NDArray[np.uint32]
    """Those of all phrasings, packed; `lengths` says how many are whose."""
    lengths: NDArray[np.uint16]
    said: NDArray[np.uint32]
    """A check sum of each phrasing's words."""
    complete: bool
    """Whether every phrasing has its vector."""

    @property
    def waiting(self) -> tuple[str, ...]:
        """The phrasings that are yet to be embedded."""
        there = self.vectors.any(axis=1)
        return tuple(text for text, known in zip(self.phrasings, there, strict=True) if not known)


class IndexableArticle(Protocol):
    """What an entry is made of."""

    @property
    def key(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def content(self) -> Content: ...


class CandidateFinder(Protocol):
    """Names the few articles, of very many, that are worth a close look."""

    def find(self, pieces: Pieces, vector: Vectors) -> Collection[str]:
        """The keys of what may answer a text of these `pieces` (one row) and this `vector`, good and bad mixed."""
        ...


def make_entry(key: str, revision: int, content: Content, known: Mapping[str, NDArray[np.float32]]) -> IndexEntry:
    """The entry of an article, with the vectors that are known by text."""
    return make_entries([_ArticleValue(key, revision, content)], known)[0]


def make_entries(articles: Iterable[IndexableArticle], known: Mapping[str, NDArray[np.float32]]) -> list[IndexEntry]:
    """The entries of several articles, whose pieces are counted in one go."""
    asked = [(article, _asked(article.content)) for article in articles]
    spelt = [words(text) for _, phrasings in asked for text, _ in phrasings]
    said = np.array([crc32(" ".join(each).encode()) for each in spelt], np.uint32)
    pieces = count_words(spelt)
    packed, lengths = pack(pieces), np.diff(pieces.indptr).astype(np.uint16)
    ends = np.cumsum([0, *(len(phrasings) for _, phrasings in asked)]).tolist()
    cuts = pieces.indptr[ends].tolist()
    return [
        _entry(article, phrasings, known, packed[first:last].copy(), lengths[start:end].copy(), said[start:end].copy())
        for (article, phrasings), (start, end), (first, last) in zip(asked, pairwise(ends), pairwise(cuts), strict=True)
    ]


def _asked(content: Content) -> list[tuple[str, str]]:
    return [(text, language) for language, wording in content.variants.items() for text in wording.asked]


def _entry(
    article: IndexableArticle,
    asked: Sequence[tuple[str, str]],
    known: Mapping[str, NDArray[np.float32]],
    pieces: NDArray[np.uint32],
    lengths: NDArray[np.uint16],
    said: NDArray[np.uint32],
) -> IndexEntry:
    nothing = np.zeros(DIMENSIONS, np.float32)
    vectors = np.array([known.get(text, nothing) for text, _ in asked], np.float16)
    return IndexEntry(
        key=article.key,
        revision=article.revision,
        content=article.content,
        phrasings=tuple(text for text, _ in asked),
        languages=tuple(language for _, language in asked),
        vectors=vectors,
        pieces=pieces,
        lengths=lengths,
        said=said,
        complete=bool(vectors.any(axis=1).all()),
    )


@dataclass(frozen=True, slots=True)
class _ArticleValue:
    key: str
    revision: int
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExactMatchTable:
    """Which articles are asked for in exactly these words. Check sums first, then the words themselves."""

    entries: tuple[IndexEntry, ...]
    owners: NDArray[np.intp]
    said: NDArray[np.uint32]

    def get(self, asked: str, otherwise: tuple[int, ...] = ()) -> tuple[int, ...]:
        """The columns of the articles that have a phrasing whose words, in `same_words`' spelling, are `asked`."""
        if not asked:
            return otherwise
        columns = np.unique(self.owners[self.said == crc32(asked.encode())]).tolist()
        return tuple(column for column in columns if _asks(self.entries[column], asked)) or otherwise


def _asks(entry: IndexEntry, asked: str) -> bool:
    return any(same_words(phrasing) == asked for phrasing in entry.phrasings)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The published articles at one revision. Rows are phrasings; those of one article stand together.

    Tables are made when they are first needed. Of a knowledge base with a `finder` they are made for the few articles
    that it names (`near`), never for all.
    """

    revision: int
    entries: tuple[IndexEntry, ...]
    space: VectorSpace
    head: Head | None = None
    calibration: Calibration = USUAL
    finder: CandidateFinder | None = None
    rarity: Scores | None = None
    """How rare pieces are, when that is told by a larger set than these articles."""

    def near(self, pieces: Pieces, vector: Vectors) -> "Snapshot":
        """A snapshot of the articles that may answer a text of these `pieces` and this `vector`."""
        return self if self.finder is None else self.narrow(self.finder.find(pieces, vector))

    def around(self, key: str) -> "Snapshot":
        """A snapshot of an article that is here and of those like it."""
        if self.finder is None:
            return self
        mine = self.by_key[key]
        pieces = unpack(mine.pieces, mine.lengths)[[0]]
        return self.narrow({key, *self.finder.find(pieces, mine.vectors.mean(axis=0, dtype=np.float32))})

    def narrow(self, keys: Iterable[str]) -> "Snapshot":
        """A snapshot of these articles only, as far as they are here, that judges them as this one does."""
        chosen = tuple(self.by_key[key] for key in sorted(set(keys)) if key in self.by_key)
        rarity = self.lexical.rarity if self.rarity is None else self.rarity
        small = Snapshot(self.revision, chosen, self.space, self.head, self.calibration, rarity=rarity)
        vars(small)["head_columns"] = self.head_columns
        return small

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The articles, in the order of the columns of every table of scores."""
        return tuple(entry.key for entry in self.entries)

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of each article."""
        return {key: column for column, key in enumerate(self.keys)}

    @cached_property
    def by_key(self) -> Mapping[str, IndexEntry]:
        """The articles by key."""
        return {entry.key: entry for entry in self.entries}

    @cached_property
    def incomplete(self) -> frozenset[str]:
        """The articles with phrasings that are yet to be embedded."""
        return frozenset(entry.key for entry in self.entries if not entry.complete)

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """The phrasings that are yet to be embedded, each once."""
        return tuple(dict.fromkeys(text for key in sorted(self.incomplete) for text in self.by_key[key].waiting))

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """The first row of each article."""
        return np.cumsum([0, *(len(entry.phrasings) for entry in self.entries)], dtype=np.intp)[:-1]

    @cached_property
    def owners(self) -> NDArray[np.intp]:
        """The article of each row."""
        return np.repeat(np.arange(len(self.entries)), [len(entry.phrasings) for entry in self.entries])

    @cached_property
    def vectors(self) -> Vectors:
        """The embedding of each row, as the embedder made it."""
        rows = [np.empty((0, DIMENSIONS), np.float16), *(entry.vectors for entry in self.entries)]
        return np.concatenate(rows).astype(np.float32)

    @cached_property
    def placed(self) -> Vectors:
        """The embedding of each row, in `space`."""
        return self.space.place(self.vectors)

    @cached_property
    def shared_lengths(self) -> NDArray[np.float32]:
        """How long each row of `placed` is in the directions that all languages share."""
        return np.linalg.norm(self.placed[:, : self.space.shared], axis=1)

    @cached_property
    def centres(self) -> Vectors:
        """The middle of each article's phrasings in `space`, as unit vectors."""
        sums = np.add.reduceat(self.placed, self.starts, axis=0) if self.entries else self.placed
        lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
        return cast(Vectors, sums / lengths)

    @cached_property
    def embedded(self) -> NDArray[np.bool_]:
        """Which articles have at least one vector."""
        return np.array([entry.complete or bool(entry.vectors.any()) for entry in self.entries], dtype=bool)

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The rows by their words."""
        packed = [np.empty(0, np.uint32), *(entry.pieces for entry in self.entries)]
        lengths = [np.empty(0, np.uint16), *(entry.lengths for entry in self.entries)]
        return build_lexical(unpack(np.concatenate(packed), np.concatenate(lengths)), self.rarity)

    @cached_property
    def head_columns(self) -> dict[str, int]:
        """The head's column of each article that it has learnt."""
        return {key: number for number, key in enumerate(self.head.keys)} if self.head else {}

    @cached_property
    def learnt(self) -> NDArray[np.intp]:
        """The head's column of each article, -1 for those that it hasn't learnt."""
        return np.array([self.head_columns.get(key, -1) for key in self.keys], dtype=np.intp)

    @cached_property
    def same(self) -> ExactMatchTable:
        """The articles that are asked for in exactly these words."""
        said = np.concatenate([np.empty(0, np.uint32), *(entry.said for entry in self.entries)])
        return ExactMatchTable(entries=self.entries, owners=self.owners, said=said)

    def prepare(self) -> "Snapshot":
        """Compute everything now, so that the first question doesn't wait for it."""
        _ = self.by_key, self.waiting, self.head_columns
        if self.finder is None:
            _ = (
                self.starts,
                self.owners,
                self.shared_lengths,
                self.centres,
                self.embedded,
                self.lexical,
                self.learnt,
                self.same,
            )
        return self


def build_snapshot(
    entries: Iterable[IndexEntry],
    *,
    revision: int,
    space: VectorSpace,
    head: Head | None = None,
    calibration: Calibration = USUAL,
    rarity: Scores | None = None,
    before: Snapshot | None = None,
) -> Snapshot:
    """A snapshot ready to be searched; articles in the order of their keys.

    What is the same as in `before` isn't computed again.
    """
    ordered = tuple(sorted(entries, key=lambda entry: entry.key))
    snapshot = Snapshot(revision, ordered, space, head, calibration, rarity=rarity)
    if before is not None and before.space is space and before.finder is None:
        vars(snapshot)["placed"] = _place(snapshot, before)
    return snapshot.prepare()


def _place(snapshot: Snapshot, before: Snapshot) -> Vectors:
    """The rows of articles that haven't changed are copied, the others placed."""
    placed = np.empty((len(snapshot.owners), snapshot.space.stretch.shape[1]), np.float32)
    new: list[tuple[int, IndexEntry]] = []
    for entry, start in zip(snapshot.entries, snapshot.starts.tolist(), strict=True):
        column = before.columns.get(entry.key)
        if column is not None and before.entries[column] is entry:
            first = before.starts[column]
            placed[start : start + len(entry.phrasings)] = before.placed[first : first + len(entry.phrasings)]
        else:
            new.append((start, entry))
    for start, entry in new:
        placed[start : start + len(entry.phrasings)] = snapshot.space.place(entry.vectors.astype(np.float32))
    return placed
