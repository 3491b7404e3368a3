"""What an admin may want to look after once a file is in: phrasings, languages, and articles that say the same."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from knowledge.formats.import_plan import ImportPlan, ImportResult
from knowledge.search.duplicates import MAX_ARTICLES, find_pairs
from knowledge.search.index import Snapshot

MAX_PAIRS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedArticle:
    """An article as a report names it."""

    key: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """Of the articles that a file brought: how many there are, have no phrasings, and lack a language.

    `pairs` say nearly the same, closest first; `waiting` are phrasings that are found by words alone so far.
    """

    total: int
    without_phrasings: int
    missing: Mapping[str, int]
    pairs: Sequence[tuple[ReportedArticle, ReportedArticle]]
    waiting: int


async def report_import(
    plan: ImportPlan, result: ImportResult, snapshot: Snapshot, languages: Collection[str], shown_in: str
) -> ImportReport:
    """The report, from what is published now."""
    there = [one for one in plan.articles if one.key not in set(result.left)]
    bare = [one for one in there if not any(wording.phrasings for wording in one.after.variants.values())]
    missing = {language: sum(language not in one.after.variants for one in there) for language in languages}
    pairs = await asyncio.to_thread(_pairs, snapshot, {one.key for one in there}, shown_in)
    return ImportReport(
        total=len(there),
        without_phrasings=len(bare),
        missing={language: count for language, count in missing.items() if count},
        pairs=pairs,
        waiting=len(snapshot.waiting),
    )


def _pairs(
    snapshot: Snapshot, imported: Collection[str], language: str
) -> list[tuple[ReportedArticle, ReportedArticle]]:
    if len(snapshot.entries) > MAX_ARTICLES:
        return []
    close = [pair for pair in find_pairs(snapshot) if {pair.first, pair.second} & set(imported)]
    return [(_named(snapshot, pair.first, language), _named(snapshot, pair.second, language)) for pair in close][
        :MAX_PAIRS
    ]


def _named(snapshot: Snapshot, key: str, language: str) -> ReportedArticle:
    return ReportedArticle(key=key, question=snapshot.by_key[key].content.in_language(language)[1].question)
