"""How often the bot's intents are told right, by five folds of the examples in data/nlu: drawn by lot, and by families.

`python -m benchmarks intents`, which runs it with the bot's Python, since the classifier lives there. In the second row
nothing near a tested example is among those that were learnt: paraphrases of one another (average linkage, cosine 0.55)
are in one fold, as for a way of speaking that nobody thought of. `bot/rasa test nlu --cross-validation --folds 5`
measures the first alone.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from scipy.cluster.hierarchy import fcluster, linkage

from bot.classifier import KernelIntents, probabilities, train_arrays
from bot.embeddings import remembered_embeddings
from bot.featurizer import embed
from bot.intent_choice import FAQ, choose_intent
from bot_protocol import TurnContext

EXAMPLES = Path(__file__).parents[1] / "data" / "nlu"
FOLDS = 5
NEAR = 0.55
SHOWN = 12


def read_examples() -> Iterator[tuple[str, str]]:
    """Each example with its intent."""
    for file in sorted(EXAMPLES.glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                yield line.removeprefix("- ").strip(), block["intent"]


def families(vectors: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The number of each example's family; shape (examples,)."""
    centred = vectors - vectors.mean(axis=0)
    tree = linkage(centred / np.linalg.norm(centred, axis=1, keepdims=True), "average", metric="cosine")
    return np.asarray(fcluster(tree, t=1 - NEAR, criterion="distance"))


def folds(groups: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The fold of each example, by lot; a group stays together. Shape (examples,)."""
    return np.random.default_rng(0).integers(0, FOLDS, groups.max() + 1)[groups]


def predict(
    vectors: npt.NDArray[Any], intents: npt.NDArray[Any], fold: npt.NDArray[Any]
) -> tuple[list[str], list[str]]:
    """What the classifier alone and with the gate takes each example for that it has not learnt."""
    alone, gated = [""] * len(intents), [""] * len(intents)
    for number in range(FOLDS):
        learnt = fold != number
        settings = {name: KernelIntents.get_default_config()[name] for name in ("width", "ridge")}
        arrays = train_arrays(vectors[learnt], list(intents[learnt]), **settings)
        for row in np.flatnonzero(~learnt):
            shares = probabilities(arrays, vectors[row])
            alone[row] = str(arrays["intents"][shares.argmax()])
            gated[row] = choose_intent(alone[row], float(shares.max()), TurnContext())
    return alone, gated


def main() -> None:
    """Print both rows, and what is taken for what most often."""
    texts, named = zip(*read_examples(), strict=True)
    known, intents = remembered_embeddings(list(texts), embed), np.asarray(named)
    vectors = np.stack([known[text] for text in texts])
    print(f"{len(texts)} examples of {len(set(named))} intents")
    print("| five folds | classifier | with the gate | another intent taken for a question or the other way |")
    for name, groups in (("by lot", np.arange(len(texts))), ("by families", families(vectors))):
        alone, gated = predict(vectors, intents, folds(groups))
        wrong = Counter((said, heard) for said, heard in zip(named, gated, strict=True) if said != heard)
        crossed = sum(count for pair, count in wrong.items() if FAQ in pair)
        shares = [np.mean(np.asarray(found) == intents) for found in (alone, gated)] + [crossed / len(texts)]
        print(f"| {name} | " + " | ".join(f"{share:.1%}" for share in shares) + " |")
        print(*(f"    {said} for {heard}: {count}" for (said, heard), count in wrong.most_common(SHOWN)), sep="\n")


if __name__ == "__main__":
    main()
