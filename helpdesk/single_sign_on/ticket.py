"""What a browser keeps while it is away at a provider: encrypted, so that the answer counts in this browser alone."""

import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from helpdesk.channels.secrets import LostKey, Vault
from helpdesk.single_sign_on.errors import StateLost

#: How long somebody may take to sign in there.
MAX_AGE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One sign-in on its way. `state` binds the answer to the browser, `nonce` the ID token, `verifier` the code.

    `wanted` is the page of ours that was asked for.
    """

    provider_id: str
    state: str
    nonce: str
    verifier: str
    wanted: str
    begun_at: str


def new_ticket(provider_id: str, wanted: str, at: datetime) -> Ticket:
    """A ticket with 256 random bits for each of its three secrets."""
    return Ticket(
        provider_id=provider_id,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        wanted=wanted,
        begun_at=at.astimezone(UTC).isoformat(),
    )


def close_ticket(vault: Vault, ticket: Ticket) -> str:
    """The ticket as the browser keeps it."""
    return vault.close(asdict(ticket))


def open_ticket(vault: Vault, closed: str | None, *, provider_id: str, state: str, at: datetime) -> Ticket:
    """The ticket that this browser has for this answer. Raises `StateLost`."""
    try:
        ticket = Ticket(**vault.open(closed or ""))
        begun = datetime.fromisoformat(ticket.begun_at)
    except (LostKey, TypeError, ValueError):
        raise _lost() from None
    is_mine = ticket.provider_id == provider_id and hmac.compare_digest(ticket.state.encode(), state.encode())
    if not is_mine or not begun <= at < begun + MAX_AGE:
        raise _lost()
    return ticket


def _lost() -> StateLost:
    return StateLost("This sign-in was begun in another browser, or more than 15 minutes ago.")
