"""What a search of the help centre shows. Pure."""

from dataclasses import dataclass

from helpdesk.web.help.page_index import HelpPage, HelpPageIndex
from helpdesk.web.help.seo import describe
from knowledge.search.library import SearchResult

LONGEST_QUERY = 200
MOST = 8
LEAST_CONFIDENCE = 0.02
LEAST_NEAR = 0.05
MOST_NEAR = 3


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
    return "".join(letter if letter.isprintable() else " " for letter in text)[:LONGEST_QUERY].strip()


def results_of(found: SearchResult, shelf: HelpPageIndex, language: str) -> HelpSearchResults:
    """The pages of the articles that were found, in `language` where there is one."""
    least, most = (LEAST_NEAR, MOST_NEAR) if found.outcome == "none" else (LEAST_CONFIDENCE, MOST)
    pages = [shelf.page(each.article, language) for each in found.candidates if each.confidence >= least]
    results = tuple(HelpSearchHit(page=page, excerpt=describe(page.answer)) for page in pages[:most] if page)
    return HelpSearchResults(near=results) if found.outcome == "none" else HelpSearchResults(found=results)
