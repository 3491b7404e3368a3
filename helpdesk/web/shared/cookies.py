"""The cookies of the pages for staff. With https they carry the `__Host-` prefix, so no other host can plant one."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response

from helpdesk.accounts.sessions import MAX_AGE
from i18n import available_languages

_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookies:
    """Reads and sets them. `secret_key` signs what the browser shall keep but not change."""

    https: bool
    secret_key: str

    def name(self, what: str) -> str:
        """The cookie's full name."""
        return f"__Host-staffel_{what}" if self.https else f"staffel_{what}"

    def read(self, connection: HTTPConnection, what: str) -> str | None:
        """The cookie's value."""
        return connection.cookies.get(self.name(what))

    def write(self, response: Response, what: str, value: str, *, seconds: int | None = None) -> None:
        """Set a cookie that scripts can't read and other sites can't send along with a form."""
        response.set_cookie(
            self.name(what), value, max_age=seconds, path="/", secure=self.https, httponly=True, samesite="lax"
        )

    def remove(self, response: Response, what: str) -> None:
        """Take a cookie away."""
        response.delete_cookie(self.name(what), path="/", secure=self.https, httponly=True, samesite="lax")

    def sign_in(self, response: Response, token: str, agent_id: str, *, is_complete: bool) -> None:
        """Remember the session, and once the sign-in is complete for a year that this browser is one of this agent's.

        Not before: who has only the password would else be counted as the agent is. A one-time link is proof enough.
        """
        self.write(response, "agent", token, seconds=int(MAX_AGE.total_seconds()))
        if is_complete:
            known = f"{agent_id}.{secrets.token_urlsafe(16)}"
            self.write(response, "device", f"{known}.{self.signature('device', known)}", seconds=_YEAR)

    def known_browser(self, connection: HTTPConnection, agent_id: str) -> str | None:
        """This browser's own name, if it can prove that this agent has signed in with it; `None` if it can't."""
        owner, _, name = (self.proven_device(connection) or "").partition(".")
        return name if name and owner == agent_id else None

    def proven_device(self, connection: HTTPConnection) -> str | None:
        """An agent's id and this browser's name, for one that somebody has signed in with; `None` for a new one."""
        known, _, signature = (self.read(connection, "device") or "").rpartition(".")
        return known if known and _equal(signature, self.signature("device", known)) else None

    def language(self, connection: HTTPConnection) -> str | None:
        """The language chosen before signing in."""
        chosen = self.read(connection, "language")
        return chosen if chosen in available_languages("staff") else None

    def form_nonce(self, connection: HTTPConnection) -> str:
        """The nonce that this browser has for forms, or a new one; goes into the cookie `form`."""
        nonce = self.read(connection, "form") or ""
        return nonce if re.fullmatch(r"[\w-]{43}", nonce, re.ASCII) else secrets.token_urlsafe(32)

    def form_token(self, nonce: str) -> str:
        """What a form shown before sign-in must carry, for the nonce in its cookie (signed double submit)."""
        return self.signature("form", nonce)

    def is_form_token(self, connection: HTTPConnection, token: str) -> bool:
        """Whether the form came from a page of ours that was shown to this browser."""
        nonce = self.read(connection, "form") or ""
        return bool(re.fullmatch(r"[\w-]{43}", nonce)) and _equal(token, self.form_token(nonce))

    def signature(self, purpose: str, value: str) -> str:
        """HMAC-SHA256, with the purpose in it so that one cookie can't stand for another."""
        return hmac.new(self.secret_key.encode(), f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def _equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
