"""Staffel's own word to a waiting contact, kept as a promise. Runs inside the transaction that gives it."""

from datetime import datetime

from sqlalchemy import select

from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.observability import metrics
from i18n import N_, catalog
from store.models import Promise, PromiseKind, now

_WHAT = {PromiseKind.ANSWER: N_("An answer by a person"), PromiseKind.CALLBACK: N_("Call back at {phone}")}


def promise_answer(c: OpenConversation, due: datetime, *, shown: bool) -> None:
    """Promise an answer until `due`; `shown` when the contact was told the time."""
    _promise(c, PromiseKind.ANSWER, due, shown=shown)


def promise_call(c: OpenConversation, due: datetime, phone: str) -> None:
    """Promise to call the contact until `due`."""
    _promise(c, PromiseKind.CALLBACK, due, shown=True, phone=phone)


def _promise(c: OpenConversation, kind: PromiseKind, due: datetime, *, shown: bool, phone: str = "") -> None:
    metrics.PROMISES.labels("made").inc()
    what = catalog("customer", c.conversation.language).gettext(_WHAT[kind]).format(phone=phone)
    c.session.add(
        Promise(
            conversation_id=c.conversation.id,
            kind=kind,
            text=what,
            seq=c.conversation.last_seq,
            due_at=due,
            shown=shown,
        )
    )


async def load_own_promises(c: OpenConversation) -> list[Promise]:
    """Staffel's own promises to a contact that have not ended, the earliest due first."""
    found = await c.session.scalars(
        select(Promise)
        .where(
            Promise.conversation_id == c.conversation.id,
            Promise.agent_id.is_(None),
            Promise.kept_at.is_(None),
            Promise.broken_at.is_(None),
            Promise.withdrawn_at.is_(None),
        )
        .order_by(Promise.due_at)
    )
    return list(found)


async def load_broken_promise(c: OpenConversation) -> Promise | None:
    """Staffel's newest promise whose time has passed and that nobody has kept since."""
    return await c.session.scalar(
        select(Promise)
        .where(
            Promise.conversation_id == c.conversation.id,
            Promise.agent_id.is_(None),
            Promise.kept_at.is_(None),
            Promise.withdrawn_at.is_(None),
            Promise.broken_at.is_not(None),
        )
        .order_by(Promise.due_at.desc())
        .limit(1)
    )


async def withdraw_own_promises(c: OpenConversation, kind: PromiseKind | None = None) -> None:
    """The contact doesn't need them any more: those of one kind, or all."""
    for promise in await load_own_promises(c):
        if kind is not None and promise.kind != kind:
            continue
        metrics.PROMISES.labels("withdrawn").inc()
        promise.withdrawn_at = now()
