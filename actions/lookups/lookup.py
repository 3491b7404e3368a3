"""What can be looked up, as the conversation sees it, and who looks it up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

#: Texts by language; `text_in` finds the nearest.
type Wording = Mapping[str, str]

FALLBACKS = ("en", "de")
"""Languages in which an admin writes, in the order in which they stand in for another."""


def text_in(wording: Wording, language: str) -> str:
    """The text in `language`, else in English, else in German; empty when there is none."""
    return next((wording[code] for code in (language, *FALLBACKS) if wording.get(code)), "")


class FieldKind(StrEnum):
    """What a field holds; decides how its value is found in a sentence."""

    ORDER_NUMBER = "order_number"
    EMAIL = "email"
    POSTCODE = "postcode"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedField:
    """Something that the customer is asked for.

    `forms` are the shapes of its value: `#` is a digit, `?` a letter, anything else stands for itself (LH-####-#####);
    none: whatever its kind allows. `is_proof`: it shows that the customer is whom the answer is about. Of several
    proofs one is enough; of the other fields each is needed.
    """

    name: str
    kind: FieldKind
    label: Wording
    question: Wording
    hint: Wording = field(default_factory=dict)
    forms: tuple[str, ...] = ()
    is_proof: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A kind of question that a service of the company's answers, such as the state of an order.

    `title` names it for customers; `articles` are the keys of those that answer such questions in general. The
    sentences hold the fields of the answer in braces: "{state}".
    """

    name: str
    title: Wording
    asked: tuple[AskedField, ...]
    found: Wording
    not_found: Wording
    unreachable: Wording
    articles: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[AskedField, ...]:
        """The fields without which nothing can be looked up."""
        return tuple(one for one in self.asked if not one.is_proof)

    @property
    def proofs(self) -> tuple[AskedField, ...]:
        """The fields of which one is enough."""
        return tuple(one for one in self.asked if one.is_proof)

    def missing(self, values: Mapping[str, str]) -> tuple[AskedField, ...]:
        """What is to be asked next: one field, or all proofs at once; empty when everything is there."""
        for one in self.needed:
            if one.name not in values:
                return (one,)
        return () if any(one.name in values for one in self.proofs) else self.proofs


class LookupOutcome(StrEnum):
    """What came of a look-up."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    """The service knows nothing under these values, or the proof is wrong: nobody is told which."""
    UNREACHABLE = "unreachable"
    LIMITED = "limited"
    """It was tried too often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupResult:
    """`values` are the fields of the answer, each as it is said in every language."""

    outcome: LookupOutcome
    values: Mapping[str, Wording] = field(default_factory=dict)


class LookupSource(Protocol):
    """Where the bot's actions look things up."""

    async def switched_on(self) -> Sequence[Lookup]:
        """What can be looked up at this moment."""
        ...

    async def vouched_email(self, conversation_id: str) -> str | None:
        """The address that the web site vouches for, of the customer who is signed in there."""
        ...

    async def look_up(self, name: str, values: Mapping[str, str], language: str, conversation_id: str) -> LookupResult:
        """Asks the service, for a customer of this language. What goes wrong is an outcome, no error."""
        ...


class NoLookups:
    """A `LookupSource` of an installation where nothing was connected."""

    async def switched_on(self) -> Sequence[Lookup]:
        """Nothing."""
        return ()

    async def vouched_email(self, conversation_id: str) -> str | None:
        """Nothing is asked for."""
        return None

    async def look_up(self, name: str, values: Mapping[str, str], language: str, conversation_id: str) -> LookupResult:
        """Nobody to ask."""
        return LookupResult(outcome=LookupOutcome.UNREACHABLE)
