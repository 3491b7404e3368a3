"""How a site is told of: in a line of the list, and while it is being read."""

from dataclasses import dataclass
from gettext import NullTranslations
from typing import Any

from helpdesk.web.admin.sites.words import WORDS
from i18n import NN_, PluralMessage, translate
from knowledge.sites.site_problems import SITE_SENTENCES, PassedPage
from knowledge.sites.site_store import SiteView
from store.models import SiteStatus, now

#: What is said of a number of things, by the server alone.
_COUNTS = {
    "sites_found": NN_("{count} question found", "{count} questions found"),
    "sites_pages": NN_("{count} page read", "{count} pages read"),
    "sites_of_pages": NN_("{read} of {count} page read", "{read} of {count} pages read"),
    "sites_night_drafts": NN_("{count} draft came of it", "{count} drafts came of it"),
    "sites_night_published": NN_("{count} article was published", "{count} articles were published"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """What a page says of a site. `is_busy`: it is being read, or about to be; `problem` is why it couldn't be."""

    is_busy: bool
    sentence: str
    problem: str

    def facts_of(self, site: SiteView) -> dict[str, Any]:
        """For the scripts."""
        return {
            "id": site.id,
            "busy": self.is_busy,
            "sentence": self.sentence,
            "problem": self.problem,
            "read": site.pages_read,
            "known": site.pages_known,
            "when": site.read_at,
        }


def state_of(site: SiteView, messages: NullTranslations) -> SiteState:
    """The state of a site in the reader's language."""
    problem = describe_passed(site.problem, messages) if site.problem else ""
    if site.status == SiteStatus.READING and site.pages_known:
        pages = counted("sites_of_pages", site.pages_known, messages, read=site.pages_read)
        sentence = f"{pages}, {counted('sites_found', site.questions_found, messages)}"
        return SiteState(is_busy=True, sentence=sentence, problem="")
    if is_busy(site):
        return SiteState(is_busy=True, sentence=translate(messages, WORDS["sites_waiting"]), problem="")
    return SiteState(is_busy=False, sentence=_last_reading(site, messages), problem=problem)


def is_busy(site: SiteView) -> bool:
    """Whether a site is being read or about to be, rather than waiting for the night."""
    is_due = site.due_at is not None and site.due_at <= now()
    return site.status == SiteStatus.READING or (site.status == SiteStatus.PENDING and is_due)


def describe_passed(page: PassedPage, messages: NullTranslations) -> str:
    """Why a page, or a whole site, brought nothing."""
    return translate(messages, SITE_SENTENCES[page.kind]).format_map(page.details)


def counted(key: str, count: int, messages: NullTranslations, **values: object) -> str:
    """A word with a count."""
    forms: PluralMessage = _COUNTS[key]
    return messages.ngettext(forms.one, forms.several, count).format(count=count, **values)


def _last_reading(site: SiteView, messages: NullTranslations) -> str:
    if site.report is None:
        return ""
    parts = [
        counted("sites_pages", site.report.read, messages),
        counted("sites_found", site.questions_found, messages) if not site.problem else "",
        counted("sites_night_drafts", len(site.report.drafted), messages) if site.report.drafted else "",
        counted("sites_night_published", len(site.report.published), messages) if site.report.published else "",
    ]
    return ", ".join(filter(None, parts))
