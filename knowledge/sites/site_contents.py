"""The articles of a whole site, out of its pages: what stands on every page goes, and no two share a key."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from knowledge.articles.content import MAX_KEY_LENGTH, ArticleWording, Content
from knowledge.formats.source_articles import slug
from knowledge.sites.site_client import PageStamp

#: A paragraph that stands under the articles of this share of the pages, and of as many at least, belongs to none.
_REPEATED_SHARE = 0.5
_MIN_REPEATED_PAGES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """A page that was read: its articles under keys of their own words, and how to ask whether it has changed.

    `url` is the address that it was asked for by, `links` are where it leads to, `twins` are the same page in other
    languages.
    """

    url: str
    stamp: PageStamp = field(default_factory=PageStamp)
    articles: tuple[tuple[str, Content], ...] = ()
    links: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContents:
    """The articles of a site by key, and the page that each is of."""

    articles: Mapping[str, Content]
    sources: Mapping[str, str]


def assemble(pages: Iterable[SitePage]) -> SiteContents:
    """The articles of these pages. The same pages give the same keys, in whatever order they were read.

    A page that is one article, and its twins in other languages, make one article together.
    """
    ordered = sorted((page for page in pages if page.articles), key=lambda page: page.url)
    repeated = _repeated_blocks(ordered)
    articles: dict[str, Content] = {}
    sources: dict[str, str] = {}
    for page in _with_twins(ordered):
        for key, content in page.articles:
            kept = _without(content, repeated)
            free = _free_key(key, kept, page.url, articles) if kept else None
            if kept and free:
                articles[free], sources[free] = kept, page.url
    return SiteContents(articles=articles, sources=sources)


def _with_twins(pages: Sequence[SitePage]) -> Iterator[SitePage]:
    """The pages, those of one article with the languages of their twins, which come by themselves no more."""
    single = {page.url: page for page in pages if len(page.articles) == 1}
    taken: set[str] = set()
    for page in pages:
        if page.url not in taken:
            yield _joined(page, single, taken) if page.url in single else page


def _joined(page: SitePage, single: Mapping[str, SitePage], taken: set[str]) -> SitePage:
    """With the wordings of twins that name this page, too, and speak another language."""
    [(key, content)] = page.articles
    variants = dict(content.variants)
    for url in page.twins:
        twin = single.get(url)
        if twin is None or url == page.url or url in taken or page.url not in twin.twins:
            continue
        other = twin.articles[0][1].variants
        if not variants.keys() & other.keys():
            variants |= other
            taken.add(url)
    return replace(page, articles=((key, replace(content, variants=variants)),))


def _free_key(key: str, content: Content, url: str, there: Mapping[str, Content]) -> str | None:
    """A key that no other article has; `None` if the same one is there already."""
    for candidate in _candidates(key, url):
        if candidate not in there:
            return candidate
        if there[candidate] == content:
            return None
    return None


def _candidates(key: str, url: str) -> Iterator[str]:
    """The key, the key with the name of the page, and then numbers."""
    yield key
    page = slug(urlsplit(url).path.rstrip("/").rpartition("/")[2].partition(".")[0])[:40]
    named = f"{key[: MAX_KEY_LENGTH - 50]}-{page}"
    yield named
    yield from (f"{named}-{number}" for number in range(2, 1000))


def _repeated_blocks(pages: list[SitePage]) -> frozenset[str]:
    counted: Counter[str] = Counter()
    for page in pages:
        counted.update({block for _, content in page.articles for block in _blocks(content)})
    least = max(_MIN_REPEATED_PAGES, _REPEATED_SHARE * len(pages))
    return frozenset(block for block, count in counted.items() if count >= least)


def _blocks(content: Content) -> Iterator[str]:
    for wording in content.variants.values():
        yield from wording.answer.split("\n\n")


def _without(content: Content, repeated: frozenset[str]) -> Content | None:
    """Without what every page says; `None` if nothing is left."""
    if not repeated:
        return content
    variants = {language: _stripped(wording, repeated) for language, wording in content.variants.items()}
    kept = {language: wording for language, wording in variants.items() if wording.answer}
    return replace(content, variants=kept) if kept else None


def _stripped(wording: ArticleWording, repeated: frozenset[str]) -> ArticleWording:
    kept = [block for block in wording.answer.split("\n\n") if block not in repeated]
    return replace(wording, answer="\n\n".join(kept).strip())
