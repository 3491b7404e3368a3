"""Why a site, or a page of it, can't be read, as a kind with its details; the words are `SITE_SENTENCES`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from i18n import N_
from store.errors import Invalid


class SiteProblemKind(StrEnum):
    """Why a site can't be read at all, or a page of it was passed over."""

    ADDRESS_FORM = "site_address_form"
    ADDRESS_SECRET = "site_address_secret"  # noqa: S105 - the kind of a problem
    SEVERAL_SITES = "site_several"
    TOO_MANY_LISTED = "site_too_many_listed"
    TOO_MANY_SITES = "site_too_many"
    THERE_ALREADY = "site_there_already"
    UNKNOWN_HOST = "site_unknown_host"
    INSIDE = "site_inside"
    UNREACHABLE = "site_unreachable"
    TOO_SLOW = "site_too_slow"
    ROBOTS = "site_robots"
    ROBOTS_AWAY = "site_robots_away"
    GONE = "site_gone"
    SIGN_IN = "site_sign_in"
    BUSY = "site_busy"
    STATUS = "site_status"
    ELSEWHERE = "site_elsewhere"
    REDIRECTS = "site_redirects"
    TOO_BIG = "site_too_big"
    PACKED = "site_packed"
    KIND = "site_kind"
    HIDDEN = "site_noindex"
    NO_QUESTIONS = "site_no_questions"
    NOTHING = "site_nothing"
    NOT_STARTED = "site_not_started"
    BROKEN = "site_broken"


SITE_SENTENCES: Mapping[str, str] = {
    SiteProblemKind.ADDRESS_FORM: N_("Please enter a web address like https://www.example.org/help."),
    SiteProblemKind.ADDRESS_SECRET: N_(
        "The address must hold no name or password. Only pages that everybody can see are read."
    ),
    SiteProblemKind.SEVERAL_SITES: N_(
        "The pages are of different sites ({first} and {other}). Please enter each site by itself."
    ),
    SiteProblemKind.TOO_MANY_LISTED: N_("{count} pages are listed; {most} are read at most."),
    SiteProblemKind.TOO_MANY_SITES: N_("There are {most} sites already. Remove one that isn't needed any more."),
    SiteProblemKind.THERE_ALREADY: N_("This site is in the list already."),
    SiteProblemKind.UNKNOWN_HOST: N_("There is no site of the name {host}. Please check the address."),
    SiteProblemKind.INSIDE: N_(
        "{host} is an address inside of your own network or machine, where nothing is read. If that is meant, whoever "
        "runs Staffel names it in STAFFEL_SITE_HOSTS."
    ),
    SiteProblemKind.UNREACHABLE: N_("{host} can't be reached at the moment. Please try again later."),
    SiteProblemKind.TOO_SLOW: N_("The site didn't answer within {seconds} seconds."),
    SiteProblemKind.ROBOTS: N_(
        "The site's robots.txt asks programs not to read this page. Allow “Staffel” there if the site is yours."
    ),
    SiteProblemKind.ROBOTS_AWAY: N_(
        "The site's robots.txt can't be read at the moment, so nobody knows what may be read. Please try again later."
    ),
    SiteProblemKind.GONE: N_("There is no such page any more (status {status}). Please check the address."),
    SiteProblemKind.SIGN_IN: N_(
        "The page wants visitors to sign in or refuses programs (status {status}). Only what everybody can see is read."
    ),
    SiteProblemKind.BUSY: N_("The site asked us to come back later, by more than we wait. Please try again later."),
    SiteProblemKind.STATUS: N_("The site answered with an error (status {status}). Please try again later."),
    SiteProblemKind.ELSEWHERE: N_(
        "The page leads to another site: {target}. Please enter that address if it is meant."
    ),
    SiteProblemKind.REDIRECTS: N_("The page leads from one address to the next without an end."),
    SiteProblemKind.TOO_BIG: N_("The page is larger than {megabytes} MB."),
    SiteProblemKind.PACKED: N_("The page came packed in a way that isn't read."),
    SiteProblemKind.KIND: N_("This is no web page but {media_type}. Download it and import it as a file."),
    SiteProblemKind.HIDDEN: N_("The page asks not to be kept by search engines and the like (noindex)."),
    SiteProblemKind.NO_QUESTIONS: N_("No question with an answer was found on the page."),
    SiteProblemKind.NOTHING: N_(
        "No question with an answer was found on this site. Enter the address of the help pages themselves, or save "
        "them as files and import those. Pages that a browser puts together by script can't be read."
    ),
    SiteProblemKind.NOT_STARTED: N_("Stopped before it was finished."),
    SiteProblemKind.BROKEN: N_("Reading broke off for a reason that nobody foresaw. Please try again."),
}
"""What to say of each, in English; its details stand in braces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedPage:
    """A page that brought nothing, and why."""

    url: str
    kind: SiteProblemKind
    details: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.url}: {SITE_SENTENCES[self.kind].format_map(self.details)}"

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return {"url": self.url, "kind": str(self.kind), "details": dict(self.details)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "PassedPage":
        """What `as_json` wrote."""
        return cls(url=str(stored["url"]), kind=SiteProblemKind(stored["kind"]), details=dict(stored["details"]))


class SiteProblem(Invalid):
    """Something can't be read; the code is the kind, the message says what to do in English."""

    def __init__(self, kind: SiteProblemKind, **details: object) -> None:
        super().__init__(SITE_SENTENCES[kind].format_map(details), code=str(kind), **details)
        self.kind = kind

    def of(self, url: str) -> PassedPage:
        """The problem as that of one page."""
        return PassedPage(url=url, kind=self.kind, details={name: str(value) for name, value in self.details.items()})
