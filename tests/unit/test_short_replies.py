"""Short replies to what the bot said: it did not help, it was not understood, a sign, the number of a choice."""

import pytest

from tests.action_conversation import FOUND, RasaConversation, payloads


def test_what_does_not_work_first_is_a_problem_without_a_subject() -> None:
    message = RasaConversation().run("action_not_helpful", text="geht immer noch nicht")

    assert message["text"] == "Das soll nicht sein. Worum geht es, und was passiert?"
    assert payloads(message) == ["/ask_person"]
    assert "feedback" not in message["custom"]


def test_after_an_answer_it_means_that_the_answer_did_not_help() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", outcome="answer", found=FOUND)

    message = conversation.run("action_not_helpful", text="geht immer noch nicht")

    assert message["custom"]["article"] == "returns"
    assert message["custom"]["feedback"] == {"article": "delivery", "helpful": False}


def test_after_choices_it_means_none_of_them() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", outcome="answer", found=FOUND)
    conversation.run("action_answer", outcome="clarify", found=FOUND)

    message = conversation.run("action_not_helpful", text="das ist es nicht")

    assert "feedback" not in message["custom"]
    assert payloads(message)[0] == "/ask_person"


def test_an_answer_that_was_not_understood_is_asked_about() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", outcome="answer", found=FOUND)

    assert conversation.run("action_unclear", text="?")["text"].startswith("Dann habe ich das nicht gut gesagt.")
    assert RasaConversation().run("action_unclear", text="hä")["text"].startswith("Was meinen Sie?")


@pytest.mark.parametrize(("language", "said"), [("de", "Ich bin da."), ("en", "I'm here."), ("fr", "Je suis là.")])
def test_who_waits_hears_that_the_bot_is_there(language: str, said: str) -> None:
    assert RasaConversation(language=language).run("action_nudge", text="…")["text"].startswith(said)


def test_the_number_of_a_choice_is_as_good_as_pressing_it() -> None:
    conversation = RasaConversation()
    conversation.run("action_answer", outcome="clarify", found=FOUND)

    assert conversation.run("action_pick", text="2", pick="2")["text"] == "Mit dem Etikett."


def test_the_number_of_the_last_choice_brings_a_person() -> None:
    conversation = RasaConversation()
    offered = conversation.run("action_answer", outcome="clarify", found=FOUND)

    message = conversation.run("action_pick", text="4", pick=str(len(payloads(offered))))

    assert message["custom"]["handoff"]["kind"] == "asked"


def test_a_number_beyond_the_choices_gets_them_again() -> None:
    conversation = RasaConversation()
    offered = conversation.run("action_answer", outcome="clarify", found=FOUND)

    message = conversation.run("action_pick", text="9", pick="9")

    assert message["text"] == "Eine Nummer 9 gibt es hier nicht. Was davon meinen Sie?"
    assert payloads(message) == payloads(offered)
    assert conversation.run("action_pick", text="1", pick="1")["text"] == "Im Konto."


def test_a_number_without_choices_is_asked_about() -> None:
    assert payloads(RasaConversation().run("action_pick", text="7", pick="7")) == ["/ask_person"]
