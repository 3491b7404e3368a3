"""Sentences and their clauses, as slices of what was said: a quotation is cut between them and nowhere else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.summary import vocabulary

CUT = "…"
MAX_LINE_LENGTH = 4_000
"""Characters of a message that are looked at."""
MAX_WORDS_QUOTED = 45
"""Of one sentence, however it is built."""
_MIN_WORDS_KEPT = 4  # words: less is no statement
_NEAR = 6  # words in which a negation belongs to what is before it

_WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*")
_BOLD = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_SPLIT = re.compile(r"(?:(?<![.!?…])[.!?…]+[\"'”“’)\]]*|[:;]-?[)(DP]|\s[·|])\s+|(?<![!?])[!?]+(?=[A-ZÄÖÜ])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:z\.\s?B|d\.\s?h|u\.\s?a|i\.\s?d\.\s?R|Nr|Art|Hr|Fr|Dr|Prof|St|Str|Tel|ca|bzw|usw|inkl|exkl|evtl|ggf|"
    r"zzgl|max|min|Std|Min|Mr|Mrs|Ms|No|vs|approx|incl|e\.g|i\.e|etc|[A-Z])|\b\d{1,2})\.\s+$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?<=[,;:–—])\s+|\s+(?=[-–—(]\s?\w)|(?<=\))\s+|"
    r"\s+(?=(?:weil|obwohl|because|so that|although)\s+\w)|"
    r"\s+(?=(?:und|aber|and|but|so)\s+(?:i|we|you|it|its|they|he|she|this|that|there|then|now|my|when|ich|wir|sie|es|er|das|da|"
    r"dann|jetzt|mein\w*)\b)",
    re.IGNORECASE,
)

_OPENS = re.compile(
    r"\W*(?:if|when|once|as|while|after|before|since|to|in order|unless|although|for|with|by|"
    r"wenn|falls|sobald|um|da|nachdem|bevor|während|obwohl|weil|seit|damit|als|mit|bei|für)\b",
    re.IGNORECASE,
)
"""What begins a clause that leans on the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSentence:
    """One sentence of a line, its clauses in order, the words that carry content, and whether it asks."""

    seq: int
    author: str
    text: str
    clauses: tuple[str, ...]
    content: frozenset[str]
    asks: bool

    @property
    def length(self) -> int:
        """Words, counted as the limit of the summary counts them."""
        return len(self.text.split())

    @property
    def is_small_talk(self) -> bool:
        """Greetings, thanks, the wish for a person, and of our side single words: nothing the story would lack."""
        least = 1 if self.author == CONTACT else 2
        left = self.content - vocabulary.COURTESY - vocabulary.PERSON_WISH
        return len(left) < least and not _has_digit(self.text)

    @property
    def is_request(self) -> bool:
        """Whether it asks or wishes for something, with a question mark or without."""
        return self.asks or bool(vocabulary.REQUESTS.search(self.text))


def words(text: str) -> list[str]:
    """The words of a text in one spelling, apostrophes left out ("can't" is "cant")."""
    return [found.translate(_NO_APOSTROPHE).casefold() for found in _WORD.findall(text)]


def content_of(text: str) -> frozenset[str]:
    """The words that aren't mere grammar."""
    return frozenset(words(text)) - vocabulary.FUNCTION_WORDS


def sentences_of(line: DialogueLine) -> tuple[LogSentence, ...]:
    """The sentences of a line, with runs of white space as one space."""
    text = plain(line)
    return tuple(_sentence(line, piece) for piece in _cut_at(_ends(text), text))


def clauses_in(text: str) -> tuple[str, ...]:
    """The clauses of a sentence, in order."""
    return tuple(clause for clause in _CLAUSE.split(text) if clause)


def plain(line: DialogueLine) -> str:
    """What is looked at of a line: runs of white space as one, and of an endless one the beginning, in whole words.

    What we write is Markdown; its marks of bold are none of the words.
    """
    text = " ".join((line.text if line.author == CONTACT else _BOLD.sub("", line.text)).split())
    return text if len(text) <= MAX_LINE_LENGTH else text[:MAX_LINE_LENGTH].rpartition(" ")[0]


def shortened(sentence: LogSentence, limit: int) -> str:
    """The sentence in at most about `limit` words, cut between clauses and marked with "…" where something is left out.

    Only clauses from the end are left out, and leading ones that are a mere greeting. No clause is left out that
    holds a negation, a condition or somebody else's claim, and none that a kept one leans on ("If that fails, …"), so
    what stays is as true as the whole; where that leaves too much, the sentence stays longer than asked for. Only
    beyond `MAX_WORDS_QUOTED` it is cut between words.
    """
    clauses = list(sentence.clauses)
    start = _after_greeting(clauses)
    end = len(clauses)
    least = 2 if _OPENS.match(clauses[start]) else 1
    while (
        end - start > least
        and _length(clauses[start:end]) > limit
        and _length(clauses[start : end - 1]) >= _MIN_WORDS_KEPT
        and not _binds(clauses[end - 1])
    ):
        end -= 1
    kept = " ".join(clauses[start:end])
    whole = kept if end == len(clauses) else f"{kept.rstrip(' ,;:–—-(')} {CUT}"
    return cut_words(whole, MAX_WORDS_QUOTED)


def cut_words(text: str, limit: int) -> str:
    """At most `limit` words and a "…", without parting a number from its digits or losing a negation close by."""
    found = text.split()
    if len(found) <= limit:
        return text
    end = limit
    while end > limit // 2 and _must_not_part(found, end):
        end -= 1
    kept = " ".join(found[: end if end > limit // 2 else limit])
    return f"{kept.rstrip(f' ,;:–—-({CUT}')} {CUT}"


def _must_not_part(found: Sequence[str], end: int) -> bool:
    ahead = " ".join(found[end : end + _NEAR])
    return bool(vocabulary.NEGATIONS.search(ahead)) or (_has_digit(found[end]) and _has_digit(found[end - 1]))


def _sentence(line: DialogueLine, text: str) -> LogSentence:
    return LogSentence(
        seq=line.seq,
        author=line.author,
        text=text,
        clauses=clauses_in(text),
        content=content_of(text),
        asks="?" in text,
    )


def _ends(text: str) -> Iterator[int]:
    for found in _SPLIT.finditer(text):
        if not _ABBREVIATION.search(text[max(0, found.end() - 12) : found.end()]):
            yield found.end()


def _cut_at(places: Iterator[int], text: str) -> Iterator[str]:
    start = 0
    for place in (*places, len(text)):
        if piece := text[start:place].strip():
            yield piece
        start = place


def _after_greeting(clauses: Sequence[str]) -> int:
    start = 0
    while start < len(clauses) - 1 and _is_greeting(clauses[start]):
        if _binds(clauses[start]) or _has_digit(clauses[start]):
            break
        start += 1
    return start


def _is_greeting(clause: str) -> bool:
    content = content_of(clause)
    return bool(content) and content <= vocabulary.COURTESY


def _binds(clause: str) -> bool:
    return bool(vocabulary.NEGATIONS.search(clause) or vocabulary.BINDING.search(clause))


def _length(clauses: Sequence[str]) -> int:
    return sum(len(clause.split()) for clause in clauses)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


_NO_APOSTROPHE = str.maketrans("", "", "'’`")
