"""When customers may be asked again, what their words say to the question, and how they are reached."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.contract import Channel
from helpdesk.conversations.follow_up_register import ContactReach, ReachWay, reach_of
from helpdesk.conversations.follow_ups.answer_words import FollowUpAnswer, read_follow_up_answer, reads_settled
from helpdesk.conversations.follow_ups.ask_times import ask_time
from helpdesk.schedule.hours import Hours, SharedHours
from store.models import Contact, Conversation, FollowUpReason, MailRefusal

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = (timedelta(hours=9), timedelta(hours=17))


def company(*spans: tuple[timedelta, timedelta], days: int = 5, **more: Any) -> SharedHours:
    """Open at `spans` on the first `days` days of the week, in Berlin."""
    week = tuple(spans if number < days else () for number in range(7))
    return SharedHours(zone=BERLIN, teams=(replace(Hours(zone=BERLIN, week=week), **more),))


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


USUAL = company(NINE_TO_FIVE)


@pytest.mark.parametrize(
    ("hours", "day", "after", "asked"),
    [
        (USUAL, date(2026, 12, 2), "2026-11-30T12:00", "2026-12-02T09:00"),
        (USUAL, date(2026, 12, 5), "2026-11-30T12:00", "2026-12-07T09:00"),  # a Saturday
        (USUAL, date(2026, 12, 4), "2026-12-04T19:00", "2026-12-07T09:00"),  # on Friday evening it is too late
        (USUAL, date(2026, 12, 4), "2026-12-04T18:59", "2026-12-04T18:59"),
        (USUAL, date(2026, 12, 2), "2026-12-02T07:00", "2026-12-02T09:00"),
        (USUAL, date(2026, 12, 1), "2026-12-03T10:30", "2026-12-03T10:30"),  # nobody could see to it in time
        (company(NINE_TO_FIVE, region="BY"), date(2026, 12, 25), "2026-11-30T12:00", "2026-12-28T09:00"),
        (
            company(NINE_TO_FIVE, closed_on=frozenset({date(2026, 12, 2)})),
            date(2026, 12, 2),
            "2026-11-30T12:00",
            "2026-12-03T09:00",
        ),
        (
            company((timedelta(hours=11), timedelta(hours=15))),
            date(2026, 12, 2),
            "2026-11-30T12:00",
            "2026-12-02T11:00",
        ),
        (company((timedelta(hours=6), timedelta(hours=8))), date(2026, 12, 2), "2026-11-30T12:00", "2026-12-02T09:00"),
        (
            company((timedelta(hours=20), timedelta(hours=23))),
            date(2026, 12, 2),
            "2026-11-30T12:00",
            "2026-12-02T09:00",
        ),
        (SharedHours(zone=BERLIN, teams=()), date(2026, 12, 6), "2026-11-30T12:00", "2026-12-07T09:00"),  # a Sunday
        (company(NINE_TO_FIVE, days=7), date(2026, 3, 29), "2026-03-20T12:00", "2026-03-29T09:00"),  # the clock changes
        (company(NINE_TO_FIVE, days=7), date(2026, 10, 25), "2026-10-20T12:00", "2026-10-25T09:00"),
    ],
)
def test_the_question_comes_by_day_on_an_open_day(hours: SharedHours, day: date, after: str, asked: str) -> None:
    found = ask_time(hours, day, wall(after))
    assert found is not None
    assert (found, found.tzinfo) == (wall(asked), UTC)


def test_a_company_that_never_opens_asks_nobody() -> None:
    assert ask_time(company(), date(2026, 12, 2), wall("2026-11-30T12:00")) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ja", FollowUpAnswer.SETTLED),
        ("Ja, danke!", FollowUpAnswer.SETTLED),
        ("👍", FollowUpAnswer.SETTLED),
        ("Hat sich erledigt", FollowUpAnswer.SETTLED),
        ("Nein, hat sich schon erledigt.", FollowUpAnswer.SETTLED),
        ("Alles ist angekommen, danke", FollowUpAnswer.SETTLED),
        ("it works now", FollowUpAnswer.SETTLED),
        ("Oui, c'est réglé", FollowUpAnswer.SETTLED),
        ("Vielen Dank", FollowUpAnswer.SETTLED),
        ("Nein", FollowUpAnswer.UNSETTLED),
        ("Nein, der Tisch wackelt immer noch", FollowUpAnswer.UNSETTLED),
        ("Leider noch nicht", FollowUpAnswer.UNSETTLED),
        ("Das Paket ist noch nicht da", FollowUpAnswer.UNSETTLED),
        ("Nein, wann kommt es denn?", FollowUpAnswer.UNSETTLED),
        ("not yet", FollowUpAnswer.UNSETTLED),
        ("Ja, aber jetzt fehlt eine Schraube", FollowUpAnswer.UNSETTLED),
        ("Bitte nicht mehr nachfragen", FollowUpAnswer.NEVER),
        ("Fragen Sie mich bitte nicht mehr", FollowUpAnswer.NEVER),
        ("don't ask me again", FollowUpAnswer.NEVER),
        ("Ne me demandez plus", FollowUpAnswer.NEVER),
        ("Was kostet der Versand nach Österreich?", None),
        ("Haben Sie noch kein neues Modell?", None),
        ("Ich möchte meine Adresse ändern.", None),
        ("Ist das Paket angekommen?", None),
    ],
)
def test_words_are_read_as_the_buttons_are(text: str, said: FollowUpAnswer | None) -> None:
    assert read_follow_up_answer(text) is said


def test_only_what_says_so_by_itself_calls_a_question_off() -> None:
    assert all(map(reads_settled, ["Hat sich erledigt.", "Das Paket hat sich erledigt", "Es hat geklappt!"]))
    assert not any(map(reads_settled, ["Ja", "Danke", "Hat sich das erledigt?", "Es klappt nicht", "Nein"]))


def conversation(channel: Channel) -> Conversation:
    return Conversation(channel=channel)


def contact(**fields: object) -> Contact:
    return Contact(**({"reachable": True, "no_follow_ups": False} | fields))


@pytest.mark.parametrize(
    ("channel", "who", "mails", "reach"),
    [
        (Channel.TELEGRAM, {}, False, ContactReach(way=ReachWay.CHANNEL)),
        (Channel.TELEGRAM, {"reachable": False}, True, ContactReach(problem=FollowUpReason.BLOCKED)),
        (Channel.SLACK, {"mail_refusal": MailRefusal.BOUNCED}, True, ContactReach(way=ReachWay.CHANNEL)),
        (Channel.EMAIL, {"email": "a@example.org"}, True, ContactReach(way=ReachWay.MAIL)),
        (Channel.EMAIL, {"email": "a@example.org"}, False, ContactReach(problem=FollowUpReason.NO_MAIL)),
        (Channel.EMAIL, {"mail_refusal": MailRefusal.BOUNCED}, True, ContactReach(problem=FollowUpReason.BOUNCED)),
        (Channel.WEBCHAT, {"email": "a@example.org"}, True, ContactReach(way=ReachWay.MAIL)),
        (Channel.WEBCHAT, {"email": "a@example.org"}, False, ContactReach(way=ReachWay.CHAT_ONLY)),
        (Channel.WEBCHAT, {}, True, ContactReach(way=ReachWay.CHAT_ONLY)),
        (Channel.WEBCHAT, {"mail_refusal": MailRefusal.STOPPED}, True, ContactReach(problem=FollowUpReason.STOPPED)),
        (Channel.WEBCHAT, {"no_follow_ups": True}, True, ContactReach(problem=FollowUpReason.DECLINED)),
        (
            Channel.TELEGRAM,
            {"forget_at": datetime(2026, 1, 1, tzinfo=UTC)},
            True,
            ContactReach(problem=FollowUpReason.ERASED),
        ),
    ],
)
def test_who_cannot_be_reached_is_known_before(
    channel: Channel, who: dict[str, object], mails: bool, reach: ContactReach
) -> None:
    assert reach_of(conversation(channel), contact(**who), sends_mails=mails) == reach
