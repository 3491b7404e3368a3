"""The sitemap of a site: an index of others, a list of pages, or a plain list of addresses (sitemaps.org)."""

from dataclasses import dataclass

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from knowledge.sites.robots import RobotsRules
from knowledge.sites.site_address import SiteAddress, is_same_site, join_address
from knowledge.sites.site_client import SiteClient, unpack_gzip
from knowledge.sites.site_problems import SiteProblem

#: Of a sitemap, unpacked; sitemaps.org allows 50 MB, which no help centre needs.
MAX_SITEMAP_BYTES = 10 * 1024 * 1024
MAX_SITEMAPS = 50
#: Pages that are looked through for those below the address.
MAX_ENTRIES = 50_000
XML_TYPES = frozenset({"application/xml", "text/xml", "application/rss+xml"})
_MEDIA_TYPES = XML_TYPES | {
    "text/plain",
    "text/html",
    "application/gzip",
    "application/x-gzip",
    "application/octet-stream",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What one file says: addresses of pages, and of further sitemaps."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(raw: bytes) -> Sitemap:
    """XML in whatever namespace, packed or not, or a text with an address a line. What is neither holds nothing."""
    if raw[:2] == b"\x1f\x8b":
        raw = unpack_gzip(raw, MAX_SITEMAP_BYTES)
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        lines = start.decode("utf-8", "replace").split()
        return Sitemap(pages=tuple(line for line in lines[:MAX_ENTRIES] if line.startswith(("http://", "https://"))))
    try:
        root = ElementTree.fromstring(raw, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError):
        return Sitemap()
    found = [loc.text.strip() for loc in root.iter() if _name(loc.tag) == "loc" and loc.text and loc.text.strip()]
    listed = tuple(found[:MAX_ENTRIES])
    return Sitemap(sitemaps=listed) if _name(root.tag) == "sitemapindex" else Sitemap(pages=listed)


async def fetch_listed_pages(
    client: SiteClient, address: SiteAddress, robots: RobotsRules, *, start: bytes | None = None
) -> list[str]:
    """The pages of a site's sitemaps that lie below the address, each once; none where there is no sitemap.

    `start` is the sitemap itself where the address is one: then every page of the site counts.
    """
    waiting = list(robots.sitemaps or (f"{address.origin}/sitemap.xml",))
    pages: dict[str, None] = {}
    seen: set[str] = set()
    if start is not None:
        first = read_sitemap(start)
        waiting = list(first.sitemaps)
        pages |= dict.fromkeys(_on_site(first.pages, address))
    while waiting and len(seen) < MAX_SITEMAPS:
        url = join_address(address.start, waiting.pop(0))
        if url is None or url in seen or not is_same_site(url, address.start):
            continue
        seen.add(url)
        sitemap = await _fetch(client, url, robots)
        waiting += sitemap.sitemaps
        listed = _on_site(sitemap.pages, address)
        pages |= dict.fromkeys(listed if start is not None else [page for page in listed if address.covers(page)])
    return list(pages)


def _on_site(pages: tuple[str, ...], address: SiteAddress) -> list[str]:
    joined = (join_address(address.start, page) for page in pages)
    return [page for page in joined if page is not None and is_same_site(page, address.start)]


async def _fetch(client: SiteClient, url: str, robots: RobotsRules) -> Sitemap:
    """A sitemap that can't be had says nothing: the pages are found by their links then."""
    try:
        response = await client.get(
            url, media_types=_MEDIA_TYPES, max_bytes=MAX_SITEMAP_BYTES, check=robots.refuse_forbidden
        )
        return read_sitemap(response.body)
    except SiteProblem:
        return Sitemap()


def _name(tag: object) -> str:
    """Without its namespace."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
