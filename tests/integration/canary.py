"""A word of its own that goes in by every way there is, and who looks for it: on pages, in rows, in bytes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from connectors.contract import (
    Address,
    AsideMailRecord,
    Attachment,
    AttachmentKind,
    Channel,
    InboundEdit,
    InboundMessage,
    Withdrawal,
)
from helpdesk.accounts.agents import add_agent
from helpdesk.accounts.keys import make_key
from helpdesk.app import AppComponents
from helpdesk.channels.aside_mails import StoredAsideMails
from helpdesk.conversations.contacts.contact_edits import ContactEdit, write_down
from helpdesk.conversations.contacts.people import BY_AGENT, join_people
from helpdesk.conversations.promises.register import NewPromise
from helpdesk.files.uploads import pieces_of
from helpdesk.privacy.data_table import DataKind
from helpdesk.privacy.personal_data import PERSONAL_DATA
from store.models import (
    AgentDraft,
    AskedQuestion,
    Base,
    Contact,
    Conversation,
    ConversationEvent,
    FollowUp,
    Handoff,
    Identity,
    MailDelivery,
    Notification,
    Rating,
    Role,
    SavedView,
    StaffAlert,
    StoredTranslation,
    WebhookDelivery,
    now,
)
from tests.conversation_driver import PromiseDriver, drive
from tests.harness import eventually, said_by
from tests.integration.staff import ORIGIN, PASSWORD, StaffBrowser
from tests.sample_files import picture

#: Not split by any word splitter, and in no file by chance.
CANARY = "kanarie7431xq"
CHANNELS = (Channel.WEBCHAT, Channel.TELEGRAM, Channel.SLACK, Channel.EMAIL)
_NEEDLES = (CANARY.encode(), CANARY[:9].encode(), CANARY.encode("utf-16-le"))


@dataclass(slots=True)
class CanaryReport:
    """What was written, and where it was looked for."""

    ways_in: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    files: int = 0

    def searched(self, place: str, content: bytes) -> bool:
        """Count the bytes of a place, and say whether they hold the canary."""
        self.places[place] = self.places.get(place, 0) + len(content)
        return any(needle in content for needle in _NEEDLES)

    def __str__(self) -> str:
        places = ", ".join(f"{name} {size:,}" for name, size in self.places.items())
        return (
            f"canary: {len(self.ways_in)} ways in ({', '.join(self.ways_in)}); {len(self.pages)} pages and answers; "
            f"{self.files} files; {sum(self.places.values()):,} bytes searched ({places}): nothing found"
        )


async def write_everywhere(app: Starlette, report: CanaryReport) -> list[str]:
    """One person on every channel, with the canary in everything that can be written; the conversations' ids."""
    parts: AppComponents = app.state.parts
    mia = (await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)).id
    talks = [await _write_on(parts, channel, report) for channel in CHANNELS]
    report.ways_in += ["an edited line", "a line taken back"]
    talks.append(await _write_by_api(app, report))
    await _work_on(parts, talks[0], mia, report)
    await _derive(parts, talks[0], mia, report)
    async with parts.db.write() as session:
        await _join(session)
    return talks


async def _write_on(parts: AppComponents, channel: Channel, report: CanaryReport) -> str:
    address = Address(channel=channel, account="house", chat_id=f"{CANARY}-{channel}", thread=None)
    person, first = f"{CANARY}@example.org", f"{channel}:1"

    def said(external_id: str, text: str) -> InboundMessage:
        return InboundMessage(address=address, contact_id=person, external_id=external_id, text=text)

    received = await parts.inbox.receive(said(first, f"Wo ist meine Bestellung {CANARY}? Das ist {CANARY}!"))
    report.ways_in.append(str(channel))
    if channel.is_live:
        await eventually(partial(said_by, parts, received.conversation_id, "bot"), "the bot")
    await parts.inbox.edit(InboundEdit(message=said(first, f"neu: {CANARY}"), edit_id="e1"))
    await parts.inbox.receive(said(f"{channel}:2", f"weg {CANARY} weg"))
    await parts.inbox.withdraw(Withdrawal(address=address, external_id=f"{channel}:2"))
    return received.conversation_id


async def _write_by_api(app: Starlette, report: CanaryReport) -> str:
    parts: AppComponents = app.state.parts
    key = await make_key(parts.db, "tests", ("conversations", "messages", "contacts", "handoff"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=f"{ORIGIN}/api/v1", headers={"Authorization": f"Bearer {key}"}
    ) as program:
        opened = (await program.post("/conversations", json={"contact": f"order-{CANARY}"})).raise_for_status().json()
        line = {"client_id": "m1", "text": f"Über die Schnittstelle: {CANARY}"}
        (await program.post(f"/conversations/{opened['id']}/messages", json=line)).raise_for_status()
    report.ways_in.append("api")
    return str(opened["id"])


async def _work_on(parts: AppComponents, talk: str, mia: str, report: CanaryReport) -> None:
    """What staff and the customer do beside writing."""
    act = drive(parts.conversations)
    await act.request_handoff(talk, [])
    await act.leave_email(talk, f"{CANARY}@example.org")
    taken = await act.accept(talk, mia)
    await act.answer(talk, mia, taken.epoch, f"Guten Tag {CANARY}", "a1")
    await act.note(talk, mia, f"Notiz {CANARY}", "n1")
    lane = f"webchat:house:{CANARY}-webchat"
    kept = await parts.files.take(lane, f"{CANARY}.txt", pieces_of(CANARY.encode()), any_kind=True)
    shown = await parts.files.take(lane, f"{CANARY}.jpg", pieces_of(picture("JPEG")), any_kind=True)
    message = InboundMessage(
        address=Address(channel=Channel.WEBCHAT, account="house", chat_id=f"{CANARY}-webchat", thread=None),
        contact_id=f"{CANARY}@example.org",
        external_id="webchat:3",
        text="",
        attachments=(
            Attachment(kind=AttachmentKind.DOCUMENT, upload=kept.key, name=kept.name),
            Attachment(kind=AttachmentKind.PHOTO, upload=shown.key, name=shown.name),
        ),
    )
    assert not (await parts.inbox.receive(message)).repeated
    await parts.files.take(lane, f"{CANARY}-unsent.txt", pieces_of(CANARY.encode()), any_kind=True)
    aside = AsideMailRecord(
        account="house",
        external_id="aside-1",
        reason="auto_reply",
        sender=f"{CANARY}@example.org",
        subject=f"Abwesend {CANARY}",
        text=f"Bin weg, {CANARY}",
    )
    await StoredAsideMails(parts.db).put(aside)
    report.ways_in += ["an address left", "an agent's answer", "a note", "files", "a picture", "a mail put aside"]


async def _derive(parts: AppComponents, talk: str, mia: str, report: CanaryReport) -> None:
    """What is made of words, and waits to be sent: as the loops write it, whether they are due or not."""
    later = now().replace(year=now().year + 1)
    async with parts.db.write() as session:
        conversation = await session.get_one(Conversation, talk)
        contact = await session.get_one(Contact, conversation.contact_id)
        contact.phone = None
        handoff = (await session.scalars(select(Handoff).where(Handoff.conversation_id == talk))).one()
        handoff.wording, handoff.correction = f"Es geht um {CANARY}", f"Nein, um {CANARY}"
        session.add_all(
            [
                SavedView(name=f"Ida {CANARY}", agent_id=mia, wanted={"query": CANARY}),
                Rating(conversation_id=talk, channel=Channel.WEBCHAT, asked_seq=1, helped=False, rated_at=now()),
                AskedQuestion(
                    conversation_id=talk, turn_id="t" * 32, seq=1, text=CANARY, language="de", outcome="none"
                ),
                StoredTranslation(conversation_id=talk, text_hash="h", language="en", text=f"In English: {CANARY}"),
                AgentDraft(conversation_id=talk, agent_id=mia, mode="note", id="d", text=f"Entwurf {CANARY}"),
                FollowUp(conversation_id=talk, day=later.date(), text=f"Kam {CANARY} an?", due_at=later),
                MailDelivery(
                    kind="transcript", conversation_id=talk, recipient=f"{CANARY}@example.org", due_at=later,
                    content={"subject": CANARY, "text": CANARY},
                ),
                ConversationEvent(
                    kind="conversation.opened", conversation_id=talk, channel="webchat", language="de", seq=1,
                    facts={"article": CANARY},
                ),
                Identity(contact_id=contact.id, customer_id=CANARY, name=CANARY, attributes={"plan": CANARY}),
            ]
        )  # fmt: skip
        await _put_on_its_way(session, talk, mia)
        await write_down(session, contact, ContactEdit(name=f"Ida {CANARY}", note=f"Ruft an: {CANARY}"))
    await PromiseDriver(parts.conversations).make(talk, mia, NewPromise(text=f"Ruft {CANARY} an", due_at=later))
    report.ways_in += [
        "a summary", "a saved list", "a rating", "a question", "a translation", "a draft", "a question for later",
        "a mail that waits", "an event", "a push", "an alert", "a webhook's call",
        "a signed-in customer", "a name", "a person's note", "a promise",
    ]  # fmt: skip


async def _put_on_its_way(session: AsyncSession, talk: str, mia: str) -> None:
    """A push, an alert and a webhook's call, each with what its receiver has answered, which may say anything."""
    later = now().replace(year=now().year + 1)
    event = ConversationEvent(kind="conversation.opened", conversation_id=talk, channel="webchat", language="de", seq=1)
    session.add(event)
    await session.flush()
    session.add_all(
        [
            Notification(agent_id=mia, conversation_id=talk, kind="mention", seq=1, due_at=later, reason=CANARY),
            StaffAlert(
                about=f"handoff:{CANARY}", reason="waiting", conversation_id=talk, due_at=later,
                problem=f"chat {CANARY} not found",
            ),
            WebhookDelivery(webhook_id="w" * 32, event_number=event.number, due_at=later, reason=CANARY),
        ]
    )  # fmt: skip


async def _join(session: AsyncSession) -> None:
    contacts = list(await session.scalars(select(Contact).order_by(Contact.number)))
    for other in contacts[1:]:
        await join_people(session, contacts[0], other, reason=BY_AGENT)


def read_routes(app: Starlette) -> Iterator[str]:
    """The address of every page and answer that can be read without an id of something else."""
    for route in app.routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()) and "{" not in route.path:
            yield route.path
        elif isinstance(route, Mount) and "api" in route.path:
            inner: list[BaseRoute] = getattr(route.app, "routes", [])
            yield from (
                f"{route.path}{each.path}"
                for each in inner
                if isinstance(each, Route) and "GET" in (each.methods or ()) and "{" not in each.path
            )


def id_routes(app: Starlette, ids: Iterable[str]) -> Iterator[str]:
    """The address of every page and answer that takes one id, with each of these."""
    ids = list(ids)
    for route in app.routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()) and route.path.count("{") == 1:
            begin, _, rest = route.path.partition("{")
            yield from (f"{begin}{each}{rest.partition('}')[2]}" for each in ids)


async def look_everywhere(app: Starlette, ids: list[str], report: CanaryReport, *, first: bool = False) -> list[str]:
    """The pages on which the canary stands, for an admin who opens every one of them, with each of these ids.

    `first`: only one of them.
    """
    transport = httpx.ASGITransport(app=app, client=("198.51.100.7", 4711))
    shown = []
    async with StaffBrowser(transport=transport, base_url=ORIGIN, timeout=30) as ada:
        signed_in = await ada.fill("/signin", email="ada@example.org", password=PASSWORD)
        assert signed_in.status_code == 303, signed_in.text
        addresses = [path for path in read_routes(app) if path not in ("/metrics", "/api/v1/events")]
        addresses += [path for path in id_routes(app, ids) if not path.endswith("/events")]
        addresses += [f"/desk/api/lists?q={CANARY}", f"/admin/ratings?q={CANARY}", f"/admin/audit?q={CANARY}"]
        addresses += [f"/desk/api/conversations?view=all&q={CANARY}"]
        for address in addresses:
            answer = await ada.get(address, headers={"accept": "*/*"})
            assert answer.status_code < 500, f"{address}: {answer.text[:200]}"
            report.pages.append(address)
            own_words = answer.text.replace(f"q={CANARY}", "").replace(f'value="{CANARY}"', "")
            if report.searched("pages", own_words.encode()):
                shown.append(address)
                if first:
                    break
    return shown


def search_files(home: Path, report: CanaryReport, place: str = "files") -> list[str]:
    """The files below `home` in which a byte of the canary stands."""
    found = []
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.is_symlink():
            report.files += 1
            if report.searched(place, path.read_bytes()):
                found.append(str(path.relative_to(home)))
    return found


async def columns_with_canary(parts: AppComponents) -> list[str]:
    """The columns in which it stands, by what the table of personal data says of them."""
    found = []
    async with parts.db.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in await session.execute(select(table)):
                for name, value in row._mapping.items():
                    if CANARY in str(value):
                        kind = PERSONAL_DATA[table.name].columns.get(name, DataKind.KEY)
                        found.append(f"{table.name}.{name} ({kind})")
    return found
