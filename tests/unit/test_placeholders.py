"""Fields in braces, in sentences of look-ups and in articles."""

import pytest

from knowledge.articles.placeholders import fields_in, fill_article, fill_placeholders


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Sie ist {state}.", {"state": "unterwegs"}, "Sie ist unterwegs."),
        ("Sie ist {state}. Sie kommt am {day}.", {"state": "unterwegs"}, "Sie ist unterwegs."),
        ("Sie kommt am {day}.", {}, ""),
        ("Sie ist {state}.", {"state": "{day}"}, "Sie ist {day}."),
        ("Stand:\n- {state}\n- {day}", {"state": "da"}, "Stand:\n- da"),
    ],
)
def test_a_sentence_without_its_value_is_left_out(text: str, values: dict[str, str], expected: str) -> None:
    assert fill_placeholders(text, values) == expected


def test_an_article_says_to_everybody_what_needs_no_look_up() -> None:
    article = "Pakete brauchen drei Tage. Ihres ist {orders.state}.\n\nMit `{name}` grüßen wir."

    assert fill_article(article, {}) == "Pakete brauchen drei Tage.\n\nMit `{name}` grüßen wir."
    assert "Ihres ist unterwegs." in fill_article(article, {"orders.state": "unterwegs"})


def test_the_fields_of_a_sentence_are_known() -> None:
    assert fields_in("{a} und {b_2}, nicht {C} und {d.e}") == {"a", "b_2"}
