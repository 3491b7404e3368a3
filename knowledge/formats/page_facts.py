"""What a page says about itself in named properties: category, language, who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from knowledge.formats.problems import HoldReason
from knowledge.formats.tables.column_mapping import ColumnRole
from knowledge.formats.tables.header_words import header_meaning
from knowledge.formats.visibility import hold_by_words


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page says about itself rather than to its readers; `unused` are properties that say nothing to us."""

    title: str = ""
    category: str | None = None
    locale: str | None = None
    hold: HoldReason | None = None
    phrasings: tuple[str, ...] = ()
    answer: str = ""
    unused: tuple[str, ...] = ()


def read_facts(properties: Mapping[str, str], before: PageFacts | None = None) -> PageFacts:
    """The facts that properties say, on top of those known `before`."""
    facts, unused = before or PageFacts(), list[str]()
    for name, value in properties.items():
        meaning = header_meaning(name)
        role = meaning.role if meaning else None
        if role == ColumnRole.CATEGORY:
            facts = replace(facts, category=value.split(",")[0].strip() or facts.category)
        elif role == ColumnRole.VISIBILITY:
            facts = replace(facts, hold=facts.hold or hold_by_words(value, name))
        elif role == ColumnRole.LANGUAGE:
            facts = replace(facts, locale=value)
        elif role == ColumnRole.ANSWER:
            facts = replace(facts, answer=value)
        elif role == ColumnRole.PHRASINGS:
            facts = replace(facts, phrasings=tuple(piece.strip() for piece in value.split(",") if piece.strip()))
        else:
            unused.append(name)
    return replace(facts, unused=tuple(unused))
