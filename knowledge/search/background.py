"""What people also write to a help desk, and no article is about: small talk, and questions about the wide world.

`data/background.txt` holds such sentences, in German and English, written by us. The head learns them as one more thing
that a message can be, so that "guten Morgen" isn't taken for the article about delivery in the morning. Their vectors
are kept beside them, since they are needed wherever something is learnt; after a change of the sentences or of the
embedder, `python -m knowledge.search.background` makes them anew.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.search.embedder import DIMENSIONS, Embedder, ThreeModels, Vectors

SENTENCES = Path(__file__).parent / "data" / "background.txt"
VECTORS = SENTENCES.with_suffix(".npy")
PASSAGE_CENTRE = SENTENCES.with_suffix(".passages.npy")


def read_sentences() -> list[str]:
    """One a line."""
    return SENTENCES.read_text(encoding="utf-8").splitlines()


@cache
def read_vectors() -> Vectors:
    """The sentences as the embedder sees them, one row each; none when they are of an embedder of another size."""
    vectors = np.load(VECTORS, allow_pickle=False).astype(np.float32)
    return vectors if vectors.shape[1] == DIMENSIONS else np.empty((0, DIMENSIONS), np.float32)


@cache
def read_passage_centre() -> NDArray[np.float32]:
    """The mean of the sentences embedded as passages, shape (dimensions,): where any passage lies, whatever it says."""
    centre = np.load(PASSAGE_CENTRE, allow_pickle=False).astype(np.float32)
    return centre if len(centre) == DIMENSIONS else np.zeros(DIMENSIONS, np.float32)


def write_vectors(embedder: Embedder) -> None:
    """Embed the sentences anew."""
    sentences = read_sentences()
    np.save(VECTORS, embedder.embed_queries(sentences).astype(np.float16), allow_pickle=False)
    centre = embedder.embed_passages(sentences).mean(axis=0)
    np.save(PASSAGE_CENTRE, centre.astype(np.float16), allow_pickle=False)


if __name__ == "__main__":
    write_vectors(ThreeModels())
