"""What each address of the help centre answers. Everything but dates and counts comes from the library's memory."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from gettext import NullTranslations
from typing import Any
from urllib.parse import quote, urlencode

import structlog
from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from connectors.contract import Channel
from helpdesk.accounts.throttle import address_key
from helpdesk.channels.help_links import HelpLinks
from helpdesk.channels.privacy_notices import PrivacyNotices
from helpdesk.observability import metrics
from helpdesk.web.help.figures import HelpFigures
from helpdesk.web.help.page_index import UNSORTED, HelpPage, HelpPageIndex, HelpTopic, by_demand
from helpdesk.web.help.search_results import HelpSearchResults, read_query, results_of
from helpdesk.web.help.seo import SitemapEntry, describe, faq_data, og_locale, sitemap
from helpdesk.web.shared.cookies import Cookies
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.rate_limits import TokenBuckets
from helpdesk.web.shared.topics import topic_name
from i18n import available_languages, catalog, locale_of
from knowledge.search.library import Library
from knowledge.search.related_articles import find_related
from store.errors import Invalid
from store.markdown import render

log = structlog.get_logger()

MAX_ASKED = 6  # articles at the start
SHOWN = 5  # of each category at the start
AT_ONCE = 100  # on a category's page
MAX_LISTED = 50_000  # addresses that sitemaps.org allows in one file


class HelpCentre:
    """The doors."""

    def __init__(
        self,
        privacy_notices: PrivacyNotices,
        library: Library,
        links: HelpLinks,
        cookies: Cookies,
        pages: Pages,
    ) -> None:
        self._library = library
        self._links = links
        self._cookies = cookies
        self._pages = pages
        self._privacy_notices = privacy_notices
        self._figures = HelpFigures(privacy_notices.db)
        self._shelf = HelpPageIndex(fallback=pages.default_language)
        self._searches = TokenBuckets(burst=20, per_second=2)
        self._judgements = TokenBuckets(burst=10, per_second=0.1)

    async def show_door(self, request: Request) -> Response:
        """On to the reader's language."""
        response = RedirectResponse(f"/help/{self._pages.language(request, 'customer')}", 302)
        response.headers["Vary"] = "Cookie, Accept-Language"
        return response

    async def show_start(self, request: Request) -> Response:
        """Search, what is asked most, and the categories."""
        language = _language(request)
        if language is None:
            return await self._missing(request)
        shelf, asked = self._now(), await self._figures.asked()
        often = by_demand([page for page in shelf.pages(language) if page.key in asked], asked)[:MAX_ASKED]
        topics = shelf.topics(language, asked)
        return await self._render(
            request,
            "help/start.html",
            language,
            often=often,
            topics=[(topic, self._name(topic.slug, topic.category, language)) for topic in topics],
            shown=SHOWN,
            alternates={each: f"/help/{each}" for each in available_languages("customer")},
        )

    async def show_search(self, request: Request) -> Response:
        """The articles that may answer, or honestly none."""
        language = _language(request)
        if language is None:
            return await self._missing(request)
        query = read_query(request.query_params.get("q", ""))
        wait = self._searches.take(_who(request)) if query else 0.0
        results = await self._search(request, query, language) if query and not wait else HelpSearchResults()
        response = await self._render(
            request,
            "help/search.html",
            language,
            status=429 if wait else 200,
            query=query,
            results=results,
            is_too_fast=bool(wait),
            alternates={each: _search_path(each, query) for each in available_languages("customer")},
        )
        if wait:
            response.headers["Retry-After"] = str(max(1, round(wait)))
        return response

    async def _search(self, request: Request, query: str, language: str) -> HelpSearchResults:
        found = (await self._library.search_many([(query, language)]))[0]
        if "typing" not in request.query_params:
            metrics.HELP_SEARCHES.labels(str(found.outcome)).inc()
        return results_of(found, self._now(), language)

    async def show_topic(self, request: Request) -> Response:
        """All articles of a category, a hundred at a time."""
        language = _language(request)
        topics = self._now().topics(language, await self._figures.asked()) if language else []
        topic = next((each for each in topics if each.slug == request.path_params["topic"]), None)
        if language is None or topic is None:
            return await self._missing(request)
        pages = -(-len(topic.pages) // AT_ONCE)
        number = min(max(_whole(request.query_params.get("page", "")), 1), pages)
        return await self._render(
            request,
            "help/topic.html",
            language,
            topic=topic,
            name=self._name(topic.slug, topic.category, language),
            listed=topic.pages[(number - 1) * AT_ONCE : number * AT_ONCE],
            number=number,
            pages=pages,
            alternates=self._topic_alternates(topic),
        )

    def _topic_alternates(self, topic: HelpTopic) -> dict[str, str]:
        """In the languages that an article of the topic is written in."""
        written = {
            page.language
            for pages in self._now().by_key.values()
            for page in pages.values()
            if page.topic == topic.slug
        }
        return {each: f"/help/{each}/topic/{topic.slug}" for each in sorted(written)}

    async def show_article(self, request: Request) -> Response:
        """An article; an address that isn't today's leads on to today's."""
        language, slug = _language(request), request.path_params["slug"]
        page = self._now().find(slug, language) if language else None
        if language is None or page is None:
            return await self._missing(request)
        if page.language != language:
            return RedirectResponse(page.path, 302)  # it may be translated one day
        if page.slug != slug:
            return RedirectResponse(page.path, 301)
        return await self._article(request, page)

    async def _article(self, request: Request, page: HelpPage) -> Response:
        shelf = self._now()
        changed = (await self._figures.changed(self._library.snapshot.revision)).get(page.key)
        nonce = self._cookies.read(request, "form") or ""
        if not re.fullmatch(r"[\w-]{43}", nonce, re.ASCII):
            nonce = secrets.token_urlsafe(32)
        judged = request.query_params.get("helped", "")
        response = await self._render(
            request,
            "help/article.html",
            page.language,
            is_private=True,
            page=page,
            answer=render(page.answer),
            description=describe(page.answer),
            updated=changed,
            updated_words=format_date(changed, "long", locale_of(page.language)) if changed else "",
            og_locale=og_locale(page.language),
            topic_name=self._name(page.topic, page.category, page.language),
            related=self._related(page),
            faq=faq_data(page.question, page.answer, page.language, changed),
            form_token=self._cookies.form_token(nonce),
            judged=judged if judged in {"yes", "no"} else "",
            alternates={each: other.path for each, other in shelf.by_key[page.key].items()},
        )
        self._cookies.write(response, "form", nonce)
        return response

    def _related(self, page: HelpPage) -> list[HelpPage]:
        snapshot, shelf = self._library.snapshot, self._now()
        if page.key not in snapshot.by_key:
            return []
        found = (shelf.page(entry.key, page.language) for entry in find_related(snapshot, page.key))
        return [other for other in found if other]

    async def judge(self, request: Request) -> Response:
        """Count whether the article helped: how often, and of which article; never who said so."""
        language, form = _language(request), await request.form()
        page = self._now().find(request.path_params["slug"], language) if language else None
        if page is None:
            return await self._missing(request)
        helpful = form.get("helpful")
        if helpful not in {"yes", "no"}:
            raise Invalid('"helpful" is yes or no.')
        if not self._judgements.take(_who(request)):
            metrics.HELP_JUDGEMENTS.labels(str(helpful)).inc()
            await self._figures.judge(page.key, helped=helpful == "yes")
            log.info("help.judged", article=page.key, language=page.language, helpful=helpful)
        return RedirectResponse(f"{page.path}?helped={helpful}#helped", 303)

    async def show_sitemap(self, request: Request) -> Response:
        """Every page, with its twins and the day of its last change."""
        shelf = self._now()
        changed = await self._figures.changed(self._library.snapshot.revision)
        languages = sorted(shelf.languages or available_languages("customer"))
        starts = self._absolute({each: f"/help/{each}" for each in languages})
        listed = [SitemapEntry(address=starts[each], alternates=starts) for each in languages]
        for key, pages in shelf.by_key.items():
            twins = self._absolute({each: page.path for each, page in pages.items()})
            listed += [
                SitemapEntry(address=each, alternates=twins, changed=changed.get(key)) for each in twins.values()
            ]
        return _tagged(request, Response(sitemap(listed[:MAX_LISTED]), media_type="application/xml"), "public")

    def _absolute(self, paths: Mapping[str, str]) -> dict[str, str]:
        return {language: self._links.origin + path for language, path in paths.items()}

    def _now(self) -> HelpPageIndex:
        self._shelf = self._shelf.renewed(self._library.snapshot)
        return self._shelf

    async def _missing(self, request: Request) -> Response:
        language = _language(request) or self._pages.language(request, "customer")
        alternates = {each: f"/help/{each}" for each in available_languages("customer")}
        return await self._render(request, "help/not_found.html", language, status=404, alternates=alternates)

    def _name(self, topic: str, category: str | None, language: str) -> str:
        """What a category is called; articles without one have a name too."""
        if topic == UNSORTED:
            _ = self._messages(language).gettext
            return _("More questions") if self._now().is_sorted else _("All questions")
        return topic_name(category or "", catalog("customer", language))

    def _messages(self, language: str) -> NullTranslations:
        return self._pages.customer_messages(language)

    async def _render(
        self,
        request: Request,
        template: str,
        language: str,
        *,
        alternates: Mapping[str, str],
        status: int = 200,
        is_private: bool = False,
        **context: Any,
    ) -> Response:
        response = self._pages.render(
            request,
            template,
            status=status,
            messages=self._messages(language),
            language=language,
            languages=available_languages("customer"),
            canonical=self._links.origin + quote(request.url.path),
            twins=alternates,
            alternates=self._absolute(alternates),
            privacy=await self._privacy_notices.look(str(Channel.WEBCHAT), language),
            **context,
        )
        del response.headers["Vary"]  # the language stands in the address
        return _tagged(request, response, "private" if is_private else "public")


def _tagged(request: Request, response: Response, cache: str) -> Response:
    """With an ETag, to be asked for each time: a change shows at once, and what is the same isn't sent again."""
    if response.status_code != 200:
        return response
    tag = f'W/"{hashlib.sha256(bytes(response.body)).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": f"{cache}, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def _language(request: Request) -> str | None:
    language = request.path_params["language"]
    return str(language) if language in available_languages("customer") else None


def _search_path(language: str, query: str) -> str:
    return f"/help/{language}/search" + (f"?{urlencode({'q': query})}" if query else "")


def _who(request: Request) -> str:
    return address_key(request.client.host if request.client else "unknown")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
