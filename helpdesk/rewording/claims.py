"""What a text says, clause by clause: its words, figures, negations, limits and persons. Pure."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise

from helpdesk.rewording.stems import apart, stem
from helpdesk.rewording.vocabulary import (
    BEFORE_NUMBERS,
    NEGATIONS,
    OPERATORS,
    PARTICLES,
    PERSONS,
    PLAIN,
    PREPOSITIONS,
    TENSES,
    UNITS,
)
from knowledge.hints.figures import FigureKind, figures

MARK = re.compile(r"⟦\d+⟧")
"""What stands for something that is kept as it is: an address, a link, a number of the customer's."""
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]+|[\w.+%-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)

_SENTENCE = re.compile(r"(?<=[.!?…])(?<!\b[a-zA-Z]\.)(?<!\s\d\.)(?<!\s\d\d\.)[\"”“’»)*_]*\s+|\n+")
_CLAUSE = re.compile(
    r"\s*(?:[,;|„“”»«\"]|\s[–—-]\s)\s*(?:(?:und|oder|aber|and|or|but)\s+)?"
    r"|\s+(?:und|oder|aber|sowie|and|or|but)\s+",
)
_STEP = re.compile(r"(?m)^\s*(\d{1,3})[.)](?=\s)")
_WORD = re.compile(r"⟦\d+⟧|\w+(?:[-'’]\w+)*")
_APOSTROPHES = str.maketrans("", "", "'’")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One clause. `words` are the stems of what carries meaning, each with the word as it stands;
    `spelt` are the same words in lower case. `things` are its nouns in order, each with the preposition before it.
    `negated` are the stems next to its negations."""

    text: str
    words: dict[str, str]
    spelt: tuple[str, ...] = ()
    apart: frozenset[tuple[str, str]] = frozenset()
    particles: frozenset[str] = frozenset()
    numbers: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    negations: Counter[str] = field(default_factory=Counter)
    negated: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    persons: tuple[str, ...] = ()
    tenses: frozenset[str] = frozenset()
    things: tuple[tuple[str, str], ...] = ()

    @property
    def is_hard(self) -> bool:
        """Whether something is lost for certain when this clause is left out."""
        return bool(self.numbers or self.marks or self.negations or self.operators)

    def knows(self, word: str, other: "Claim", language: str) -> bool:
        """Whether this clause has a word of the other's, whole or come apart."""
        root, pieces = stem(word, language), apart(word, language)
        if root in self.words or (pieces and pieces[0] in self.particles and pieces[1] in self.words):
            return True
        return any(word == particle or (base == root and particle in other.particles) for particle, base in self.apart)


def sentences(text: str, language: str) -> list[tuple[Claim, ...]]:
    """The claims of each sentence, in order. Text is NFC; its steps ("1. …") count as figures."""
    plain = _STEP.sub("", text)
    found = (_claims(part, language) for part in _SENTENCE.split(plain) if part.strip())
    return [claims for claims in found if claims]


def numbers(text: str, language: str) -> tuple[str, ...]:
    """Every figure by its value, the same in both notations, with its unit; and whatever else holds a digit."""
    return _without_numbers(text, language)[0]


def _without_numbers(text: str, language: str) -> tuple[tuple[str, ...], str]:
    """The figures, and the text with blanks in their place."""
    plain = MARK.sub(lambda mark: " " * len(mark.group()), text)
    values: list[str] = []
    left = text
    for figure in figures(plain, language):
        unit = _unit(plain[figure.end :], language) if figure.kind == FigureKind.NUMBER else ""
        values.append(f"{figure.kind} {figure.value}{unit}")
        left = left[: figure.start] + " " * (figure.end - figure.start) + left[figure.end :]
    values += [f"code {code}" for code in re.findall(r"\S*\d\S*", MARK.sub(" ", left))]
    return tuple(values), left


def steps(text: str) -> list[str]:
    """The numbers that count the steps of a list."""
    return _STEP.findall(text)


def _unit(after: str, language: str) -> str:
    found = re.match(r"[\s\u00a0-]*(\w+)", after)
    root = stem(found[1].casefold(), language) if found else ""
    return f" {root}" if root in UNITS[language] else ""


def _claims(sentence: str, language: str) -> tuple[Claim, ...]:
    """What is asked isn't said: each clause of a question has that as a limit."""
    claims = tuple(_claim(part, language) for part in _joined(_split(sentence), language))
    asks = sentence.rstrip(' "”“’»)*_').endswith("?")
    return tuple(replace(claim, operators=claim.operators | {"question"}) for claim in claims) if asks else claims


def _split(sentence: str) -> list[str]:
    """At commas and conjunctions, but never inside a figure such as 4,90."""
    ends = [match.span() for match in _CLAUSE.finditer(sentence) if not _inside_a_figure(sentence, match)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(sentence)]
    return [sentence[start:stop] for start, stop in zip(starts, stops, strict=True)]


def _joined(parts: list[str], language: str) -> list[str]:
    """A figure alone ("2 days, 9.95 €") belongs to what it was said of, and so does one more thing in a list."""
    found: list[str] = []
    waiting = ""
    for part in parts:
        before = _claim(found[-1], language) if found else None
        if not _hangs_on(_claim(part, language), before):
            found.append(f"{waiting} {part}".strip())
            waiting = ""
        elif found:
            found[-1] += f", {part}"
        else:
            waiting = f"{waiting} {part}"
    return found or ([waiting.strip()] if _WORD.search(waiting) else [])


def _hangs_on(claim: Claim, before: Claim | None) -> bool:
    """But "not to Austria" says something of its own, and so does what comes after "pay nothing and"."""
    return not claim.words or (len(claim.words) == 1 and not claim.is_hard and not (before and before.negations))


def _inside_a_figure(sentence: str, match: re.Match[str]) -> bool:
    around = sentence[max(match.start() - 1, 0) : match.start()] + sentence[match.end() : match.end() + 1]
    return len(around) == 2 and around.isdigit() and match.group() in {",", ":", "-", "–"}


def _claim(text: str, language: str) -> Claim:
    plain = ADDRESS.sub(" ", text)
    values, without = _without_numbers(plain, language)
    tokens = _WORD.findall(plain)
    spelt = [_plain(token) for token in tokens]
    content = {_plain(token): token for token in _WORD.findall(without) if _is_content(_plain(token), token, language)}
    return Claim(
        text=text.strip(),
        words={stem(word, language): token for word, token in content.items()},
        spelt=tuple(content),
        apart=frozenset(pieces for word in content if (pieces := apart(word, language))),
        particles=frozenset(word for word in spelt if word in PARTICLES),
        numbers=values,
        marks=frozenset({*MARK.findall(text), *ADDRESS.findall(text)}),
        negations=_negations(spelt, language),
        negated=_negated(tokens, language),
        operators=_operators(spelt, language),
        persons=tuple(person for token in tokens if (person := _person(token, language))),
        tenses=_tenses(tokens, spelt, language),
        things=_things(tokens, language),
    )


def _plain(token: str) -> str:
    return unicodedata.normalize("NFC", token).lower().translate(_APOSTROPHES)


def _person(token: str, language: str) -> str | None:
    """ "Sie" counts with its capital only; all others with either."""
    return PERSONS[language].get(token) or PERSONS[language].get(_plain(token))


def _is_content(word: str, token: str, language: str) -> bool:
    if MARK.fullmatch(token) or any(letter.isdigit() for letter in word):
        return False
    small = (NEGATIONS, OPERATORS, PERSONS)
    return word not in PLAIN[language] and not any(
        token in table[language] or word in table[language] for table in small
    )


def _negations(spelt: list[str], language: str) -> Counter[str]:
    """Each with the limit right behind it: "nicht alle" is not "alle … nicht"."""
    found: Counter[str] = Counter()
    for place, word in enumerate(spelt):
        if kind := NEGATIONS[language].get(word):
            behind = OPERATORS[language].get(spelt[place + 1]) if place + 1 < len(spelt) else None
            found[f"{kind} {behind}" if behind else kind] += 1
    return found


def _negated(tokens: list[str], language: str) -> frozenset[str]:
    """What stands next to a negation on either side, small words left out: a "not" that moves denies something else."""
    said = [_plain(token) for token in tokens if _plain(token) in NEGATIONS[language] or _has_weight(token, language)]
    found: set[str] = set()
    for here, there in pairwise(said):
        if (here in NEGATIONS[language]) != (there in NEGATIONS[language]):
            word = there if here in NEGATIONS[language] else here
            found |= {stem(word, language), *(apart(word, language) or ())}
    return frozenset(found)


def _has_weight(token: str, language: str) -> bool:
    return token[0].isdigit() or _is_content(_plain(token), token, language)


def _operators(spelt: list[str], language: str) -> frozenset[str]:
    found = {OPERATORS[language][word] for word in spelt if word in OPERATORS[language]}
    for word, behind in pairwise(spelt):
        if word in BEFORE_NUMBERS[language] and behind[:1].isdigit():
            found.add(BEFORE_NUMBERS[language][word])
    return frozenset(found)


_PAST_ENDINGS = {"de": re.compile(r"[a-zäöüß]{2,}(?:[^t]te|eten?)"), "en": re.compile(r"[a-z]{2,}ed")}


def _tenses(tokens: list[str], spelt: list[str], language: str) -> frozenset[str]:
    """Its auxiliaries by kind, and verbs that are in the past by their ending: "lieferte", "shipped" without "is"."""
    found = {TENSES[language][word] for word in spelt if word in TENSES[language]}
    if found and language == "en":
        return frozenset(found)
    past = {word for word in tokens if _PAST_ENDINGS[language].fullmatch(word) and _is_content(word, word, language)}
    return frozenset(found | {f"past {stem(word, language)}" for word in past})


_ARTICLES = frozenset(["the", "a", "an", "your", "our", "their", "his", "her", "its", "my", "this", "these"])


def _things(tokens: list[str], language: str) -> tuple[tuple[str, str], ...]:
    """German nouns have capitals; English ones stand behind an article or a preposition, with what describes them."""
    found: list[tuple[str, str]] = []
    before, governed, ready = "", 0, False
    for token in tokens:
        word = _plain(token)
        if word in PREPOSITIONS[language]:
            before, governed, ready = PREPOSITIONS[language][word], 4, True
        elif word in _ARTICLES:
            ready = True
        elif not _is_content(word, token, language):
            ready = ready and language == "de"
        elif token[:1].isupper() if language == "de" else ready:
            found.append((stem(word, language), before if governed > 0 else ""))
            before = before if language == "en" else ""
        governed -= 1
        before = before if governed > 0 else ""
    return tuple(found)
