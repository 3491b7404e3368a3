"""The address of a site as people enter it: one page and what lies below it, or a list of pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from knowledge.sites.site_problems import SiteProblem, SiteProblemKind

#: Characters of an address; longer ones are seldom meant for people.
MAX_URL_LENGTH = 2_000
#: Pages that may be listed by hand.
MAX_LISTED_PAGES = 300
_DEFAULT_PORTS = {"https": 443, "http": 80}
_TRACKING = ("utm_", "gclid", "fbclid", "mc_cid", "mc_eid", "sessionid", "phpsessid", "jsessionid", "sid")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAddress:
    """What is to be read: the pages themselves where several were given, else `start` and what lies below it."""

    start: str
    listed: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The name, and the port if it isn't the usual one."""
        return urlsplit(self.start).netloc

    @property
    def origin(self) -> str:
        """Scheme and host."""
        parts = urlsplit(self.start)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_whole_site(self) -> bool:
        """Whether no folder of the site was named."""
        return urlsplit(self.start).path == "/"

    @property
    def text(self) -> str:
        """As it is stored and shown: an address a line."""
        return "\n".join(self.listed or (self.start,))

    def covers(self, url: str) -> bool:
        """Whether a page belongs to what was asked for: the same site, and below the path."""
        if self.listed:
            return url in self.listed
        if not is_same_site(url, self.start):
            return False
        base, path = urlsplit(self.start).path, urlsplit(url).path
        if "." in base.rpartition("/")[2]:  # a file has nothing below it
            return path == base
        return path == base or path.startswith(f"{base.rstrip('/')}/")


def read_site_address(text: str) -> SiteAddress:
    """One address, or several by lines or spaces. Raises `SiteProblem` for what is no web address."""
    pages = tuple(dict.fromkeys(read_address(one) for one in text.split()))
    if not pages:
        raise SiteProblem(SiteProblemKind.ADDRESS_FORM)
    if len(pages) > MAX_LISTED_PAGES:
        raise SiteProblem(SiteProblemKind.TOO_MANY_LISTED, count=len(pages), most=MAX_LISTED_PAGES)
    if len(pages) == 1:
        return SiteAddress(start=pages[0])
    for page in pages:
        if not is_same_site(page, pages[0]):
            raise SiteProblem(SiteProblemKind.SEVERAL_SITES, first=pages[0], other=page)
    return SiteAddress(start=pages[0], listed=pages)


def read_address(text: str) -> str:
    """One address in its normal form; https:// is added where nothing is said. Raises `SiteProblem`."""
    text = text.strip()
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise SiteProblem(SiteProblemKind.ADDRESS_FORM) from None
    has_name = bool(parts.hostname) and ("." in str(parts.hostname) or ":" in str(parts.hostname) or "://" in text)
    is_clean = len(url) <= MAX_URL_LENGTH and url.isprintable() and not any(each.isspace() for each in url)
    if parts.scheme not in _DEFAULT_PORTS or not has_name or not is_clean:
        raise SiteProblem(SiteProblemKind.ADDRESS_FORM)
    if parts.username is not None or parts.password is not None:
        raise SiteProblem(SiteProblemKind.ADDRESS_SECRET)
    return _normal(parts)


def join_address(base: str, link: str) -> str | None:
    """Where a link on the page `base` leads; `None` if that is no web address."""
    try:
        return read_address(urljoin(base, link.strip()))
    except (SiteProblem, ValueError):
        return None


def is_same_site(url: str, other: str) -> bool:
    """Whether both are of one host; with and without www are, and so are http and https."""
    return _bare_host(url) == _bare_host(other)


def is_address(text: str) -> bool:
    """Whether a text is meant as a web address rather than as a file."""
    return text.lower().startswith(("https://", "http://"))


def _bare_host(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    port = None if parts.port in _DEFAULT_PORTS.values() else parts.port
    return str(parts.hostname).removeprefix("www."), port


def _normal(parts: SplitResult) -> str:
    try:
        name = str(parts.hostname)
        host = f"[{name}]" if ":" in name else name.encode("idna").decode().lower()
    except UnicodeError:
        raise SiteProblem(SiteProblemKind.ADDRESS_FORM) from None
    port = "" if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    url = urlunsplit((parts.scheme, f"{host}{port}", path, _without_tracking(parts.query), ""))
    if len(url) > MAX_URL_LENGTH:
        raise SiteProblem(SiteProblemKind.ADDRESS_FORM)
    return url


def _without_tracking(query: str) -> str:
    fields: Sequence[tuple[str, str]] = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in fields if not name.lower().startswith(_TRACKING)]
    return query if len(kept) == len(fields) else urlencode(kept)
