"""Questions: an answer, choices, a miss, and numbers that nobody can look up."""

from typing import Any

from tests.action_conversation import DELIVERY, FOUND, RELATED_RETURNS, RasaConversation, payloads, titles


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


def test_what_goes_on_about_the_last_answer_is_no_miss_and_is_asked_nothing_else() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", outcome="answer", found=FOUND)
    (again,) = conversation.run_all("action_answer", "und mit zwei Codes?", "clarify", FOUND, goes_on=True)
    (missed,) = conversation.run_all("action_answer", "und mit zwei Codes?", "none", FOUND)

    assert again["asked"] == "person"
    assert not again["missed"]
    assert missed["missed"]
