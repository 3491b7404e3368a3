"""What helpdesk, bot and actions send one another is read as it was written, and refused when it is not as agreed."""

import json
import struct
from dataclasses import replace
from typing import Any

import pytest

from bot_protocol import (
    AnswerJudgement,
    ArticleCandidate,
    BotMessage,
    BotProtocolError,
    ButtonPayload,
    Choice,
    HandoffWish,
    MessageQuestion,
    TurnAnswer,
    TurnContext,
    TurnRequest,
)
from bot_protocol.turn_answer import HANDOFF_REASONS
from knowledge.search.ranking import SearchOutcome
from store.triggers import TriggerKind

RETURNS = ArticleCandidate(key="returns", question="Wie sende ich etwas zurück?", confidence=0.93)
CONTEXT = TurnContext(
    language="de",
    formality="du",
    channel="telegram",
    last_article="delivery",
    outcome="answer",
    candidates=(RETURNS,),
    questions=(
        MessageQuestion(text="Wie geht die Rückgabe?", outcome="answer", candidates=(RETURNS,)),
        MessageQuestion(text="Und der Turm?", outcome="none"),
    ),
    embedding=struct.pack("<384f", *([0.25] * 384)),
)
REQUEST = TurnRequest(
    turn_id="t", conversation_id="c", text="Wie geht die Rückgabe? Und der Turm?", payload=None, context=CONTEXT
)
MESSAGE = BotMessage(
    text="Mit dem Etikett. Mehr dazu.",
    choices=(Choice(title="Hat geholfen", payload="/feedback_helpful"),),
    article="returns",
    lead=16,
    short=6,
    related=(("delivery", "Wo ist mein Paket?"),),
    awaits="callback_time",
    handoff=HandoffWish(kind="asked", text="einen Menschen bitte"),
    judgement=AnswerJudgement(article="delivery", helpful=False),
    language="en",
    formality="sie",
)
ANSWER = TurnAnswer(
    turn_id="t", status="ok", messages=(MESSAGE,), intent="faq", confidence=0.87, answered="phone", model="ab12"
)


def sent(value: Any) -> Any:
    """What arrives when `value` goes over HTTP."""
    return json.loads(json.dumps(value))


@pytest.mark.parametrize(
    "request_",
    [
        REQUEST,
        replace(REQUEST, context=TurnContext()),
        replace(REQUEST, text=None, payload='/faq{"article": "returns"}', context=TurnContext(language="fr")),
    ],
)
def test_a_request_is_read_as_helpdesk_wrote_it(request_: TurnRequest) -> None:
    assert TurnRequest.from_json(sent(request_.to_json())) == request_


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER,
        TurnAnswer(turn_id="t", status="ok", messages=(BotMessage(text="Hallo"),)),
        TurnAnswer(turn_id="t", status="action_failed", model="ab12", reason="action_answer failed"),
    ],
)
def test_an_answer_is_read_as_the_bot_wrote_it(answer: TurnAnswer) -> None:
    assert TurnAnswer.from_json(sent(answer.to_json())) == answer


def test_a_message_is_read_as_an_action_gave_it_to_rasa() -> None:
    given = {
        "text": MESSAGE.text,
        "buttons": [{"title": choice.title, "payload": choice.payload} for choice in MESSAGE.choices],
        "custom": {**MESSAGE.custom, "colour": "of an action of your own"},
        "template": None,
    }

    assert BotMessage.from_rasa(sent(given)) == MESSAGE


def test_an_image_is_a_link_and_custom_json_shows_its_text() -> None:
    image = BotMessage.from_rasa({"text": "So sieht es aus.", "image": "https://example.org/leg.png"})
    card = BotMessage.from_rasa({"text": None, "custom": {"blocks": [], "fallback": "Ein Bein"}, "image": None})
    replies = BotMessage.from_rasa({"text": "Was?", "quick_replies": [{"title": "Bein", "payload": "/part"}]})

    assert image.text == "So sieht es aus.\n\n<https://example.org/leg.png>"
    assert card.text == "Ein Bein"
    assert replies.choices == (Choice(title="Bein", payload="/part"),)


def test_what_rasa_adds_to_a_messages_metadata_is_passed_over() -> None:
    kept = {**CONTEXT.to_json(), "model_id": "ab12", "assistant_id": "staffel"}

    assert TurnContext.from_json(sent(kept)) == CONTEXT
    assert TurnContext.from_json(None) == TurnContext()


@pytest.mark.parametrize(
    "press", [ButtonPayload(intent="ask_person"), ButtonPayload(intent="faq", entities={"article": "ä"})]
)
def test_a_button_is_read_as_it_was_written(press: ButtonPayload) -> None:
    assert ButtonPayload.from_text(press.to_text()) == press


def changed(form: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """`form` with one field set to `value`; numbers in `path` are positions."""
    copy = sent(form)
    *above, name = (int(step) if step.isdigit() else step for step in path.split("."))
    place = copy
    for step in above:
        place = place[step]
    place[name] = value
    return dict(copy)


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("turn_id", 7, "turn_id: expected a text of 1 to 200 characters, not a number"),
        ("sender", "x" * 201, "sender: expected a text of 1 to 200 characters, not a text of 201 characters"),
        ("text", None, "exactly one of text and payload"),
        ("payload", "/ask_person", "exactly one of text and payload"),
        ("metadata", [], "metadata: expected an object, not a list"),
        ("metadata.language", "german", "metadata.language: expected a language's two letters"),
        ("metadata.formality", "ihr", "metadata.formality: expected one of sie, du"),
        ("metadata.outcome", "maybe", "metadata.outcome: expected one of answer, clarify, none"),
        ("metadata.embedding", "AAAA", "metadata.embedding: expected base64 of 1536 bytes"),
        ("metadata.candidates", {}, "metadata.candidates: expected a list of objects, not an object"),
        ("metadata.candidates.0.confidence", 93, r"metadata.candidates\[0\].confidence: expected a number from 0 to 1"),
        ("metadata.parts.1.outcome", None, r"metadata.parts\[1\].outcome: expected one of"),
        ("metadata.parts.0.text", " ", r"metadata.parts\[0\].text: expected a text of 1 to"),
    ],
)
def test_a_request_that_is_not_as_agreed_is_refused_with_what_was_expected(
    path: str, value: object, complaint: str
) -> None:
    with pytest.raises(BotProtocolError, match=complaint):
        TurnRequest.from_json(changed(REQUEST.to_json(), path, value))


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("status", "fine", "status: expected one of ok, action_failed, error, not a text of 4 characters"),
        ("messages", {"text": "x"}, "messages: expected a list of objects"),
        ("messages.0.choices.0.payload", None, r"messages\[0\].choices\[0\].payload: expected a text, not nothing"),
        ("messages.0.custom.related.0.article", None, r"related\[0\].article: expected a text"),
        ("messages.0.custom.handoff.kind", "unheard of", r"handoff.kind: expected one of asked, .*not a text of 10"),
        ("messages.0.custom.feedback.helpful", "yes", "feedback.helpful: expected true or false"),
        ("intent.confidence", "high", "intent.confidence: expected a number from 0 to 1"),
    ],
)
def test_an_answer_that_is_not_as_agreed_is_refused_with_what_was_expected(
    path: str, value: object, complaint: str
) -> None:
    with pytest.raises(BotProtocolError, match=complaint):
        TurnAnswer.from_json(changed(ANSWER.to_json(), path, value))


@pytest.mark.parametrize("path", ["colour", "metadata.mood", "metadata.candidates.0.age", "metadata.parts.0.mood"])
def test_a_field_that_only_a_newer_helpdesk_knows_is_passed_over(path: str) -> None:
    assert TurnRequest.from_json(changed(REQUEST.to_json(), path, {"new": True})) == REQUEST


@pytest.mark.parametrize("path", ["colour", "messages.0.image", "messages.0.custom.mood", "intent.words"])
def test_a_field_that_only_a_newer_bot_knows_is_passed_over(path: str) -> None:
    assert TurnAnswer.from_json(changed(ANSWER.to_json(), path, {"new": True})) == ANSWER


def test_a_button_of_ours_has_no_entities_but_its_own() -> None:
    with pytest.raises(BotProtocolError, match="unknown entity 'colour', expected article"):
        ButtonPayload.from_text('/faq{"colour": "red"}')


def test_a_refusal_names_the_field_and_no_customers_words() -> None:
    with pytest.raises(BotProtocolError) as refusal:
        TurnRequest.from_json(changed(REQUEST.to_json(), "metadata.formality", "Zwiebelkuchen"))

    assert "Zwiebelkuchen" not in str(refusal.value)


def test_the_protocols_words_are_those_of_search_and_handoff() -> None:
    assert {TurnContext.from_json({"outcome": str(outcome)}).outcome for outcome in SearchOutcome} == set(SearchOutcome)
    assert {TriggerKind(reason) for reason in HANDOFF_REASONS} <= set(TriggerKind)
