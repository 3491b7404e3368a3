"""Mails that were put aside: kept for a while, for admins to look at. Connectors know it as the port `AsideMails`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from connectors.contract import Address, AsideMailRecord, Channel, InboundMessage, Inbox
from store.db import Database, is_unique_violation
from store.errors import Invalid, NotFound
from store.models import AsideMail

MAX_SHOWN = 50
#: Behind these may be a customer after all. What came back, is forged or empty is nobody's question.
_ANSWERABLE = frozenset({"spam", "flood", "mailing_list", "auto_reply"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideMailView:
    """A mail as an admin sees it; `reason` is an `AsideReason`."""

    id: str
    reason: str
    sender: str
    subject: str
    text: str
    conversation_id: str | None
    at: datetime

    @property
    def is_answerable(self) -> bool:
        """Whether it can be made a conversation."""
        return self.reason in _ANSWERABLE and "@" in self.sender


class StoredAsideMails:
    """Keeps them in the database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def put(self, mail: AsideMailRecord) -> None:
        """Keep it, once: a repeat changes nothing."""
        try:
            async with self._db.write() as session:
                session.add(
                    AsideMail(
                        account=mail.account,
                        external_id=mail.external_id[:200],
                        reason=mail.reason,
                        sender=mail.sender[:320],
                        subject=_clean(mail.subject)[:200],
                        text=_clean(mail.text)[:2_000],
                        conversation_id=mail.conversation_id,
                    )
                )
        except DBAPIError as error:
            if not is_unique_violation(error):
                raise

    async def newest(self) -> Sequence[AsideMailView]:
        """The newest `MAX_SHOWN`."""
        async with self._db.read() as session:
            rows = await session.scalars(select(AsideMail).order_by(AsideMail.created_at.desc()).limit(MAX_SHOWN))
            return [_view_of(row) for row in rows]

    async def open(self, mail_id: str, inbox: Inbox) -> str:
        """Make one a conversation that waits for a person; its id. No machine answers it.

        Raises `NotFound`, and `Invalid` for one whose reason leaves nobody to answer.
        """
        async with self._db.read() as session:
            row = await session.get(AsideMail, mail_id)
            if row is None:
                raise NotFound("There is no such mail any more.")
            mail = _view_of(row)
            account, external_id = row.account, row.external_id
        if not mail.is_answerable:
            raise Invalid("Nobody can be answered here.", code="aside_unanswerable")
        thread = hashlib.sha256(external_id.encode()).hexdigest()[:40]
        received = await inbox.receive(
            InboundMessage(
                address=Address(channel=Channel.EMAIL, account=account, chat_id=mail.sender, thread=thread),
                contact_id=mail.sender,
                external_id=external_id,
                text=f"{mail.subject}\n\n{mail.text}".strip() or "…",
                subject=mail.subject or None,
                silent=True,
            )
        )
        async with self._db.write() as session:
            await session.execute(delete(AsideMail).where(AsideMail.id == mail_id))
        return received.conversation_id


def _view_of(row: AsideMail) -> AsideMailView:
    return AsideMailView(
        id=row.id,
        reason=row.reason,
        sender=row.sender,
        subject=row.subject,
        text=row.text,
        conversation_id=row.conversation_id,
        at=row.created_at,
    )


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()
