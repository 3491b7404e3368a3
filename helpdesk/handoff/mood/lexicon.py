"""Lists of words and phrases as patterns over folded words, found in time linear in the line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files

from helpdesk.handoff.mood.spelling import Word, fold

WIDEST_GAP = 3
"""Words that `..` stands for at most."""
MASKABLE = ("swearing", "insult", "dismissal", "sexual", "slur")
"""Categories whose words customers write with asterisks."""
BEGINS, ENDS, CONTAINS = "begins", "ends", "contains"


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: any of `atoms`, or a gap when there are none."""

    atoms: frozenset[str]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words in a row that show `category`."""

    category: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Words `start` up to, not including, `end` show `category`."""

    category: str
    start: int
    end: int

    @property
    def length(self) -> int:
        """In words."""
        return self.end - self.start


class Lexicon:
    """All patterns, looked up by their first word."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._exact: set[str] = set()
        self._parts: dict[str, set[str]] = {BEGINS: set(), ENDS: set(), CONTAINS: set()}
        self._maskable: dict[str, set[str]] = {category: set() for category in MASKABLE}
        self._openings: set[str] = set()
        self._by_first: dict[str, list[Pattern]] = defaultdict(list)
        for category, written in entries:
            self._add(category, written)
        self.atoms_of = lru_cache(maxsize=50_000)(self._atoms_of)

    def _add(self, category: str, written: str) -> None:
        pattern = Pattern(category, tuple(map(self._element, written.split())))
        for element in pattern.elements:
            for atom in element.atoms:
                self._by_first[atom].append(pattern)
            if category in MASKABLE:
                self._remember_masked(category, pattern, element.atoms)
            if not element.optional:
                break

    def _remember_masked(self, category: str, pattern: Pattern, atoms: frozenset[str]) -> None:
        known = self._maskable[category] if len(pattern.elements) == 1 else self._openings
        known |= {atom for atom in atoms if not atom.startswith("*")}

    def _element(self, written: str) -> Element:
        if written == "..":
            return Element(frozenset(), optional=True)
        alternatives = written.rstrip("?").split("|")
        return Element(frozenset(map(self._atom, alternatives)), optional=written.endswith("?"))

    def _atom(self, written: str) -> str:
        bare = fold(written.strip("*"))
        match written.startswith("*"), written.endswith("*"):
            case True, True:
                self._parts[CONTAINS].add(bare)
                return f"*{bare}*"
            case True, False:
                self._parts[ENDS].add(bare)
                return f"*{bare}"
            case False, True:
                self._parts[BEGINS].add(bare)
                return f"{bare}*"
            case _:
                self._exact.add(bare)
                return bare

    def _atoms_of(self, word: str) -> frozenset[str]:
        """The single places of patterns that a folded word fits."""
        if "*" in word:
            return self._unmask(word)
        found = {word} & self._exact
        found |= {f"{word[:n]}*" for n in range(1, len(word) + 1) if word[:n] in self._parts[BEGINS]}
        found |= {f"*{word[n:]}" for n in range(1, len(word)) if word[n:] in self._parts[ENDS]}
        found |= {f"*{part}*" for part in self._parts[CONTAINS] if part in word}
        return frozenset(found)

    def _unmask(self, word: str) -> frozenset[str]:
        """What "f*ck" or "sch***" may stand for: swearing before insults, since that is the milder reading."""
        whole = next((fitting for known in self._maskable.values() if (fitting := _fitting(word, known))), frozenset())
        return whole | _fitting(word, self._openings)

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """Every match at every place; the shorter inside a longer one of another category is left out."""
        hits = {hit for place in range(len(words)) for hit in self._at(words, place)}
        return _undisputed(hits)

    def _at(self, words: Sequence[Word], place: int) -> Iterator[Hit]:
        for atom in self.atoms_of(words[place].folded):
            for pattern in self._by_first.get(atom, ()):
                if end := self._end(words, place, pattern.elements, place):
                    yield Hit(pattern.category, place, end)

    def _end(self, words: Sequence[Word], place: int, elements: Sequence[Element], first: int) -> int | None:
        """Where `elements` end when they begin at `place`; within one sentence, the longest way."""
        if not elements:
            return place
        element, rest = elements[0], elements[1:]
        if not element.atoms:
            return self._after_gap(words, place, rest, first)
        fits = (
            place < len(words)
            and words[place].sentence == words[first].sentence
            and bool(element.atoms & self.atoms_of(words[place].folded))
        )
        if fits and (end := self._end(words, place + 1, rest, first)):
            return end
        return self._end(words, place, rest, first) if element.optional else None

    def _after_gap(self, words: Sequence[Word], place: int, rest: Sequence[Element], first: int) -> int | None:
        ends = (self._end(words, place + skipped, rest, first) for skipped in range(WIDEST_GAP + 1))
        return next((end for end in ends if end), None)


def _fitting(word: str, known: Iterable[str]) -> frozenset[str]:
    """The atoms that a masked word fits. A letter is left at its beginning; asterisks at its end count roughly."""
    shape = "".join("?" if character == "*" else character for character in word).rstrip("?")
    shape = f"{shape}*" if word.endswith("*") else shape
    return frozenset(
        atom
        for atom in known
        if len(bare := atom.rstrip("*")) <= len(word) + 4 and word[0] != "*" and fnmatchcase(bare, shape)
    )


FUNCTION = frozenset({"you", "person", "self", "negation"})
"""Categories that only help to read others: they neither hide nor are hidden."""


def _undisputed(hits: Iterable[Hit]) -> list[Hit]:
    ordered = sorted(hits, key=lambda hit: (-hit.length, hit.category != "calm", hit.start, hit.category))
    kept: list[Hit] = []
    for hit in ordered:
        if hit.category in FUNCTION or not any(_hides(other, hit) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.start, hit.end, hit.category))


def _hides(other: Hit, hit: Hit) -> bool:
    covers = other.start <= hit.start and hit.end <= other.end and other.category not in FUNCTION
    return covers and (other.length > hit.length or other.category == "calm")


@cache
def lexicon() -> Lexicon:
    """German and English together, since customers mix them. Read once, at first use."""
    return Lexicon(entry for language in ("de", "en") for entry in _entries(language))


def _entries(language: str) -> Iterator[tuple[str, str]]:
    category = ""
    for line in (files(__package__) / "words" / f"{language}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            category = line.strip("[]")
        elif line and not line.startswith("#"):
            yield from ((category, written.strip()) for written in line.split(",") if written.strip())
