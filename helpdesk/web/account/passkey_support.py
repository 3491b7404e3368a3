"""Passkeys as the pages know them: the table, and what they are bound to at the address that was asked."""

from dataclasses import dataclass

from starlette.requests import Request

from helpdesk.second_factor.errors import PasskeysUnavailable
from helpdesk.second_factor.passkeys import Passkeys
from helpdesk.second_factor.relying_party import RelyingParty, relying_party
from helpdesk.web.shared.pages import Pages


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeySupport:
    """`public_url` is the address that people reach this installation at; where it isn't set, the checked `Host` is."""

    store: Passkeys
    pages: Pages
    public_url: str

    def party(self, request: Request) -> RelyingParty | None:
        """What passkeys are bound to; `None` where browsers have none."""
        asked = f"{request.url.scheme}://{request.headers.get('host', '')}"
        return relying_party(self.public_url or asked, self.pages.settings().bot_name)

    def require_party(self, request: Request) -> RelyingParty:
        """The same. Raises `PasskeysUnavailable`."""
        party = self.party(request)
        if party is None:
            raise PasskeysUnavailable("Passkeys need an address with a name and https.")
        return party

    def host(self, request: Request) -> str:
        """The host that passkeys work at; empty where they don't."""
        party = self.party(request)
        return party.id if party else ""

    async def are_offered(self, request: Request) -> bool:
        """Whether the sign-in page has a button for them."""
        return self.party(request) is not None and await self.store.are_there_any()
