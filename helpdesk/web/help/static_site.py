"""The help centre as files: pages that link to one another and need no server, on a disk or on any web space."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from gettext import NullTranslations
from typing import Any

from babel.dates import format_date
from jinja2 import Environment

from helpdesk.web.help.page_index import UNSORTED, HelpPage, HelpPageIndex, HelpTopic, pages_of
from helpdesk.web.help.seo import describe, faq_data
from helpdesk.web.shared.pages import FEATURES, template_words
from helpdesk.web.shared.topics import topic_name
from i18n import available_languages, catalog, locale_of
from knowledge.articles.content import Content
from knowledge.articles.validity import is_within
from store.markdown import render

_SHOWN = 5  # questions of each topic at the start
_RELATED = 5
_STYLES = {"theme.css": "shared/theme.css", "mark.svg": "shared/mark.svg", "help.css": "help/help.css"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLink:
    """A page as others link to it, from the same folder."""

    path: str
    question: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTopic:
    """A topic with its name and its pages in one language."""

    path: str
    name: str
    pages: tuple[SiteLink, ...]


@dataclass(frozen=True, kw_only=True)
class StaticSite:
    """The published articles that customers see at `at`; `fallback` is the language that the site opens in."""

    articles: Mapping[str, Content]
    environment: Environment
    fallback: str
    at: datetime
    is_informal: bool = False

    def as_zip(self) -> bytes:
        """All files in one archive."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in self.files():
                archive.writestr(path, content)
        return packed.getvalue()

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Path and content of each file. Folders are languages; `index.html` leads into one."""
        yield from ((f"files/{name}", (FEATURES / source).read_bytes()) for name, source in _STYLES.items())
        opening = self.fallback if self.fallback in self._languages else self._languages[0]
        yield "index.html", self._written("index", opening, languages=self._languages)
        for language in self._languages:
            yield from self._language(language)

    def _language(self, language: str) -> Iterator[tuple[str, bytes]]:
        topics = {topic.slug: self._topic(topic, language) for topic in self._shelf.topics(language, {})}
        starts = {code: f"../{code}/index.html" for code in self._languages}
        yield (
            f"{language}/index.html",
            self._written("start", language, twins=starts, topics=list(topics.values()), shown=_SHOWN),
        )
        for topic in topics.values():
            yield f"{language}/{topic.path}", self._written("topic", language, twins=starts, topic=topic)
        for page in self._shelf.pages(language):
            yield f"{language}/{_file(page)}", self._article(page, topics[page.topic], starts)

    def _article(self, page: HelpPage, topic: SiteTopic, starts: Mapping[str, str]) -> bytes:
        written = self._shelf.by_key[page.key]
        twins = {code: f"../{code}/{_file(written[code])}" if code in written else starts[code] for code in starts}
        return self._written(
            "article",
            page.language,
            page=page,
            topic=topic,
            twins=twins,
            answer=render(page.answer),
            description=describe(page.answer),
            faq=faq_data(page.question, page.answer, page.language, None),
            related=[link for link in topic.pages if link.path != _file(page)][:_RELATED],
        )

    def _topic(self, topic: HelpTopic, language: str) -> SiteTopic:
        links = [SiteLink(path=_file(page), question=page.question, language=page.language) for page in topic.pages]
        name = self._topic_name(topic, self._messages(language))
        return SiteTopic(path=f"topic.{topic.slug}.html", name=name, pages=tuple(links))

    def _topic_name(self, topic: HelpTopic, messages: NullTranslations) -> str:
        if topic.slug != UNSORTED:
            return topic_name(topic.category or "", messages)
        _ = messages.gettext
        return _("More questions") if self._shelf.is_sorted else _("All questions")

    @cached_property
    def _shelf(self) -> HelpPageIndex:
        """The pages by their keys; an index of files needs no snapshot."""
        shown = {
            key: pages_of(key, content)
            for key, content in self.articles.items()
            if is_within(content.valid_from, content.valid_until, self.at)
        }
        by_key = {key: {page.language: page for page in pages} for key, pages in shown.items() if pages}
        return HelpPageIndex(
            made={(key, 0): pages for key, pages in shown.items()}, by_key=by_key, fallback=self.fallback
        )

    @cached_property
    def _languages(self) -> list[str]:
        written = self._shelf.languages
        return [code for code in available_languages("customer") if code in written] or [self.fallback]

    def _messages(self, language: str) -> NullTranslations:
        return catalog("customer", language, informal=self.is_informal)

    def _written(self, template: str, language: str, **context: Any) -> bytes:
        text = self.environment.get_template(f"help/site/{template}.html").render(
            **template_words(self._messages(language)),
            language=language,
            day=format_date(self.at, "long", locale_of(language)),
            **context,
        )
        return text.encode()


def _file(page: HelpPage) -> str:
    return f"{page.slug}.html"
