"""Names the intent of a message by the examples that are near it: trained in seconds, stored as arrays, no pickle.

Small talk is many small islands of meaning ("legend!", "hats off", "ta" are thanks): a plane through the space of
embeddings cuts them apart badly, distances to the examples don't.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

ARRAYS = "classifier.npz"
SHARPNESSES = np.linspace(0.5, 12, 47)
"""Tried in training."""


def train_arrays(
    embeddings: npt.NDArray[Any], intents: list[str], *, width: float, ridge: float
) -> dict[str, npt.NDArray[Any]]:
    """Kernel ridge regression of each intent against the others, on how near a message is to every example.

    e5 embeddings all point the same way (any two texts have a cosine above 0.7), so they are centred and scaled first.
    `width` is how far an example is heard, `ridge` how little a single one counts.
    """
    names, numbers = np.unique(np.asarray(intents, dtype=str), return_inverse=True)
    mean = embeddings.mean(axis=0)
    scale = np.float32(np.linalg.norm(embeddings - mean, axis=1).mean())
    examples = ((embeddings - mean) / scale).astype(np.float32)
    lengths = (examples**2).sum(axis=1)
    near = _nearness(examples, examples, lengths, width).astype(np.float64)
    inverse = np.linalg.inv(near + ridge * np.eye(len(examples)))
    wanted = np.eye(len(names))[numbers] * 2 - 1
    weights = inverse @ wanted
    held_out = wanted - weights / np.diag(inverse)[:, None]
    return {
        "examples": examples,
        "lengths": lengths,
        "weights": weights.astype(np.float32),
        "mean": mean.astype(np.float32),
        "scale": np.asarray(scale),
        "width": np.asarray(width, dtype=np.float32),
        "sharpness": np.asarray(_sharpness(held_out, numbers), dtype=np.float32),
        "intents": names,
    }


def probabilities(arrays: dict[str, npt.NDArray[Any]], embedding: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """How likely each of `arrays["intents"]` is."""
    asked = ((embedding - arrays["mean"]) / arrays["scale"]).reshape(1, -1)
    near = _nearness(asked, arrays["examples"], arrays["lengths"], float(arrays["width"]))
    scores = near @ arrays["weights"]
    return np.asarray(np.exp(_log_shares(scores * arrays["sharpness"])[0]))


def _nearness(
    one: npt.NDArray[Any], other: npt.NDArray[Any], lengths: npt.NDArray[Any], width: float
) -> npt.NDArray[Any]:
    """From 1 for equal embeddings down to 0; shape (len(one), len(other)). `lengths` are those of `other`, squared."""
    distances = (one**2).sum(axis=1)[:, None] + lengths[None, :] - 2 * one @ other.T
    return np.asarray(np.exp(-distances.clip(0) / width))


def _sharpness(held_out: npt.NDArray[Any], right: npt.NDArray[Any]) -> float:
    """By what the scores are multiplied so that the confidence is right as often as it says.

    Measured on what each example would score if it were not among the examples.
    """
    rows = np.arange(len(right))
    return float(max(SHARPNESSES, key=lambda by: _log_shares(held_out * by)[rows, right].mean()))


def _log_shares(scores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


SUREST = 0.9999
"""What is read out of words is never as sure as a pressed button, which is exactly 1."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KernelIntents(IntentClassifier, GraphComponent):
    """Names the intent of a message, with a ranking of the next best."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"width": 1.25, "ridge": 0.1, "ranking_length": 6}

    @staticmethod
    def required_packages() -> list[str]:
        return ["numpy"]

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        arrays: dict[str, npt.NDArray[Any]] | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._arrays = arrays

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "KernelIntents":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "KernelIntents":
        with model_storage.read_from(resource) as folder, np.load(folder / ARRAYS, allow_pickle=False) as stored:
            return cls(config, model_storage, resource, dict(stored))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        embeddings = np.stack([_embedding_of(example) for example in examples])
        intents = [example.get(INTENT) for example in examples]
        self._arrays = train_arrays(
            embeddings, intents, width=float(self._config["width"]), ridge=float(self._config["ridge"])
        )
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / ARRAYS, **self._arrays)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                self._name(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _name(self, message: Message) -> None:
        if self._arrays is None:
            raise RuntimeError("The intent classifier has not been trained. Run: staffel train")
        shares = probabilities(self._arrays, _embedding_of(message))
        best = np.argsort(-shares)[: self._config["ranking_length"]]
        names = self._arrays["intents"]
        ranking = [{"name": str(names[i]), "confidence": min(round(float(shares[i]), 4), SUREST)} for i in best]
        message.set("intent", dict(ranking[0]), add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)


def _embedding_of(message: Message) -> npt.NDArray[Any]:
    features = message.get_dense_features(TEXT)[1]
    if features is None:
        raise ValueError("A message has no sentence embedding: bot.featurizer.SentenceEmbedding must come first")
    return np.asarray(features.features, dtype=np.float32).reshape(-1)
