"""How the bot reads a turn, a button and its options, and how intent and search are weighed. Pure, without Rasa."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot import checks, model_file
from bot.intent_choice import (
    choose_intent,
    pleased_intent,
    with_all_contentment,
    without_hours_of_others,
    without_parting_question,
)
from bot.payloads import parse_data
from bot.text import as_text, as_written
from bot_protocol import ArticleCandidate, BotProtocolError, MessageQuestion, TurnContext, TurnRequest


@pytest.mark.parametrize("written", ["/restart", '  /faq{"article":"a"}', "EXTERNAL: greeting", "//"])
def test_f41_a_command_becomes_text_and_can_be_read_back(written: str) -> None:
    text = as_text(written)

    assert not text.strip().startswith(("/", "EXTERNAL:"))
    assert as_written(text) == written.strip()


def test_ordinary_text_stays_as_it_is() -> None:
    assert as_text(" und/oder ") == "und/oder"


def test_a_button_is_read() -> None:
    parsed = parse_data('/faq{"article": "returns"}')

    assert parsed["intent"] == {"name": "faq", "confidence": 1.0}
    assert [(e["entity"], e["value"]) for e in parsed["entities"]] == [("article", "returns")]


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "faq",
        "/",
        "/restart",
        "/session_start",
        "/back",
        '/other{"an entity": "x"}',
        '/other{"entity": ["x"]}',
        "/faq{",
        "/faq[]",
        '/faq{"article": 1}',
        '/faq{"other": "x"}',
        '/faq{"article": "' + "x" * 201 + '"}',
        '/faq{"article": "a"} and more',
        '/ask_person{"article": "a"}',
    ],
)
def test_what_is_no_button_of_ours_is_not_read(payload: str) -> None:
    with pytest.raises(BotProtocolError, match="payload"):
        parse_data(payload)


def test_a_turn_has_text_or_payload() -> None:
    both = {"turn_id": "t", "sender": "s", "text": "hallo", "payload": "/ask_person"}

    with pytest.raises(BotProtocolError, match="exactly one"):
        TurnRequest.from_json(both)
    assert TurnRequest.from_json({**both, "text": None}).payload == "/ask_person"
    assert TurnRequest.from_json({**both, "payload": None}).text == "hallo"


@pytest.mark.parametrize(
    ("intent", "confidence", "outcome", "expected"),
    [
        ("out_of_scope", 0.6, "answer", "faq"),
        ("out_of_scope", 0.97, "answer", "out_of_scope"),
        ("out_of_scope", 0.4, "clarify", "faq"),
        ("out_of_scope", 0.7, "none", "out_of_scope"),
        ("out_of_scope", 0.5, "none", "faq"),
        ("ask_person", 0.8, "answer", "ask_person"),
        ("bot_challenge", 0.7, "answer", "bot_challenge"),
        ("greeting", 0.9, "answer", "greeting"),
        ("thanks", 0.3, "answer", "faq"),
        ("help", 0.7, "answer", "faq"),
        ("help", 0.7, "none", "help"),
        ("greeting", 0.3, None, "faq"),
        ("greeting", 0.4, "none", "greeting"),
        ("ask_person", 0.4, "none", "faq"),
        ("greeting", 0.4, "clarify", "faq"),
        ("greeting", 0.3, "none", "faq"),
        ("feedback_not_helpful", 0.7, "answer", "faq"),
        ("opening_hours", 0.9, "answer", "opening_hours"),
        ("faq", 0.3, "none", "faq"),
    ],
)
def test_intent_and_search_are_weighed(intent: str, confidence: float, outcome: str | None, expected: str) -> None:
    assert choose_intent(intent, confidence, TurnContext(outcome=outcome)) == expected


def found(confidence: float) -> TurnContext:
    candidate = ArticleCandidate(key="packaging", question="Why so much plastic?", confidence=confidence)
    return TurnContext(outcome="answer", candidates=(candidate,))


CERTAIN, LIKELY = found(0.95), found(0.6)
SEVERAL = TurnContext(
    outcome="none", questions=tuple(MessageQuestion(text=text, outcome="none") for text in ("a", "b"))
)


@pytest.mark.parametrize(
    ("intent", "confidence", "context", "expected"),
    [
        ("complaint", 0.8, CERTAIN, "faq"),
        ("complaint", 0.95, CERTAIN, "complaint"),
        ("complaint", 0.8, LIKELY, "complaint"),
        ("out_of_scope", 0.99, CERTAIN, "faq"),
        ("out_of_scope", 0.95, LIKELY, "out_of_scope"),
        ("ask_person", 0.6, CERTAIN, "ask_person"),
        ("greeting", 0.9, CERTAIN, "faq"),
        ("greeting", 0.99, CERTAIN, "greeting"),
        ("greeting", 0.9, SEVERAL, "faq"),
        ("out_of_scope", 0.99, SEVERAL, "faq"),
        ("ask_person", 0.6, SEVERAL, "ask_person"),
        ("complaint", 0.6, SEVERAL, "complaint"),
        ("complaint", 0.3, SEVERAL, "faq"),
    ],
)
def test_a_certain_answer_and_several_questions_weigh_more(
    intent: str, confidence: float, context: TurnContext, expected: str
) -> None:
    assert choose_intent(intent, confidence, context) == expected


def test_after_an_answer_a_likely_reply_to_it_weighs_more_than_articles_that_may_be_meant() -> None:
    after = TurnContext(outcome="clarify", last_article="returns")

    assert choose_intent("feedback_not_helpful", 0.4, after) == "feedback_not_helpful"
    assert choose_intent("help", 0.4, after) == "faq"
    assert choose_intent("feedback_not_helpful", 0.4, TurnContext(outcome="clarify")) == "faq"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "192.168.7.1"])
def test_loopback_and_private_addresses_may_be_listened_on(host: str) -> None:
    assert checks.complaint_about_host(host) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "8.8.8.8", "not a host"])  # noqa: S104
def test_f42_other_addresses_may_not(host: str) -> None:
    assert checks.complaint_about_host(host) is not None


def test_a_secret_is_counted_in_bytes() -> None:
    assert checks.complaint_about_secret("ä" * 16) is None
    assert checks.complaint_about_secret("a" * 31) is not None
    assert checks.complaint_about_secret(None) is not None


@pytest.mark.parametrize("option", ["--enable-api", "--cors=*", "--auth-token"])
def test_f42_options_that_open_the_bot_are_refused(option: str) -> None:
    assert checks.complaint_about_options(["run", option]) is not None
    assert checks.complaint_about_options(["run", "--debug"]) is None


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with something to train from, and a model trained from it."""
    for name in ("data/nlu", "bot", "models"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("config.yml", "domain.yml", "data/nlu/greeting.yml", "bot/classifier.py"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / model_file.MODEL).write_bytes(b"a model")
    model_file.pin(tmp_path)
    return tmp_path


def test_a_model_is_up_to_date_until_something_it_came_from_changes(root: Path) -> None:
    assert model_file.is_up_to_date(root)

    (root / "data/nlu/thanks.yml").write_text("new", encoding="utf-8")

    assert not model_file.is_up_to_date(root)


def test_f43_a_changed_or_missing_model_is_noticed(root: Path) -> None:
    model = root / model_file.MODEL
    model.write_bytes(b"another model")
    assert "is not the model" in (model_file.complaint_about_model(model) or "")

    model.unlink()

    assert "There is no trained model" in (model_file.complaint_about_model(model) or "")
    assert not model_file.is_up_to_date(root)


RANKING = (
    {"name": "goodbye", "confidence": 0.6},
    {"name": "waive", "confidence": 0.2},
    {"name": "small_talk", "confidence": 0.1},
)


@pytest.mark.parametrize("text", ["having a good day, robot?", "schade. aber tische habt ihr, oder 😄"])
def test_a_question_is_no_goodbye(text: str) -> None:
    assert without_parting_question(RANKING[0], RANKING, text)["name"] == "small_talk"
    assert without_parting_question(RANKING[0], RANKING[:2], text)["name"] == "faq"
    assert without_parting_question(RANKING[0], RANKING, "have a good day!")["name"] == "goodbye"


def test_a_new_matter_behind_what_did_not_help_is_answered() -> None:
    another = replace(found(0.86), last_article="instructions")

    assert choose_intent("feedback_not_helpful", 0.9, another) == "faq"
    assert choose_intent("feedback_not_helpful", 0.9, replace(another, last_article="packaging")) != "faq"
    assert choose_intent("feedback_not_helpful", 0.97, another) == "feedback_not_helpful"


def test_after_an_answer_what_only_may_be_small_talk_goes_on_with_the_matter() -> None:
    asked = TurnContext(language="en", outcome="none", last_article="cancel-order")

    assert choose_intent("small_talk", 0.7, asked) == "faq"
    assert choose_intent("small_talk", 0.95, asked) == "small_talk"
    assert choose_intent("small_talk", 0.7, replace(asked, last_article=None)) == "small_talk"


def test_who_names_an_order_asks_for_it_and_not_for_hours() -> None:
    order = "hiya, LH-2024-88317 was meant to be here on Saturday"

    assert without_hours_of_others("opening_hours", order) == "faq"
    assert without_hours_of_others("opening_hours", "are you in on Saturday?") == "opening_hours"
    assert without_hours_of_others("thanks", order) == "thanks"


def test_who_goes_on_to_another_day_takes_no_leave() -> None:
    assert without_parting_question(RANKING[0], RANKING, "ok and the Sunday after that")["name"] != "goodbye"
    assert without_parting_question(RANKING[0], RANKING, "und am Montag drauf")["name"] != "goodbye"
    assert without_parting_question(RANKING[0], RANKING, "and boxing day")["name"] != "goodbye"
    assert without_parting_question(RANKING[0], RANKING, "und Silvester")["name"] != "goodbye"
    assert without_parting_question(RANKING[0], RANKING, "ok and have a nice Sunday")["name"] == "goodbye"


@pytest.mark.parametrize(
    "text", ["und was wenn ich an dem tag nicht da bin?", "what if I'm not in on Friday", "we won't be home tomorrow"]
)
def test_ones_own_absence_asks_for_nobodys_hours(text: str) -> None:
    assert without_hours_of_others("opening_hours", text) == "faq"


@pytest.mark.parametrize("text", ["seid ihr am Freitag nicht da?", "I'm in town tomorrow, are you open?", "wer ist da"])
def test_the_absence_of_others_does(text: str) -> None:
    assert without_hours_of_others("opening_hours", text) == "opening_hours"


def test_what_goes_on_about_the_last_answer_is_no_small_talk_on_a_guess() -> None:
    after = TurnContext(outcome="none", last_article="returns", goes_on=True)

    assert choose_intent("small_talk", 0.4, after) == "faq"
    assert choose_intent("thanks", 0.4, after) == "thanks"
    assert choose_intent("bot_challenge", 0.92, after) == "bot_challenge"
    assert TurnContext.from_json(after.to_json()) == after


def test_several_ways_to_leave_it_at_an_answer_count_together_beside_a_weak_answer() -> None:
    ranking = [{"name": "feedback_helpful", "confidence": 0.36}, {"name": "waive", "confidence": 0.28}]
    weak = TurnContext(last_article="returns", outcome="answer", candidates=LIKELY.candidates)
    sure = TurnContext(last_article="returns", outcome="answer", candidates=CERTAIN.candidates)

    assert with_all_contentment(ranking[0], ranking, weak)["confidence"] == pytest.approx(0.64)
    assert with_all_contentment(ranking[0], ranking, sure) == ranking[0]
    assert with_all_contentment(ranking[0], ranking, TurnContext()) == ranking[0]


def test_praise_in_words_that_nobody_taught_is_told_by_all_ways_to_be_pleased_together() -> None:
    ranking = [
        {"name": "faq", "confidence": 0.39},
        {"name": "thanks", "confidence": 0.31},
        {"name": "feedback", "confidence": 0.2},
    ]
    weak, unsure = TurnContext(outcome="clarify"), TurnContext(outcome="none")
    beside = TurnContext(last_article="returns", outcome="answer", candidates=LIKELY.candidates)

    for context in (weak, unsure, beside):
        found = pleased_intent(ranking, context, "das lob ich mir")
        assert found is not None
        assert (found["name"], found["confidence"]) == ("thanks", pytest.approx(0.51))
    assert pleased_intent(ranking, replace(beside, candidates=CERTAIN.candidates), "das lob ich mir") is None
    assert pleased_intent(ranking, replace(beside, last_article=None), "das lob ich mir") is None
    assert pleased_intent(ranking, replace(weak, goes_on=True), "das lob ich mir") is None
    assert pleased_intent(ranking, weak, "lobt ihr das?") is None
    assert pleased_intent([{"name": "faq", "confidence": 0.5}, *ranking[1:]], weak, "das ist fein") is not None
    assert pleased_intent([{"name": "faq", "confidence": 0.52}, *ranking[1:]], weak, "das ist fein") is None


def test_a_complaint_with_thanks_in_it_is_none() -> None:
    ranking = [{"name": "complaint", "confidence": 0.6}, {"name": "thanks", "confidence": 0.3}]

    assert pleased_intent(ranking, TurnContext(outcome="none"), "danke für nichts") is None
