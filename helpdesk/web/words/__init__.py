"""The words of the pages for staff, in German and in English."""

from collections.abc import Mapping
from functools import cache

from helpdesk.web.words.account import ACCOUNT
from helpdesk.web.words.admin import ADMIN
from helpdesk.web.words.articles import ARTICLES
from helpdesk.web.words.baton import BATON
from helpdesk.web.words.channels import CHANNELS
from helpdesk.web.words.continuing import CONTINUING
from helpdesk.web.words.desk import DESK
from helpdesk.web.words.errors import ERRORS
from helpdesk.web.words.gaps import GAPS
from helpdesk.web.words.handoff import HANDOFF
from helpdesk.web.words.help import HELP
from helpdesk.web.words.rewording import REWORDING
from helpdesk.web.words.teams import TEAMS

LANGUAGES = ("de", "en")

# Each row holds both languages, so that none can be forgotten.
WORDS: Mapping[str, tuple[str, str]] = {
    **ACCOUNT,
    **ADMIN,
    **ARTICLES,
    **BATON,
    **CHANNELS,
    **CONTINUING,
    **DESK,
    **ERRORS,
    **GAPS,
    **HANDOFF,
    **HELP,
    **REWORDING,
    **TEAMS,
}


@cache
def words_in(language: str) -> Mapping[str, str]:
    """Every word of the pages in one language; German for a language we don't speak."""
    column = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {key: row[column] for key, row in WORDS.items()}


def accepted_language(header: str) -> str | None:
    """The language of ours that an Accept-Language header likes best (RFC 9110, 12.5.4)."""
    wanted: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, parameters = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            wanted.append((_quality(parameters), language))
    best = max(wanted, key=lambda pair: pair[0], default=(0.0, ""))
    return best[1] if best[0] > 0 else None


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
