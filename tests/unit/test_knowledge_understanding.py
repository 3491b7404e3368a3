"""One question or several, alone or going on from the turn before: the form proposes, the search decides."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from knowledge.articles.answers import ShortAnswer
from knowledge.message.followups import (
    HARDLY_DISTURBED,
    UNDISTURBED,
    join_to_topic,
    looks_like_followup,
    resolve,
    says_nothing_alone,
)
from knowledge.message.understanding import ConversationTopic, MessageUnderstanding, understand
from knowledge.search.library import Library, SearchCandidate, SearchResult
from knowledge.search.ranking import ANSWER_FROM, CLARIFY_FROM, SearchOutcome

type Candidates = Sequence[tuple[str, float]]
COST = ConversationTopic(article="delivery-cost", question="Was kostet der Versand?")


def found(*candidates: tuple[str, float]) -> SearchResult:
    sure = candidates[0][1] if candidates else 0.0
    outcome = (
        SearchOutcome.ANSWER
        if sure >= ANSWER_FROM
        else SearchOutcome.CLARIFY
        if sure >= CLARIFY_FROM
        else SearchOutcome.NONE
    )
    return SearchResult(
        language="de",
        outcome=outcome,
        candidates=tuple(SearchCandidate(article=key, confidence=conf, question=f"{key}?") for key, conf in candidates),
        embedding=np.zeros(384, np.float32),
        ms=0.0,
    )


class StubLibrary:
    """A library that finds what it was told to for each text, and nothing for any other; it notes what was asked."""

    def __init__(self, known: Mapping[str, Candidates], said: Mapping[str, ShortAnswer] | None = None) -> None:
        self.known = known
        self.said = said or {}
        self.rounds: list[list[str]] = []

    async def search_many(
        self, asked: Sequence[tuple[str, str | None]], *, certain: bool = False, written: str | None = None
    ) -> list[SearchResult]:
        self.rounds.append([text for text, _ in asked])
        return [found(*self.known.get(text, (("other", 0.1),))) for text, _ in asked]

    async def short_answer(self, key: str, language: str, question: str) -> ShortAnswer | None:
        return self.said.get(question)

    async def mend(self, text: str) -> str:
        return text.replace("graantie", "garantie")


async def asked(
    text: str,
    known: Mapping[str, Candidates],
    topic: ConversationTopic | None = None,
    said: Mapping[str, ShortAnswer] | None = None,
) -> MessageUnderstanding:
    return await understand(cast(Library, StubLibrary(known, said)), text, "de", topic)


def articles(understood: MessageUnderstanding) -> list[str | None]:
    return [
        part.found.candidates[0].article if part.found.outcome is SearchOutcome.ANSWER else None
        for part in understood.parts
    ]


async def test_two_questions_that_find_different_articles_are_two() -> None:
    known = {"wo ist mein paket": [("status", 0.9)], "nehmt ihr paypal": [("payment", 0.9)]}
    understood = await asked("wo ist mein paket und nehmt ihr paypal", known)

    assert articles(understood) == ["status", "payment"]
    assert [part.text for part in understood.parts] == ["wo ist mein paket", "nehmt ihr paypal"]


async def test_two_questions_that_find_the_same_article_are_one() -> None:
    known = {"wo ist mein paket": [("status", 0.9)], "wann kommt die sendung": [("status", 0.8)]}

    assert len((await asked("wo ist mein paket und wann kommt die sendung", known)).parts) == 1


async def test_an_and_inside_a_question_does_not_cut_it() -> None:
    text = "Hose und Jacke zurückschicken"
    understood = await asked(text, {text: [("returns", 0.9)], "Jacke zurückschicken": [("returns", 0.8)]})

    assert articles(understood) == ["returns"]


async def test_bits_are_two_questions_only_when_the_whole_sees_both() -> None:
    text = "passwort vergessen, gutschein geht nicht"
    bits = {"passwort vergessen": [("password", 0.9)], "gutschein geht nicht": [("voucher", 0.9)]}
    seen = await asked(text, {**bits, text: [("password", 0.5), ("voucher", 0.3)]})
    unseen = await asked(text, {**bits, text: [("password", 0.9), ("account", 0.05)]})

    assert articles(seen) == ["password", "voucher"]
    assert articles(unseen) == ["password"]


async def test_a_question_without_an_answer_beside_one_with_stays_open() -> None:
    understood = await asked(
        "wie hoch ist der eiffelturm und wo ist mein paket", {"wo ist mein paket": [("status", 0.9)]}
    )

    assert articles(understood) == [None, "status"]
    assert understood.parts[0].text == "wie hoch ist der eiffelturm"


async def test_what_says_nothing_alone_belongs_to_what_stands_before_it() -> None:
    known = {"ich war nicht zu hause.": [("missed", 0.9)], "kann es in den laden?": [("pickup", 0.9)]}
    understood = await asked("ich war nicht zu hause. was nun? kann es in den laden?", known)

    assert [part.text for part in understood.parts if part.text == "was nun?"] == []


async def test_a_sentence_of_context_is_no_question() -> None:
    text = "Gestern kam mein Paket. Leider fehlt eine Lampe darin."
    known = {text: [("missing", 0.7), ("wrong", 0.1)], "Gestern kam mein Paket.": [("status", 0.9)]}

    assert articles(await asked(text, known)) == ["missing"]


async def test_a_single_question_costs_one_search_of_one_text() -> None:
    shelf = StubLibrary({"wo ist mein paket": [("status", 0.9)]})
    await understand(cast(Library, shelf), "hallo, wo ist mein paket", "de")

    assert shelf.rounds == [["wo ist mein paket"]]


async def test_a_follow_up_that_surely_says_enough_alone_is_not_read_after_its_topic() -> None:
    shelf = StubLibrary({"nehmt ihr paypal?": [("payment", 0.9)]})
    await understand(cast(Library, shelf), "nehmt ihr paypal?", "de", COST)

    assert shelf.rounds == [["nehmt ihr paypal?"]]


async def test_of_a_message_that_finds_nothing_only_the_shortest_bit_is_tried() -> None:
    shelf = StubLibrary({})
    await understand(cast(Library, shelf), "ein schrank aus eiche, stuhl und ein tisch aus buche", "de")

    assert shelf.rounds == [["ein schrank aus eiche, stuhl und ein tisch aus buche"], ["stuhl"]]


async def test_the_bits_of_an_unsure_message_are_all_asked_for_what_says_it_more_clearly() -> None:
    text, bit = "lampe kaputt, brauche ersatz", "brauche ersatz"
    shelf = StubLibrary({text: [("replacement", 0.5)], bit: [("replacement", 0.8)]})
    understood = await understand(cast(Library, shelf), text, "de")

    assert articles(understood) == ["replacement"]
    assert [round_ for round_ in shelf.rounds if bit in round_]


async def test_a_sure_message_is_not_searched_for_again_without_its_courtesy() -> None:
    text = "guten tag, mein paket kam nicht an, danke"
    shelf = StubLibrary({text: [("missing", 0.9)], "mein paket kam nicht an": [("missing", 0.95)]})
    await understand(cast(Library, shelf), text, "de")

    assert shelf.rounds == [[text]]


async def test_pure_courtesy_is_searched_for_as_it_stands() -> None:
    understood = await asked("vielen dank", {})

    assert [part.text for part in understood.parts] == ["vielen dank"]


async def test_a_follow_up_is_read_after_its_topic() -> None:
    known = {
        "who pays for it?": [("instalments", 0.26)],
        join_to_topic("How do I return something?", "who pays for it?"): [("returns", 0.8), ("return-cost", 0.15)],
    }
    understood = await asked(
        "who pays for it?", known, ConversationTopic(article="returns", question="How do I return something?")
    )

    assert understood.whole.candidates[0].article == "return-cost"


async def test_a_question_that_says_enough_is_not_dragged_to_the_old_topic() -> None:
    text = "und nehmt ihr paypal?"
    known = {
        "nehmt ihr paypal?": [("payment", 0.95)],
        join_to_topic(COST.question, "nehmt ihr paypal?"): [("delivery-cost", 0.9)],
    }

    assert articles(await asked(text, known, COST)) == ["payment"]


async def test_what_was_asked_in_vain_can_be_gone_on_from() -> None:
    topic = ConversationTopic(article=None, question="kann ich bei euch etwas mieten")
    known = {join_to_topic(topic.question, "einen rasenmäher"): [("rent", 0.9)]}

    assert articles(await asked("einen rasenmäher", known, topic)) == ["rent"]


@pytest.mark.parametrize(
    "text",
    ["und nach Österreich?", "and for gift cards?", "wie lange?", "geht das auch mit Paypal?", "what about it then"],
)
def test_short_and_elliptic_messages_lean(text: str) -> None:
    assert looks_like_followup(text)


@pytest.mark.parametrize(
    "text",
    [
        "ja",
        "danke",
        "ok passt",
        "Wie lange dauert die Lieferung nach Österreich?",
        "",
        "👍",
        "I would like to cancel my order",
    ],
)
def test_answers_and_whole_questions_do_not_lean(text: str) -> None:
    assert not looks_like_followup(text)


@pytest.mark.parametrize(
    ("text", "nothing"),
    [("was nun?", True), ("how does that work", True), ("wie geht das", True), ("wann habt ihr offen", False)],
)
def test_a_question_without_a_matter_says_nothing_alone(text: str, nothing: bool) -> None:
    assert says_nothing_alone(text) is nothing


def test_the_article_just_said_is_no_news() -> None:
    alone, together = found(("returns", 0.5), ("return-cost", 0.4)), found(("returns", 0.7), ("return-cost", 0.2))

    assert resolve(alone, together, "returns").candidates[0].article == "return-cost"
    assert resolve(alone, together, None).candidates[0].article == "returns"


def test_a_message_is_taken_for_what_it_says_itself_whatever_came_before() -> None:
    alone, together = found(("returns", 0.5), ("return-cost", 0.4)), found(("returns", 0.7), ("return-cost", 0.2))

    assert resolve(alone, replace(together, embedding=together.embedding + 1), "returns").embedding is alone.embedding


def test_where_nothing_fits_the_message_stands_for_itself() -> None:
    alone = found()

    assert resolve(alone, found(("returns", 0.9)), "returns") is alone


SWITZERLAND = ShortAnswer(text="Schweiz: 14 €", plain="Schweiz: 14 €", number=4, goes_first=True, decides=True)
RETURNING = ConversationTopic(article="returns", question="Wie lange kann ich etwas zurückgeben?")


async def test_a_value_that_the_shown_article_names_is_told_from_it() -> None:
    found = await asked(
        "und in die Schweiz?", {"in die Schweiz?": (("abroad", 0.9),)}, RETURNING, {"in die Schweiz?": SWITZERLAND}
    )

    assert articles(found) == ["returns"]


async def test_a_long_message_that_goes_on_looks_into_the_shown_article_first() -> None:
    text = "und wenn ich es am 20. November gekauft habe, für Weihnachten als Geschenk?"
    said = {text.removeprefix("und "): SWITZERLAND}

    assert articles(await asked(text, {}, RETURNING, said)) == ["returns"]


async def test_what_points_back_is_told_from_the_shown_article_if_it_holds_what_is_asked_for() -> None:
    cost = ShortAnswer(text="Das kostet 5 €.", plain="Das kostet 5 €.", number=4, goes_first=True, is_expected=True)
    known = {"was kostet das?": (("prices", 0.9),)}

    assert articles(await asked("was kostet das?", known, RETURNING, {"was kostet das?": cost})) == ["returns"]
    assert articles(await asked("was kostet das?", known, RETURNING)) == ["prices"]


async def test_what_begins_with_and_but_surely_finds_another_article_leaves_the_shown_one() -> None:
    money = ShortAnswer(text="Es kostet 5 €.", plain="Es kostet 5 €.", number=0, goes_first=False, is_expected=True)
    text, core = "und wann kommt mein geld", "wann kommt mein geld"

    assert articles(await asked(text, {core: (("refund", 0.95),)}, RETURNING, {core: money})) == ["refund"]


@pytest.mark.parametrize(("surplus", "article"), [(0.6, "returns"), (0.2, "express")])
async def test_what_about_something_is_told_from_the_shown_article_that_clearly_speaks_of_it(
    surplus: float, article: str
) -> None:
    text = "was ist mit Express?"
    said = {text: ShortAnswer(text="Express: 9 €", plain="Express: 9 €", number=4, goes_first=True, surplus=surplus)}

    assert articles(await asked(text, {text: (("express", 0.95),)}, RETURNING, said)) == [article]


async def test_what_surely_finds_another_article_is_no_follow_up() -> None:
    near = ShortAnswer(text="Per Post.", plain="Per Post.", number=4, goes_first=True, surplus=0.5)
    found = await asked(
        "wo ist mein paket", {"wo ist mein paket": (("parcel", 0.9),)}, RETURNING, {"wo ist mein paket": near}
    )

    assert articles(found) == ["parcel"]


async def test_a_value_that_nobody_names_is_said_to_be_missing_only_where_nothing_else_answers() -> None:
    none = ShortAnswer(text="Nach Ulm.", plain="Nach Ulm.", number=0, goes_first=True, missing="Bonn")

    assert articles(await asked("und nach Bonn?", {}, RETURNING, {"nach Bonn?": none})) == ["returns"]
    known = {"nach Bonn?": (("bonn", 0.9),)}
    assert articles(await asked("und nach Bonn?", known, RETURNING, {"nach Bonn?": none})) == ["bonn"]


PASSWORD = ConversationTopic(article="password", question="Passwort vergessen?")


@pytest.mark.parametrize(
    "text", ["klappt nicht, kommt keine mail an", "im spam auch nix", "nein, noch nicht verschickt", "ja, mail ist gut"]
)
async def test_who_says_how_it_went_with_an_answer_is_given_no_article_on_something_else(text: str) -> None:
    known = {text: [("order", 0.9)]}

    assert articles(await asked(text, known)) == ["order"]
    assert articles(await asked(text, known, PASSWORD)) == [None]


async def test_what_follows_on_what_was_done_already_is_a_matter_of_its_own() -> None:
    known = {"fehlen aber 4 schrauben": [("missing", 0.86)], "fehlen aber schrauben": [("missing", 0.86)]}

    understood = await asked("hab ich schon, fehlen aber schrauben", known, PASSWORD)

    assert articles(understood) == ["missing"]


@pytest.mark.parametrize("text", ["ja, und was kostet das", "klappt das nicht auch per post?"])
async def test_a_question_after_a_yes_is_searched_for(text: str) -> None:
    known = {clause: [("cost", 0.9)] for clause in (text, "was kostet das", "und was kostet das")}

    assert "cost" in articles(await asked(text, known, PASSWORD))


async def test_a_typing_error_is_put_right_where_nothing_is_found_as_it_is_written() -> None:
    known = {"wie lange habe ich garantie": [("warranty", 0.94)]}

    understood = await asked("wie lange habe ich graantie", known)

    assert articles(understood) == ["warranty"]
    assert understood.parts[0].text == "wie lange habe ich graantie"


async def test_what_says_nothing_in_dialect_is_searched_for_in_standard_german() -> None:
    known = {"wo ist denn mein Paket": [("delivery-status", 0.93)], "wo ist denn mei roller": [("other", 0.9)]}
    assert articles(await asked("wo issn mei packerl", known)) == ["delivery-status"]
    assert articles(await asked("Sprecht ihr Hessisch? wo issn mei packerl", known)) == [None, "delivery-status"]
    assert articles(await asked("wo issn packerl", {"wo ist denn Paket": [("delivery-status", 0.7)]})) == [None]


async def test_what_a_sentence_tells_and_the_whole_hardly_hears_is_no_question() -> None:
    known = {
        "gestern kam mein Paket an. eine Lampe ist nicht drin": [("missing-item", 0.76), ("delivery-status", 0.06)],
        "gestern kam mein Paket an.": [("delivery-status", 0.95)],
        "eine Lampe ist nicht drin": [("missing-item", 0.93)],
    }
    assert articles(await asked("gestern kam mein Paket an. eine Lampe ist nicht drin", known)) == ["missing-item"]


async def test_the_whole_of_several_sentences_is_without_those_of_courtesy() -> None:
    known = {"Ich bin umgezogen. Die neue Anschrift soll in mein Konto.": [("change-details", 0.66)]}
    text = "Hallo! Ich bin umgezogen. Die neue Anschrift soll in mein Konto. Danke und schöne Grüße"
    assert articles(await asked(text, known)) == ["change-details"]


async def test_what_is_unsure_without_its_typing_error_too_stays_as_it_is() -> None:
    assert articles(
        await asked("wie lange habe ich graantie", {"wie lange habe ich garantie": [("warranty", 0.6)]})
    ) == [None]


async def test_what_the_shown_article_is_asked_to_apply_to_is_no_word_for_another_article() -> None:
    none = ShortAnswer(text="Bis Ulm.", plain="Bis Ulm.", number=0, goes_first=True, missing="Sofas")
    text = "gilt das auch für Sofas?"
    known = {text: (("sofa-care", 0.6),), join_to_topic(RETURNING.question, text): (("sofa-care", 0.9),)}

    assert articles(await asked(text, known, RETURNING, {text: none})) == ["returns"]


@pytest.mark.parametrize(("text", "wanted"), [("keinen rückruf", False), ("einen rückruf", True)])
async def test_a_call_that_is_not_wanted_is_no_question_about_calls(text: str, wanted: bool) -> None:
    asking = "ich brauche die anleitung"
    known = {text: [("call", 0.95)], asking: [("manual", 0.95)], f"{text}, {asking}": [("manual", 0.7), ("call", 0.6)]}

    understood = await asked(f"{text}, {asking}", known)

    assert ("call" in articles(understood)) is wanted


async def test_what_finds_nothing_and_leaves_the_last_question_undisturbed_goes_on_about_it() -> None:
    text, after = "Darf sie den Code zweimal nehmen?", f"{COST.question} Darf sie den Code zweimal nehmen?"
    goes_on = await asked(text, {text: [("other", 0.2)], after: [("delivery-cost", UNDISTURBED)]}, COST)
    disturbed = await asked(text, {text: [("other", 0.2)], after: [("delivery-cost", UNDISTURBED - 0.02)]}, COST)
    answered = await asked(text, {text: [("other", 0.9)], after: [("delivery-cost", 0.99)]}, COST)
    reported = await asked("klappt immer noch nicht", {}, COST)
    other = "slugs are eating my lettuce what helps"
    unrelated = await asked(other, {f"{COST.question} {other}": [("delivery-cost", 0.99)]}, COST)
    weakly = "Muss sie dafür dann jedes Mal den ganzen Code neu eingeben?"
    leaning = await asked(weakly, {f"{COST.question} {weakly}": [("delivery-cost", HARDLY_DISTURBED)]}, COST)

    assert goes_on.goes_on
    assert not disturbed.goes_on
    assert not answered.goes_on
    assert not reported.goes_on
    assert not unrelated.goes_on
    assert leaning.goes_on


async def test_what_surely_means_one_article_alone_means_another_after_a_question_on_that() -> None:
    text, after = "und wer zahlt das porto?", "Was kostet der Versand? wer zahlt das porto?"
    alone = [("delivery", 0.85), ("return-cost", 0.14)]
    known = {text: alone, "wer zahlt das porto?": alone}
    returned = await asked(text, {**known, after: [("delivery-cost", 0.96), ("return-cost", 0.03)]}, COST)
    unmoved = await asked(text, {**known, after: [("delivery-cost", 0.96), ("delivery", 0.03)]}, COST)

    assert articles(returned) == ["return-cost"]
    assert articles(unmoved) == ["delivery"]


async def test_a_bit_that_the_whole_clause_hardly_sees_is_no_question_of_its_own() -> None:
    text = "kann man mit paypal zahlen oder nur karte"
    bits = {"kann man mit paypal zahlen": [("payment", 0.97)], "nur karte": [("gift-card", 0.9)]}
    understood = await asked(text, {**bits, text: [("payment", 0.96), ("failed", 0.02), ("gift-card", 0.004)]})

    assert articles(understood) == ["payment"]


async def test_a_sure_question_counts_more_than_all_that_is_told_around_it() -> None:
    told, wish = "Ich bin nicht gut mit Computern.", "Wie gebe ich den Sessel zurück?"
    understood = await asked(f"{told} {wish}", {f"{told} {wish}": [("disposal", 0.6)], wish: [("returns", 0.9)]})

    assert articles(understood) == ["returns"]
