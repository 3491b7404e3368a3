"""A snapshot of the knowledge base, ready to be searched. It never changes, so it is read without locks."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Protocol, cast
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from knowledge.normalization import same_words
from knowledge.search.calibration import USUAL, Calibration
from knowledge.search.embedder import DIMENSIONS, Vectors
from knowledge.search.head import Head
from knowledge.search.index_entry import IndexEntry
from knowledge.search.lexical import LexicalIndex, PieceRarity, Pieces, build_lexical, unpack
from knowledge.search.spelling import by_folded_spelling
from knowledge.search.text_index import TextIndex, build_text_index
from knowledge.search.typing_errors import KnownWords, known_words
from knowledge.search.vector_space import VectorSpace, plain_space

MAX_ARTICLES_FOR_TYPING_ERRORS = 2_000
_NEAREST_PASSAGES = 2
"""Of an article that a finder names: those that are looked at closely."""


class CandidateFinder(Protocol):
    """Names the few articles, of very many, that are worth a close look."""

    @property
    def umlauts(self) -> Mapping[str, str]:
        """The words of all articles that customers may spell out, by their folded spelling."""
        ...

    def find(self, pieces: Pieces, vector: Vectors) -> Collection[str]:
        """The keys of what may answer a text of these `pieces` (one row) and this `vector`, good and bad mixed."""
        ...


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
    rarity: PieceRarity | None = None
    """How rare pieces are, when that is told by a larger set than these articles."""
    text_rarity: PieceRarity | None = None
    """The same for the pieces of texts."""

    def near(self, pieces: Pieces, vector: Vectors) -> "Snapshot":
        """A snapshot of the articles that may answer a text of these `pieces` and this `vector`."""
        if self.finder is None:
            return self
        near = self.narrow(self.finder.find(pieces, vector))
        entries = (replace(each, text=each.text.nearest(vector, _NEAREST_PASSAGES)) for each in near.entries)
        return near.with_entries(tuple(entries))

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
        told = self.text_index.rarity if self.text_rarity is None else self.text_rarity
        small = Snapshot(
            self.revision, chosen, self.space, self.head, self.calibration, rarity=rarity, text_rarity=told
        )
        vars(small)["head_columns"] = self.head_columns
        return small

    def with_entries(self, entries: tuple[IndexEntry, ...]) -> "Snapshot":
        """The same articles in the same order, of whose texts less is looked at."""
        other = replace(self, entries=entries)
        vars(other)["head_columns"] = self.head_columns
        return other

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
        """The articles with phrasings or passages that are yet to be embedded."""
        return frozenset(entry.key for entry in self.entries if not entry.complete)

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """The phrasings that are yet to be embedded, each once."""
        return tuple(dict.fromkeys(text for key in sorted(self.incomplete) for text in self.by_key[key].waiting))

    @cached_property
    def waiting_passages(self) -> tuple[str, ...]:
        """The passages that are yet to be embedded, each once."""
        return tuple(dict.fromkeys(text for key in sorted(self.incomplete) for text in self.by_key[key].text.waiting))

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
    def passage_owners(self) -> NDArray[np.intp]:
        """The article of each passage."""
        return np.repeat(np.arange(len(self.entries)), [len(entry.text.passages) for entry in self.entries])

    def passage_vectors(self) -> Vectors:
        """The embedding of each passage, as the embedder made it. Not kept: it's large, and needed to learn only."""
        rows = [np.empty((0, DIMENSIONS), np.float16), *(entry.text.vectors for entry in self.entries)]
        return np.concatenate(rows).astype(np.float32)

    @cached_property
    def placed_passages(self) -> Vectors:
        """The embedding of each passage, in `space`."""
        return self.space.place_passages(self.passage_vectors())

    @cached_property
    def has_passages(self) -> NDArray[np.bool_]:
        """Which articles have at least one passage with a vector."""
        return np.array([bool(entry.text.vectors.any()) for entry in self.entries], dtype=bool)

    @cached_property
    def text_weights(self) -> NDArray[np.float32]:
        """How much the text of each article counts beside its phrasings, from 0 to 1."""
        return np.array([entry.text.weight for entry in self.entries], np.float32)

    @cached_property
    def text_index(self) -> TextIndex:
        """The texts by their words; one row a language of an article."""
        packed = [np.empty(0, np.uint32), *(entry.text.pieces for entry in self.entries)]
        lengths = [np.empty(0, np.uint16), *(entry.text.lengths for entry in self.entries)]
        return build_text_index(unpack(np.concatenate(packed), np.concatenate(lengths)), self.text_rarity)

    @cached_property
    def text_starts(self) -> NDArray[np.intp]:
        """The first row of each article in `text_index`."""
        return np.cumsum([0, *(len(entry.text.lengths) for entry in self.entries)], dtype=np.intp)[:-1]

    @cached_property
    def umlauts(self) -> Mapping[str, str]:
        """The words that customers may spell out, by their folded spelling."""
        if self.finder is not None:
            return self.finder.umlauts
        return by_folded_spelling(word for entry in self.entries for word in entry.umlauts)

    @cached_property
    def words(self) -> KnownWords:
        """The words of all articles, as far as typing errors are looked for among so many."""
        if len(self.entries) > MAX_ARTICLES_FOR_TYPING_ERRORS:
            return {}
        return known_words(word for entry in self.entries for word in entry.words)

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
                self.passage_owners,
                self.placed_passages,
                self.has_passages,
                self.text_weights,
                self.text_index,
                self.text_starts,
                self.umlauts,
            )
        return self


@cache
def empty_snapshot() -> Snapshot:
    """What is searched before a library has started."""
    return build_snapshot((), revision=-1, space=plain_space())


def build_snapshot(
    entries: Iterable[IndexEntry],
    *,
    revision: int,
    space: VectorSpace,
    head: Head | None = None,
    calibration: Calibration = USUAL,
    rarity: PieceRarity | None = None,
    text_rarity: PieceRarity | None = None,
    before: Snapshot | None = None,
) -> Snapshot:
    """A snapshot ready to be searched; articles in the order of their keys.

    What is the same as in `before` isn't computed again.
    """
    ordered = tuple(sorted(entries, key=lambda entry: entry.key))
    snapshot = Snapshot(revision, ordered, space, head, calibration, rarity=rarity, text_rarity=text_rarity)
    if before is not None and before.space is space and before.finder is None:
        known = {id(entry): column for column, entry in enumerate(before.entries)}
        vars(snapshot)["placed"] = _place(
            [entry.vectors for entry in ordered],
            [known.get(id(entry)) for entry in ordered],
            _cut(before.placed, before.owners, len(before.entries)),
            space.place,
        )
        vars(snapshot)["placed_passages"] = _place(
            [entry.text.vectors for entry in ordered],
            [known.get(id(entry)) for entry in ordered],
            _cut(before.placed_passages, before.passage_owners, len(before.entries)),
            space.place_passages,
        )
    return snapshot.prepare()


def _cut(rows: Vectors, owners: NDArray[np.intp], articles: int) -> list[Vectors]:
    """The rows of each article."""
    return np.split(rows, np.searchsorted(owners, np.arange(1, articles))) if articles else []


def _place(
    vectors: Sequence[NDArray[np.float16]],
    unchanged: Sequence[int | None],
    before: Sequence[Vectors],
    place: Callable[[Vectors], Vectors],
) -> Vectors:
    """The rows of articles that haven't changed are copied, the others placed."""
    rows = [
        before[column] if column is not None else place(each.astype(np.float32))
        for each, column in zip(vectors, unchanged, strict=True)
    ]
    return np.concatenate([place(np.empty((0, DIMENSIONS), np.float32)), *rows])
