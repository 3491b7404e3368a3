"""The published articles as the pages of the help centre: by language, by address and by category. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from helpdesk.channels.help_links import article_path, code_in, code_of, fold, slug_of
from i18n import available_languages
from knowledge.articles.content import Content
from knowledge.articles.placeholders import fill_article
from knowledge.search.index import Snapshot

UNSORTED = "more"
"""The topic of articles without a category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """An article in one language, and where it stands."""

    key: str
    language: str
    slug: str
    question: str
    answer: str
    category: str | None

    @property
    def path(self) -> str:
        """The address without the host."""
        return article_path(self.key, self.language, self.question)

    @property
    def topic(self) -> str:
        """The category as it stands in addresses."""
        return topic_of(self.category)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpTopic:
    """The pages of one category in one language."""

    slug: str
    category: str | None
    pages: tuple[HelpPage, ...]


def topic_of(category: str | None) -> str:
    """A category in an address."""
    return (fold(category) or code_of(category)) if category else UNSORTED


@dataclass(frozen=True, eq=False)
class HelpPageIndex:
    """Every page. It never changes; the next snapshot gets a new one, made of the pages that are still the same."""

    snapshot: Snapshot | None = None
    made: Mapping[tuple[str, int], tuple[HelpPage, ...]] = field(default_factory=dict)
    by_key: Mapping[str, Mapping[str, HelpPage]] = field(default_factory=dict)
    by_code: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fallback: str = "de"

    def renewed(self, snapshot: Snapshot) -> "HelpPageIndex":
        """The shelf for `snapshot`; itself, when it is that already."""
        if snapshot is self.snapshot:
            return self
        made = {
            (entry.key, entry.revision): self.made.get((entry.key, entry.revision))
            or pages_of(entry.key, entry.content)
            for entry in snapshot.entries
        }
        by_key = {key: {page.language: page for page in pages} for (key, _), pages in made.items() if pages}
        by_code: dict[str, tuple[str, ...]] = {}
        for pages in made.values():
            for page in pages[:1]:
                code = code_in(page.slug)
                by_code[code] = (*by_code.get(code, ()), page.key)
        return HelpPageIndex(snapshot, made, by_key, by_code, self.fallback)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that articles are written in."""
        return frozenset(language for found in self.by_key.values() for language in found)

    @cached_property
    def is_sorted(self) -> bool:
        """Whether any article has a category."""
        return any(page.category for pages in self.made.values() for page in pages)

    def pages(self, language: str) -> list[HelpPage]:
        """Every page in a language; each in one that it has, as long as none is written in this language."""
        if language not in self.languages:
            return [page for key in self.by_key if (page := self.page(key, language))]
        return [found[language] for found in self.by_key.values() if language in found]

    def page(self, key: str, language: str) -> HelpPage | None:
        """The article in `language`, else in the installation's, else in one that it has."""
        found = self.by_key.get(key)
        return (found.get(language) or found.get(self.fallback) or next(iter(found.values()))) if found else None

    def find(self, slug: str, language: str) -> HelpPage | None:
        """The page at an address: today's, one of an older wording, or the article's key."""
        sharers = self.by_code.get(code_in(slug), ())
        named = [page for key in sharers if (page := self.page(key, language)) and page.slug == slug]
        if named:
            return named[0]
        return self.page(slug, language) or (self.page(sharers[0], language) if sharers else None)

    def topics(self, language: str, asked: Mapping[str, int]) -> list[HelpTopic]:
        """The categories by their names, each with what is asked most first; what has no category comes last."""
        sorted_in: dict[str, list[HelpPage]] = {}
        for page in self.pages(language):
            sorted_in.setdefault(page.topic, []).append(page)
        slugs = sorted(sorted_in, key=lambda slug: (slug == UNSORTED, slug))
        return [
            HelpTopic(slug=slug, category=sorted_in[slug][0].category, pages=by_demand(sorted_in[slug], asked))
            for slug in slugs
        ]


def by_demand(pages: Sequence[HelpPage], asked: Mapping[str, int]) -> tuple[HelpPage, ...]:
    """What is asked most first, the rest by the alphabet."""
    return tuple(sorted(pages, key=lambda page: (-asked.get(page.key, 0), page.question.casefold())))


def pages_of(key: str, content: Content) -> tuple[HelpPage, ...]:
    """The pages of an article in the languages that customers are spoken to."""
    return tuple(
        HelpPage(
            key=key,
            language=language,
            slug=slug_of(key, content.variants[language].question),
            question=content.variants[language].question,
            answer=fill_article(content.variants[language].answer, {}),
            category=content.category,
        )
        for language in available_languages("customer")
        if language in content.variants
    )
