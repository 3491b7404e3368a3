"""Trying a channel out that has just been connected: a message of the admin's comes in, and its answer goes out."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import click
from sqlalchemy import select

from connectors.contract import Account
from connectors.contract.findings import Finding, FindingLevel
from store.db import Database
from store.models import Conversation, Delivery, DeliveryStatus, Message, now

SIGNS = {FindingLevel.OK: "✓", FindingLevel.NOTE: "!", FindingLevel.FAILED: "✗"}
PATIENCE = 180.0  # seconds to find the phone, or the app, and write
_LOOK_EVERY = 0.5


def show(finding: Finding) -> None:
    """Print one line of a connector's report, and what to do."""
    click.echo(f"{SIGNS[finding.level]} {finding.name}: {finding.found}")
    if finding.remedy:
        click.echo(f"  → {finding.remedy}")


async def try_out(db: Database, account: Account, invitation: str) -> None:
    """Wait for a message to `account` and for its answer; giving up costs nothing. Raises `ClickException`."""
    click.echo(f"Now try it: {invitation} (Ctrl-C leaves this out).")
    since = now()
    for what, arrived in (("your message", _has_come), ("the answer", _has_gone)):
        if not await _wait_for(partial(arrived, db, account, since)):
            raise click.ClickException(
                f"{what.capitalize()} didn't arrive within {PATIENCE / 60:.0f} minutes. Is Staffel running "
                "(./staffel up)? ./staffel doctor says what else may be wrong. What was connected stays connected."
            )
        click.echo(f"✓ {what} arrived after {(now() - since).total_seconds():.0f} s")


async def _wait_for(look: Callable[[], Awaitable[bool]]) -> bool:
    for _ in range(int(PATIENCE / _LOOK_EVERY)):
        if await look():
            return True
        await asyncio.sleep(_LOOK_EVERY)
    return False


async def _has_come(db: Database, account: Account, since: datetime) -> bool:
    query = select(Message.id).where(
        Message.channel == account.channel, Message.account == account.id, Message.created_at >= since
    )
    async with db.read() as session:
        return await session.scalar(query.limit(1)) is not None


async def _has_gone(db: Database, account: Account, since: datetime) -> bool:
    query = (
        select(Delivery.id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .where(
            Conversation.channel == account.channel,
            Conversation.account == account.id,
            Delivery.status == DeliveryStatus.SENT,
            Delivery.sent_at >= since,
        )
    )
    async with db.read() as session:
        return await session.scalar(query.limit(1)) is not None
