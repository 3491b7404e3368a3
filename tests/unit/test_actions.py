"""What the actions say, and what they tell helpdesk, on conversations as Rasa hands them over."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions import ACTION_NAMES, Actions, ArticleAnswer, RelatedArticle, UnknownAction, acknowledgements, words
from actions.language_switch import wanted_formality, wanted_language
from actions.memory import read_memory
from actions.words import Wordings, choose, voice_of
from i18n import available_languages
from knowledge.articles.answers import ShortAnswer
from tests.fixed_hours import FixedHours

DELIVERY = ArticleAnswer(
    key="delivery",
    language="de",
    question="Wo ist mein Paket?",
    answer="Im Konto.",
    related=(RelatedArticle(key="returns", question="Wie sende ich etwas zurück?"),),
)
RETURNS = ArticleAnswer(key="returns", language="de", question="Wie sende ich etwas zurück?", answer="Mit dem Etikett.")
IN_ENGLISH = ArticleAnswer(key="delivery", language="en", question="Where is my parcel?", answer="In your account.")
RELATED_RETURNS = {"article": "returns", "question": "Wie sende ich etwas zurück?"}
LONG = ArticleAnswer(
    key="long",
    language="de",
    question="Wie geht das?",
    answer="Das geht in drei Schritten und dauert ein paar Minuten.\n\n" + "1. Ein Schritt von vielen.\n" * 20,
)
FOUND = (("delivery", 0.9), ("returns", 0.4), ("gone", 0.3))


class Articles:
    """Delivery in both languages, returns in German, and a long one, whose short answer is `short`."""

    def __init__(self, short: ShortAnswer | None = None) -> None:
        self.short = short
        self.asked: list[tuple[str, str]] = []

    async def answer(self, key: str, language: str, question: str = "") -> ArticleAnswer | None:
        self.asked.append((key, question))
        found = {("delivery", "de"): DELIVERY, ("delivery", "en"): IN_ENGLISH}.get((key, language))
        long = replace(LONG, short=self.short if question else None)
        return found or {"returns": RETURNS, "long": long}.get(key)


class RasaConversation:
    """Plays Rasa: keeps slots and events, and runs one action for each message."""

    def __init__(self, short: ShortAnswer | None = None, **slots: str) -> None:
        self.slots: dict[str, Any] = slots
        self.events: list[dict[str, Any]] = []
        self.articles = Articles(short)
        self._actions = Actions(self.articles, hours=FixedHours())

    def run(self, action: str, text: str = "frage", outcome: str = "none", found: Any = (), **entities: str) -> Any:
        """The one message that the action said, in Rasa's form."""
        (message,) = self.run_all(action, text, outcome, found, (), **entities)
        return message

    def run_all(
        self, action: str, text: str, outcome: str = "none", found: Any = (), parts: Any = (), **entities: str
    ) -> list[Any]:
        """All that the action said. `parts` are the questions of the message: text, outcome, what was found."""
        latest = {
            "text": text,
            "intent": {"name": "any"},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "metadata": {
                "outcome": outcome,
                "candidates": rows(found),
                "parts": [{"text": asked, "outcome": came, "candidates": rows(what)} for asked, came, what in parts],
            },
        }
        self.events.append({"event": "user", **latest})
        tracker = {"sender_id": "c", "slots": self.slots, "latest_message": latest, "events": self.events}
        call = {"next_action": action, "tracker": tracker, "domain": {}}
        result = asyncio.run(self._actions.run(call))
        for event in result["events"]:
            self.slots[event["name"]] = event["value"]
        for message in result["responses"]:
            metadata = {key: message[key] for key in ("asked", "because", "missed") if message[key]}
            data = {"custom": message["custom"], "buttons": message["buttons"]}
            self.events.append({"event": "bot", "text": message["text"], "data": data, "metadata": metadata})
        return list(result["responses"])


def rows(found: Any) -> list[dict[str, Any]]:
    """Candidates as helpdesk sends them."""
    return [{"article": key, "confidence": sure, "question": f"{key}?"} for key, sure in found]


def titles(message: Any) -> list[str]:
    return [button["title"] for button in message["buttons"]]


def payloads(message: Any) -> list[str]:
    return [button["payload"] for button in message["buttons"]]


def test_a_found_article_is_answered_and_asked_about() -> None:
    message = RasaConversation().run("action_answer", outcome="answer", found=FOUND)

    assert message["text"] == "Im Konto."
    assert message["custom"] == {"article": "delivery", "related": [RELATED_RETURNS]}
    assert titles(message) == ["Hat geholfen", "Hat nicht geholfen", "Mit einem Menschen sprechen"]


def test_an_article_asked_for_by_button_needs_no_search() -> None:
    message = RasaConversation().run("action_answer", text='/faq{"article": "returns"}', article="returns")

    assert message["custom"] == {"article": "returns"}


def test_an_article_that_has_gone_gives_way_to_the_next() -> None:
    message = RasaConversation().run("action_answer", outcome="answer", found=(("gone", 0.9), ("returns", 0.4)))

    assert message["custom"] == {"article": "returns"}


def test_an_answer_in_the_other_language_says_so() -> None:
    message = RasaConversation(language="en").run("action_answer", outcome="answer", found=(("returns", 0.9),))

    assert message["text"].startswith("So far this answer is only available in German:")


def test_an_unclear_question_is_asked_back_with_choices() -> None:
    message = RasaConversation().run("action_answer", outcome="clarify", found=FOUND)

    assert payloads(message)[:2] == ['/faq{"article": "delivery"}', '/faq{"article": "returns"}']
    assert payloads(message)[-1] == "/ask_person"


def test_without_an_answer_nothing_is_invented() -> None:
    message = RasaConversation().run("action_answer", found=FOUND)

    assert "Im Konto" not in message["text"]
    assert payloads(message) == ["/ask_person", "/help"]


def test_the_second_miss_in_a_row_asks_whether_to_bring_in_a_person() -> None:
    conversation = RasaConversation()
    first = conversation.run("action_answer", text="wie viele knöpfe hat es")
    second = conversation.run("action_fallback", text="die knöpfe an der seite")

    accepted = conversation.run("action_affirm", text="ja")

    assert first["text"] != second["text"]
    assert second["asked"] == "person"
    assert accepted["custom"] == {"handoff": {"kind": "not_found", "text": "die knöpfe an der seite"}}


def test_questions_of_the_wide_world_end_in_a_friendly_limit_and_not_at_a_person() -> None:
    conversation = RasaConversation()
    said = [
        conversation.run("action_fallback", text=text) for text in ("ein gedicht", "und das wetter", "und die wahl")
    ]

    assert len({message["text"] for message in said}) == 3
    assert not any(message["asked"] or message["custom"] for message in said)
    assert conversation.run("action_answer", text="wie viele knöpfe hat es")["asked"] is None


def test_an_answer_between_two_misses_starts_the_count_anew() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer")
    conversation.run("action_answer", outcome="answer", found=FOUND)

    assert conversation.run("action_answer", text="und in grün?")["asked"] is None


def test_the_same_question_again_gets_no_answer_in_the_same_words() -> None:
    conversation = RasaConversation()
    first = conversation.run("action_answer", outcome="answer", found=FOUND)
    second = conversation.run("action_answer", outcome="answer", found=FOUND)

    assert first["text"] not in second["text"]
    assert second["asked"] == "person"


def test_it_helped_is_noted_and_related_articles_are_offered() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", outcome="answer", found=FOUND)

    message = conversation.run("action_affirm", text="ja")

    assert message["custom"] == {"feedback": {"article": "delivery", "helpful": True}}
    assert payloads(message) == ['/faq{"article": "returns"}']


def test_it_did_not_help_tries_the_next_article_and_then_a_person() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", text="wo ist es", outcome="answer", found=FOUND)
    second = conversation.run("action_not_helpful", text="nein", article="delivery")
    third = conversation.run("action_deny", text="nein")
    accepted = conversation.run("action_affirm", text="ja")

    assert second["custom"] == {"article": "returns", "feedback": {"article": "delivery", "helpful": False}}
    assert third["custom"] == {"feedback": {"article": "returns", "helpful": False}}
    assert third["asked"] == "person"
    assert accepted["custom"]["handoff"]["kind"] == "not_helpful"


def test_a_candidate_that_is_hardly_likely_is_no_second_answer() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", outcome="answer", found=(("delivery", 0.9), ("returns", 0.05)))

    assert conversation.run("action_not_helpful")["asked"] == "person"


@pytest.mark.parametrize(
    ("action", "expected"),
    [("action_affirm", "Gut. Was kann"), ("action_deny", "Alles klar."), ("action_waive", "Alles klar.")],
)
def test_yes_and_no_without_a_question_are_answered_calmly(action: str, expected: str) -> None:
    assert RasaConversation().run(action)["text"].startswith(expected)


SEVERAL = (
    ("wo ist mein paket", "answer", FOUND),
    ("wie geht die *rückgabe*", "answer", (("returns", 0.9),)),
)


def test_several_questions_are_answered_in_order_and_asked_about_once() -> None:
    said = RasaConversation().run_all("action_answer", "wo ist mein paket und wie geht die *rückgabe*", parts=SEVERAL)

    assert [message["custom"].get("article") for message in said] == ["delivery", "returns", None]
    assert said[0]["text"] == "**„wo ist mein paket“**\n\nIm Konto."
    assert said[1]["text"].startswith(r"**„wie geht die \*rückgabe\*“**")
    assert [bool(message["buttons"]) for message in said] == [False, False, True]
    assert said[2]["text"] == "Ist damit alles beantwortet?"


def test_what_has_no_answer_is_named_as_open_and_a_person_offered() -> None:
    conversation = RasaConversation()
    parts = (SEVERAL[0], ("wie hoch ist der turm", "none", (("returns", 0.1),)))
    *answers, closing = conversation.run_all("action_answer", "beides", parts=parts)

    assert [message["custom"]["article"] for message in answers] == ["delivery"]
    assert closing["text"].startswith("Offen bleibt: „wie hoch ist der turm“")
    assert payloads(closing) == ["/ask_person", "/help"]
    assert conversation.run("action_affirm", text="ja")["custom"]["handoff"]["kind"] == "not_found"


def test_an_unclear_one_among_several_is_asked_back_by_its_likeliest_articles() -> None:
    parts = (SEVERAL[0], ("wann", "clarify", (("returns", 0.5), ("long", 0.2), ("gone", 0.01))))
    *_, closing = RasaConversation().run_all("action_answer", "beides", parts=parts)

    assert "„wann“" in closing["text"]
    assert payloads(closing) == ['/faq{"article": "returns"}', '/faq{"article": "long"}', "/ask_person"]


def test_no_to_several_answers_asks_which_one_did_not_help() -> None:
    conversation = RasaConversation()
    conversation.run_all("action_answer", "beides", parts=SEVERAL)

    which = conversation.run("action_deny", text="nein")

    assert payloads(which)[:2] == [
        '/feedback_not_helpful{"article": "delivery"}',
        '/feedback_not_helpful{"article": "returns"}',
    ]
    judged = conversation.run("action_not_helpful", text="/feedback_not_helpful", article="returns")
    assert judged["custom"]["feedback"] == {"article": "returns", "helpful": False}


def test_annoyance_is_acknowledged_before_the_first_of_several_answers() -> None:
    first, *_ = RasaConversation().run_all(
        "action_complaint", "mein paket ist schon wieder weg, mir reicht es", parts=SEVERAL
    )

    assert first["text"].startswith("Auf ein Paket zu warten")


def test_an_article_that_answers_two_questions_is_said_once() -> None:
    parts = (SEVERAL[0], ("wo bleibt es", "answer", FOUND))
    said = RasaConversation().run_all("action_answer", "beides", parts=parts)

    assert [message["custom"].get("article") for message in said] == ["delivery", None]


def test_a_long_answer_is_folded_after_its_first_paragraph_and_what_stands_before_it() -> None:
    calm = RasaConversation().run("action_answer", outcome="answer", found=(("long", 0.9),))
    annoyed = RasaConversation().run(
        "action_answer", text="wie geht das, es nervt", outcome="answer", found=(("long", 0.9),)
    )

    assert calm["text"][: calm["custom"]["lead"]] == LONG.answer.split("\n\n")[0]
    assert annoyed["text"][: annoyed["custom"]["lead"]].endswith(LONG.answer.split("\n\n")[0])
    assert len(annoyed["text"]) > len(calm["text"])


def test_the_sentence_that_answers_is_said_once_with_the_rest_of_the_article_below() -> None:
    short = ShortAnswer(text="Nach 5 Tagen.", plain="Nach 5 Tagen.", number=3, goes_first=True, rest="Alles andere. …")
    said = RasaConversation(short=short).run("action_answer", "Hallo, wann?", outcome="answer", found=(("long", 0.9),))

    assert said["text"] == "Nach 5 Tagen.\n\nAlles andere. …"
    assert said["custom"]["lead"] == said["custom"]["short"] == len("Nach 5 Tagen.")


def test_a_row_that_answers_stands_before_the_whole_article() -> None:
    said = RasaConversation(
        short=ShortAnswer(text="Nach 5 Tagen.", plain="Nach 5 Tagen.", number=3, goes_first=True)
    ).run("action_answer", "Hallo, wann?", outcome="answer", found=(("long", 0.9),))

    assert said["text"] == f"Nach 5 Tagen.\n\n{LONG.answer}"
    assert said["custom"]["lead"] == said["custom"]["short"] == len("Nach 5 Tagen.")


def test_an_unsure_short_answer_leaves_the_article_as_it_is() -> None:
    said = RasaConversation(short=ShortAnswer(text="Nach 5 Tagen.", plain="Nach 5 Tagen.", number=3)).run(
        "action_answer", "wann", outcome="answer", found=(("long", 0.9),)
    )

    assert said["text"] == LONG.answer
    assert "short" not in said["custom"]


def test_a_value_that_the_article_does_not_name_is_said_so_first() -> None:
    short = ShortAnswer(
        text="Wir liefern nach Ulm.", plain="Ja, wir liefern nach Ulm.", number=0, goes_first=True, missing="*Bonn*"
    )
    said = RasaConversation(short=short).run("action_answer", "Bonn?", outcome="answer", found=(("long", 0.9),))

    assert said["text"].startswith(
        "„\\*Bonn\\*“ wird hier nicht erwähnt. Dazu steht hier nur:\n\nWir liefern nach Ulm.\n\n"
    )
    assert said["text"][: said["custom"]["lead"]].endswith("nur:\n\nWir liefern nach Ulm.")


def test_what_follows_on_an_article_gets_its_sentence_and_not_the_article_again() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", "wie geht das", outcome="answer", found=(("long", 0.9),))
    conversation.articles.short = ShortAnswer(
        text="Samstags nicht.", plain="Samstags nicht.", number=3, goes_first=True
    )
    second = conversation.run("action_answer", "und samstags?", outcome="answer", found=(("long", 0.9),))
    third = conversation.run("action_answer", "und am samstag?", outcome="answer", found=(("long", 0.9),))

    assert second["text"] == "Samstags nicht."
    assert second["custom"] == {"article": "long", "short": len("Samstags nicht.")}
    assert third["custom"] == {}


def test_another_value_that_is_missing_is_said_again() -> None:
    conversation = RasaConversation()
    for value in ("Amex", "Klarna"):
        conversation.articles.short = ShortAnswer(text="Bar.", plain="Bar.", number=0, goes_first=True, missing=value)
        said = conversation.run("action_answer", f"geht {value}?", outcome="answer", found=(("long", 0.9),))

        assert said["text"].startswith(f"„{value}“ wird hier nicht erwähnt.")


def test_a_tapped_article_answers_the_question_that_was_asked_back() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", "wann kommt das", outcome="clarify", found=(("long", 0.5), ("delivery", 0.4)))
    conversation.run("action_answer", '/faq{"article": "long"}', article="long")

    assert conversation.articles.asked[-1] == ("long", "wann kommt das")


def test_a_question_that_carries_annoyance_is_acknowledged_once() -> None:
    conversation = RasaConversation()
    first = conversation.run("action_answer", text="wo bleibt mein paket, das nervt", outcome="answer", found=FOUND)
    second = conversation.run(
        "action_answer", text="und wie geht die rückgabe, das nervt", outcome="clarify", found=FOUND
    )

    assert first["text"].startswith("Auf ein Paket zu warten")
    assert second["text"].startswith("Damit ich die richtige Antwort gebe")


@pytest.mark.parametrize(
    ("text", "annoyed"),
    [
        ("wo bleibt mein paket 😡", True),
        ("das ist jetzt das dritte mal", False),
        ("immer noch keine antwort", False),
        ("ich bin wirklich enttäuscht", True),
        ("ich bin nicht böse, nur neugierig", False),
        ("this is ridiculous", True),
        ("still waiting for my refund", False),
        ("I'm so disappointed", True),
        ("not angry at all, just asking", False),
        ("wo ist mein paket?", False),
        ("Danke! Wie lange habe ich Garantie?", False),
        ("can I still change my order", False),
    ],
)
def test_a_feeling_shows_by_plain_signs(text: str, annoyed: bool) -> None:
    assert acknowledgements.shows_feeling(text) is annoyed


def test_asking_back_twice_with_the_same_choices_gives_way_to_a_person() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", outcome="clarify", found=FOUND)

    again = conversation.run("action_answer", outcome="clarify", found=FOUND)

    assert again["asked"] == "person"
    assert payloads(again) == ["/ask_person", "/help"]


def test_after_asking_back_a_miss_is_the_second() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", outcome="clarify", found=FOUND)

    assert conversation.run("action_answer")["asked"] == "person"


def test_a_choice_that_is_hardly_likely_is_not_offered() -> None:
    found = (("delivery", 0.5), ("returns", 0.03), ("long", 0.01))

    assert payloads(RasaConversation().run("action_answer", outcome="clarify", found=found)) == [
        '/faq{"article": "delivery"}',
        '/faq{"article": "returns"}',
        "/ask_person",
    ]


def test_yes_to_several_choices_asks_which_one_in_other_words() -> None:
    conversation = RasaConversation()
    first = conversation.run("action_answer", outcome="clarify", found=FOUND)
    second = conversation.run("action_affirm", text="ja")

    assert first["text"] != second["text"]
    assert payloads(first) == payloads(second)


def test_wanting_a_person_carries_the_customers_words() -> None:
    message = RasaConversation().run("action_handoff", text="ich will einen menschen")

    assert message["custom"] == {"handoff": {"kind": "asked", "text": "ich will einen menschen"}}


def test_a_button_for_a_person_carries_what_was_written_before() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", text="wo ist mein paket")

    message = conversation.run("action_handoff", text="/ask_person")

    assert message["custom"]["handoff"]["text"] == "wo ist mein paket"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("schon wieder kaputt angekommen, das nervt!", "de", "kaputt"),
        ("seit wochen warte ich auf mein geld, frechheit", "de", "Geld"),
        ("keiner antwortet auf meine mails, unmöglich", "de", "antwortet"),
        ("wo bleibt mein paket ihr luschen", "de", "Paket"),
        ("ihr habt das falsche geschickt, mir reicht es", "de", "Falsche"),
        ("my parcel is missing again, I'm fed up", "en", "parcel"),
        ("it arrived broken again, how annoying", "en", "broken"),
        ("jetzt reicht es", "de", "verärgert"),
    ],
)
def test_annoyance_is_met_with_that_trouble_first(text: str, language: str, expected: str) -> None:
    message = RasaConversation(language=language).run("action_complaint", text=text)

    assert expected in message["text"].split("\n\n")[0]
    assert message["asked"] == "person"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("an der kommode ist die rückwand gebrochen", "de", "Es tut mir leid, dass etwas kaputt ist."),
        ("the chest of drawers has a crack", "en", "I'm sorry that something is broken."),
        ("ich habe das falsche bekommen, blau statt rot", "de", "Es tut mir leid, dass das Falsche gekommen ist."),
        ("hiermit reklamiere ich die tasche", "de", "Das tut mir leid."),
    ],
)
def test_a_calm_complaint_is_met_with_regret_and_no_feeling_is_claimed(text: str, language: str, expected: str) -> None:
    message = RasaConversation(language=language).run("action_complaint", text=text, outcome="answer", found=FOUND)

    regret, answer = message["text"].split("\n\n")
    assert regret == expected
    assert answer in {"Im Konto.", "In your account."}


def test_damage_is_regretted_where_it_is_told_and_not_where_it_is_only_asked_about() -> None:
    told = RasaConversation().run("action_answer", text="der krug ist zerbrochen", outcome="answer", found=FOUND)
    asked = RasaConversation().run(
        "action_answer", text="was ist, wenn etwas kaputt ankommt?", outcome="answer", found=FOUND
    )

    assert told["text"].startswith("Es tut mir leid, dass etwas kaputt ist.")
    assert asked["text"] == "Im Konto."


def test_after_the_acknowledgement_comes_the_solution() -> None:
    message = RasaConversation().run("action_complaint", text="wo bleibt mein paket!!!", outcome="answer", found=FOUND)

    acknowledgement, solution = message["text"].split("\n\n")
    assert "Paket" in acknowledgement
    assert solution == "Im Konto."


def test_annoyance_is_never_met_twice_with_the_same_words() -> None:
    conversation = RasaConversation()
    said = [conversation.run("action_complaint", text="mir reicht es")["text"] for _ in range(2)]

    assert said[0].split("\n\n")[0] != said[1].split("\n\n")[0]
    assert said[0].split("\n\n")[1] != said[1].split("\n\n")[1]


def test_a_change_of_language_is_told_to_helpdesk_and_kept() -> None:
    conversation = RasaConversation(language="de")
    message = conversation.run("action_switch_language", text="english please")

    assert message["custom"] == {"language": "en"}
    assert message["text"].startswith("Sure, let's continue in English")
    assert conversation.slots["language"] == "en"


def test_a_change_of_language_repeats_the_answer_in_it() -> None:
    conversation = RasaConversation(language="de")
    conversation.run("action_answer", outcome="answer", found=FOUND)

    message = conversation.run("action_switch_language", text="english please")

    assert "In your account." in message["text"]
    assert message["custom"] == {"article": "delivery", "language": "en"}


def test_an_unnamed_language_is_asked_for() -> None:
    message = RasaConversation().run("action_switch_language", text="sprache ändern")

    languages = available_languages("customer")
    assert payloads(message) == [f'/switch_language{{"language": "{language}"}}' for language in languages]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("auf englisch bitte", "en"),
        ("english please", "en"),
        ("can we switch to german", "de"),
        ("ich verstehe kein englisch", "de"),
        ("sorry no german", "en"),
        ("I don't speak german", "en"),
        ("warum antwortest du auf englisch", "de"),
        ("why are you writing in german", "en"),
        ("can you translate that from german into english", "en"),
        ("sprache wechseln", None),
        ("können wir französisch reden", "fr"),
        ("können wir italienisch reden", None),
        ("from english into german, please", "de"),
    ],
)
def test_the_wanted_language_is_read(text: str, expected: str | None) -> None:
    assert wanted_language(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("du kannst mich duzen", "du"),
        ("können wir uns duzen?", "du"),
        ("lieber du als sie", "du"),
        ("siez mich nicht", "du"),
        ("bitte siezen Sie mich", "sie"),
        ("bitte bleiben wir beim Sie", "sie"),
        ("duzen Sie mich bitte nicht", "sie"),
        ("lieber Sie als du", "sie"),
        ("please use the formal Sie", "sie"),
        ("I prefer the informal form in German", "du"),
    ],
)
def test_the_wanted_form_of_address_is_read(text: str, expected: str) -> None:
    assert wanted_formality(text) == expected


def test_a_change_of_address_is_told_to_helpdesk() -> None:
    message = RasaConversation(language="de", formality="sie").run(
        "action_switch_formality", text="wir können uns duzen"
    )

    assert message["custom"] == {"formality": "du"}
    assert "für dich" in message["text"]


ALL_WORDINGS = [
    (f"{module.__name__}.{name}", wordings)
    for module in (words, acknowledgements)
    for name, wordings in vars(module).items()
    if name.isupper() and isinstance(wordings, tuple) and all(isinstance(wording, str) for wording in wordings)
]


@pytest.mark.parametrize(("name", "wordings"), ALL_WORDINGS)
def test_every_wording_keeps_to_its_form_of_address(name: str, wordings: Wordings) -> None:
    for formality, others in (("sie", {"du", "dir", "dich", "dein"}), ("du", {"Sie", "Ihnen", "Ihr", "Ihre"})):
        for wording in map(voice_of("de", formality).gettext, wordings):
            said = set(wording.replace(".", " ").replace(",", " ").replace("?", " ").split())
            assert not said & others, f"{name}: {wording}"


def test_wordings_come_in_turn() -> None:
    wordings: Wordings = ("one", "two")
    english = voice_of("en", "sie")

    assert choose(wordings, english, []) == "one"
    assert choose(wordings, english, ["one"]) == "two"
    assert choose(wordings, english, ["one", "two"]) == "one"
    assert choose(wordings, english, ["well: two", "well: one"]) == "two"


def test_the_actions_are_those_of_the_domain() -> None:
    domain = (Path(__file__).parents[2] / "domain.yml").read_text(encoding="utf-8")
    listed = domain.partition("\nactions:\n")[2].partition("\n\n")[0]

    assert {line.removeprefix("  - ") for line in listed.splitlines()} == ACTION_NAMES


@pytest.mark.parametrize("call", [{"next_action": "action_dance"}, {"next_action": None}, {}])
def test_an_action_that_is_not_there_is_refused_by_its_name(call: dict[str, Any]) -> None:
    with pytest.raises(UnknownAction) as refused:
        asyncio.run(Actions(Articles()).run(call))
    assert refused.value.name == (call.get("next_action") or "")


def test_a_conversation_without_anything_can_be_read() -> None:
    past = read_memory({}, {}, [])

    assert (past.language, past.formality, past.misses, past.last) == ("de", "sie", 0, None)


def test_a_number_alone_is_told_where_to_look_and_that_the_bot_cannot() -> None:
    conversation = RasaConversation()
    said = conversation.run("action_answer", text="88317", outcome="answer", found=FOUND, order_number="88317")

    assert said["text"].startswith("In einzelne Bestellungen oder Sendungen kann ich selbst nicht hineinsehen.")
    assert said["text"].endswith(DELIVERY.answer)


def test_a_number_alone_without_an_article_offers_a_person() -> None:
    said = RasaConversation().run("action_answer", text="#88317", outcome="none", found=(), order_number="88317")

    assert "kann ich selbst nicht hineinsehen" in said["text"]
    assert said["asked"] == "person"


def test_an_address_alone_is_asked_about() -> None:
    said = RasaConversation().run("action_answer", text="a@b.de", outcome="answer", found=FOUND, email="a@b.de")

    assert said["text"] == "Danke. Was möchten Sie dazu wissen?"


def test_that_no_order_is_looked_up_is_said_once() -> None:
    conversation = RasaConversation()
    asked: dict[str, Any] = {"outcome": "answer", "found": FOUND, "order_number": "88317"}
    first = conversation.run("action_answer", text="wo ist bestellung 88317?", **asked)
    second = conversation.run("action_answer", text="wann kommt bestellung 88317?", **asked)

    assert "kann ich selbst nicht hineinsehen" in first["text"]
    assert "hineinsehen" not in second["text"]
    assert "kann ich nicht sehen" not in second["text"]


def test_a_question_with_a_number_that_is_not_about_its_state_is_just_answered() -> None:
    asked: dict[str, Any] = {"outcome": "answer", "found": FOUND, "order_number": "88317"}
    said = RasaConversation().run("action_answer", text="kann ich bestellung 88317 als Geschenk verpacken?", **asked)

    assert said["text"] == DELIVERY.answer


def test_another_day_after_the_hours_of_one_is_about_these_hours() -> None:
    conversation = RasaConversation()
    today = conversation.run("action_opening_hours", text="habt ihr heute auf?")
    for action in ("action_answer", "action_unclear", "action_fallback"):
        later = conversation.run(action, text="und am samstag?")
        assert later["asked"] == today["asked"] == "hours"

    assert conversation.run("action_answer", text="was kostet der versand?")["asked"] != "hours"
    assert conversation.run("action_answer", text="und am samstag?")["asked"] != "hours"


def test_a_complaint_that_only_asks_is_answered_without_regret() -> None:
    message = RasaConversation().run(
        "action_complaint", text="schade. aber schränke habt ihr schon oder 😄", outcome="answer", found=FOUND
    )

    assert message["text"] == "Im Konto."


def test_who_reports_on_an_answer_is_offered_a_person_and_who_asks_on_may_put_it_otherwise() -> None:
    for text, asked in (("die mail kommt einfach nicht", "person"), ("und wie lange dauert das?", None)):
        conversation = RasaConversation()
        conversation.run("action_answer", outcome="answer", found=FOUND)

        assert conversation.run("action_answer", text=text)["asked"] == asked


@pytest.mark.parametrize(
    ("text", "is_well"),
    [
        ("ah gefunden, hat geklappt", True),
        ("perfekt, das reicht mir so", True),
        ("great, found it", True),
        ("super, aber wo ist die mail", False),
        ("gefunden habe ich nichts", False),
    ],
)
def test_content_words_after_an_answer_are_no_miss(text: str, is_well: bool) -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", outcome="answer", found=FOUND)
    message = conversation.run("action_answer", text=text, outcome="clarify", found=(("returns", 0.4),))

    assert (message["custom"].get("feedback") == {"article": "delivery", "helpful": True}) is is_well
