"""How a line is written: capitals, runs of marks, stretched letters, emoji."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from helpdesk.handoff.mood.moods import SignKind
from helpdesk.handoff.mood.spelling import Word, is_stretched

LOUD_WORD = 4
"""Letters from which a word in capitals counts as loud; shorter ones are DHL, VAT, PDF."""

type Found = tuple[SignKind, int, int]

_RUN = re.compile(r"!{2,}|\?{2,}|[!?]*(?:!\?|\?!)[!?]*|\.{4,}")
_GRAWLIX = re.compile(r"(?<!\w)(?=[#@$%&*!?]*[#@$%&])(?:[#@$%&*!]){4,}(?!\w)")
_EMOJI = {
    "angry": re.compile("[😠😡🤬👿😤💢👎🙄😒🤦🤷🤮🤢]|>:\\(|>:-\\("),
    "sad": re.compile("[😞😔😟😕🙁☹😣😖😫😩😢😭😥😓😑]|[:;]-?\\((?!\\w)|:'\\("),
    "rude": re.compile("🖕|💩|🐖|🐷|🐒|🐀"),
    "happy": re.compile("[😀😃😄😁😊🙂😉😍🥰😘👍🙏❤💚💙✨🎉🤗☺🥳💪]|[:;]-?\\)|:-?D(?!\\w)|<3"),
    "laughing": re.compile("[😂🤣😜😝🤡😆]"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineForm:
    """Features between 0 and 2, and where they show."""

    features: dict[str, float]
    found: tuple[Found, ...]


def look(line: str, words: Sequence[Word]) -> LineForm:
    """The form of a line."""
    found = [*_shouting(line, words), *_runs(line), *_stretched(words), *_emoji(line)]
    kinds = [kind for kind, _, _ in found]
    emoji = {f"emoji_{name}": min(len(pattern.findall(line)), 2) for name, pattern in _EMOJI.items()}
    return LineForm(
        features={
            "shouting": float(SignKind.SHOUTING in kinds),
            "marks": min(kinds.count(SignKind.PUNCTUATION), 2),
            "grawlix": float(bool(_GRAWLIX.search(line))),
            "stretched": min(kinds.count(SignKind.STRETCHED), 2),
            "exclaims": float("!" in line),
            "asks": float("?" in line),
            "dots": float("..." in line or "…" in line),
            **emoji,
        },
        found=tuple(found),
    )


def _shouting(line: str, words: Sequence[Word]) -> Iterator[Found]:
    """Two loud words, in a row or in a line that is mostly capitals; a word with digits is a number of something."""
    loud = [word for word in words if _is_loud(line, word)]
    letters = sum(map(str.isalpha, line))
    share = sum(map(str.isupper, line)) / letters if letters else 0.0
    together = any(0 < b.start - a.end <= 2 for a, b in pairwise(loud))
    if (len(loud) >= 2 and (together or share > 0.5)) or (len(loud) == 1 and share > 0.7 and len(words) > 1):
        yield SignKind.SHOUTING, loud[0].start, loud[-1].end


def _is_loud(line: str, word: Word) -> bool:
    joined = {line[word.start - 1 : word.start], line[word.end : word.end + 1]} & {"-", "_", "/", "#"}
    return len(word.raw) >= LOUD_WORD and word.raw.isalpha() and word.raw.isupper() and not joined


def _runs(line: str) -> Iterator[Found]:
    for match in _RUN.finditer(line):
        yield SignKind.PUNCTUATION, match.start(), match.end()
    for match in _GRAWLIX.finditer(line):
        yield SignKind.SWEARING, match.start(), match.end()


def _stretched(words: Sequence[Word]) -> Iterator[Found]:
    for word in words:
        if is_stretched(word.raw):
            yield SignKind.STRETCHED, word.start, word.end


def _emoji(line: str) -> Iterator[Found]:
    for name, kind in (("angry", SignKind.EMOJI), ("sad", SignKind.EMOJI), ("rude", SignKind.RUDE_EMOJI)):
        for match in _EMOJI[name].finditer(line):
            yield kind, match.start(), match.end()
