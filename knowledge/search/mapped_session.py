"""A model of onnxruntime's, made ready once and then mapped from disk.

The package's weights are 8-bit numbers that onnxruntime unpacks at each start: half a second, and 60 MB of memory, most
of it a table of which customers' words touch a few rows. Unpacked and kept, it is mapped and shared by processes.
"""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import onnxruntime

_MODEL, _WEIGHTS = "model.onnx", "weights.bin"
_MIN_BYTES = "4096"  # of a table that is kept apart from the model


def open_session(model: Path, keep_in: Path | None = None) -> onnxruntime.InferenceSession:
    """A session over `model`; its weights mapped from the folder `keep_in`, when that can be written."""
    if keep_in is None:
        return _session(model)
    kept = keep_in / "models" / f"{model.parent.name}-{model.stat().st_size}-ort-{onnxruntime.__version__}"
    with suppress(Exception):  # onnxruntime's errors have no common class, and whatever is wrong is made anew
        return _session(kept / _MODEL)
    with suppress(OSError):  # a full or a foreign disk costs memory, not answers
        _keep(model, kept)
        return _session(kept / _MODEL)
    return _session(model)


def _session(model: Path, options: onnxruntime.SessionOptions | None = None) -> onnxruntime.InferenceSession:
    options = options or onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # threads wait for each other on a busy machine
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _keep(model: Path, kept: Path) -> None:
    """Whole or not at all, also when two processes start at once."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=kept.parent, prefix=kept.name, ignore_cleanup_errors=True) as folder:
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED  # for any processor
        options.optimized_model_filepath = str(Path(folder) / _MODEL)
        options.add_session_config_entry("session.optimized_model_external_initializers_file_name", _WEIGHTS)
        options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", _MIN_BYTES)
        _session(model, options)
        kept.mkdir(exist_ok=True)
        for name in (_WEIGHTS, _MODEL):  # the model last: whoever finds it finds its weights
            os.replace(Path(folder) / name, kept / name)  # noqa: PTH105
