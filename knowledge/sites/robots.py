"""What a site's robots.txt lets us do (RFC 9309), read by Protego as search engines read it."""

from urllib.parse import urlsplit

from protego import Protego

from knowledge.sites.site_client import ROBOT, SiteClient
from knowledge.sites.site_problems import SiteProblem, SiteProblemKind

#: RFC 9309 wants at least 500 KiB to be read.
MAX_ROBOTS_BYTES = 512 * 1024
_MEDIA_TYPES = frozenset({"text/plain", "text/html", "application/octet-stream", "text/x-robots"})
#: Whatever these say, there are no rules: the file can't be had, and that isn't for a moment.
_NO_RULES = frozenset({SiteProblemKind.GONE, SiteProblemKind.SIGN_IN, SiteProblemKind.KIND, SiteProblemKind.ELSEWHERE})
#: And these pass; until then nobody knows what is forbidden.
_PASSING = frozenset({SiteProblemKind.STATUS, SiteProblemKind.BUSY, SiteProblemKind.REDIRECTS, SiteProblemKind.PACKED})


class RobotsRules:
    """The rules of one site."""

    def __init__(self, text: str) -> None:
        self._rules = Protego.parse(text)

    def refuse_forbidden(self, url: str) -> None:
        """Raises `SiteProblem` for a page that is not for us."""
        if not self._rules.can_fetch(url, ROBOT):
            raise SiteProblem(SiteProblemKind.ROBOTS)

    def delay_seconds(self, otherwise: float) -> float:
        """The pause that the site wants between two requests, however long; never less than ours."""
        wanted = self._rules.crawl_delay(ROBOT)
        return otherwise if wanted is None else max(otherwise, float(wanted))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that it names."""
        return tuple(self._rules.sitemaps)


async def fetch_robots(client: SiteClient, url: str) -> RobotsRules:
    """The rules of the site that `url` is of. Raises `SiteProblem` while they can't be known."""
    parts = urlsplit(url)
    try:
        found = await client.get(
            f"{parts.scheme}://{parts.netloc}/robots.txt", media_types=_MEDIA_TYPES, max_bytes=MAX_ROBOTS_BYTES
        )
    except SiteProblem as problem:
        if problem.kind in _NO_RULES or problem.kind == SiteProblemKind.TOO_BIG:
            return RobotsRules("")
        if problem.kind in _PASSING:
            raise SiteProblem(SiteProblemKind.ROBOTS_AWAY) from None
        raise
    is_page = found.body.lstrip()[:1] == b"<"  # what some sites answer for everything that they don't have
    return RobotsRules("" if is_page else found.body.decode("utf-8", "replace"))
