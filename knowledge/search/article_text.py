"""What the answers of an article say, as the search sees it: passages, compared by meaning, and pieces of words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.articles.content import ArticleWording, Content
from knowledge.normalization import excerpt, words
from knowledge.search.embedder import DIMENSIONS, Vectors
from knowledge.search.lexical import count_words, pack
from knowledge.search.passages import Passage, split_passages

MAX_PASSAGES = 12
"""Of one answer: what is more is put together with its neighbours. More find nothing more, and cost memory."""
MAX_PASSAGE_LENGTH = 400
"""Characters that are embedded: the time that takes grows with them."""
LEAST_WEIGHT = 0.02
"""Of the text beside the phrasings; below it, passages decide nothing and aren't embedded."""

_WORTH_OF_A_PHRASING = 2
"""So many passages say as much about what an article is asked as one phrasing does."""
_TITLE_COUNTS = 2
_MAX_WORDS = 2_000  # of one answer: their pieces are counted in 16 bits

type Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SearchedText:
    """What is computed once of the answers of one article, in all its languages.

    A vector of zeros means that the passage is still waiting to be embedded; until then its words find it.
    """

    passages: tuple[str, ...]
    """With what they stand under, as they are embedded."""
    vectors: NDArray[np.float16]
    """One row a passage."""
    pieces: NDArray[np.uint32]
    """Those of title, headings and answer, one row a language, packed; `lengths` says how many are whose."""
    lengths: NDArray[np.uint16]
    weight: float
    """From 0 (there are many phrasings, which decide) to 1 (only the text says what the article is about)."""

    @property
    def waiting(self) -> tuple[str, ...]:
        """The passages that are yet to be embedded."""
        there = self.vectors.any(axis=1)
        return tuple(text for text, known in zip(self.passages, there, strict=True) if not known)

    def completed(self, known: Mapping[str, Vector]) -> "SearchedText":
        """The same with the vectors that are known by now."""
        if not any(text in known for text in self.waiting):
            return self
        rows = [known.get(text, there) for text, there in zip(self.passages, self.vectors, strict=True)]
        return replace(self, vectors=np.array(rows, np.float16))

    def nearest(self, vector: Vectors, most: int) -> "SearchedText":
        """The same with only the `most` passages that are nearest to `vector`, looked at roughly."""
        if len(self.passages) <= most:
            return self
        rows = np.sort(np.argsort(-(self.vectors.astype(np.float32) @ vector), kind="stable")[:most])
        return replace(self, passages=tuple(self.passages[row] for row in rows.tolist()), vectors=self.vectors[rows])


def text_weight(passages: int, phrasings: int) -> float:
    """How much the text of an article counts beside its phrasings, from 0 to 1."""
    share = passages / max(passages + _WORTH_OF_A_PHRASING * phrasings, 1)
    return share**2 if share**2 >= LEAST_WEIGHT else 0.0


def make_text(content: Content, known: Mapping[str, Vector], *, with_passages: bool = True) -> SearchedText:
    """The text of an article, with the vectors of passages that are known; `with_passages`: to be embedded at all."""
    split = [(wording, split_passages(wording.answer)) for wording in content.variants.values()]
    counted = [_words(wording, passages) for wording, passages in split]
    weight = text_weight(sum(len(passages) for _, passages in split), len(content.asked))
    embedded = (
        tuple(dict.fromkeys(text for wording, passages in split for text in _gathered(wording.question, passages)))
        if with_passages and weight
        else ()
    )
    pieces = count_words(counted)
    nothing = np.zeros(DIMENSIONS, np.float32)
    vectors = np.array([known.get(text, nothing) for text in embedded], np.float16).reshape(-1, DIMENSIONS)
    lengths = np.diff(pieces.indptr).astype(np.uint16)
    return SearchedText(passages=embedded, vectors=vectors, pieces=pack(pieces), lengths=lengths, weight=weight)


def _words(wording: ArticleWording, passages: Sequence[Passage]) -> list[str]:
    headings = dict.fromkeys(passage.heading for passage in passages)
    said = [word for passage in passages for word in words(passage.text)]
    titles = [*_TITLE_COUNTS * words(wording.question), *(word for heading in headings for word in words(heading))]
    return [*titles, *said][:_MAX_WORDS]


def _gathered(title: str, passages: Sequence[Passage]) -> Iterator[str]:
    """At most `MAX_PASSAGES` texts: of more passages, those neighbours that are shortest together become one."""
    groups = [[passage] for passage in passages]
    while len(groups) > MAX_PASSAGES:
        lengths = [sum(len(passage.text) for passage in group) for group in groups]
        first = int(np.argmin(np.add(lengths[:-1], lengths[1:])))
        groups[first] += groups.pop(first + 1)
    for first_of, *others in groups:
        together = " ".join([first_of.in_context(title), *(passage.text for passage in others)])
        yield excerpt(together, MAX_PASSAGE_LENGTH)


def no_text() -> SearchedText:
    """The text of an article that is found by its phrasings alone."""
    return SearchedText(
        passages=(),
        vectors=np.empty((0, DIMENSIONS), np.float16),
        pieces=np.empty(0, np.uint32),
        lengths=np.zeros(1, np.uint16),
        weight=0.0,
    )
