"""Who writes a language that isn't offered is told once which are, and answered in the nearest."""

from dataclasses import replace

from bot_protocol import BotMessage
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.conversations.log.transcript import Transcript
from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.turns.foreign_languages import nearest_language, with_offered_languages
from tests.unit.test_turn_steps import claimed

REPLY = BotReply(texts=(BotMessage(text="Here it is."),), language="en")


def test_who_begins_in_another_language_is_answered_in_the_one_that_is_set() -> None:
    assert nearest_language(claimed(0), "en") == "en"


def test_who_has_written_german_before_is_answered_in_german() -> None:
    said = Transcript(said=(DialogueLine(seq=0, author="contact", text="wo ist mein paket"),))

    assert nearest_language(replace(claimed(0), heard=said), "en") == "de"


def test_a_single_word_before_says_nothing() -> None:
    said = Transcript(said=(DialogueLine(seq=0, author="contact", text="hola"),))

    assert nearest_language(replace(claimed(0), heard=said), "en") == "en"


def test_the_sentence_stands_before_the_answer_and_is_said_once() -> None:
    first = with_offered_languages(REPLY, claimed(0), "it")
    second = with_offered_languages(REPLY, replace(claimed(0), foreign_language="it"), "it")

    assert [text.text for text in first.texts] == [
        "Capisco, ma non scrivo ancora in italiano. Posso rispondere in: inglese, tedesco, francese.",
        "Here it is.",
    ]
    assert first.foreign_language == "it"
    assert second == REPLY


def test_a_language_without_a_sentence_is_noted_for_the_desk() -> None:
    noted = with_offered_languages(REPLY, claimed(0), "fi")

    assert noted.texts == REPLY.texts
    assert noted.foreign_language == "fi"
