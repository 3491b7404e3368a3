"""The page for signing in, and the other forms that are shown to whoever isn't signed in yet."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from helpdesk.single_sign_on.providers import ProviderStore
from helpdesk.web.account.passkey_support import PasskeySupport
from helpdesk.web.shared.cookies import Cookies
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from i18n import available_languages
from store.errors import HelpdeskError


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """Renders them. `passwords`: whether they are taken here, and passkeys in their place.

    `can_send`: whether a forgotten one is mended by mail.
    """

    pages: Pages
    cookies: Cookies
    providers: ProviderStore | None = None
    passwords: bool = True
    can_send: bool = False
    passkeys: PasskeySupport | None = None

    async def show(
        self,
        request: Request,
        wanted: str,
        *,
        email: str = "",
        error: HelpdeskError | None = None,
        signed_out: str = "",
    ) -> Response:
        """The page itself. `signed_out` is the id of the provider that vouched for who has just signed out."""
        providers = await self.providers.list_names() if self.providers else []
        return self.form(
            request,
            "account/sign_in.html",
            error,
            next=wanted,
            email=email,
            can_send=self.can_send,
            passwords=self.passwords,
            passkeys=await self._offers_passkeys(request),
            host=self.passkeys.host(request) if self.passkeys else "",
            providers=providers,
            left=next(((one, name) for one, name in providers if one == signed_out), None),
        )

    async def _offers_passkeys(self, request: Request) -> bool:
        return self.passwords and self.passkeys is not None and await self.passkeys.are_offered(request)

    def form(self, request: Request, template: str, error: HelpdeskError | None, **context: object) -> Response:
        """A form before sign-in; its token fits the cookie that goes out with it."""
        nonce = self.cookies.form_nonce(request)
        message = message_of(self.pages, request, error) if error else ""
        fields: dict[str, Any] = {
            "form_token": self.cookies.form_token(nonce),
            "error": message,
            "code": error.code if error else "",
            **context,
        }
        response = self.pages.render(request, template, status=error.status if error else 200, **fields)
        self.cookies.write(response, "form", nonce)
        return response

    def remember_language(self, request: Request) -> Response | None:
        """Keep the language that was chosen, and show the page in it; `None` if none was."""
        chosen = request.query_params.get("language")
        if chosen not in available_languages("staff"):
            return None
        response = RedirectResponse(str(request.url.remove_query_params("language").replace(scheme="", netloc="")), 303)
        self.cookies.write(response, "language", chosen, seconds=365 * 24 * 3600)
        return response
