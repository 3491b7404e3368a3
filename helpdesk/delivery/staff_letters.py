"""The mails to staff, composed when they leave: they say how things stand then, and a link is never stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract.mail import OutgoingMail, header_words
from helpdesk.accounts.invitations import add_mailed_link
from helpdesk.accounts.roles import Capability, has_capability
from helpdesk.conversations import ONLINE_FOR
from helpdesk.conversations.promises.register import concerns
from helpdesk.insights.numbers.report import FigureReader
from helpdesk.insights.numbers.week import last_whole_week, load_week, make_week_sheet, week_code
from helpdesk.mail.letter import Letter, LetterLink, render_letter
from helpdesk.schedule.hours import say_when
from helpdesk.views.timeline import Timeline
from i18n import N_, catalog, locale_of
from knowledge.search.passage_source import escape_markdown
from store.models import Agent, Availability, DigestInterval, MailDelivery, MailKind, Promise

#: A link to choose a password that leaves later than this is no longer expected.
RESET_EXPECTED_FOR = timedelta(minutes=30)
MAX_PROMISES = 10

_LINKS = {
    MailKind.INVITATION: (
        N_("Your access to Staffel"),
        N_("You have been invited to answer customers in Staffel. With this link you choose your password:"),
        N_("Choose a password"),
        N_("The link works once, within 72 hours."),
    ),
    MailKind.RESET: (
        N_("Choose a new password"),
        N_("Somebody, probably you, has asked for a new password for Staffel. With this link you choose one:"),
        N_("Choose a new password"),
        N_("The link works once, within 30 minutes. If it wasn't you, there is nothing to do: your password stays."),
    ),
}
_HELLO = N_("Hello {name},")
_DIGEST = N_("What is waiting in Staffel")
_DIGEST_LEAD = N_("This is waiting just now:")
_COUNTS = {
    "queue": N_("waiting for a person: {count}"),
    "unread": N_("your conversations with something new: {count}"),
    "due": N_("promises that are due or overdue: {count}"),
}
_PROMISES = N_("A promise is due")
_PROMISES_LEAD = N_("This was promised to customers and is due:")
_TO_DESK = N_("Open the desk")
_TO_WEEK = N_("The week to print")
_WHY_WEEK = N_("You chose this e-mail on your desk. You can switch it off there.")
_WHY = N_("You chose these e-mails on your desk, for when you are not online. You can switch them off there.")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLetters:
    """Composes the mails to staff. `origin` is the address that people reach this installation at."""

    timeline: Timeline
    origin: str
    sender_name: Callable[[], str]
    zone: ZoneInfo

    async def compose(self, session: AsyncSession, mail: MailDelivery, time: datetime) -> OutgoingMail | None:
        """The mail as of now; `None` when nobody needs it any more."""
        agent = await session.get(Agent, mail.agent_id) if mail.agent_id else None
        if agent is None or not agent.active:
            return None
        if mail.kind in _LINKS:
            return self._with_link(session, mail, agent, time)
        if mail.kind == MailKind.WEEKLY:
            return await self._week(mail, agent, time)
        if is_online(agent, time):
            return None
        if mail.kind == MailKind.DIGEST:
            return await self._digest(mail, agent)
        return await self._promises(session, mail, agent, time)

    def _with_link(
        self, session: AsyncSession, mail: MailDelivery, agent: Agent, time: datetime
    ) -> OutgoingMail | None:
        if mail.kind == MailKind.RESET and mail.created_at < time - RESET_EXPECTED_FOR:
            return None
        say = catalog("staff", agent.language).gettext
        subject, body, label, lasts = map(say, _LINKS[mail.kind])
        url = add_mailed_link(session, agent, self.origin, time)
        return self._mail(
            mail,
            agent,
            subject,
            Letter(
                language=agent.language,
                body=_greeted(agent, body),
                action=LetterLink(label=label, url=url),
                small=(lasts,),
            ),
        )

    async def _digest(self, mail: MailDelivery, agent: Agent) -> OutgoingMail | None:
        if agent.mail_digest == DigestInterval.OFF:
            return None
        counts: Mapping[str, int] = await self.timeline.counts(agent.id)
        waiting = {name: counts[name] for name in _COUNTS if counts[name]}
        if not waiting:
            return None
        say = catalog("staff", agent.language).gettext
        lines = "\n".join(f"- {say(_COUNTS[name]).format(count=count)}" for name, count in waiting.items())
        return self._to_desk(mail, agent, say(_DIGEST), f"{say(_DIGEST_LEAD)}\n\n{lines}")

    async def _week(self, mail: MailDelivery, agent: Agent, time: datetime) -> OutgoingMail | None:
        """The figures of the week that has ended, and where the page to print is."""
        if not agent.mail_weekly or not has_capability(agent.role, Capability.ANSWERS):
            return None
        monday = last_whole_week(time.astimezone(self.zone).date())
        reader = FigureReader(agent_id=agent.id, sees_all=has_capability(agent.role, Capability.FIGURES))
        messages = catalog("staff", agent.language)
        report = await load_week(self.timeline.db, monday, reader)
        sheet = make_week_sheet(report, messages, locale_of(agent.language))
        parts = ("\n".join((f"**{part.title}**\n", *(f"- {line}" for line in part.lines))) for part in sheet.parts)
        letter = Letter(
            language=agent.language,
            body=_greeted(agent, "\n\n".join(parts)),
            action=LetterLink(
                label=messages.gettext(_TO_WEEK), url=f"{self.origin}/desk/numbers/week?week={week_code(monday)}"
            ),
            small=(messages.gettext(_WHY_WEEK),),
        )
        return self._mail(mail, agent, sheet.title, letter)

    async def _promises(
        self, session: AsyncSession, mail: MailDelivery, agent: Agent, time: datetime
    ) -> OutgoingMail | None:
        if not agent.mail_promises:
            return None
        due = await session.scalars(
            select(Promise)
            .where(concerns(agent.id), Promise.agent_id == agent.id, Promise.reminded_at.is_not(None))
            .order_by(Promise.due_at)
            .limit(MAX_PROMISES)
        )
        say = catalog("staff", agent.language).gettext
        times = [say_when(promise.due_at, time, self.zone, agent.language) for promise in due]
        if not times:
            return None
        lines = "\n".join(f"- {when}" for when in times)  # whose and what is read on the desk, behind a sign-in
        return self._to_desk(mail, agent, say(_PROMISES), f"{say(_PROMISES_LEAD)}\n\n{lines}")

    def _to_desk(self, mail: MailDelivery, agent: Agent, subject: str, body: str) -> OutgoingMail:
        say = catalog("staff", agent.language).gettext
        letter = Letter(
            language=agent.language,
            body=_greeted(agent, body),
            action=LetterLink(label=say(_TO_DESK), url=f"{self.origin}/desk"),
            small=(say(_WHY),),
        )
        return self._mail(mail, agent, subject, letter)

    def _mail(self, mail: MailDelivery, agent: Agent, subject: str, letter: Letter) -> OutgoingMail:
        body = render_letter(letter)
        return OutgoingMail(
            recipient=agent.email,
            sender_name=header_words(self.sender_name(), 60),
            subject=subject,
            text=body.text,
            html=body.html,
            message_id=mail.message_id or f"<{mail.id}@staffel.invalid>",
            headers={"Auto-Submitted": "auto-generated"},
        )


def _greeted(agent: Agent, body: str) -> str:
    hello = catalog("staff", agent.language).gettext(_HELLO)
    return f"{hello.format(name=escape_markdown(agent.name))}\n\n{body}"


def is_online(agent: Agent, time: datetime) -> bool:
    """Whether the agent's desk is open and takes conversations."""
    seen = agent.last_seen_at is not None and agent.last_seen_at > time - ONLINE_FOR
    return seen and agent.availability == Availability.ONLINE
