"""Messages with several questions: each answered in order, or named as open."""

from tests.action_conversation import FOUND, RasaConversation, payloads

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
