"""A snapshot of the knowledge base, ready to be searched. It never changes, so it is read without locks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.content import Content
from knowledge.embedder import DIMENSIONS, Vectors
from knowledge.head import Head
from knowledge.lexical import BUCKETS, LexicalIndex, Pieces, build_lexical, count_pieces
from knowledge.space import Space
from knowledge.text import same_words


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """One published article with all that is computed once: vectors and pieces of its phrasings, in the same order.

    A vector of zeros means that the phrasing is still waiting to be embedded; until then words alone find it.
    """

    key: str
    revision: int
    content: Content
    phrasings: tuple[str, ...]
    languages: tuple[str, ...]
    vectors: Vectors
    pieces: Pieces


def make_entry(key: str, revision: int, content: Content, known: Mapping[str, NDArray[np.float32]]) -> Entry:
    """The entry of an article, with the vectors that are known by text."""
    asked = [(text, language) for language, wording in content.variants.items() for text in wording.asked]
    phrasings = tuple(text for text, _ in asked)
    nothing = np.zeros(DIMENSIONS, np.float32)
    return Entry(
        key=key,
        revision=revision,
        content=content,
        phrasings=phrasings,
        languages=tuple(language for _, language in asked),
        vectors=np.stack([known.get(text, nothing) for text in phrasings]).astype(np.float32),
        pieces=count_pieces(phrasings),
    )


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The published articles at one revision. Rows are phrasings; those of one article stand together."""

    revision: int
    entries: tuple[Entry, ...]
    space: Space
    head: Head | None = None

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The articles, in the order of the columns of every table of scores."""
        return tuple(entry.key for entry in self.entries)

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """The articles by key."""
        return {entry.key: entry for entry in self.entries}

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
        return np.concatenate([np.empty((0, DIMENSIONS), np.float32), *(entry.vectors for entry in self.entries)])

    @cached_property
    def placed(self) -> Vectors:
        """The embedding of each row, in `space`."""
        return self.space.place(self.vectors)

    @cached_property
    def centres(self) -> Vectors:
        """The middle of each article's phrasings in `space`, as unit vectors."""
        sums = np.add.reduceat(self.placed, self.starts, axis=0) if self.entries else self.placed
        lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
        return cast(Vectors, sums / lengths)

    @cached_property
    def embedded(self) -> NDArray[np.bool_]:
        """Which articles have at least one vector."""
        return np.array([bool(entry.vectors.any()) for entry in self.entries], dtype=bool)

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The rows by their words."""
        empty = sparse.csr_array((0, BUCKETS), dtype=np.float32)
        return build_lexical(sparse.vstack([empty, *(entry.pieces for entry in self.entries)], format="csr"))

    @cached_property
    def learnt(self) -> NDArray[np.intp]:
        """The head's column of each article, -1 for those that it hasn't learnt."""
        columns = {key: number for number, key in enumerate(self.head.keys)} if self.head else {}
        return np.array([columns.get(key, -1) for key in self.keys], dtype=np.intp)

    @cached_property
    def same(self) -> dict[str, tuple[int, ...]]:
        """The articles that are asked for in exactly these words."""
        found: dict[str, dict[int, None]] = {}
        for column, entry in enumerate(self.entries):
            for phrasing in entry.phrasings:
                found.setdefault(same_words(phrasing), {})[column] = None
        return {asked: tuple(columns) for asked, columns in found.items() if asked}

    def prepare(self) -> "Snapshot":
        """Compute everything now, so that the first question doesn't wait for it."""
        _ = self.by_key, self.starts, self.owners, self.centres, self.embedded, self.lexical, self.learnt, self.same
        return self


def build_snapshot(entries: Iterable[Entry], *, revision: int, space: Space, head: Head | None = None) -> Snapshot:
    """A snapshot ready to be searched; articles in the order of their keys."""
    ordered = tuple(sorted(entries, key=lambda entry: entry.key))
    return Snapshot(revision=revision, entries=ordered, space=space, head=head).prepare()
