"""What the actions say, and what they tell helpdesk, on conversations as Rasa hands them over."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions import Answer, RelatedArticle, build_actions, sympathy, words
from actions.past import read_past
from actions.switching import wanted_formality, wanted_language
from actions.words import Voice, Wordings, choose

DELIVERY = Answer(
    key="delivery",
    language="de",
    question="Wo ist mein Paket?",
    answer="Im Konto.",
    related=(RelatedArticle(key="returns", question="Wie sende ich etwas zurück?"),),
)
RETURNS = Answer(key="returns", language="de", question="Wie sende ich etwas zurück?", answer="Mit dem Etikett.")
IN_ENGLISH = Answer(key="delivery", language="en", question="Where is my parcel?", answer="In your account.")
FOUND = (("delivery", 0.9), ("returns", 0.4), ("gone", 0.3))


class Articles:
    """Delivery in both languages, returns in German, and nothing else."""

    async def answer(self, key: str, language: str) -> Answer | None:
        found = {("delivery", "de"): DELIVERY, ("delivery", "en"): IN_ENGLISH}.get((key, language))
        return found or (RETURNS if key == "returns" else None)


class Conversation:
    """Plays Rasa: keeps slots and events, and runs one action for each message."""

    def __init__(self, **slots: str) -> None:
        self.slots: dict[str, Any] = slots
        self.events: list[dict[str, Any]] = []
        self._executor = ActionExecutor()
        for action in build_actions(Articles()):
            self._executor.register_action(action)

    def run(self, action: str, text: str = "frage", outcome: str = "none", found: Any = (), **entities: str) -> Any:
        """The one message that the action said, in Rasa's form."""
        candidates = [{"article": key, "confidence": sure, "question": f"{key}?"} for key, sure in found]
        latest = {
            "text": text,
            "intent": {"name": "any"},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "metadata": {"outcome": outcome, "candidates": candidates},
        }
        self.events.append({"event": "user", **latest})
        tracker = {"sender_id": "c", "slots": self.slots, "latest_message": latest, "events": self.events}
        call = {"next_action": action, "tracker": tracker, "domain": {}}
        result = asyncio.run(self._executor.run(call))
        assert result is not None
        (message,) = result.responses
        for event in result.events:
            self.slots[event["name"]] = event["value"]
        metadata = {key: message[key] for key in ("asked", "because", "missed") if message[key]}
        data = {"custom": message["custom"], "buttons": message["buttons"]}
        self.events.append({"event": "bot", "text": message["text"], "data": data, "metadata": metadata})
        return message


def titles(message: Any) -> list[str]:
    return [button["title"] for button in message["buttons"]]


def payloads(message: Any) -> list[str]:
    return [button["payload"] for button in message["buttons"]]


def test_a_found_article_is_answered_and_asked_about() -> None:
    message = Conversation().run("action_answer", outcome="answer", found=FOUND)

    assert message["text"] == "Im Konto.\n\nWar das hilfreich?"
    assert message["custom"] == {"article": "delivery"}
    assert titles(message) == ["Ja, danke", "Nein", "Mit einem Menschen sprechen"]


def test_an_article_asked_for_by_button_needs_no_search() -> None:
    message = Conversation().run("action_answer", text='/faq{"article": "returns"}', article="returns")

    assert message["custom"] == {"article": "returns"}


def test_an_article_that_has_gone_gives_way_to_the_next() -> None:
    message = Conversation().run("action_answer", outcome="answer", found=(("gone", 0.9), ("returns", 0.4)))

    assert message["custom"] == {"article": "returns"}


def test_an_answer_in_the_other_language_says_so() -> None:
    message = Conversation(language="en").run("action_answer", outcome="answer", found=(("returns", 0.9),))

    assert message["text"].startswith("So far this answer is only available in German:")


def test_an_unclear_question_is_asked_back_with_choices() -> None:
    message = Conversation().run("action_answer", outcome="clarify", found=FOUND)

    assert payloads(message)[:2] == ['/faq{"article": "delivery"}', '/faq{"article": "returns"}']
    assert payloads(message)[-1] == "/ask_person"


def test_without_an_answer_nothing_is_invented() -> None:
    message = Conversation().run("action_answer", found=FOUND)

    assert "Im Konto" not in message["text"]
    assert payloads(message) == ["/ask_person", "/help"]


def test_the_second_miss_in_a_row_asks_whether_to_bring_in_a_person() -> None:
    conversation = Conversation()
    first = conversation.run("action_answer", text="wie viele knöpfe hat es")
    second = conversation.run("action_fallback", text="die knöpfe an der seite")

    accepted = conversation.run("action_affirm", text="ja")

    assert first["text"] != second["text"]
    assert second["asked"] == "person"
    assert accepted["custom"] == {"handoff": {"kind": "not_found", "text": "die knöpfe an der seite"}}


def test_an_answer_between_two_misses_starts_the_count_anew() -> None:
    conversation = Conversation()
    conversation.run("action_answer")
    conversation.run("action_answer", outcome="answer", found=FOUND)

    assert conversation.run("action_answer")["asked"] is None


def test_the_same_question_again_gets_no_answer_in_the_same_words() -> None:
    conversation = Conversation()
    first = conversation.run("action_answer", outcome="answer", found=FOUND)
    second = conversation.run("action_answer", outcome="answer", found=FOUND)

    assert first["text"] not in second["text"]
    assert second["asked"] == "person"


def test_it_helped_is_noted_and_related_articles_are_offered() -> None:
    conversation = Conversation()
    conversation.run("action_answer", outcome="answer", found=FOUND)

    message = conversation.run("action_affirm", text="ja")

    assert message["custom"] == {"feedback": {"article": "delivery", "helpful": True}}
    assert payloads(message) == ['/faq{"article": "returns"}']


def test_it_did_not_help_tries_the_next_article_and_then_a_person() -> None:
    conversation = Conversation()
    conversation.run("action_answer", text="wo ist es", outcome="answer", found=FOUND)
    second = conversation.run("action_not_helpful", text="nein", article="delivery")
    third = conversation.run("action_deny", text="nein")
    accepted = conversation.run("action_affirm", text="ja")

    assert second["custom"] == {"article": "returns", "feedback": {"article": "delivery", "helpful": False}}
    assert third["custom"] == {"feedback": {"article": "returns", "helpful": False}}
    assert third["asked"] == "person"
    assert accepted["custom"]["handoff"]["kind"] == "not_helpful"


def test_a_candidate_that_is_hardly_likely_is_no_second_answer() -> None:
    conversation = Conversation()
    conversation.run("action_answer", outcome="answer", found=(("delivery", 0.9), ("returns", 0.05)))

    assert conversation.run("action_not_helpful")["asked"] == "person"


@pytest.mark.parametrize(("action", "expected"), [("action_affirm", "Gut. Was kann"), ("action_deny", "Alles klar.")])
def test_yes_and_no_without_a_question_are_answered_calmly(action: str, expected: str) -> None:
    assert Conversation().run(action)["text"].startswith(expected)


def test_yes_to_several_choices_asks_which_one_in_other_words() -> None:
    conversation = Conversation()
    first = conversation.run("action_answer", outcome="clarify", found=FOUND)
    second = conversation.run("action_affirm", text="ja")

    assert first["text"] != second["text"]
    assert payloads(first) == payloads(second)


def test_wanting_a_person_carries_the_customers_words() -> None:
    message = Conversation().run("action_handoff", text="ich will einen menschen")

    assert message["custom"] == {"handoff": {"kind": "asked", "text": "ich will einen menschen"}}


def test_a_button_for_a_person_carries_what_was_written_before() -> None:
    conversation = Conversation()
    conversation.run("action_answer", text="wo ist mein paket")

    message = conversation.run("action_handoff", text="/ask_person")

    assert message["custom"]["handoff"]["text"] == "wo ist mein paket"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("schon wieder kaputt angekommen!", "de", "kaputt"),
        ("seit wochen warte ich auf mein geld", "de", "Geld"),
        ("keiner antwortet auf meine mails", "de", "antwortet"),
        ("wo bleibt mein paket ihr luschen", "de", "Paket"),
        ("ihr habt das falsche geschickt", "de", "Falsche"),
        ("my parcel is missing again", "en", "parcel"),
        ("it arrived broken again", "en", "broken"),
        ("jetzt reicht es", "de", "verärgert"),
    ],
)
def test_annoyance_is_met_with_that_trouble_first(text: str, language: str, expected: str) -> None:
    message = Conversation(language=language).run("action_complaint", text=text)

    assert expected in message["text"].split("\n\n")[0]
    assert message["asked"] == "person"


def test_after_the_acknowledgement_comes_the_solution() -> None:
    message = Conversation().run("action_complaint", text="wo bleibt mein paket!!", outcome="answer", found=FOUND)

    acknowledgement, solution, _ = message["text"].split("\n\n")
    assert "Paket" in acknowledgement
    assert solution == "Im Konto."


def test_annoyance_is_never_met_twice_with_the_same_words() -> None:
    conversation = Conversation()
    said = [conversation.run("action_complaint", text="mir reicht es")["text"] for _ in range(2)]

    assert said[0].split("\n\n")[0] != said[1].split("\n\n")[0]
    assert said[0].split("\n\n")[1] != said[1].split("\n\n")[1]


def test_a_change_of_language_is_told_to_helpdesk_and_kept() -> None:
    conversation = Conversation(language="de")
    message = conversation.run("action_switch_language", text="english please")

    assert message["custom"] == {"language": "en"}
    assert message["text"].startswith("Sure, let's continue in English")
    assert conversation.slots["language"] == "en"


def test_a_change_of_language_repeats_the_answer_in_it() -> None:
    conversation = Conversation(language="de")
    conversation.run("action_answer", outcome="answer", found=FOUND)

    message = conversation.run("action_switch_language", text="english please")

    assert "In your account." in message["text"]
    assert message["custom"] == {"article": "delivery", "language": "en"}


def test_an_unnamed_language_is_asked_for() -> None:
    message = Conversation().run("action_switch_language", text="sprache ändern")

    assert payloads(message) == ['/switch_language{"language": "de"}', '/switch_language{"language": "en"}']


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
        ("können wir französisch reden", None),
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
    message = Conversation(language="de", formality="sie").run("action_switch_formality", text="wir können uns duzen")

    assert message["custom"] == {"formality": "du"}
    assert "für dich" in message["text"]


ALL_WORDINGS = [
    (f"{module.__name__}.{name}", wordings)
    for module in (words, sympathy)
    for name, wordings in vars(module).items()
    if isinstance(wordings, dict) and all(isinstance(voice, Voice) for voice in wordings)
]


@pytest.mark.parametrize(("name", "wordings"), ALL_WORDINGS)
def test_every_wording_exists_in_all_voices_and_keeps_to_its_own(name: str, wordings: Wordings) -> None:
    assert set(wordings) == set(Voice), name
    for voice, others in ((Voice.SIE, {"du", "dir", "dich", "dein"}), (Voice.DU, {"Sie", "Ihnen", "Ihr", "Ihre"})):
        for wording in wordings[voice]:
            said = set(wording.replace(".", " ").replace(",", " ").replace("?", " ").split())
            assert not said & others, f"{name}: {wording}"


def test_wordings_come_in_turn() -> None:
    wordings: Wordings = dict.fromkeys(Voice, ("one", "two"))

    assert choose(wordings, Voice.SIE, []) == "one"
    assert choose(wordings, Voice.SIE, ["one"]) == "two"
    assert choose(wordings, Voice.SIE, ["one", "two"]) == "one"
    assert choose(wordings, Voice.SIE, ["well: two", "well: one"]) == "two"


def test_the_actions_are_those_of_the_domain() -> None:
    named = {action.name() for action in build_actions(Articles())}
    domain = (Path(__file__).parents[2] / "domain.yml").read_text(encoding="utf-8")
    listed = domain.partition("\nactions:\n")[2].partition("\n\n")[0]

    assert named == {line.removeprefix("  - ") for line in listed.splitlines()}


def test_a_conversation_without_anything_can_be_read() -> None:
    past = read_past({}, {}, [])

    assert (past.language, past.formality, past.misses, past.last) == ("de", "sie", 0, None)
