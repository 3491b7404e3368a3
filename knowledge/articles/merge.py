"""Two people have changed the same article: what of both fits together, and what somebody must decide. Pure.

Works on the JSON form, so that a half-written article can be merged too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.articles.content import KEPT_FIELDS

type Field = tuple[str | None, str]
"""A language, or `None` for what belongs to the whole article; and the field's name."""

_PHRASINGS = "phrasings"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeConflict:
    """A field that both have changed, each in their own way."""

    field: Field
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResult:
    """`values` are mine with what only they have changed; `taken` names that; `clashes` still have mine."""

    values: Mapping[Field, Any]
    taken: tuple[Field, ...]
    clashes: tuple[MergeConflict, ...]


def merge(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> MergeResult:
    """Bring together what both made of `base`. Phrasings never clash: what either added or took out counts."""
    was, others, own = flatten(base), flatten(theirs), flatten(mine)
    values: dict[Field, Any] = {}
    taken: list[Field] = []
    clashes: list[MergeConflict] = []
    for field in sorted({*was, *others, *own}, key=lambda field: (field[0] or "", field[1])):
        before, there, here = was.get(field), others.get(field), own.get(field)
        if field[1] == _PHRASINGS:
            values[field] = _united(before or [], there or [], here or [])
            taken += [field] if values[field] != (here or []) else []
        elif here == before and there != before:
            values[field] = there
            taken.append(field)
        else:
            values[field] = here
            if there not in (before, here):
                clashes.append(MergeConflict(field=field, theirs=there or "", mine=here or ""))
    return MergeResult(values=values, taken=tuple(taken), clashes=tuple(clashes))


def flatten(content: Mapping[str, Any]) -> dict[Field, Any]:
    """The fields of an article in its JSON form, empty ones left out."""
    found: dict[Field, Any] = {(None, name): content.get(name) for name in ("category", *KEPT_FIELDS)}
    for language, wording in content.get("variants", {}).items():
        found |= {(language, name): wording.get(name) for name in ("question", "answer", _PHRASINGS)}
    return {field: value for field, value in found.items() if value}


def _united(base: list[str], theirs: list[str], mine: list[str]) -> list[str]:
    gone = set(base) - set(theirs)
    kept = [text for text in mine if text not in gone]
    return kept + [text for text in theirs if text not in base and text not in kept]
