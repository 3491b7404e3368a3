"""What the page about a look-up sends, and the definition that it means."""

import re
from typing import Annotated

from pydantic import Field

from actions.lookups.lookup import AskedField, FieldKind, Lookup
from helpdesk.lookups.definition import LookupDefinition, LookupProblem, ShownField, ShownKind
from helpdesk.web.shared.bodies import Body

type Line = Annotated[str, Field(max_length=200)]
type Text = Annotated[str, Field(max_length=4_000)]


class WordingBody(Body):
    """A text in the languages in which admins write."""

    de: Annotated[str, Field(max_length=1_000)] = ""
    en: Annotated[str, Field(max_length=1_000)] = ""

    def as_wording(self) -> dict[str, str]:
        """The languages that have a text."""
        return {code: text.strip() for code, text in (("de", self.de), ("en", self.en)) if text.strip()}


class AskedFieldBody(Body):
    """A row of "what customers are asked"; `forms` are separated by commas."""

    name: Line
    kind: Line
    label: WordingBody
    question: WordingBody
    hint: WordingBody
    forms: Line = ""
    is_proof: bool = False
    path: Line = ""


class ShownFieldBody(Body):
    """A row of "what may be told"; `said_as` has a line for each value: "shipped = unterwegs | on its way"."""

    name: Line
    path: Line
    kind: Line
    currency: Line = ""
    said_as: Text = ""


class LookupBody(Body):
    """A look-up as the page holds it. An empty secret keeps the stored one."""

    name: Line
    title: WordingBody
    phrasings: Text
    articles: Text = ""
    address: Annotated[str, Field(max_length=1_000)]
    method: Line = "GET"
    body: Text = ""
    header: Line = ""
    secret: Annotated[str, Field(max_length=1_000)] = ""
    asked: Annotated[list[AskedFieldBody], Field(max_length=20)]
    shown: Annotated[list[ShownFieldBody], Field(max_length=20)]
    found: WordingBody
    not_found: WordingBody
    unreachable: WordingBody

    def as_definition(self) -> LookupDefinition:
        """What it means. Raises `LookupProblem`."""
        return LookupDefinition(
            lookup=Lookup(
                name=self.name.strip(),
                title=self.title.as_wording(),
                asked=tuple(map(_asked, self.asked)),
                found=self.found.as_wording(),
                not_found=self.not_found.as_wording(),
                unreachable=self.unreachable.as_wording(),
                articles=_lines(self.articles),
            ),
            phrasings=_lines(self.phrasings),
            address=self.address.strip(),
            method=self.method,
            body=self.body.strip(),
            header=self.header.strip(),
            shown=tuple(map(_shown, self.shown)),
            proof_paths={one.name: one.path.strip() for one in self.asked if one.is_proof and one.path.strip()},
        )


class LookupTrialBody(Body):
    """What an admin tries a look-up with, by the fields' names."""

    values: dict[Line, Line]
    language: Annotated[str, Field(pattern=r"^(de|en)$")]


class LookupSwitchBody(Body):
    """Whether a look-up is on."""

    is_on: bool


def _asked(row: AskedFieldBody) -> AskedField:
    if row.kind not in list(FieldKind):
        raise LookupProblem("lookup_field_names", "asked")
    return AskedField(
        name=row.name.strip(),
        kind=FieldKind(row.kind),
        label=row.label.as_wording(),
        question=row.question.as_wording(),
        hint=row.hint.as_wording(),
        forms=tuple(form.strip() for form in row.forms.split(",") if form.strip()),
        is_proof=row.is_proof,
    )


def _shown(row: ShownFieldBody) -> ShownField:
    if row.kind not in list(ShownKind):
        raise LookupProblem("lookup_field_names", "shown")
    return ShownField(
        name=row.name.strip(),
        path=row.path.strip(),
        kind=ShownKind(row.kind),
        currency=row.currency.strip().upper(),
        said_as=dict(_value_words(line) for line in _lines(row.said_as)),
    )


def _value_words(line: str) -> tuple[str, dict[str, str]]:
    value, _, words = line.partition("=")
    german, _, english = words.partition("|")
    if not value.strip() or not german.strip():
        raise LookupProblem("lookup_said_as", "shown")
    return value.strip(), {"de": german.strip(), "en": english.strip() or german.strip()}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(str.strip, re.split(r"[\r\n]+", text)) if line)
