"""Which language a message is in."""

import pytest

from knowledge.search.language import detect


@pytest.mark.parametrize(
    "text",
    [
        "wo bleibt mein paket",
        "hallo",
        "moin",
        "rueckgabe",
        "ich moechte das zurueckschicken",
        "fuer wen gilt der gutschein",
        "zuruck schicken",
        "Retoure",
        "was ist das",
        "Was kostet Express?",
        "was kostet overnight",
        "mein account ist gesperrt",
        "WO IST MEINE BESTELLUNG???",
    ],
)
def test_german_is_recognised_also_short_and_without_umlauts(text: str) -> None:
    assert detect(text).language == "de"


@pytest.mark.parametrize(
    "text", ["how do i return something", "where is my parcel", "yes", "shipping", "hello, my Paket is not here", "why"]
)
def test_english_is_recognised(text: str) -> None:
    assert detect(text).language == "en"


@pytest.mark.parametrize("text", ["ok", "hi", "4711", "paypal", "👍", "", "   ", "status", "\ud800"])
def test_what_could_be_either_is_left_open(text: str) -> None:
    assert detect(text).language is None


@pytest.mark.parametrize("spoken", ["de", "en"])
def test_an_undecided_word_goes_with_the_conversation(spoken: str) -> None:
    assert detect("newsletter").language is None
    assert detect("newsletter", "de").confidence != detect("newsletter", "en").confidence
    assert detect("ok", spoken).language is None


def test_a_plain_message_overrules_the_conversation() -> None:
    assert detect("where is my parcel", "de").language == "en"
    assert detect("wo bleibt mein paket", "en").language == "de"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("je voudrais parler à une personne", None),
        ("comment puis-je retourner un article ?", None),
        ("merci", None),
        ("ok", None),
        ("wann kommt meine bestellung", "de"),
        ("i want my money back", "en"),
    ],
)
def test_a_conversation_in_a_third_language_stays_in_it_unless_the_text_is_clearly_in_ours(
    text: str, language: str | None
) -> None:
    assert detect(text, "fr").language == language


def test_a_language_that_no_letters_are_known_of_is_left_for_what_is_clear_too() -> None:
    assert detect("wann kommt meine bestellung", "no language").language == "de"
