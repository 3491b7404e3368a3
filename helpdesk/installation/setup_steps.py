"""Setting up in the browser: its steps, what is done of them, what was passed over, and when it is over."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Channel
from helpdesk.installation.profile import CurrentProfile
from store.db import Database
from store.models import (
    Agent,
    Article,
    ArticleState,
    ChannelAccount,
    Conversation,
    Installation,
    Site,
    Team,
    now,
)
from store.settings import Settings


class SetupStep(StrEnum):
    """The steps, in the order in which they are offered."""

    COMPANY = "company"
    KNOWLEDGE = "knowledge"
    HOURS = "hours"
    COLLEAGUES = "colleagues"
    CHANNEL = "channel"
    TRIAL = "trial"


class StepState(StrEnum):
    """How far a step is."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupProgress:
    """Every step's state, and how many articles there are. It `is_over` when somebody has said so."""

    steps: dict[SetupStep, StepState]
    articles: int
    is_over: bool

    @property
    def next_step(self) -> SetupStep | None:
        """The first that is neither done nor passed over."""
        return next((step for step, state in self.steps.items() if state is StepState.OPEN), None)

    @property
    def settled(self) -> int:
        """How many are done or passed over."""
        return sum(state is not StepState.OPEN for state in self.steps.values())


class Setup:
    """Setting up this installation. An installation where people worked before there was this is set up."""

    def __init__(self, db: Database, profile: CurrentProfile) -> None:
        self.db = db
        self.profile = profile

    async def is_over(self) -> bool:
        """Whether nobody is asked to set anything up any more."""
        async with self.db.read() as session:
            row = await session.get(Installation, 1)
        return row is not None and row.ended_at is not None

    async def load_unfinished(self) -> SetupProgress | None:
        """How far it is, unless somebody has ended it or nothing is left to do."""
        async with self.db.read() as session:
            row = await session.get(Installation, 1)
            if row is not None and row.ended_at is not None:
                return None
            progress = await self._load(session, row)
        return progress if progress.next_step else None

    async def load(self) -> SetupProgress:
        """How far it is, over or not."""
        async with self.db.read() as session:
            return await self._load(session, await session.get(Installation, 1))

    async def skip(self, step: SetupStep) -> None:
        """Pass a step over."""
        async with self.db.write() as session:
            row = await _row(session)
            row.skipped = tuple(sorted({*row.skipped, step.value}))

    async def offer(self, step: SetupStep) -> None:
        """Offer a step again that was passed over."""
        async with self.db.write() as session:
            row = await _row(session)
            row.skipped = tuple(sorted({*row.skipped} - {step.value}))

    async def end(self) -> None:
        """Ask nobody to set anything up any more."""
        async with self.db.write() as session:
            row = await _row(session)
            row.ended_at = row.ended_at or now()

    async def _load(self, session: AsyncSession, row: Installation | None) -> SetupProgress:
        articles = select(func.count()).select_from(Article).scalar_subquery()
        facts = [select(fact).scalar_subquery().label(step) for step, fact in _FACTS.items()]
        found = (await session.execute(select(articles.label("articles"), *facts))).mappings().one()
        settings = self.profile.settings
        elsewhere = {
            SetupStep.COMPANY: (row is not None and row.saved_at is not None) or "company" in self.profile.given,
            SetupStep.CHANNEL: _is_connected(settings),
        }
        skipped = row.skipped if row else ()

        def state_of(step: SetupStep) -> StepState:
            if found.get(step) or elsewhere.get(step):
                return StepState.DONE
            return StepState.SKIPPED if step in skipped else StepState.OPEN

        return SetupProgress(
            steps={step: state_of(step) for step in SetupStep},
            articles=found["articles"],
            is_over=row is not None and row.ended_at is not None,
        )


async def _row(session: AsyncSession) -> Installation:
    row = await session.get(Installation, 1)
    if row is None:
        row = Installation(id=1)
        session.add(row)
        await session.flush()
    return row


def _is_connected(settings: Settings) -> bool:
    """Whether a web site of theirs may show the chat, or a mailbox is read."""
    mail = settings.imap_url.get_secret_value() or settings.mail_secret.get_secret_value()
    return bool(settings.webchat_origins or mail)


#: What shows that a step is done.
_FACTS: dict[SetupStep, ColumnElement[bool]] = {
    SetupStep.KNOWLEDGE: exists().where(Article.state == ArticleState.PUBLISHED) | exists().where(Site.id.is_not(None)),
    SetupStep.HOURS: exists().where(Team.active),
    SetupStep.COLLEAGUES: select(Agent.id).where(Agent.active).limit(1).offset(1).exists(),
    SetupStep.CHANNEL: exists().where(ChannelAccount.active, ChannelAccount.account != "app"),
    SetupStep.TRIAL: exists().where(Conversation.channel == Channel.WEBCHAT),
}
