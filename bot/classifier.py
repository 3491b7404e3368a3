"""A linear intent classifier on the sentence embedding: trained in a second, stored as plain arrays, no pickle."""

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


def train_weights(embeddings: npt.NDArray[Any], intents: list[str], strength: float) -> dict[str, npt.NDArray[Any]]:
    """Multinomial logistic regression on centred embeddings.

    e5 embeddings all point the same way (any two texts have a cosine above 0.7): without centring and scaling, a
    regularised classifier hardly sees the differences and its probabilities are far too flat.
    """
    from sklearn.linear_model import LogisticRegression

    mean = embeddings.mean(axis=0)
    scale = np.float32(np.linalg.norm(embeddings - mean, axis=1).mean())
    model = LogisticRegression(C=strength, max_iter=1000, class_weight="balanced", random_state=1)
    model.fit((embeddings - mean) / scale, intents)
    weights = (model.coef_ / scale).astype(np.float32)
    bias = (model.intercept_ - weights @ mean).astype(np.float32)
    return {"weights": weights, "bias": bias, "intents": np.asarray(model.classes_, dtype=str)}


def probabilities(arrays: dict[str, npt.NDArray[Any]], embedding: npt.NDArray[Any]) -> npt.NDArray[Any]:
    scores = arrays["weights"] @ embedding + arrays["bias"]
    exponents = np.exp(scores - scores.max())
    return np.asarray(exponents / exponents.sum())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntents(IntentClassifier, GraphComponent):
    """Names the intent of a message, with a ranking of the next best."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"strength": 3.0, "ranking_length": 3}

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

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
    ) -> "LinearIntents":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearIntents":
        with model_storage.read_from(resource) as folder, np.load(folder / ARRAYS, allow_pickle=False) as stored:
            return cls(config, model_storage, resource, dict(stored))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        embeddings = np.stack([_embedding_of(example) for example in examples])
        self._arrays = train_weights(embeddings, [e.get(INTENT) for e in examples], self._config["strength"])
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
        ranking = [{"name": str(names[i]), "confidence": round(float(shares[i]), 4)} for i in best]
        message.set("intent", dict(ranking[0]), add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)


def _embedding_of(message: Message) -> npt.NDArray[Any]:
    features = message.get_dense_features(TEXT)[1]
    if features is None:
        raise ValueError("A message has no sentence embedding: bot.featurizer.SentenceEmbedding must come first")
    return np.asarray(features.features, dtype=np.float32).reshape(-1)
