"""The short answer of an article, chosen by words and values alone: nothing is embedded here."""

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge.articles.answers import ShortAnswer
from knowledge.search.embedder import DIMENSIONS, SHARED_DIMENSIONS
from knowledge.search.expected_values import ExpectedValue, asks_how_to, expected_value
from knowledge.search.passage_source import escape_markdown, passage_markdown, without_passage
from knowledge.search.passages import split_passages
from knowledge.search.short_answer import ArticleReading, short_answer

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "faq" / "shop.jsonl"
ABROAD = """Yes, we send parcels to Austria and Switzerland. They arrive after four to six days and cost €12 each.

The price holds for parcels of any shape, and you can follow them from our door to yours with the link in the e-mail.

For other countries, use a forwarder in Germany. We put the customs form on the parcel."""
DRINKS = """Ja, im Café zahlen Sie bar oder mit der Girocard, und die Rechnung bekommen Sie auf Wunsch auch per E-Mail.

Trinkgeld geben Sie am besten direkt an die Bedienung. Tische am Fenster reservieren wir ab vier Personen, und in der
Küche fangen wir um elf Uhr an. Vom Nachmittag an gibt es Kuchen, solange er reicht, und am Abend eine kleine Karte."""
HOURS = """Yes, the pool is open all year round, also while the hall beside it is being repaired and painted.

| Day | From | To |
|---|---|---|
| Monday to Friday | 7:00 | 21:00 |
| Saturday | 9:00 | 18:00 |

The sauna opens an hour later. Please bring a padlock for the locker, and shower before you go into the water."""


def read(answer: str, question: str = "") -> ArticleReading:
    passages = split_passages(answer)
    return ArticleReading(
        question=question,
        answer=answer,
        passages=passages,
        vectors=np.zeros((len(passages), SHARED_DIMENSIONS), np.float16),
        asked=np.zeros(SHARED_DIMENSIONS, np.float16),
    )


def ask(question: str, answer: str, title: str = "") -> ShortAnswer:
    found = short_answer(question, np.zeros(DIMENSIONS, np.float32), read(answer, title))
    assert found is not None
    return found


@pytest.mark.parametrize("country", ["France", "Norway", "Japan", "the US"])
def test_the_rule_for_other_countries_goes_before_a_yes_for_some(country: str) -> None:
    found = ask(f"Do you send parcels to {country}?", ABROAD)

    assert found.text.startswith("For other countries")
    assert found.goes_first
    assert found.decides


@pytest.mark.parametrize(("country", "says"), [("Croatia", "Calls within the EU"), ("Chile", "All other countries")])
def test_a_group_with_the_country_goes_before_the_rule_for_the_others(country: str, says: str) -> None:
    answer = (
        "Calls within the EU are free. Calls in Switzerland cost £2.\n\nAll other countries cost £5, calls or no calls."
    )

    assert ask(f"what do calls cost in {country}, all in all, with all other charges", answer).text.startswith(says)


def test_a_country_that_the_first_sentence_names_needs_no_other_sentence() -> None:
    found = ask("Do you send parcels to Austria?", ABROAD)

    assert found.number == 0
    assert not found.goes_first
    assert not found.missing


@pytest.mark.parametrize(("asked", "value"), [("Nehmt ihr PayPal?", "PayPal"), ("Kann ich mit Visa zahlen?", "Visa")])
def test_a_way_of_paying_that_nobody_mentioned_gets_no_yes(asked: str, value: str) -> None:
    found = ask(asked, DRINKS)

    assert found.missing == value
    assert found.text.startswith("Im Café zahlen Sie bar")


def test_where_no_value_of_the_kind_is_named_the_beginning_is_told_without_its_yes() -> None:
    found = ask("Is the pool open on Easter Monday?", HOURS.partition("|")[0] + "The sauna opens an hour later.")

    assert found.missing == "Easter Monday"
    assert found.text.startswith("The pool is open all year round")


def test_a_value_in_the_title_is_no_value_that_is_missing() -> None:
    assert not ask("Nehmt ihr PayPal?", DRINKS, title="Kann ich mit PayPal zahlen?").missing


def test_the_row_of_a_table_that_has_the_day_goes_first() -> None:
    found = ask("are you open on Saturday", HOURS)

    assert found.plain == "Day: Saturday · From: 9:00 · To: 18:00"
    assert found.goes_first


@pytest.mark.parametrize(("day", "begins"), [("Sunday", "You can call us"), ("Monday", "Yes, you can call us")])
def test_a_yes_that_leaves_the_value_out_is_no_yes(day: str, begins: str) -> None:
    answer = "Yes, you can call us every day except on Sunday. On Monday we begin at noon, and letters take a week."

    assert ask(f"can I call you every day, {day} too", answer.partition(". ")[0] + ".").text.startswith(begins)


def test_a_day_that_no_row_has_is_said_to_be_missing() -> None:
    assert ask("are you open on Sunday?", HOURS).missing == "Sunday"


@pytest.mark.parametrize(
    "told", ["I ordered on Sunday, when do you open?", "Friends come on Sunday and I'm the only one with a key"]
)
def test_a_day_that_is_told_is_not_asked_for(told: str) -> None:
    assert not ask(told, HOURS).missing


@pytest.mark.parametrize(
    ("asked", "missing"), [("Gilt das auch für Matratzen?", "Matratzen"), ("Gilt das auch für Stühle?", "")]
)
def test_a_thing_that_the_article_does_not_name_is_said_to_be_missing(asked: str, missing: str) -> None:
    found = ask(asked, "Ja, Sie haben 30 Tage Zeit.\n\nStühle nehmen wir auch ausgepackt zurück.", "Rückgabe")

    assert found.missing == missing
    assert found.text.startswith("Ja") is False


def test_an_article_without_words_has_no_short_answer() -> None:
    assert short_answer("hello", np.zeros(DIMENSIONS, np.float32), read("")) is None


def test_one_or_two_words_name_a_matter_and_show_the_beginning() -> None:
    assert not ask("customs form", ABROAD).goes_first or ask("customs form", ABROAD).surplus > 0.15


@pytest.mark.parametrize(
    ("answer", "number", "said"),
    [
        ("Open **My account**. Then see [here](https://a.example).", 1, "Then see [here](https://a.example)."),
        ("Not for refund:\n\n- swimwear\n- **opened** jars", 1, "Not for refund: **opened** jars"),
        ("1. Open the door.\n2. Go in.", 1, "Go in."),
        ("| A | B |\n|---|---|\n| x*y | 2 |", 0, "A: x\\*y · B: 2"),
    ],
)
def test_a_passage_keeps_its_markup_where_it_can(answer: str, number: int, said: str) -> None:
    assert passage_markdown(split_passages(answer)[number], answer) == said


@pytest.mark.parametrize(
    ("plain", "safe"), [("5. Mai", "5\\. Mai"), ("- nothing", "\\- nothing"), ("a_b", "a\\_b"), ("5.5 kg", "5.5 kg")]
)
def test_plain_words_mean_nothing_else_in_markdown(plain: str, safe: str) -> None:
    assert escape_markdown(plain) == safe


@pytest.mark.parametrize(
    ("question", "is_how_to"),
    [
        ("Wie schreibe ich eine Rechnung?", True),
        ("und wie geht das", True),
        ("how do I unlock it", True),
        ("Ich möchte kündigen", True),
        ("I want to cancel", True),
        ("Wie lange dauert das?", False),
        ("how much is it", False),
        ("how do I know how long it takes", False),
        ("Kann ich bar zahlen?", False),
        ("wie hoch darf das Paket sein", False),
    ],
)
def test_what_is_asked_for_as_a_whole_is_known_by_its_form(question: str, is_how_to: bool) -> None:
    assert asks_how_to(question) is is_how_to


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Was kostet das?", ExpectedValue.MONEY),
        ("how much is the fee", ExpectedValue.MONEY),
        ("Wie lange dauert es?", ExpectedValue.DURATION),
        ("by when", ExpectedValue.TIME),
        ("Kann ich das zurückgeben?", None),
        ("when do you open", ExpectedValue.TIME),
        ("Wie oft darf ich kommen?", ExpectedValue.NUMBER),
    ],
)
def test_what_a_question_wants_to_be_told_is_known_by_its_form(question: str, expected: ExpectedValue | None) -> None:
    assert expected_value(question) is expected


REST = """## Versand

Nach Österreich liefern
wir in *4 bis 6 Tagen*. Das kostet 12 €. In die [Schweiz](https://example.org) liefern wir nicht.

Nur am Samstag nicht.

Ausgenommen sind:

- Ohrringe
- Bademode, sofern sie [getragen](https://example.org) ist
- **Gutscheine**

1. Melden Sie sich an.
2. Drucken Sie den Schein.

### Feiertage

An Feiertagen ruht alles.

| Tag | Zeit |
|---|---|
| Montag | 9–12 |

> Zitiert wird dies hier. Und das.
"""


def without(words: str) -> str | None:
    """The article without the passage that holds `words`."""
    return without_passage(next(one for one in split_passages(REST) if words in one.text), REST)


@pytest.mark.parametrize(
    ("words", "gone", "left"),
    [
        ("4 bis 6", "Nach Österreich liefern\nwir in *4 bis 6 Tagen*.", "## Versand\n\n… Das kostet 12 €. In die"),
        ("12 €", "Das kostet 12 €.", "*4 bis 6 Tagen*. … In die [Schweiz]"),
        ("Schweiz", "In die [Schweiz](https://example.org) liefern wir nicht.", "Das kostet 12 €. …\n\nNur am"),
        ("Samstag", "Nur am Samstag nicht.", "liefern wir nicht.\n\nAusgenommen sind:"),
        ("Bademode", "Bademode, sofern sie", "- Ohrringe\n- …\n- **Gutscheine**"),
        ("Gutscheine", "Gutscheine", "ist\n- …\n\n1. Melden"),
        ("Drucken", "Drucken Sie", "1. Melden Sie sich an.\n2. …\n\n### Feiertage"),
        ("ruht", "An Feiertagen ruht alles.", "### Feiertage\n\n…\n\n| Tag"),
    ],
)
def test_what_was_said_first_is_not_said_again(words: str, gone: str, left: str) -> None:
    rest = without(words)

    assert rest is not None
    assert gone not in rest
    assert left in rest


def test_a_table_is_left_as_it_is() -> None:
    assert without("9–12") is None


def test_an_article_of_one_sentence_has_no_rest() -> None:
    assert without_passage(split_passages("Nur das.")[0], "Nur das.") == ""


def test_of_the_sample_shop_no_passage_is_said_twice_and_nothing_else_is_lost() -> None:
    taken = 0
    for answer in sample_answers():
        passages = split_passages(answer)
        for number, passage in enumerate(passages):
            rest = without_passage(passage, answer)
            if rest is None:
                continue
            taken += 1
            others = [one.text for one in passages[:number] + passages[number + 1 :]]
            assert [one.text.replace("…", "").strip() for one in split_passages(rest) if one.text.strip("… ")] == others
    assert taken > 200


def sample_answers() -> list[str]:
    """Every wording of the sample shop's articles."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    variants = [variant for line in lines for variant in json.loads(line)["variants"].values()]
    return [variant["answer"] for variant in variants]
