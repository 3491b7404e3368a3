"""What a search of the help centre shows. Pure."""

from dataclasses import dataclass

from helpdesk.web.help.page_index import HelpPage, HelpPageIndex
from helpdesk.web.help.seo import describe
from knowledge.search.library import SearchResult

MAX_QUERY_LENGTH = 200
MAX_RESULTS = 8
MIN_CONFIDENCE = 0.02
MIN_NEAR_CONFIDENCE = 0.05
MAX_NEAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpSearchHit:
    """A page that was found, with the first words of its answer."""

    page: HelpPage
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpSearchResults:
    """`found` may answer, best first; `near` is shown when nothing does, and said to be no more than near."""

    found: tuple[HelpSearchHit, ...] = ()
    near: tuple[HelpSearchHit, ...] = ()


def read_query(text: str) -> str:
    """What was asked for, on one line and not too long."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:MAX_QUERY_LENGTH].strip()


def results_of(found: SearchResult, shelf: HelpPageIndex, language: str) -> HelpSearchResults:
    """The pages of the articles that were found, in `language` where there is one."""
    least, most = (MIN_NEAR_CONFIDENCE, MAX_NEAR) if found.outcome == "none" else (MIN_CONFIDENCE, MAX_RESULTS)
    pages = [shelf.page(each.article, language) for each in found.candidates if each.confidence >= least]
    results = tuple(HelpSearchHit(page=page, excerpt=describe(page.answer)) for page in pages[:most] if page)
    return HelpSearchResults(near=results) if found.outcome == "none" else HelpSearchResults(found=results)
