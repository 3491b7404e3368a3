"""The layers of a model, ready to be run."""

from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from knowledge.search.bert.graph import LayerWeights, build_graph


class Layers:
    """Several threads may call them at once; each call keeps one core busy."""

    def __init__(self, weights: LayerWeights) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # threads wait for each other on a busy machine
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # nothing is kept of what a long text took
        providers = ["CPUExecutionProvider"]
        self._session = onnxruntime.InferenceSession(build_graph(weights), options, providers=providers)
        self._session._model_bytes = None  # it would keep 13 MB for starting again with another provider

    def mean_state(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mean of the last states over all pieces of one text; from shape (pieces, width) to (width,)."""
        (states,) = self._session.run(None, {"embeddings": embeddings[None]})
        return cast(NDArray[np.float32], states[0].mean(axis=0))
