"""What is learnt from all phrasings together: the space, the head, and what a confidence is worth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.search.background import read_sentences, read_vectors
from knowledge.search.blas_threads import limit_blas_threads
from knowledge.search.calibration import USUAL, Calibration, CalibrationSample, calibrate
from knowledge.search.cross_validation import BackgroundMessages, ValidationFold, make_validation_folds
from knowledge.search.embedder import Vectors
from knowledge.search.head import Head, train_head
from knowledge.search.index import Snapshot
from knowledge.search.index_entry import IndexEntry
from knowledge.search.lexical import count_pieces
from knowledge.search.ranking import cover, judge, read_signs
from knowledge.search.vector_space import SpaceTexts, VectorSpace, fit_space

type Packed = dict[str, NDArray[Any]]

_OUR_OWN = 0.5
"""Cosine to a phrasing from which a sentence of the background is taken to be about that article."""
_EXAM_UP_TO = 5_000_000
"""Phrasings times articles, above which a second training takes too long: what holds for others has to do."""
_AT_ONCE = 2_000
_LEAST_DEVIATION = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnedModel:
    """The three belong together: a head to the space that it was trained in, a calibration to both."""

    space: VectorSpace
    head: Head | None
    calibration: Calibration


def learn_model(snapshot: Snapshot) -> LearnedModel:
    """Learn everything anew from the articles of `snapshot`. Pure; keeps the processor busy, so run it in a thread."""
    limit_blas_threads(with_scipy=True)
    space = fit_snapshot_space(snapshot)
    background = _foreign(snapshot, space)
    head = _train(snapshot, space, background.vectors)
    calibration = _with_chance(_calibrate(snapshot, background), snapshot, space, background.vectors)
    return LearnedModel(space=space, head=head, calibration=calibration)


def _with_chance(calibration: Calibration, snapshot: Snapshot, space: VectorSpace, background: Vectors) -> Calibration:
    """The calibration with how near the background comes to the passages, where there are any."""
    passages = snapshot.passage_vectors()
    passages = passages[passages.any(axis=1)]
    if not len(passages) or not len(background):
        return calibration
    placed, nearest = space.place(background), np.full(len(background), -1.0, np.float32)
    for start in range(0, len(passages), _AT_ONCE):
        some = space.place_passages(passages[start : start + _AT_ONCE])
        nearest = np.maximum(nearest, (placed @ some.T).max(axis=1))
    mean, deviation = float(nearest.mean()), max(float(nearest.std()), _LEAST_DEVIATION)
    return replace(calibration, chance_mean=round(mean, 4), chance_deviation=round(deviation, 4))


def _foreign(snapshot: Snapshot, space: VectorSpace) -> BackgroundMessages:
    """The background without what this knowledge base has articles about: whoever tells jokes keeps the jokes."""
    vectors = read_vectors()
    texts = read_sentences()[: len(vectors)]
    likest = (space.place(vectors) @ space.place(snapshot.vectors).T).max(axis=1, initial=-1)
    foreign = likest < _OUR_OWN
    return BackgroundMessages(
        texts=list(compress(texts, foreign.tolist())), vectors=vectors[foreign], pieces=count_pieces(texts)[foreign]
    )


def fit_snapshot_space(snapshot: Snapshot) -> VectorSpace:
    """The space of all phrasings and passages."""
    passages = SpaceTexts(vectors=snapshot.passage_vectors(), owners=snapshot.passage_owners)
    weight = float(snapshot.text_weights.mean()) if snapshot.entries else 0.0
    return fit_space(snapshot.vectors, snapshot.owners, passages, text_weight=weight)


def _study(snapshot: Snapshot, background: Vectors) -> tuple[VectorSpace, Head | None]:
    space = fit_snapshot_space(snapshot)
    return space, _train(snapshot, space, background)


def _train(snapshot: Snapshot, space: VectorSpace, background: Vectors) -> Head | None:
    """The head learns from passages as from phrasings: what an answer says, somebody may ask."""
    there = snapshot.passage_vectors().any(axis=1)
    passages = space.place_passages(snapshot.passage_vectors()[there])
    rows = np.concatenate([space.place(snapshot.vectors), passages])
    owners = np.concatenate([snapshot.owners, snapshot.passage_owners[there]])
    return train_head(rows, owners, snapshot.keys, space.place(background))


def _calibrate(snapshot: Snapshot, background: BackgroundMessages) -> Calibration:
    if measure_effort(snapshot.entries) > _EXAM_UP_TO:
        return USUAL
    heard = [each for exam in make_validation_folds(snapshot, background, _study) for each in _listen(exam)]
    return calibrate(heard, phrasings=len(snapshot.owners) / max(len(snapshot.keys), 1))


def _listen(exam: ValidationFold) -> Iterator[CalibrationSample]:
    told = exam.snapshot
    judgement = judge(told, told.lexical.compare(exam.pieces), cover(told, exam.texts), exam.vectors)
    for row, expected in enumerate(exam.expected.tolist()):
        order = np.argsort(-judgement.shares[row], kind="stable")
        yield CalibrationSample(
            signs=read_signs(told, judgement, row, order), right=bool(order[0] == expected), outside=expected < 0
        )


def measure_effort(entries: Sequence[IndexEntry]) -> int:
    """What learning costs: phrasings and passages times articles."""
    return sum(len(entry.phrasings) + len(entry.text.passages) for entry in entries) * len(entries)


def pack_model(learnt: LearnedModel) -> Packed:
    """As named arrays, none of them of objects, so that it can be kept; `unpack` is the way back."""
    floats = learnt.calibration.as_floats()
    packed: Packed = {
        "space.centre": learnt.space.centre,
        "space.stretch": learnt.space.stretch,
        "space.shared": np.array(learnt.space.shared),
        "space.passage_centre": learnt.space.passage_centre,
        "calibration.names": np.array(list(floats)),
        "calibration.values": np.array(list(floats.values())),
    }
    if learnt.head is not None:
        packed |= {
            "head.keys": np.array(learnt.head.keys),
            "head.weights": learnt.head.weights,
            "head.bias": learnt.head.bias,
        }
    return packed


def unpack_model(packed: Mapping[str, NDArray[Any]]) -> LearnedModel:
    """What `pack` has packed. Raises `KeyError` or `TypeError` when it was packed by another version of this code."""
    names, values = packed["calibration.names"].tolist(), packed["calibration.values"].tolist()
    return LearnedModel(
        space=VectorSpace(
            centre=packed["space.centre"],
            stretch=packed["space.stretch"],
            shared=int(packed["space.shared"]),
            passage_centre=packed["space.passage_centre"],
        ),
        head=_unpack_head(packed) if "head.keys" in packed else None,
        calibration=Calibration(**dict(zip(names, values, strict=True))),
    )


def _unpack_head(packed: Mapping[str, NDArray[Any]]) -> Head:
    return Head(keys=tuple(packed["head.keys"].tolist()), weights=packed["head.weights"], bias=packed["head.bias"])
