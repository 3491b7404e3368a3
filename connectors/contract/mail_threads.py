"""What the e-mail connector asks of helpdesk: which conversation a mail belongs to, and where odd ones are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from connectors.contract.messages import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class MailThread:
    """A conversation that a mail may answer. `addresses` are known to be its contact's, in lower case."""

    conversation_id: str
    address: Address
    contact_id: str
    addresses: frozenset[str]


class MailThreads(Protocol):
    """Conversations as mails find them."""

    async def find(self, conversation_id: str) -> MailThread | None:
        """A conversation of whatever channel; `None` where there is none any more."""
        ...

    async def find_by_mails(self, account: str, mail_ids: Sequence[str]) -> MailThread | None:
        """The conversation in which one of these mails was stored; the first id counts first."""
        ...

    async def count_mails(self, account: str, sender: str, within: timedelta) -> int:
        """How many mails of a sender were stored lately."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideMailRecord:
    """A mail that nobody answers: `reason` is an `AsideReason`, `external_id` the mail's own id."""

    account: str
    external_id: str
    reason: str
    sender: str
    subject: str
    text: str
    conversation_id: str | None = None


class AsideMails(Protocol):
    """Where such mails are kept for staff to look at."""

    async def put(self, mail: AsideMailRecord) -> None:
        """Keep it, once."""
        ...
