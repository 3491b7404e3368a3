"""A page of a site without what stands around its content: navigation, footers, cookie notices, ratings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.dammit import UnicodeDammit

from knowledge.sites.site_address import join_address
from knowledge.sites.site_client import SiteResponse

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
#: Links of one page that are looked at.
MAX_LINKS = 2_000
#: Languages of one page that are looked at.
MAX_TWINS = 40
_MIN_MAIN_LENGTH = 100  # characters: a shorter main part may be there for a script to fill
_MAX_ASIDE_SHARE = 0.5  # of the content: what holds more is content, whatever it is called

_NEVER_CONTENT = (
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "canvas",
    "select",
    "textarea",
    "nav",
)
_AROUND = ("footer", "aside", "header")
_PARTS = ("article", "section", "details")
#: What makes a link the head of an accordion.
_TOGGLES = ("data-toggle", "data-bs-toggle", "aria-controls", "aria-expanded", "data-target", "data-bs-target")
_ROLES = frozenset({"navigation", "search", "banner", "contentinfo", "complementary", "dialog", "alertdialog"})
_ASIDES = frozenset(
    """
    author avatar breadcrumb breadcrumbs byline comment comments consent cookie cookiebanner cookies feedback helpful
    masthead menu meta navbar navigation newsletter pagination pager popup rating reaction reactions related recommended
    share sharing sidebar skip skiplink social subscribe toc vote votes
    """.split()  # noqa: SIM905
)
_RATING = re.compile(
    r"\W*(?:war|ist|hat|finden sie|fanden sie)\b.{0,40}\b(?:hilfreich|geholfen|weitergeholfen|n(?:ü|ue)tzlich)\W*"
    r"|\W*(?:was|is|did|has|do you find)\b.{0,40}\b(?:helpful|help(?:ed)?(?: you)?|answer your question|useful)\W*",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_TITLE_ENDS = re.compile(r"\s+(?:[|–—·•:-]|::|»)\s+")
_ROBOTS = frozenset({"robots", "staffel"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """What a page holds. `html` is a small page of its own: its language, its data for machines and its content.

    `links` are the web addresses that it leads to, `twins` those of the same page in other languages (hreflang);
    `is_hidden`: it asks not to be kept (noindex).
    """

    url: str
    title: str
    html: str
    links: tuple[str, ...]
    twins: tuple[str, ...]
    text_length: int
    link_length: int
    is_hidden: bool
    wants_password: bool


def read_web_page(response: SiteResponse) -> WebPage:
    """The content of what a site sent. Nothing of it is run or fetched."""
    soup = BeautifulSoup(decode(response.body, response.charset), "html.parser")
    robots = _robots_words(soup)
    links = () if "nofollow" in robots else tuple(_links(soup, _base(soup, response.url)))
    wants_password = soup.find("input", type="password") is not None
    scripts = [str(script) for script in soup.find_all("script", type="application/ld+json")]
    language = str(soup.html.get("lang") or "") if soup.html else ""
    main = _main_part(soup)
    _absolute_links(main, _base(soup, response.url))
    title = _title(soup, main)
    name = str(soup.title) if soup.title else ""
    text = main.get_text(" ", strip=True)
    lang = re.sub(r"[^A-Za-z-]", "", language)
    body = f'<html lang="{lang}">' if lang else "<html>"
    return WebPage(
        url=response.url,
        title=title,
        html=f"<!DOCTYPE html>{body}<head>{name}{''.join(scripts)}</head><body>{main.decode_contents()}</body></html>",
        links=links,
        twins=tuple(_twins(soup, _base(soup, response.url))),
        text_length=len(text),
        link_length=sum(len(link.get_text(" ", strip=True)) for link in main.find_all("a")),
        is_hidden=bool({"noindex", "none"} & robots),
        wants_password=wants_password,
    )


def decode(body: bytes, charset: str | None) -> str:
    """The text, by its byte order mark, the HTTP header, what the page says of itself, or what it looks like."""
    found = UnicodeDammit(body, user_encodings=[charset] if charset else [], is_html=True)
    return found.unicode_markup or body.decode("utf-8", "replace")


def _robots_words(soup: BeautifulSoup) -> set[str]:
    said = [
        str(meta.get("content") or "")
        for meta in soup.find_all("meta", attrs={"name": True})
        if str(meta["name"]).lower() in _ROBOTS
    ]
    return {word.strip().lower() for words in said for word in words.split(",")}


def _base(soup: BeautifulSoup, url: str) -> str:
    base = soup.find("base", href=True)
    return (join_address(url, str(base["href"])) if isinstance(base, Tag) else None) or url


def _links(soup: BeautifulSoup, base: str) -> Iterator[str]:
    seen: set[str] = set()
    for link in soup.find_all("a", href=True, limit=MAX_LINKS):
        rel = link.get("rel") or ()
        url = None if "nofollow" in rel else join_address(base, str(link["href"]))
        if url is not None and url not in seen:
            seen.add(url)
            yield url


def _twins(soup: BeautifulSoup, base: str) -> Iterator[str]:
    for link in soup.find_all("link", rel="alternate", hreflang=True, href=True, limit=MAX_TWINS):
        url = join_address(base, str(link["href"]))
        if url is not None and str(link["hreflang"]).lower() != "x-default":
            yield url


def _main_part(soup: BeautifulSoup) -> Tag:
    """The content, in place: what is around it is taken out of the page."""
    for tag in soup.find_all(_NEVER_CONTENT):
        tag.decompose()
    for tag in soup.find_all("script"):
        tag.decompose()
    body = soup.body or soup
    main = _named_main(body)
    if main is None:
        for tag in body.find_all(_AROUND):
            if not tag.decomposed and tag.find("h1") is None and tag.find_parent(_PARTS) is None:
                tag.decompose()
        main = body
    _drop_asides(main)
    for tag in main.find_all(("p", "span", "div", "h2", "h3", "h4", "h5", "label")):
        if not tag.decomposed and tag.find(True) is None and _RATING.fullmatch(tag.get_text()):
            tag.decompose()
    for form in main.find_all("form"):  # some systems put the whole page into one
        form.unwrap()
    return main


def _named_main(body: Tag) -> Tag | None:
    """The part that the page itself calls its content, unless nothing stands in it."""
    articles = body.find_all("article")
    named = [body.find("main"), body.find(role="main"), *(articles if len(articles) == 1 else [])]
    whole = len(body.get_text(" ", strip=True))
    for part in named:
        if isinstance(part, Tag):
            length = len(part.get_text(" ", strip=True))
            if length >= min(_MIN_MAIN_LENGTH, whole / 3):
                return part
    return None


def _drop_asides(main: Tag) -> None:
    whole = len(main.get_text())
    for tag in main.find_all(True):
        if tag.decomposed or not _is_aside(tag) or tag.find("h1") is not None:
            continue
        if len(tag.get_text()) <= _MAX_ASIDE_SHARE * whole:
            tag.decompose()


def _is_aside(tag: Tag) -> bool:
    if str(tag.get("role") or "") in _ROLES or tag.name == "footer":
        return True
    names = tag.get("class") or ()
    words = {word.lower() for name in names for word in _WORDS.findall(name)}
    return bool(words & _ASIDES)


def _absolute_links(main: Tag, base: str) -> None:
    """Links that work outside of the page; pictures without a description go, and links within the page are none."""
    for link in main.find_all("a"):
        href = str(link.get("href") or "")
        if href.startswith(("mailto:", "tel:")):
            continue
        url = None if href.startswith("#") else join_address(base, href) if href else None
        if url is None:
            if not any(link.has_attr(name) for name in _TOGGLES):
                link.name = "span"  # its class may still say that it opens an answer
                del link["href"]
        else:
            link["href"] = url
    for picture in main.find_all("img"):
        url = join_address(base, str(picture.get("src") or ""))
        if url is None or not str(picture.get("alt") or "").strip() or not picture.get("src"):
            picture.decompose()
        else:
            picture["src"] = url


def _title(soup: BeautifulSoup, main: Tag) -> str:
    """The first heading, else the page's title without the name of the site."""
    heading = main.find("h1") or soup.find("h1")
    if isinstance(heading, Tag) and (said := " ".join(heading.get_text(" ").split())):
        return said
    said = " ".join(soup.title.get_text(" ").split()) if soup.title else ""
    return _TITLE_ENDS.split(said)[0]
