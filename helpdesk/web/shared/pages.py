"""Pages: Jinja templates with the reader's language, and nothing in them that isn't escaped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.web.shared.cookies import Cookies
from i18n import (
    Domain,
    PluralMessage,
    accepted_language,
    available_languages,
    catalog,
    language_name,
    locale_of,
    own_name,
    plural_forms,
    translate,
)
from store.settings import Settings

FEATURES = Path(__file__).parents[1]
"""Each feature keeps its pages, scripts and styles in its own folder of `helpdesk/web`."""

WIDGET = FEATURES / "chat" / "widget"
_SERVED = frozenset({".js", ".css", ".svg"})


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders templates. `settings` gives those in force: how this installation speaks, and what it is called."""

    cookies: Cookies
    environment: Environment
    settings: Callable[[], Settings]

    @property
    def default_language(self) -> str:
        """What those get whose browser asks for none of ours."""
        return self.settings().language

    @property
    def formality(self) -> str:
        """How German customers are addressed: "sie" or "du"."""
        return self.settings().formality

    @property
    def addresses_informally(self) -> bool:
        """Whether German customers are addressed as du."""
        return self.formality == "du"

    def render(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        messages: NullTranslations | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """A page in the reader's language. Templates find the signed-in agent in `agent`, and `_` says a message.

        `messages` are the catalog for staff unless a page for customers gives its own.
        """
        agent = signed_in(request)
        context.setdefault("language", self.language(request))
        html = self.environment.get_template(template).render(
            **template_words(messages or catalog("staff", context["language"])),
            agent=agent,
            csrf=agent.csrf_token if agent else "",
            path=request.url.path,
            is_setting_up=request.query_params.get("from") == "setup",
            **context,
        )
        return HTMLResponse(html, status_code=status, headers={"Vary": "Cookie, Accept-Language"})

    def render_part(self, request: Request, template: str, **context: Any) -> str:
        """A piece of a page that a script puts in, as safe HTML in the reader's language."""
        found = self.environment.get_template(template)
        return found.render(**template_words(self.messages(request)), language=self.language(request), **context)

    def macros(self, request: Request, template: str, **context: Any) -> Any:
        """The macros of a template, which say their words in the reader's language."""
        return self.environment.get_template(template).make_module(
            {**template_words(self.messages(request)), **context}
        )

    def language(self, request: Request, domain: Domain = "staff") -> str:
        """The agent's own, else the chosen one, else what the browser asks for."""
        agent, offered = signed_in(request), available_languages(domain)
        if agent is not None and agent.language in offered:
            return agent.language
        header = request.headers.get("accept-language", "")
        return self.cookies.language(request) or accepted_language(header, offered) or self.default_language

    def messages(self, request: Request) -> NullTranslations:
        """The catalog for staff in the reader's language."""
        return catalog("staff", self.language(request))

    def customer_messages(self, language: str) -> NullTranslations:
        """The catalog for customers, in this installation's form of address."""
        return catalog("customer", language, informal=self.addresses_informally)

    def texts(self, request: Request, *tables: Mapping[str, str | PluralMessage]) -> dict[str, str | dict[str, str]]:
        """Tables of marked messages in the reader's language, for a page's script or for its template.

        A message with a count becomes its plural forms, for `sayCount` of `words.js`.
        """
        messages, locale = self.messages(request), locale_of(self.language(request))
        return {
            key: plural_forms(messages, locale, marked)
            if isinstance(marked, PluralMessage)
            else translate(messages, marked)
            for table in tables
            for key, marked in table.items()
        }


class FeatureFiles(StaticFiles):
    """The scripts, styles and pictures that stand beside the pages; templates and Python are not given out."""

    def __init__(self) -> None:
        super().__init__(directory=FEATURES)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at `path` below `helpdesk/web`, or 404."""
        if Path(path).suffix not in _SERVED:
            raise HTTPException(status_code=404)
        return await super().get_response(path, scope)


def make_pages(cookies: Cookies, settings: Callable[[], Settings]) -> Pages:
    """The pages of this installation."""
    return Pages(cookies, make_environment(), settings)


@cache
def make_environment() -> Environment:
    """What renders the templates of all features; one for all, as it keeps them compiled."""
    environment = Environment(
        loader=FileSystemLoader(FEATURES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "language_name": language_name,
        "own_name": own_name,
        "staff_languages": available_languages("staff"),
    }
    return environment


def template_words(messages: NullTranslations) -> dict[str, Any]:
    """What templates call by the names that Babel looks for."""
    return {"_": messages.gettext, "ngettext": messages.ngettext, "pgettext": messages.pgettext}


def signed_in(request: Request) -> SignedInAgent | None:
    """The agent that the guard let in, if this door has one."""
    found = getattr(request.state, "agent", None)
    return found if isinstance(found, SignedInAgent) else None
