"""Does a reworded text say the same as its evidence? Pure; strict on purpose, for a refusal only costs our own words.

Each clause of the text must rest on one clause of the evidence: every word that carries meaning, every figure with its
unit, every link, every negation and limit, and who does it to whom. And what would be missed must still be there.
What it can't see is told in docs/rewording.md.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from helpdesk.rewording.claims import ADDRESS, MARK, Claim, numbers, sentences, steps
from knowledge.language import detect

LONGER_BY = 1.3  # times the evidence
AND_A_BIT = 40  # characters more, for texts of one sentence
KEPT_OF_A_CLAUSE = 0.5  # share of the words of a clause with a figure, a negation or a limit that its rewording keeps
KEPT_OF_ALL = 0.7  # share of all words of the evidence that are kept
JOINED = 0.8  # share of the words of two clauses in a row that one clause must have to stand for both


class Fault(StrEnum):
    """What is wrong with a text."""

    EMPTY = "empty"
    LENGTH = "length"
    SIGNS = "signs"
    MARKUP = "markup"
    LANGUAGE = "language"
    ADDRESS = "address"
    NUMBER = "number"
    NAME = "name"
    WORD = "word"
    NEGATION = "negation"
    LIMIT = "limit"
    PERSON = "person"
    TENSE = "tense"
    ROLE = "role"
    CLAIM = "claim"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One thing that is wrong; `found` is the place in the text, or what of the evidence is missing."""

    fault: Fault
    found: str


def check(text: str, evidence: str, language: str) -> tuple[Objection, ...]:
    """What stands against using `text` in place of `evidence`; nothing when it says the same. `language`: de or en.

    The outer form is looked at first, since a text of another form can't be compared clause by clause. Linear in the
    text for texts of answers: some 2 ms for 1,000 characters.
    """
    text, evidence = (unicodedata.normalize("NFC", each).strip() for each in (text, evidence))
    outside = tuple(_outer(text, evidence, language))
    return outside or tuple(dict.fromkeys(_inner(text, evidence, language)))


def _outer(text: str, evidence: str, language: str) -> Iterator[Objection]:
    if not text:
        yield Objection(fault=Fault.EMPTY, found="")
        return
    if len(text) > len(evidence) * LONGER_BY + AND_A_BIT:
        yield Objection(fault=Fault.LENGTH, found=f"{len(text)} > {len(evidence)}")
        return
    yield from (Objection(fault=Fault.SIGNS, found=repr(sign)) for sign in _strange(text, evidence))
    yield from (Objection(fault=Fault.MARKUP, found=form) for form in sorted(_forms(text) - _forms(evidence)))
    yield from _addresses(text, evidence)
    if _speaks_otherwise(text, evidence, language):
        yield Objection(fault=Fault.LANGUAGE, found=text[:60])


_USUAL = frozenset(" \n\t.,;:!?…-–—'\"„“”‚‘’«»()[]/&%+€$£§#*_|`=@")


def _strange(text: str, evidence: str) -> list[str]:
    """Signs that neither the evidence has nor ordinary writing needs: hidden ones, foreign letters and figures."""
    return sorted({sign for sign in text if sign not in evidence and sign not in _USUAL and not _is_latin(sign)})


def _is_latin(sign: str) -> bool:
    if sign.isascii():
        return sign.isalnum()
    return sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN") and unicodedata.category(sign) != "Lm"


_FORMS = {
    "link": re.compile(r"\]\("),
    "picture": re.compile(r"!\["),
    "heading": re.compile(r"(?m)^\s*#"),
    "code": re.compile(r"`|~~~"),
    "bold": re.compile(r"\*\*|__"),
    "list": re.compile(r"(?m)^\s*[-*+•]\s"),
    "steps": re.compile(r"(?m)^\s*\d{1,3}[.)]\s"),
    "table": re.compile(r"\|"),
    "quote": re.compile(r"(?m)^\s*>"),
    "html": re.compile(r"<"),
    "brackets": re.compile(r"\["),
    "line": re.compile(r"(?m)^\s*(?:---|\*\*\*|===)"),
}


def _forms(text: str) -> set[str]:
    """The kinds of Markdown in a text."""
    return {name for name, form in _FORMS.items() if form.search(text)}


def _addresses(text: str, evidence: str) -> Iterator[Objection]:
    """Links and placeholders are kept one by one, as often as they stood."""
    said, ours = (Counter([*MARK.findall(each), *_bare_addresses(each)]) for each in (text, evidence))
    yield from (Objection(fault=Fault.ADDRESS, found=one) for one in (said - ours))
    yield from (Objection(fault=Fault.MISSING, found=one) for one in (ours - said))


def _bare_addresses(text: str) -> list[str]:
    return [address.rstrip(".,;:!?") for address in ADDRESS.findall(text)]


def _speaks_otherwise(text: str, evidence: str, language: str) -> bool:
    """Another language than asked for, unless the evidence is in that too."""
    spoken = detect(text).language
    return spoken not in {None, language} and detect(evidence).language != spoken


def _inner(text: str, evidence: str, language: str) -> Iterator[Objection]:
    said, ours = sentences(text, language), sentences(evidence, language)
    rests = [(claim, _ground(claim, ours, language)) for claim in chain.from_iterable(said)]
    wrong = [
        *_numbers(text, evidence, language),
        *_words(said, ours, language),
        *(ground for _, ground in rests if isinstance(ground, Objection)),
    ]
    yield from wrong or _missing(
        [(claim, ground) for claim, ground in rests if not isinstance(ground, Objection)], ours, language
    )


def _numbers(text: str, evidence: str, language: str) -> Iterator[Objection]:
    said, ours = numbers(_without_steps(text), language), numbers(_without_steps(evidence), language)
    yield from (Objection(fault=Fault.NUMBER, found=_shown(value)) for value in sorted(said - ours))
    yield from (Objection(fault=Fault.MISSING, found=_shown(value)) for value in sorted(ours - said))
    if steps(text) != steps(evidence)[: len(steps(text))]:
        yield Objection(fault=Fault.NUMBER, found=" ".join(steps(text)))


def _without_steps(text: str) -> str:
    return re.sub(r"(?m)^\s*\d{1,3}[.)](?=\s)", "", ADDRESS.sub(" ", text))


def _shown(value: str) -> str:
    return value.partition(" ")[2]


def _words(said: Sequence[Sequence[Claim]], ours: Sequence[Sequence[Claim]], language: str) -> Iterator[Objection]:
    """Words that the evidence has nowhere."""
    known = list(chain.from_iterable(ours))
    for claim in chain.from_iterable(said):
        for word in claim.spelt:
            if not any(each.knows(word, claim, language) for each in known):
                yield _new_word(word, claim)


def _new_word(word: str, claim: Claim) -> Objection:
    shown = next((token for token in claim.words.values() if token.casefold() == word.casefold()), word)
    looks_like_a_name = shown[:1].isupper() and not claim.text.startswith(shown)
    return Objection(fault=Fault.NAME if looks_like_a_name else Fault.WORD, found=shown)


def _ground(claim: Claim, ours: Sequence[Sequence[Claim]], language: str) -> tuple[Claim, ...] | Objection:
    """The clauses of the evidence that a clause says: each that has it all, or two or three in a row that it joins."""
    if not claim.words and not claim.is_hard:
        return ()
    having = [run for run in _runs(ours) if _has_words(run, claim, language)]
    objections = [_against(claim, run) for run in having]
    ground = [run for run, objection in zip(having, objections, strict=True) if objection is None]
    if ground:
        return tuple(chain.from_iterable(run for run in ground if len(run) == len(ground[0])))
    return next(filter(None, objections), Objection(fault=Fault.CLAIM, found=claim.text))


def _runs(ours: Sequence[Sequence[Claim]]) -> Iterable[tuple[Claim, ...]]:
    for sentence in ours:
        yield from ((claim,) for claim in sentence)
    for sentence in ours:
        for many in (2, 3):
            yield from (tuple(sentence[at : at + many]) for at in range(len(sentence) - many + 1))


def _has_words(run: tuple[Claim, ...], claim: Claim, language: str) -> bool:
    words = {word for each in run for word in each.words}
    if not claim.words:
        return not words or (len(run) == 1 and bool(claim.numbers or claim.marks))
    if not all(any(each.knows(word, claim, language) for each in run) for word in claim.spelt):
        return False
    return len(run) == 1 or len(claim.words) >= JOINED * len(words)


def _against(claim: Claim, run: tuple[Claim, ...]) -> Objection | None:
    """What a clause says otherwise than the ones it rests on, although all its words are theirs."""
    negations = sum((each.negations for each in run), Counter())
    tests = (
        (Fault.NEGATION, claim.negations != negations),
        (Fault.NUMBER, not claim.numbers <= _all(each.numbers for each in run)),
        (Fault.ADDRESS, not claim.marks <= _all(each.marks for each in run)),
        (Fault.LIMIT, not claim.operators <= _all(each.operators for each in run)),
        (Fault.PERSON, not claim.persons <= _all(each.persons for each in run)),
        (Fault.TENSE, not claim.tenses <= _all(each.tenses for each in run)),
        (Fault.ROLE, _changes_roles(claim, run)),
    )
    return next((Objection(fault=fault, found=claim.text) for fault, is_so in tests if is_so), None)


def _changes_roles(claim: Claim, run: tuple[Claim, ...]) -> bool:
    """Who pays whom: bare nouns keep their order, and a noun with a preposition keeps that."""
    before = dict(thing for each in run for thing in each.things)
    if any(before.get(noun) and where and before[noun] != where for noun, where in claim.things):
        return True
    said, ours = (
        [noun for noun, where in things if not where and noun in before]
        for things in (claim.things, [thing for each in run for thing in each.things])
    )
    return [noun for noun in said if noun in ours] != [noun for noun in ours if noun in said]


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _missing(
    rests: Sequence[tuple[Claim, tuple[Claim, ...]]], ours: Sequence[Sequence[Claim]], language: str
) -> Iterator[Objection]:
    """What would be lost: a clause with a figure, a negation or a limit, or too many of the other words."""
    kept = 0
    every = list(chain.from_iterable(ours))
    for clause in every:
        resting = [claim for claim, run in rests if any(each is clause for each in run)]
        still = sum(any(claim.knows(word, clause, language) for claim in resting) for word in clause.spelt)
        kept += still
        if clause.is_hard and not _stands(clause, resting, still):
            yield Objection(fault=Fault.MISSING, found=clause.text)
    if kept < KEPT_OF_ALL * (words := sum(len(clause.spelt) for clause in every)):
        yield Objection(fault=Fault.MISSING, found=f"{words - kept} / {words}")


def _stands(clause: Claim, resting: Sequence[Claim], still: int) -> bool:
    return (
        bool(resting)
        and clause.numbers <= _all(claim.numbers for claim in resting)
        and clause.operators <= _all(claim.operators for claim in resting)
        and still >= KEPT_OF_A_CLAUSE * len(clause.spelt)
    )
