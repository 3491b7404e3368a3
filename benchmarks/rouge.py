"""ROUGE (Lin, 2004) as F1, on lower-case words and numbers, without stemming and without removing stop words."""

import re
from collections import Counter
from collections.abc import Sequence

_TOKEN = re.compile(r"[a-z0-9äöüß]+")


def tokens(text: str) -> list[str]:
    """Words and numbers in lower case, apostrophes left out, since the references write "doesn't" and "doesnt"."""
    return _TOKEN.findall(text.lower().replace("'", "").replace("’", ""))


def rouge_n(found: Sequence[str], wanted: Sequence[str], n: int) -> float:
    """F1 of the shared n-grams, each counted as often as it stands in both."""
    ours, theirs = _grams(found, n), _grams(wanted, n)
    return _f1((ours & theirs).total(), ours.total(), theirs.total())


def rouge_l(found: Sequence[str], wanted: Sequence[str]) -> float:
    """F1 of the longest common subsequence of the two texts as wholes."""
    return _f1(_longest_common(found, wanted), len(found), len(wanted))


def _grams(words: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[start : start + n]) for start in range(len(words) - n + 1))


def _f1(shared: int, ours: int, theirs: int) -> float:
    return 2 * shared / (ours + theirs) if ours + theirs else 0.0


def _longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for place, against in enumerate(other, start=1):
            before, row[place] = row[place], before + 1 if word == against else max(row[place], row[place - 1])
    return row[-1]
