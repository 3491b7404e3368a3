"""Figures of days against conversations that were worked out by hand, and what is left of them after erasure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from connectors.contract import Author, Channel
from helpdesk.insights.numbers.day_counts import FigureKey
from helpdesk.insights.numbers.day_keeper import DayKeeper
from helpdesk.insights.numbers.day_rows import (
    claim_count,
    load_days,
    load_state,
    load_sums,
    monday_of,
    replace_days,
    roll_weeks,
    switch_per_agent,
    thin_days,
)
from helpdesk.insights.numbers.figure_sums import Dimension, Duration, FigureName, FigureSums
from helpdesk.insights.numbers.report import FigureReader, ReportRange, ReportSlice, load_report
from store.db import Database
from store.errors import Invalid, NotAllowed
from store.models import Agent, DailyFigures, Promise, PromiseKind, Rating, Role, Team, TeamMember, now
from tests.past_days import PastDay, store_past_days

BERLIN = ZoneInfo("Europe/Berlin")
#: A Tuesday, ten in the morning in Berlin.
DAY = date(2026, 11, 3)
MORNING = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
C, B, A = Author.CONTACT, Author.BOT, Author.AGENT


async def store_staff(db: Database) -> tuple[str, str, str]:
    async with db.write() as session:
        mia, jo = (
            Agent(email=f"{name}@example.org", name=name, role=Role.AGENT, password_hash="") for name in ("Mia", "Jo")
        )
        team = Team(name="Versand")
        session.add_all([mia, jo, team])
        await session.flush()
        session.add(TeamMember(team_id=team.id, agent_id=mia.id))
        return mia.id, jo.id, team.id


def keeper(db: Database, kept_days: int = 90) -> DayKeeper:
    return DayKeeper(db, BERLIN, kept_days)


async def sums_of(db: Database, dimension: Dimension = Dimension.ALL, value: str = "") -> FigureSums:
    total = FigureSums()
    for _, _, figures in await load_days(
        db, dimension, DAY - timedelta(days=60), DAY + timedelta(days=60), value=value
    ):
        total.add(figures)
    return total


def some(mia: str, team: str) -> Sequence[PastDay]:
    """Seven inquiries of one morning: see the test for what each counts as."""
    later = MORNING + timedelta(hours=50)
    return [
        PastDay(at=MORNING, customer="confirmed", said=[(0, C, 0.1), (1, B, None)], asked=[(0, "returns", True)]),
        PastDay(at=MORNING, customer="assumed", said=[(0, C, 0.1), (1, B, None)], asked=[(0, "returns", None)]),
        PastDay(at=MORNING, customer="refused", said=[(0, C, 0.1), (1, B, None)], asked=[(0, "returns", False)]),
        PastDay(at=MORNING, customer="unanswered", said=[(0, C, 0.1), (1, B, None)], asked=[(0, None, None)]),
        PastDay(at=MORNING, customer="hello", said=[(0, C, 0.1), (1, B, None)]),
        PastDay(at=MORNING, customer="returns", said=[(0, C, 0.1), (1, B, None)], asked=[(0, "returns", None)]),
        PastDay(at=later, customer="returns", said=[(0, C, 0.1), (1, B, None)], asked=[(0, "returns", None)]),
        PastDay(
            at=MORNING,
            customer="person",
            said=[(0, C, 0.8), (1, B, None), (9, A, None), (20, C, 0.1), (21, A, None)],
            asked=[(0, None, None)],
            handoff=(1, 5, 31),
            agent=mia,
            team=team,
            topic="delivery",
            resolved=31,
            channel=Channel.EMAIL,
            language="en",
        ),
    ]


async def test_the_figures_are_those_that_were_worked_out_by_hand(db: Database) -> None:
    mia, _, team = await store_staff(db)
    past = some(mia, team)
    await store_past_days(db, past)
    async with db.write() as session:
        for helped in (True, True, False):
            session.add(
                Rating(
                    conversation_id=past[-1].id,
                    channel=Channel.EMAIL,
                    agent_id=mia,
                    team_id=team,
                    asked_seq=1,
                    helped=helped,
                    rated_at=MORNING + timedelta(hours=1),
                )
            )
        for kept, broken, withdrawn in ((True, False, False), (True, True, False), (False, False, True)):
            due = MORNING + timedelta(hours=4)
            session.add(
                Promise(
                    conversation_id=past[-1].id,
                    kind=PromiseKind.ANSWER,
                    agent_id=mia,
                    text="…",
                    due_at=due,
                    kept_at=due if kept else None,
                    broken_at=due if broken else None,
                    withdrawn_at=due if withdrawn else None,
                )
            )

    await keeper(db).count_days(DAY, DAY)
    await keeper(db).count_days(DAY, DAY)  # again: nothing is counted twice

    [(day, _, sums)] = await load_days(db, Dimension.ALL, DAY, DAY)
    assert day == DAY
    assert dict(sums.counts) == {
        FigureName.INQUIRIES: 7,
        FigureName.CONFIRMED: 1,
        FigureName.ASSUMED: 1,
        FigureName.ABANDONED: 2,
        FigureName.NOT_ASKED: 1,
        FigureName.RETURNED: 1,
        FigureName.PERSON: 1,
        FigureName.QUESTIONS: 6,
        FigureName.GAPS: 3,
        FigureName.HANDOFFS: 1,
        FigureName.ACCEPTED: 1,
        FigureName.ANSWERS_GOOD: 1,
        FigureName.ANSWERS_BAD: 1,
        FigureName.RATED_GOOD: 2,
        FigureName.RATED_BAD: 1,
        FigureName.PROMISES_KEPT: 1,
        FigureName.PROMISES_BROKEN: 1,
        FigureName.MOODS: 1,
        FigureName.UPSET_AT_START: 1,
    }
    assert (sums.solved_by_bot, sums.asked_bot) == (2, 6)
    timed = {Duration.WAIT: 240, Duration.FIRST_ANSWER: 480, Duration.HANDLING: 26 * 60, Duration.RESOLUTION: 31 * 60}
    for duration, seconds in timed.items():
        shown = sums.histogram(duration).share(0.5)
        assert shown is not None
        assert seconds <= shown <= 1.19 * seconds, duration
        assert sums.histogram(duration).median is None  # of one
    assert sums.hours == {(1, 10): [7, 1]}

    of_mia = await sums_of(db, Dimension.AGENT, mia)
    assert (of_mia[FigureName.INQUIRIES], of_mia[FigureName.RATED_BAD], of_mia[FigureName.PROMISES_BROKEN]) == (1, 1, 1)
    assert of_mia.hours == {}  # when somebody works is their own
    for dimension, value, inquiries in (
        (Dimension.TEAM, team, 1),
        (Dimension.TOPIC, "delivery", 1),
        (Dimension.TOPIC, "", 6),
        (Dimension.CHANNEL, "email", 1),
        (Dimension.LANGUAGE, "de", 6),
    ):
        assert (await sums_of(db, dimension, value))[FigureName.INQUIRIES] == inquiries, (dimension, value)
    article = await sums_of(db, Dimension.ARTICLE, "returns")
    assert (article[FigureName.QUESTIONS], article[FigureName.ANSWERS_GOOD], article[FigureName.ANSWERS_BAD]) == (
        4,
        1,
        1,
    )


@pytest.mark.sqlite_only
async def test_a_long_conversation_is_several_inquiries_and_who_returns_is_deducted(db: Database) -> None:
    hours = 60.0
    await store_past_days(
        db,
        [
            PastDay(
                at=MORNING,
                customer="ida",
                said=[(0, C, 0.1), (1, B, None), (3 * hours, C, 0.1), (3 * hours + 1, B, None), (80 * hours, C, 0.1)],
                asked=[(0, "returns", True), (3 * hours, "returns", None), (80 * hours, None, None)],
            )
        ],
    )
    await keeper(db).count_days(DAY, DAY + timedelta(days=5))
    sums = await sums_of(db)
    assert sums[FigureName.INQUIRIES] == 3
    # The first came back after three hours, the second after 77, which is too late to be a return.
    assert (sums[FigureName.RETURNED], sums[FigureName.ASSUMED], sums[FigureName.ABANDONED]) == (1, 1, 1)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("at", "day", "hour"),
    [
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), date(2026, 10, 25), 0),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25), 2),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25), 2),  # the hour that comes twice
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25), 23),  # a day of 25 hours
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26), 0),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), date(2027, 3, 28), 3),  # there is no hour 2
        (datetime(2027, 3, 28, 21, 59, tzinfo=UTC), date(2027, 3, 28), 23),  # a day of 23 hours
        (datetime(2027, 3, 28, 22, 0, tzinfo=UTC), date(2027, 3, 29), 0),
    ],
)
async def test_days_are_those_of_the_company_when_the_clock_changes_too(
    db: Database, at: datetime, day: date, hour: int
) -> None:
    await store_past_days(db, [PastDay(at=at, customer="ida", said=[(0, C, None)])])
    await keeper(db).count_days(day - timedelta(days=1), day + timedelta(days=1))
    [(counted, _, sums)] = await load_days(db, Dimension.ALL, day - timedelta(days=2), day + timedelta(days=2))
    assert (counted, sums.hours) == (day, {(day.weekday(), hour): [1, 0]})


async def test_counting_is_done_by_one_and_goes_on_from_where_it_was(db: Database) -> None:
    time = now()
    await store_past_days(db, [PastDay(at=time - timedelta(days=40), customer="ida", said=[(0, C, None)])])
    assert await keeper(db).count_due()
    assert not await keeper(db).count_due()  # it is not due again
    state = await load_state(db)
    assert state.first == (time - timedelta(days=40)).astimezone(BERLIN).date()
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(DailyFigures)) == 8  # of the day and its week

    due = state.next_at or time
    assert await claim_count(db, due + timedelta(seconds=1), lease=timedelta(minutes=30)) is not None
    assert await claim_count(db, due + timedelta(seconds=2), lease=timedelta(minutes=30)) is None


async def test_what_outlives_erasure_holds_no_small_group_and_no_single_agent(db: Database) -> None:
    def row(inquiries: int, upset: int = 1) -> FigureSums:
        sums = FigureSums()
        sums.counts.update({FigureName.INQUIRIES: inquiries, FigureName.UPSET_AT_START: upset})
        sums.time(Duration.WAIT, 60)
        return sums

    rows = {
        FigureKey(Dimension.ALL, DAY, ""): row(30),
        FigureKey(Dimension.LANGUAGE, DAY, "de"): row(20),
        FigureKey(Dimension.LANGUAGE, DAY, "en"): row(8),
        FigureKey(Dimension.LANGUAGE, DAY, "tr"): row(2),
        FigureKey(Dimension.CHANNEL, DAY, "webchat"): row(30),
        FigureKey(Dimension.TEAM, DAY, "t1"): row(28),  # two had no team: they must not be found by subtraction
        FigureKey(Dimension.AGENT, DAY, "mia"): row(30),
        FigureKey(Dimension.ARTICLE, DAY, "returns"): row(1),
    }
    await replace_days(db, DAY, DAY, rows)
    await thin_days(db, DAY, DAY)
    await thin_days(db, DAY, DAY)

    left = {
        (dimension, value): figures
        for dimension in Dimension
        for _, value, figures in await load_days(db, dimension, DAY, DAY)
    }
    assert not any(dimension is Dimension.AGENT for dimension, _ in left)
    whole = {key for key, figures in left.items() if figures[FigureName.UPSET_AT_START]}
    # English goes along with Turkish: German alone, taken from all, would otherwise tell of two people.
    assert whole == {
        (Dimension.ALL, ""),
        (Dimension.LANGUAGE, "de"),
        (Dimension.CHANNEL, "webchat"),
        (Dimension.ARTICLE, "returns"),
    }
    assert left[Dimension.LANGUAGE, "tr"].counts == {FigureName.INQUIRIES: 2}
    assert left[Dimension.LANGUAGE, "tr"].durations == {}


async def test_whole_weeks_in_one_row_are_the_same_as_their_days(db: Database) -> None:
    rows = {}
    for ahead in range(40):
        sums = FigureSums()
        sums.counts[FigureName.INQUIRIES] = ahead + 1
        sums.time(Duration.WAIT, 10.0 * (ahead + 1))
        sums.load((ahead % 7, 9), inquiries=ahead + 1)
        rows[FigureKey(Dimension.CHANNEL, DAY + timedelta(days=ahead), "email")] = sums
    await replace_days(db, DAY, DAY + timedelta(days=39), rows)
    await roll_weeks(db, DAY, DAY + timedelta(days=39))
    await roll_weeks(db, DAY, DAY + timedelta(days=39))
    rolled_to = monday_of(DAY + timedelta(days=39))
    for first, last in ((0, 39), (3, 33), (6, 12), (6, 19), (1, 4), (20, 60)):
        span = (DAY + timedelta(days=first), DAY + timedelta(days=last))
        by_day = await load_days(db, Dimension.CHANNEL, *span)
        by_week = await load_days(db, Dimension.CHANNEL, *span, rolled_to=rolled_to)
        want, got = FigureSums(), FigureSums()
        for _, _, sums in by_day:
            want.add(sums)
        for _, _, sums in by_week:
            got.add(sums)
        assert got == want, span
        assert (await load_sums(db, Dimension.CHANNEL, *span, rolled_to=rolled_to))["email"].counts == want.counts
    assert len(await load_days(db, Dimension.CHANNEL, DAY, DAY + timedelta(days=39), rolled_to=rolled_to)) < 20


@pytest.mark.sqlite_only
async def test_no_day_is_counted_again_whose_conversations_are_being_erased(db: Database) -> None:
    time = now()
    mine = keeper(db, kept_days=5)
    oldest = mine.oldest_day(time)
    assert oldest == (time.astimezone(BERLIN) - timedelta(days=5)).date() + timedelta(days=1)
    assert keeper(db, kept_days=1).oldest_day(time) == time.astimezone(BERLIN).date()
    long_ago = oldest - timedelta(days=3)
    await store_past_days(db, [PastDay(at=time, customer="ida", said=[(0, C, None)])])
    assert await mine.count_due()
    kept = FigureSums()
    kept.counts[FigureName.INQUIRIES] = 9
    await replace_days(db, long_ago, long_ago, {FigureKey(Dimension.ALL, long_ago, ""): kept})
    await mine.count_days(oldest, time.astimezone(BERLIN).date())
    [(_, _, left)] = await load_days(db, Dimension.ALL, long_ago, long_ago)
    assert left[FigureName.INQUIRIES] == 9


@pytest.mark.sqlite_only
async def test_agents_see_their_own_and_their_teams_admins_everything(db: Database) -> None:
    mia, jo, team = await store_staff(db)
    await store_past_days(db, some(mia, team))
    await keeper(db).count_days(DAY, DAY)
    span, whole = ReportRange(first=DAY, last=DAY), ReportSlice()
    of_mia = ReportSlice(dimension=Dimension.AGENT, value=mia)

    admin = FigureReader(agent_id="ada", sees_all=True)
    report = await load_report(db, span, admin, chosen=whole, by=Dimension.AGENT)
    assert [(row.name, row.sums[FigureName.INQUIRIES]) for row in report.rows] == [("Mia", 1)]
    assert report.before is None  # nothing of the days before was counted

    own = await load_report(db, span, FigureReader(agent_id=mia, sees_all=False), chosen=of_mia, by=Dimension.TEAM)
    assert [row.name for row in own.rows] == ["Versand"]
    other = FigureReader(agent_id=jo, sees_all=False)
    assert (await load_report(db, span, other, chosen=whole, by=Dimension.TEAM)).rows == []
    assert (await load_report(db, span, other, chosen=whole, by=Dimension.AGENT)).rows == []
    for slice_ in (of_mia, ReportSlice(dimension=Dimension.TEAM, value=team)):
        with pytest.raises(NotAllowed):
            await load_report(db, span, other, chosen=slice_, by=Dimension.CHANNEL)

    await switch_per_agent(db, on=False)
    await keeper(db).count_days(DAY, DAY)
    assert await load_days(db, Dimension.AGENT, DAY, DAY) == []
    with pytest.raises(NotAllowed):
        await load_report(db, span, admin, chosen=of_mia, by=Dimension.CHANNEL)


def test_a_range_has_its_days_in_order_and_not_too_many() -> None:
    assert ReportRange(first=DAY, last=DAY + timedelta(days=6)).before == ReportRange(
        first=DAY - timedelta(days=7), last=DAY - timedelta(days=1)
    )
    for last in (DAY - timedelta(days=1), DAY + timedelta(days=800)):
        with pytest.raises(Invalid):
            ReportRange(first=DAY, last=last)
