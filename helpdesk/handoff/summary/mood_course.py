"""The course of the mood: how it was at first, how it changed, and the words that show it."""

from collections.abc import Sequence
from itertools import groupby

from helpdesk.handoff.mood import ABUSIVE_FROM, AT_ONCE, BUILDS_UP
from helpdesk.handoff.summary.inputs import MoodOfLine
from helpdesk.handoff.summary.lines import Label
from helpdesk.handoff.summary.phrases import SummaryPhrases
from helpdesk.handoff.summary.pieces import SummaryPiece

_MAX_SIGN_WORDS = 8  # words that show a mood


def mood_pieces(moods: Sequence[MoodOfLine], texts: dict[int, str], phrases: SummaryPhrases) -> list[SummaryPiece]:
    """The mood as one piece: at first, at its worst, at last. Nothing where nobody was ever annoyed.

    `texts` are the lines by their `seq`; a sign of the contact's is quoted only if its line holds it to the letter.
    """
    runs = [(level, list(each)) for level, each in groupby(moods, key=_level)]
    if not any(level for level, _ in runs):
        return []
    worst_at = max(range(len(runs)), key=lambda place: runs[place][0])
    worst = runs[worst_at][1]
    shown = _shown(worst, texts)
    parts = [
        *_before(runs[:worst_at], phrases),
        _worst(runs, worst_at, phrases),
        *_after(runs[worst_at + 1 :], phrases),
    ]
    if shown:
        parts[1 if worst_at else 0] += f" ({phrases.quoted(shown[1])})"
    turns = {runs[0][1][0].seq, worst[0].seq, runs[-1][1][-1].seq} | ({shown[0]} if shown else set())
    return [
        SummaryPiece(
            label=Label.MOOD,
            text=", ".join(parts),
            turns=tuple(sorted(turns)),
            weight=0.85,
            said=(shown[1],) if shown else (),
        )
    ]


def _level(mood: MoodOfLine) -> int:
    if mood.abuse >= ABUSIVE_FROM:
        return 3
    return 2 if mood.frustration >= AT_ONCE else int(mood.frustration >= BUILDS_UP)


def _word(level: int, phrases: SummaryPhrases) -> str:
    return phrases.phrase(("calm", "annoyed", "angry", "abusive")[level])


def _before(runs: Sequence[tuple[int, object]], phrases: SummaryPhrases) -> list[str]:
    return [phrases.phrase("at_first", mood=_word(runs[0][0], phrases))] if runs else []


def _worst(runs: Sequence[tuple[int, object]], at: int, phrases: SummaryPhrases) -> str:
    name = "throughout" if len(runs) == 1 else "then" if at else "at_first"
    return phrases.phrase(name, mood=_word(runs[at][0], phrases))


def _after(runs: Sequence[tuple[int, object]], phrases: SummaryPhrases) -> list[str]:
    if not runs:
        return []
    word = _word(runs[-1][0], phrases) if runs[-1][0] == 0 else phrases.phrase("calmer")
    return [phrases.phrase("at_last", mood=word)]


def _shown(moods: Sequence[MoodOfLine], texts: dict[int, str]) -> tuple[int, str] | None:
    """The sign that says most by itself: the longest."""
    own = {mood.seq for mood in moods}
    found = (sign for mood in moods for sign in mood.shown_by if sign.seq in own)
    signs = ((sign.seq, " ".join(sign.text.split())) for sign in found)
    return max((each for each in signs if _is_quotable(*each, texts)), key=lambda each: len(each[1]), default=None)


def _is_quotable(seq: int, text: str, texts: dict[int, str]) -> bool:
    return bool(text) and len(text.split()) <= _MAX_SIGN_WORDS and text in texts.get(seq, "")
