"""Reads a mailbox: one instance alone, and each mail until it is stored.

What is unread is what is still to be stored: nothing is remembered here, so that neither a crash between storing and
marking nor a mailbox that was made anew (another UIDVALIDITY) loses or doubles anything. A repeat is stored once.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.email.imap_client import FAULTS, FetchedMail, ImapConnection, ReadOnlyMailbox, SignInRefused
from connectors.email.imap_url import Mailbox

log = logging.getLogger(__name__)

Report = Callable[[str | None], Awaitable[None]]
Store = Callable[..., Awaitable[None]]
MAX_TRIES = 3  # to store one mail while others can be stored
_LATE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPace:
    """Seconds: how long one waits for news (`idle`), between looks without IDLE, and after what kind of trouble."""

    idle: float = 240.0
    poll: float = 30.0
    after_fault: float = 5.0
    longest_pause: float = 60.0
    after_refusal: float = 300.0


class MailboxReader:
    """Keeps one connection open and hands each unread mail to `store`; what is wrong goes to `report`, in words."""

    def __init__(self, mailbox: Mailbox, store: Store, report: Report, pace: MailboxPace) -> None:
        self._mailbox = mailbox
        self._store = store
        self._report = report
        self._pace = pace
        self._tries: Counter[int] = Counter()
        self._failures = 0  # in a row

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            try:
                await self._read_on()
            except SignInRefused:
                await self._report("The mail server doesn't accept user and password of STAFFEL_IMAP_URL.")
                await asyncio.sleep(self._pace.after_refusal)
            except FAULTS as error:
                self._failures += 1
                log.warning("email: the mailbox can't be read (%s)", type(error).__name__)
                await self._report(problem_words(error, self._mailbox))
                await asyncio.sleep(self._pause(self._failures))

    async def _read_on(self) -> None:
        connection = await self._connect()
        try:
            await self._report(None)
            self._tries.clear()  # a mailbox that was made anew counts its mails from one again
            while True:
                if not await self._take_all(connection):
                    await asyncio.sleep(self._pace.after_fault)
                    continue
                self._failures = 0
                if connection.can_idle:
                    await asyncio.to_thread(connection.wait, self._pace.idle)
                else:
                    await asyncio.sleep(self._pace.poll)
        finally:
            connection.cut()

    async def _connect(self) -> ImapConnection:
        """A connection; one that comes when nobody waits for it any more is cut at once."""
        coming = asyncio.create_task(asyncio.to_thread(ImapConnection, self._mailbox))
        try:
            return await asyncio.shield(coming)
        except asyncio.CancelledError:
            coming.add_done_callback(_cut_unwanted)
            raise

    async def _take_all(self, connection: ImapConnection) -> bool:
        """Store what is unread; False when one couldn't be, which is soon to be tried again."""
        while uids := [uid for uid in await asyncio.to_thread(connection.unseen) if self._tries[uid] < MAX_TRIES]:
            for uid in uids:
                mail = await asyncio.to_thread(connection.fetch, uid)
                if mail is not None and not await self._take(mail):
                    return False
                await asyncio.to_thread(connection.finish, uid)
        return True

    async def _take(self, mail: FetchedMail) -> bool:
        """Store a mail; False when it couldn't be: it stays unread, and comes again."""
        is_late = mail.arrived_at is not None and datetime.now(UTC) - mail.arrived_at > _LATE
        try:
            await self._store(mail.content, is_whole=mail.is_whole, is_late=is_late)
        except Exception as error:
            log.warning("email: a mail wasn't stored (%s)", type(error).__name__)
            if getattr(error, "status", 0) != 503:  # the database is away for all of them: that is no try
                self._tries[mail.uid] += 1
            return False
        return True

    def _pause(self, failures: int) -> float:
        longest = min(self._pace.longest_pause, self._pace.after_fault * 2.0 ** min(failures - 1, 8))
        return longest / 2 + random.uniform(0, longest / 2)


def _cut_unwanted(coming: "asyncio.Task[ImapConnection]") -> None:
    if not coming.cancelled() and coming.exception() is None:
        coming.result().cut()


def problem_words(error: BaseException, mailbox: Mailbox) -> str:
    """What is wrong, for an admin; a server's own words may hold what nobody should read on a page, so none of them."""
    told = str(error).lower()
    if isinstance(error, ReadOnlyMailbox):
        return f"The folder {mailbox.folder} is read-only for {mailbox.user}: what is stored has to be marked as read."
    if "select" in told or "nonexistent" in told or "doesn't exist" in told:
        return f"The mailbox has no folder {mailbox.folder}."
    if "quota" in told:
        return "The mailbox is full: the mail server takes no more mails."
    if isinstance(error, OSError):
        return f"The mail server {mailbox.host}:{mailbox.port} can't be reached ({type(error).__name__})."
    return f"The mail server {mailbox.host} gave an answer that can't be worked with ({type(error).__name__})."


async def check_mailbox(mailbox: Mailbox) -> int:
    """Sign in and look; how many mails are unread. Raises `SignInRefused` and what `FAULTS` names."""
    connection = await asyncio.to_thread(ImapConnection, mailbox)
    try:
        return len(await asyncio.to_thread(connection.unseen))
    finally:
        with suppress(Exception):
            connection.cut()
