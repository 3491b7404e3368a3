"""What an admin enters to connect a service, and whether it can work. Pure."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from actions.lookups.lookup import AskedField, FieldKind, Lookup, Wording
from knowledge.articles.placeholders import PLACEHOLDER, fields_in
from store.errors import Invalid

MAX_FIELDS = 12
MAX_PHRASINGS = 40
LANGUAGE = "language"
"""A field that every address may hold: the language of the customer, as two letters."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_FORBIDDEN_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "cookie", "accept-encoding"}
)
_PATH = re.compile(r"[\w-]+(?:\[\d{1,3}\])?(?:\.[\w-]+(?:\[\d{1,3}\])?){0,9}")


class ShownKind(StrEnum):
    """How a field of the answer is said."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field of the JSON answer that may be told. `path` leads to it: "order.items[0].state".

    `currency` is a code such as EUR, for money. `said_as` has other words for values of the service's own: "shipped".
    """

    name: str
    path: str
    kind: ShownKind = ShownKind.TEXT
    currency: str = ""
    said_as: Mapping[str, Wording] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupDefinition:
    """A look-up with the service behind it.

    `address` and `body` hold asked fields in braces. `proof_paths` say where the answer holds what a proof must equal,
    by the field's name: for services that find an order by its number alone. `header` is the name of the secret header.
    """

    lookup: Lookup
    phrasings: tuple[str, ...]
    address: str
    method: str = "GET"
    body: str = ""
    header: str = ""
    shown: tuple[ShownField, ...] = ()
    proof_paths: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Where it is sent to."""
        return urlsplit(self.address).netloc

    @property
    def fingerprint(self) -> str:
        """What was tried: changes with anything that the service or a customer could notice."""
        return hashlib.sha256(json.dumps(write_definition(self), sort_keys=True).encode()).hexdigest()


class LookupProblem(Invalid):
    """Something about a look-up that can't work; `fields` names where it is."""

    def __init__(self, code: str, *fields: str) -> None:
        super().__init__(f"The look-up can't work like this: {code.removeprefix('lookup_')}.", code=code, fields=fields)


def write_definition(definition: LookupDefinition) -> dict[str, Any]:
    """As it is stored."""
    document: dict[str, Any] = json.loads(json.dumps(asdict(definition)))
    return document


def read_definition(stored: Mapping[str, Any]) -> LookupDefinition:
    """As it was stored, or as the page sends it."""
    lookup = stored["lookup"]
    asked = tuple(
        AskedField(**{**one, "kind": FieldKind(one["kind"]), "forms": tuple(one.get("forms") or ())})
        for one in lookup["asked"]
    )
    shown = tuple(ShownField(**{**one, "kind": ShownKind(one["kind"])}) for one in stored.get("shown") or ())
    return LookupDefinition(
        **{
            **stored,
            "lookup": Lookup(**{**lookup, "asked": asked, "articles": tuple(lookup.get("articles") or ())}),
            "phrasings": tuple(stored["phrasings"]),
            "shown": shown,
        }
    )


def check_definition(definition: LookupDefinition) -> None:
    """Raises `LookupProblem` for the first thing that can't work."""
    for problem in _problems(definition):
        raise problem


def _problems(definition: LookupDefinition) -> Iterator[LookupProblem]:
    yield from _problems_of_names(definition)
    yield from _problems_of_address(definition)
    yield from _problems_of_fields(definition)
    yield from _problems_of_answer(definition)


def _problems_of_names(definition: LookupDefinition) -> Iterator[LookupProblem]:
    lookup = definition.lookup
    if not _NAME.fullmatch(lookup.name):
        yield LookupProblem("lookup_name", "name")
    if not any(lookup.title.values()):
        yield LookupProblem("lookup_title", "title")
    if not 1 <= len(definition.phrasings) <= MAX_PHRASINGS:
        yield LookupProblem("lookup_phrasings", "phrasings")
    for which, names in (
        ("asked", [one.name for one in lookup.asked]),
        ("shown", [one.name for one in definition.shown]),
    ):
        if len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)) or LANGUAGE in names:
            yield LookupProblem("lookup_field_names", which)
        if not 1 <= len(names) <= MAX_FIELDS:
            yield LookupProblem(f"lookup_no_{which}", which)


def _problems_of_address(definition: LookupDefinition) -> Iterator[LookupProblem]:
    """Fields stand in path, query or body: a customer's value never decides where something is sent."""
    try:
        parts = urlsplit(definition.address)
        _ = parts.port
    except ValueError:
        yield LookupProblem("lookup_address", "address")
        return
    if parts.scheme not in ("https", "http") or not parts.hostname or "{" in parts.netloc or parts.username:
        yield LookupProblem("lookup_address", "address")
    if parts.fragment or any(sign.isspace() for sign in definition.address):
        yield LookupProblem("lookup_address", "address")
    if definition.method not in ("GET", "POST"):
        yield LookupProblem("lookup_method", "method")
    header = definition.header
    if header and (not _HEADER.fullmatch(header) or header.lower() in _FORBIDDEN_HEADERS):
        yield LookupProblem("lookup_header", "header")
    if definition.body and not _is_json(definition.body):
        yield LookupProblem("lookup_body", "body")


def _problems_of_fields(definition: LookupDefinition) -> Iterator[LookupProblem]:
    lookup = definition.lookup
    sent = set(PLACEHOLDER.findall(definition.address))
    if definition.method == "POST":
        sent |= set(PLACEHOLDER.findall(definition.body))
    if sent - {one.name for one in lookup.asked} - {LANGUAGE}:
        yield LookupProblem("lookup_unknown_field", "address")
    if any(one.name not in sent for one in lookup.needed):
        yield LookupProblem("lookup_unused_field", "asked")
    if any(one.name not in sent and not definition.proof_paths.get(one.name) for one in lookup.proofs):
        yield LookupProblem("lookup_proof_unchecked", "asked")
    if not lookup.needed or any(not any(one.question.values()) or not any(one.label.values()) for one in lookup.asked):
        yield LookupProblem("lookup_question", "asked")
    if any(not (set(form) & {"#", "?"}) or len(form) > 40 for one in lookup.asked for form in one.forms):
        yield LookupProblem("lookup_form", "asked")


def _problems_of_answer(definition: LookupDefinition) -> Iterator[LookupProblem]:
    paths = [one.path for one in definition.shown] + [path for path in definition.proof_paths.values() if path]
    if not all(map(_PATH.fullmatch, paths)):
        yield LookupProblem("lookup_path", "shown")
    if any(one.kind is ShownKind.MONEY and not re.fullmatch(r"[A-Z]{3}", one.currency) for one in definition.shown):
        yield LookupProblem("lookup_currency", "shown")
    found = definition.lookup.found
    if not any(found.values()):
        yield LookupProblem("lookup_found", "found")
    names = {one.name for one in definition.shown}
    if any(fields_in(text) - names for text in found.values()):
        yield LookupProblem("lookup_sentence_field", "found")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
