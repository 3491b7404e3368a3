"""What follows on an answer: it helped, it did not, yes, no, a person."""

import pytest

from tests.action_conversation import FOUND, RasaConversation, payloads


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


def test_yes_to_several_choices_asks_which_one_in_other_words() -> None:
    conversation = RasaConversation()
    first = conversation.run("action_answer", outcome="clarify", found=FOUND)
    second = conversation.run("action_affirm", text="ja")

    assert first["text"] != second["text"]
    assert payloads(first) == payloads(second)


@pytest.mark.parametrize("said", ["läuft", "passt schon irgendwie", "so machen wir das wohl nicht"])
def test_what_only_sounds_like_a_yes_calls_nobody(said: str) -> None:
    conversation = RasaConversation()
    for text in ("wo", "wo denn"):
        conversation.run("action_answer", text=text, outcome="none")

    asked = conversation.run("action_affirm", text=said)

    assert asked["asked"] == "person"
    assert "handoff" not in asked["custom"]
    assert conversation.run("action_affirm", text="ja bitte")["custom"]["handoff"]["kind"] == "not_found"


def test_a_question_behind_an_ok_is_answered() -> None:
    conversation = RasaConversation()
    for text in ("wo", "wo denn"):
        conversation.run("action_answer", text=text, outcome="none")

    asked = conversation.run("action_affirm", text="ok sorry. how long is it", outcome="answer", found=FOUND)

    assert asked["custom"]["article"] == "delivery"


def test_wanting_a_person_carries_the_customers_words() -> None:
    message = RasaConversation().run("action_handoff", text="ich will einen menschen")

    assert message["custom"] == {"handoff": {"kind": "asked", "text": "ich will einen menschen"}}


def test_a_button_for_a_person_carries_what_was_written_before() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", text="wo ist mein paket")

    message = conversation.run("action_handoff", text="/ask_person")

    assert message["custom"]["handoff"]["text"] == "wo ist mein paket"


def test_another_day_after_the_hours_of_one_is_about_these_hours() -> None:
    conversation = RasaConversation()
    today = conversation.run("action_opening_hours", text="habt ihr heute auf?")
    for action in ("action_answer", "action_unclear", "action_fallback"):
        later = conversation.run(action, text="und am samstag?")
        assert later["asked"] == today["asked"] == "hours"

    assert conversation.run("action_answer", text="was kostet der versand?")["asked"] != "hours"
    assert conversation.run("action_answer", text="und am samstag?")["asked"] != "hours"


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


def test_the_day_after_counts_from_the_day_whose_hours_were_told() -> None:
    conversation = RasaConversation()
    boxing_day = conversation.run("action_opening_hours", text="am zweiten weihnachtsfeiertag?")
    before = conversation.run("action_answer", text="und einen tag vorher?")

    assert boxing_day["told"].endswith("-12-26")
    assert before["told"].endswith("-12-25")
    assert before["asked"] == "hours"
