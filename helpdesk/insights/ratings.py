"""What customers said of how they were helped: over time, and by channel, agent, team and article."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations.visibility import is_of_visible
from helpdesk.handoff.summary import mask_personal
from store.db import Database
from store.models import Agent, Message, MessageKind, Rating, Team, TeamMember

MAX_RATINGS = 5_000
"""The newest ones that are read."""
LINES_AFTER = 6
"""Lines after a rating among which the contact's own words on it are."""


class RatingGroup(StrEnum):
    """What ratings are told apart by."""

    CHANNEL = "channel"
    AGENT = "agent"
    TEAM = "team"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRecord:
    """A rating; `agent` and `team` are ids."""

    conversation_id: str
    channel: str
    agent: str | None
    team: str | None
    article: str | None
    helped: bool
    rated_at: datetime

    def value_of(self, group: RatingGroup) -> str | None:
        """What it counts for in a group."""
        values = {
            RatingGroup.CHANNEL: self.channel,
            RatingGroup.AGENT: self.agent,
            RatingGroup.TEAM: self.team,
            RatingGroup.ARTICLE: self.article,
        }
        return values[group]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingCount:
    """How many ratings of one value were good and bad; `name` is what people call it."""

    value: str
    name: str
    good: int
    bad: int


async def load_ratings(
    db: Database,
    since: datetime,
    *,
    group: RatingGroup | None = None,
    value: str | None = None,
    helped: bool | None = None,
    only: ColumnElement[bool] | None = None,
) -> list[RatingRecord]:
    """The ratings since then, the newest first; with `group` those of one value, with `helped` the good or bad ones.

    `only` is a further condition, such as `is_readable`.
    """
    async with db.read() as session:
        wanted = [Rating.helped.is_not(None), Rating.rated_at >= since]
        if only is not None:
            wanted.append(only)
        if helped is not None:
            wanted.append(Rating.helped.is_(helped))
        if group is not None:
            wanted.append(_COLUMNS[group] == value)
        rows = await session.scalars(select(Rating).where(*wanted).order_by(Rating.rated_at.desc()).limit(MAX_RATINGS))
        return [_record(row) for row in rows]


def is_readable(agent_id: str | None) -> ColumnElement[bool]:
    """Whether a rating is of a conversation that an agent may read; `None` is a program that is nobody's."""
    return is_of_visible(Rating.conversation_id, agent_id)


def is_theirs(agent_id: str) -> ColumnElement[bool]:
    """Whether a rating is of an agent, or of a team of theirs: what they see without the figures of everybody."""
    teams = select(TeamMember.team_id).where(TeamMember.agent_id == agent_id)
    return or_(Rating.agent_id == agent_id, Rating.team_id.in_(teams))


async def load_words(db: Database, ratings: Sequence[RatingRecord]) -> dict[str, str]:
    """What the contacts wrote with a rating or right after it, by conversation; personal data is masked."""
    ids = [one.conversation_id for one in ratings]
    async with db.read() as session:
        rated = {
            row.conversation_id: row.rated_seq
            for row in await session.scalars(
                select(Rating)
                .where(Rating.conversation_id.in_(ids), Rating.rated_seq.is_not(None))
                .order_by(Rating.rated_at)
            )
            if row.rated_seq is not None
        }
        rows = await session.scalars(
            select(Message)
            .where(
                Message.conversation_id.in_(rated),
                Message.kind.in_([MessageKind.INCOMING, MessageKind.OUTGOING]),
                Message.author.in_([Author.CONTACT, Author.AGENT]),
            )
            .order_by(Message.conversation_id, Message.seq)
        )
        return _words(rows, rated)


def _words(lines: Iterable[Message], rated: dict[str, int]) -> dict[str, str]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    ended: set[str] = set()
    for line in lines:
        seq, id_ = rated[line.conversation_id], line.conversation_id
        if not seq <= line.seq <= seq + LINES_AFTER or id_ in ended:
            continue
        if line.author == Author.AGENT:
            ended.add(id_)
        elif line.facts.tap is None and line.text:
            found[id_].append(line.text)
    return {id_: mask_personal(" ".join(texts)) for id_, texts in found.items()}


async def load_names(db: Database) -> dict[str, str]:
    """What agents and teams are called, by id."""
    async with db.read() as session:
        return {**await _names(session, Agent), **await _names(session, Team)}


async def _names(session: AsyncSession, of: type[Agent] | type[Team]) -> dict[str, str]:
    rows = await session.execute(select(of.id, of.name))
    return {id_: name for id_, name in rows}


def count_by(ratings: Iterable[RatingRecord], group: RatingGroup, names: dict[str, str]) -> list[RatingCount]:
    """The counts of one group, the value with the most bad ones first; what has no value is left out."""
    good, bad = Counter[str](), Counter[str]()
    for one in ratings:
        value = one.value_of(group)
        if value is not None:
            (good if one.helped else bad)[value] += 1
    values = sorted({*good, *bad}, key=lambda value: (-bad[value], -good[value], value))
    return [RatingCount(value=each, name=names.get(each, each), good=good[each], bad=bad[each]) for each in values]


def count_ratings_by_day(
    ratings: Iterable[RatingRecord], days: Iterable[date], zone: tzinfo
) -> list[tuple[date, int, int]]:
    """By day of a zone: how many there were, and how many of them were bad."""
    counts = {day: [0, 0] for day in days}
    for one in ratings:
        mine = counts.get(one.rated_at.astimezone(zone).date())
        if mine is not None:
            mine[0] += 1
            mine[1] += not one.helped
    return [(day, total, bad) for day, (total, bad) in counts.items()]


_COLUMNS = {
    RatingGroup.CHANNEL: Rating.channel,
    RatingGroup.AGENT: Rating.agent_id,
    RatingGroup.TEAM: Rating.team_id,
    RatingGroup.ARTICLE: Rating.article,
}


def _record(row: Rating) -> RatingRecord:
    return RatingRecord(
        conversation_id=row.conversation_id,
        channel=str(row.channel),
        agent=row.agent_id,
        team=row.team_id,
        article=row.article,
        helped=bool(row.helped),
        rated_at=row.rated_at or row.asked_at,
    )
