"""What people also write to a help desk, and no article is about: small talk, and questions about the wide world.

`data/background.txt` holds such sentences, in German and English, written by us. The head learns them as one more thing
that a message can be, so that "guten Morgen" isn't taken for the article about delivery in the morning. Their vectors
are kept beside them, since they are needed wherever something is learnt; after a change of the sentences or of the
embedder, `python -m knowledge.search.background` makes them anew.
"""

from functools import cache
from pathlib import Path

import numpy as np

from knowledge.search.embedder import DIMENSIONS, Embedder, ThreeModels, Vectors

SENTENCES = Path(__file__).parent / "data" / "background.txt"
VECTORS = SENTENCES.with_suffix(".npy")


def read_sentences() -> list[str]:
    """One a line."""
    return SENTENCES.read_text(encoding="utf-8").splitlines()


@cache
def read_vectors() -> Vectors:
    """The sentences as the embedder sees them, one row each; none when they are of an embedder of another size."""
    vectors = np.load(VECTORS, allow_pickle=False).astype(np.float32)
    return vectors if vectors.shape[1] == DIMENSIONS else np.empty((0, DIMENSIONS), np.float32)


def write_vectors(embedder: Embedder) -> None:
    """Embed the sentences anew."""
    np.save(VECTORS, embedder.embed_queries(read_sentences()).astype(np.float16), allow_pickle=False)


if __name__ == "__main__":
    write_vectors(ThreeModels())
