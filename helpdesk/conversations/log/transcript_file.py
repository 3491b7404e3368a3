"""A conversation as a file for the customer: what they saw, with the names and local times they saw it with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.mail.links import MailLinks
from helpdesk.texts import Say, say
from i18n import locale_of
from store.markdown import render
from store.models import Contact, Conversation, Delivery, DeliveryStatus, Message, MessageKind

MAX_LINES = 2_000
"""The newest lines that a file holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line as the customer saw it; `text` is Markdown unless it is the contact's."""

    name: str
    is_contact: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptFile:
    """A conversation ready to be written: in the customer's language, its times in their zone."""

    title: str
    language: str
    zone: ZoneInfo
    lines: tuple[ShownLine, ...]

    @property
    def name(self) -> str:
        """What the file is called."""
        day = self.lines[0].at if self.lines else datetime.now(UTC)
        return f"{say(Say.TRANSCRIPT_FILE, self.language, 'sie')}-{day.astimezone(self.zone):%Y-%m-%d}.html"

    def as_html(self) -> str:
        """One page that needs nothing else."""
        import jinja2  # for the few who take their conversation along
        from markupsafe import Markup

        source = Path(__file__).with_suffix(".html").read_text("utf-8")
        page = jinja2.Environment(autoescape=True).from_string(source)
        days = groupby(self.lines, self._day)
        return page.render(
            title=self.title,
            language=self.language,
            zone=str(self.zone),
            days=[(day, [self._shown(line) for line in lines]) for day, lines in days],
            to_html=lambda markdown: Markup(render(markdown)),  # noqa: S704 - sanitised
        )

    def as_text(self) -> str:
        """The same without any marks."""
        parts = [self.title]
        for day, lines in groupby(self.lines, self._day):
            parts.append(f"== {day} ==")
            parts += [f"{line.name} ({self._time(line)}):\n{line.text}" for line in lines]
        return "\n\n".join([*parts, str(self.zone)]) + "\n"

    def _day(self, line: ShownLine) -> str:
        return format_date(line.at.astimezone(self.zone), format="full", locale=locale_of(self.language))

    def _time(self, line: ShownLine) -> str:
        return format_time(line.at, format="short", tzinfo=self.zone, locale=locale_of(self.language))

    def _shown(self, line: ShownLine) -> dict[str, object]:
        return {"name": line.name, "is_contact": line.is_contact, "text": line.text, "time": self._time(line)}


async def load_transcript_file(session: AsyncSession, conversation: Conversation, time_zone: str) -> TranscriptFile:
    """What the contact saw of a conversation; `time_zone` is the company's, for those whose own isn't known."""
    contact = await session.get_one(Contact, conversation.contact_id)
    language, formality = conversation.language, conversation.formality
    you = contact.name or say(Say.TRANSCRIPT_YOU, language, formality)
    title = say(Say.TRANSCRIPT_TITLE, language, formality)
    return TranscriptFile(
        title=title,
        language=language,
        zone=ZoneInfo(contact.time_zone or time_zone),
        lines=tuple(_shown(line, you) for line in await _load_shown(session, conversation)),
    )


async def _load_shown(session: AsyncSession, conversation: Conversation) -> Sequence[Message]:
    """The lines that reached the contact, in order: no notes, nothing withheld, withdrawn or undelivered."""
    said = [MessageKind.INCOMING, MessageKind.OUTGOING, MessageKind.ACTIVITY]
    rows = await session.scalars(
        select(Message)
        .outerjoin(Delivery, Delivery.message_id == Message.id)
        .where(
            Message.conversation_id == conversation.id,
            Message.kind.in_(said),
            or_(Delivery.status.is_(None), Delivery.status != DeliveryStatus.FAILED),
        )
        .order_by(Message.seq.desc())
        .limit(MAX_LINES)
    )
    return [line for line in reversed(rows.all()) if _is_shown(line)]


def _is_shown(line: Message) -> bool:
    if line.facts.withdrawn or line.facts.withheld or not line.text:
        return False
    if line.kind == MessageKind.ACTIVITY:
        return line.facts.activity is not None and line.facts.activity.shown
    return MailLinks.TRANSCRIPT_PATH not in line.text or line.author == Author.CONTACT


def _shown(line: Message, you: str) -> ShownLine:
    is_contact = line.author == Author.CONTACT
    return ShownLine(
        name=you if is_contact else line.author_name or "–", is_contact=is_contact, text=line.text, at=line.created_at
    )
