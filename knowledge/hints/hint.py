"""What a hint says."""

from dataclasses import dataclass
from enum import StrEnum


class WordingRule(StrEnum):
    """What is looked for; the pages have a sentence for each that says why, and what to do."""

    LONG_SENTENCE = "long_sentence"
    LATE_ANSWER = "late_answer"
    JARGON = "jargon"
    VAGUE_TIME = "vague_time"
    BARE_REFUSAL = "bare_refusal"
    PASSIVE_REFUSAL = "passive_refusal"
    ADDRESS = "address"
    LANGUAGE_MISSING = "language_missing"
    FIGURES = "figures"
    OLDER_TWIN = "older_twin"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingHint:
    """One place in an answer (characters `start` to `end`) and the rule that found it.

    `found` are the words; `instead` is what would be better, the twin's figures, or a count, as the rule has it.
    """

    rule: WordingRule
    language: str
    start: int = 0
    end: int = 0
    found: str = ""
    instead: str = ""
