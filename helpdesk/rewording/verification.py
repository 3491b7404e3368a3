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
from knowledge.search.language import detect

LONGER_BY = 1.3  # times the evidence
AND_A_BIT = 40  # characters more, for texts of one sentence
KEPT = 0.75  # share of the words of each clause that are kept


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
    rests = [[(claim, _ground(claim, ours, language)) for claim in sentence] for sentence in said]
    wrong = [
        *_numbers(text, evidence, language),
        *_words(said, ours, language),
        *(ground for _, ground in chain.from_iterable(rests) if isinstance(ground, Objection)),
    ]
    if wrong:
        yield from wrong
        return
    grounded = [[(claim, ground) for claim, ground in sentence if isinstance(ground, tuple)] for sentence in rests]
    yield from chain.from_iterable(_too_broad(sentence, language) for sentence in grounded)
    yield from _missing(list(chain.from_iterable(grounded)), ours, language)


type Rest = tuple[Claim, tuple[Claim, ...]]
"""A clause of the text and the clauses of the evidence that it says."""


def _too_broad(sentence: Sequence[Rest], language: str) -> Iterator[Objection]:
    """A sentence that says only part of a clause ("that is free") claims more than it does, or denies it twice."""
    for claim, run in sentence:
        if run and not any(_says_whole(sentence, clause, language) for clause in run):
            yield Objection(fault=Fault.CLAIM, found=claim.text)


def _says_whole(sentence: Sequence[Rest], clause: Claim, language: str) -> bool:
    resting = [(claim, ground) for claim, ground in sentence if _holds(ground, clause)]
    alone = [claim for claim, ground in resting if len(ground) == 1]
    denied = sum((claim.negations for claim in alone), Counter())
    return _stands(clause, [claim for claim, _ in resting], language) and denied in (Counter(), clause.negations)


def _holds(run: Iterable[Claim], clause: Claim) -> bool:
    return any(each is clause for each in run)


def _numbers(text: str, evidence: str, language: str) -> Iterator[Objection]:
    said, ours = numbers(_without_steps(text), language), numbers(_without_steps(evidence), language)
    yield from (Objection(fault=Fault.NUMBER, found=_shown(value)) for value in sorted(set(said) - set(ours)))
    yield from (Objection(fault=Fault.MISSING, found=_shown(value)) for value in sorted(set(ours) - set(said)))
    if steps(text) != steps(evidence)[: len(steps(text))]:
        yield Objection(fault=Fault.NUMBER, found=" ".join(steps(text)))


def _without_steps(text: str) -> str:
    return re.sub(r"(?m)^\s*\d{1,3}[.)](?=\s)", "", ADDRESS.sub(" ", text))


def _shown(value: str) -> str:
    """The figure for a reader: without its kind and the stem of its unit."""
    kind, _, figure = value.partition(" ")
    return figure.partition(" ")[0] if kind == "number" else figure


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
    """Whether the clause has no other words than these, and of several clauses joined nearly all of each."""
    if not claim.words:
        return not any(each.words for each in run) or (len(run) == 1 and bool(claim.numbers or claim.marks))
    if not all(any(each.knows(word, claim, language) for each in run) for word in claim.spelt):
        return False
    return len(run) == 1 or all(each.words and _kept(each, [claim], language) for each in run)


def _kept(clause: Claim, claims: Sequence[Claim], language: str) -> bool:
    """Whether enough of a clause's words stand in these, and every name and German noun: none drops out of a list."""
    lost = {word for word in clause.spelt if not any(claim.knows(word, clause, language) for claim in claims)}
    named = {token.lower() for token in clause.words.values() if token[:1].isupper()}
    return len(lost) <= (1 - KEPT) * len(clause.spelt) and not lost & named


def _against(claim: Claim, run: tuple[Claim, ...]) -> Objection | None:
    """What a clause says otherwise than the ones it rests on, although all its words are theirs."""
    negations = sum((each.negations for each in run), Counter())
    tests = (
        (Fault.NEGATION, claim.negations != negations or _denies_otherwise(claim, run)),
        (Fault.NUMBER, not _is_among(claim.numbers, [value for each in run for value in each.numbers])),
        (Fault.ADDRESS, not claim.marks <= _all(each.marks for each in run)),
        (Fault.LIMIT, not claim.operators <= _all(each.operators for each in run)),
        (Fault.PERSON, _changes_persons(claim, run)),
        (Fault.TENSE, not claim.tenses <= _all(each.tenses for each in run)),
        (Fault.ROLE, _changes_roles(claim, run)),
    )
    return next((Objection(fault=fault, found=claim.text) for fault, is_so in tests if is_so), None)


def _denies_otherwise(claim: Claim, run: tuple[Claim, ...]) -> bool:
    """Whether no neighbour of a negation is the same as before."""
    before = _all(each.negated for each in run)
    return bool(claim.negated and before) and not claim.negated & before


def _is_among(said: Sequence[str], ours: Sequence[str]) -> bool:
    """Whether these stand in that order in the other, each as often at most ("1 to 5" is not "5 to 1")."""
    left = iter(ours)
    return all(any(each == other for other in left) for each in said)


def _changes_persons(claim: Claim, run: tuple[Claim, ...]) -> bool:
    """ "You" and "we" of English tell by their order alone who does it; all other words of that kind by their form."""
    said, ours = list(claim.persons), [person for each in run for person in each.persons]
    by_order = [[person for person in persons if person in {"you", "we"}] for persons in (said, ours)]
    return bool(Counter(said) - Counter(ours)) or not _is_among(*by_order)


def _changes_roles(claim: Claim, run: tuple[Claim, ...]) -> bool:
    """Who pays whom: a noun keeps its preposition, or that it has none, and those without keep their order."""
    ours = [thing for each in run for thing in each.things]
    nouns = Counter(noun for noun, _ in ours)
    if any(thing[0] in nouns and thing not in ours for thing in claim.things):
        return True
    if any(nouns[noun] and times > nouns[noun] for noun, times in Counter(noun for noun, _ in claim.things).items()):
        return True
    said = [noun for noun, where in claim.things if not where and nouns[noun]]
    return not _is_among(said, [noun for noun, where in ours if not where])


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _missing(rests: Sequence[Rest], ours: Sequence[Sequence[Claim]], language: str) -> Iterator[Objection]:
    """The clauses that would be lost, or too much of their words, a figure or a limit. Twice the same counts twice."""
    every = [clause for clause in chain.from_iterable(ours) if clause.is_hard or clause.words]
    times = Counter(clause.text for clause in every)
    for clause in every:
        resting = [claim for claim, run in rests if _holds(run, clause)]
        if len(resting) < times[clause.text] or not _stands(clause, resting, language):
            yield Objection(fault=Fault.MISSING, found=clause.text)


def _stands(clause: Claim, resting: Sequence[Claim], language: str) -> bool:
    return (
        bool(resting)
        and set(clause.numbers) <= {value for claim in resting for value in claim.numbers}
        and clause.operators <= _all(claim.operators for claim in resting)
        and _kept(clause, resting, language)
    )
