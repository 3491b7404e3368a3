"""Pieces of a summary and the words they cost: the most telling ones are taken until the limit is reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpdesk.handoff.summary.lines import MAX_WORDS, Label, SummaryLine, count_words
from helpdesk.handoff.summary.phrases import SummaryPhrases

_TOGETHER = {Label.KNOWN: " · ", Label.NEXT: " · "}
"""Labels whose pieces share one line."""

_ORDER = {label: place for place, label in enumerate(Label)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPiece:
    """Something worth telling. `weight` decides what is left out; `place` is its order within the label.

    `only_if_new`: it is left out where a quotation already says it.
    """

    label: Label
    text: str
    turns: tuple[int, ...]
    weight: float
    said: tuple[str, ...] = ()
    outcome: str | None = None
    place: float = 0
    only_if_new: bool = False


def fit(pieces: Iterable[SummaryPiece], phrases: SummaryPhrases) -> tuple[SummaryLine, ...]:
    """The lines of the weightiest pieces that fit into `MAX_WORDS` words together."""
    taken: list[SummaryPiece] = []
    left = MAX_WORDS
    for piece in sorted(pieces, key=lambda each: -each.weight):
        if piece.only_if_new and _is_said(piece, taken):
            continue
        cost = _cost(piece, taken, phrases)
        if cost <= left:
            taken.append(piece)
            left -= cost
    kept = [piece for piece in taken if not (piece.only_if_new and _is_said(piece, taken))]
    return _as_lines(sorted(kept, key=lambda each: (_ORDER[each.label], each.place)))


def _cost(piece: SummaryPiece, taken: Sequence[SummaryPiece], phrases: SummaryPhrases) -> int:
    whole = count_words([_line([piece])], phrases)
    shares = piece.label in _TOGETHER and any(each.label == piece.label for each in taken)
    return len(piece.text.split()) + 1 if shares else whole


def _is_said(piece: SummaryPiece, taken: Iterable[SummaryPiece]) -> bool:
    return any(
        piece.text in quote for other in taken if other is not piece and not other.only_if_new for quote in other.said
    )


def _as_lines(pieces: Sequence[SummaryPiece]) -> tuple[SummaryLine, ...]:
    lines: list[list[SummaryPiece]] = []
    for piece in pieces:
        if lines and piece.label in _TOGETHER and lines[-1][0].label == piece.label:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return tuple(_line(together) for together in lines)


def _line(pieces: Sequence[SummaryPiece]) -> SummaryLine:
    return SummaryLine(
        label=pieces[0].label,
        text=_TOGETHER.get(pieces[0].label, " ").join(piece.text for piece in pieces),
        turns=tuple(sorted({seq for piece in pieces for seq in piece.turns})),
        outcome=pieces[0].outcome,
        said=tuple(quote for piece in pieces for quote in piece.said),
    )
