"""The page between password and desk: a code of the app, a passkey, or a recovery code."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.accounts.errors import TooManySignIns, WrongCode
from helpdesk.second_factor.second_factors import SecondFactors
from helpdesk.web.account.passkey_support import PasskeySupport
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from store.errors import HelpdeskError

CODE_PATH = "/signin/code"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """Renders it, with what this agent has."""

    pages: Pages
    factors: SecondFactors
    passkeys: PasskeySupport

    async def show(self, request: Request, wanted: str, error: HelpdeskError | None = None) -> Response:
        """The page, with what went wrong."""
        agent = request.state.agent
        return self.pages.render(
            request,
            "account/sign_in_code.html",
            next=wanted,
            has_app=await self.factors.is_set_up(agent.id),
            has_passkey=bool(await self.passkeys.store.list_own(agent.id)),
            host=self.passkeys.host(request),
            is_locked=isinstance(error, TooManySignIns),
            is_code_wrong=isinstance(error, WrongCode | TooManySignIns),
            error=message_of(self.pages, request, error) if error else "",
            status=error.status if error else 200,
        )
