"""What the bot says of the hours: the day with its date, whose hours they are, and a way on."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from actions.memory import ConversationMemory
from actions.opening_hours import hours_lines, tell_hours, tell_presence
from bot_protocol import ArticleCandidate, BotMessage
from helpdesk.schedule.hours import Hours, SharedHours
from knowledge.articles.answers import ArticleAnswer
from tests.fixed_hours import BERLIN, HOUR, SATURDAY_MORNING, SHOP, SHOP_WEEK, FixedHours

STORE = ArticleAnswer(
    key="store",
    language="de",
    question="Wo ist der Laden?",
    answer="Ja, in Musterstadt.\n\n- **Geöffnet:** Montag bis Samstag 9:00–19:00.\n- Hunde sind willkommen.",
)
PARCEL = ArticleAnswer(
    key="parcel", language="de", question="Wann kommt es?", answer="Wir liefern Montag bis Samstag 8–20 Uhr."
)
ARTICLES = {each.key: each for each in (STORE, PARCEL)}
NIGHT = datetime(2026, 11, 28, 23, tzinfo=BERLIN)


class Articles:
    async def answer(self, key: str, language: str, question: str = "") -> ArticleAnswer | None:
        return ARTICLES.get(key)


def asked(text: str, *candidates: str, language: str = "de", hours: FixedHours | None = None) -> BotMessage:
    found = tuple(ArticleCandidate(key=key, question=key, confidence=0.2) for key in candidates)
    past = ConversationMemory(text=text, language=language, formality="sie", candidates=found)
    return asyncio.run(tell_hours(past, Articles(), hours or FixedHours()))


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        (
            "habt ihr heute auf?",
            "de",
            "Heute, Samstag, 28. November: Unser Team hier im Chat ist von 9 bis 14 Uhr da. "
            "Gerade ist jemand da, bis 14 Uhr.",
        ),
        (
            "seid ihr an heiligabend da?",
            "de",
            "Donnerstag, 24. Dezember: Unser Team hier im Chat ist nicht da. "
            "Wieder da sind wir am Montag, 28. Dezember, 8 Uhr.",
        ),
        (
            "Habt ihr heute bis 18 uhr offen?",
            "de",
            "Nein, nicht bis 18 Uhr. Heute, Samstag, 28. November: Unser Team hier im Chat ist von 9 bis 14 Uhr da. "
            "Gerade ist jemand da, bis 14 Uhr.",
        ),
        (
            "am freitag bis 18 uhr?",
            "de",
            "Ja, bis 18 Uhr. Freitag, 4. Dezember: Unser Team hier im Chat ist von 8 bis 18 Uhr da.",
        ),
        (
            "Ostermontag?",
            "de",
            "Montag, 29. März 2027 (Ostermontag): Unser Team hier im Chat ist nicht da. "
            "Wieder da sind wir am Dienstag, 30. März 2027, 8 Uhr.",
        ),
        (
            "are you open tomorrow?",
            "en",
            "Tomorrow, Sunday, 29 November: Our team here in the chat is not in. "
            "We are back on Monday, 30 November at 8 am.",
        ),
    ],
)
def test_the_day_is_named_with_its_date(text: str, language: str, said: str) -> None:
    assert asked(text, language=language).text == said


def test_who_names_no_day_hears_of_today_and_of_the_usual_week() -> None:
    text = asked("wie sind eure öffnungszeiten").text

    assert text.startswith("Heute, Samstag, 28. November: Unser Team hier im Chat ist von 9 bis 14 Uhr da.")
    assert "- Montag bis Freitag: 8 bis 18 Uhr\n- Samstag: 9 bis 14 Uhr\n- Sonntag: nicht da" in text


def test_several_days_are_told_one_by_one() -> None:
    assert "- Freitag, 25. Dezember (Erster Weihnachtstag): nicht da" in asked("über weihnachten da?").text


def test_when_nobody_is_there_a_message_can_be_left() -> None:
    closed, open_ = asked("jetzt offen?", hours=FixedHours(now=NIGHT)), asked("jetzt offen?")

    assert closed.choices[-1].title == "Nachricht hinterlassen"
    assert closed.choices[-1].payload == open_.choices[-1].payload == "/ask_person"
    assert open_.choices[-1].title == "Mit einem Menschen sprechen"
    assert "Gerade ist niemand da; wieder da sind wir am Montag, 30. November, 8 Uhr." in closed.text


def test_what_an_article_says_of_the_shop_stands_below_as_the_articles_word() -> None:
    message = asked("habt ihr sonntag auf", "parcel", "store")

    team, whose, shop = message.text.split("\n\n")
    assert "Unser Team hier im Chat ist nicht da" in team
    assert whose == "In unserer Antwort auf „Wo ist der Laden?“ steht:"
    assert shop == "- **Geöffnet:** Montag bis Samstag 9:00–19:00."
    assert message.article == "store"


def test_times_of_delivery_are_no_opening_hours() -> None:
    assert list(hours_lines(PARCEL.answer)) == []
    assert asked("habt ihr sonntag auf", "parcel").article is None


def test_without_hours_nothing_is_claimed() -> None:
    message = asked("habt ihr heute auf", hours=FixedHours(hours=None))

    assert message.text.startswith("Ich bin rund um die Uhr da. Feste Zeiten unseres Teams kenne ich nicht")
    assert message.choices[-1].payload == "/ask_person"


def test_who_asks_if_somebody_is_there_hears_from_whom_and_when() -> None:
    past = ConversationMemory(text="ist da wer", language="de", formality="sie")

    text = asyncio.run(tell_presence(past, Articles(), FixedHours())).text

    assert text.startswith("Ja, ich bin da: ein digitaler Assistent, rund um die Uhr.\n\nHeute, Samstag, 28. November:")


def test_teams_share_their_hours_over_midnight_and_zones() -> None:
    late = Hours(zone=BERLIN, week=tuple(((20 * HOUR, 26 * HOUR),) for _ in range(7)))
    shared = SharedHours(zone=BERLIN, teams=(*SHOP.teams, late))

    saturday = [
        (each.start.astimezone(BERLIN).hour, each.end.astimezone(BERLIN).hour)
        for each in shared.periods_on(date(2026, 11, 28))
    ]
    assert saturday == [(0, 2), (9, 14), (20, 0)]
    assert shared.is_open(NIGHT)
    assert shared.next_opening(SATURDAY_MORNING + timedelta(hours=4)) == datetime(2026, 11, 28, 20, tzinfo=BERLIN)


def test_around_the_clock_is_said_so_even_where_the_clock_changes() -> None:
    always = SharedHours(
        zone=BERLIN, teams=(Hours(zone=BERLIN, week=tuple(((0 * HOUR, 24 * HOUR),) for _ in range(7))),)
    )
    changing = FixedHours(now=datetime(2026, 10, 25, 12, tzinfo=BERLIN), hours=always)

    assert asked("heute offen?", hours=changing).text == (
        "Heute, Sonntag, 25. Oktober: Unser Team hier im Chat ist rund um die Uhr da."
    )


def test_a_team_that_never_comes_back_promises_no_day() -> None:
    never = replace(SHOP.teams[0], week=tuple(() for _ in SHOP_WEEK))

    text = asked("heute offen?", hours=FixedHours(hours=SharedHours(zone=BERLIN, teams=(never,)))).text

    assert text == "Heute, Samstag, 28. November: Unser Team hier im Chat ist nicht da."
