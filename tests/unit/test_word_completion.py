"""The word that is still being typed."""

import pytest

from helpdesk.insights.word_completion import learn_words

WORDS = learn_words(["Wie kann ich etwas zurückgeben?", "Etwas zurückgeben", "Zurück zum Anfang", "Mein Paket"])


@pytest.mark.parametrize(
    ("text", "finished"),
    [
        ("ich will etwas zurü", "ich will etwas zurückgeben"),
        ("wo ist mein PAK", "wo ist mein paket"),
        ("etwas zurück", None),
        ("wo ist mein paket", None),
        ("wo ist mein xyz", None),
        ("pa", None),
        ("paket ", None),
        ("", None),
    ],
)
def test_a_word_is_finished_in_the_most_common_way(text: str, finished: str | None) -> None:
    assert WORDS.complete(text) == finished


def test_no_articles_mean_no_words() -> None:
    assert learn_words(()).complete("etwas zurü") is None
