"""Our Markdown on Telegram: entities, folds, tables, and cuts that hurt nobody."""

import json
from typing import Any

import pytest
import regex  # type: ignore[import-untyped]

from connectors.contract import Address, Author, Channel, Choice, OutboundMessage, RelatedLink
from connectors.telegram.buttons import ChoiceSigner
from connectors.telegram.markdown import to_styled
from connectors.telegram.rendering import RenderedPart, is_public, render
from connectors.telegram.styled_text import MAX_MARKS, MAX_PART_LENGTH, split, units
from tests.fakes.telegram.rules import check_keyboard, check_text

SIGNER = ChoiceSigner("a secret of thirty-two characters")
FAMILY = "👨‍👩‍👧‍👦"


def outbound(text: str, **more: Any) -> OutboundMessage:
    values: dict[str, Any] = {
        "id": "m1",
        "address": Address(channel=Channel.TELEGRAM, account="700100", chat_id="42001"),
        "conversation_id": "c1",
        "seq": 4,
        "author": Author.BOT,
        "author_name": "Staffel",
        "text": text,
    }
    return OutboundMessage(**(values | more))


def shown(part: RenderedPart) -> dict[str, list[str]]:
    """The stretches that each kind of entity covers."""
    encoded = part.text.encode("utf-16-le")
    found: dict[str, list[str]] = {}
    for entity in part.entities:
        stretch = encoded[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")
        found.setdefault(str(entity.type), []).append(stretch)
    return found


def one(text: str, **more: Any) -> RenderedPart:
    (part,) = render(outbound(text, **more), SIGNER)
    check_text(part.text, [entity.to_dict() for entity in part.entities])
    return part


def test_marks_become_entities_counted_in_utf_16_units() -> None:
    part = one("😀 **fett *beides*** und `code` ~~weg~~")
    assert part.text == "😀 fett beides und code weg"
    assert shown(part) == {
        "bold": ["fett beides"],
        "italic": ["beides"],
        "code": ["code"],
        "strikethrough": ["weg"],
    }


def test_only_web_links_become_links_and_other_addresses_stay_readable() -> None:
    part = one("[Hilfe](https://shop.example/h) [Post](mailto:hi@shop.example) [Ruf](tel:+49301) [x](javascript:alert)")
    assert part.text == "Hilfe Post (hi@shop.example) Ruf (+49301) [x](javascript:alert)"
    assert [entity.url for entity in part.entities] == ["https://shop.example/h"]


def test_html_is_shown_and_never_obeyed() -> None:
    assert one("<b>roh</b> & <script>").text == "<b>roh</b> & <script>"


def test_lists_headings_quotes_and_code_are_readable() -> None:
    part = one("# Titel\n\n- eins\n- zwei\n  1. drei\n  2. vier\n\n> Zitat\n>\n> mehr\n\n```sh\nls -l\n```\n\nEnde")
    assert part.text == "Titel\n\n• eins\n• zwei\n   1. drei\n   2. vier\n\nZitat\n\nmehr\n\nls -l\n\nEnde"
    assert shown(part) == {"bold": ["Titel"], "blockquote": ["Zitat\n\nmehr"], "pre": ["ls -l"]}


def test_a_narrow_table_is_aligned_and_a_wide_one_is_read_row_by_row() -> None:
    narrow = one("| Land | Tage |\n|---|---|\n| Deutschland | 2 |")
    assert narrow.text == "Land         Tage\n─────────────────\nDeutschland  2"
    wide = one("| Land | Dauer der Lieferung | Preis |\n|---|---|---|\n| Schweiz | 3 bis 5 Werktage | 12 € |")
    assert wide.text == "• Schweiz\n   Dauer der Lieferung: 3 bis 5 Werktage\n   Preis: 12 €"


def test_what_stands_behind_the_fold_is_an_expandable_quote() -> None:
    text = "Kurz: **ja**.\n\nLang und breit.\n\n> mit Zitat"
    part = one(text, lead=len("Kurz: **ja**."))
    assert shown(part) == {"bold": ["ja"], "expandable_blockquote": ["Lang und breit.\n\nmit Zitat"]}


def test_the_sentence_that_answers_is_bold_before_the_fold() -> None:
    shown_first, article = "Gern!\n\nNach *5* Tagen.", "Das dauert.\n\nNach *5* Tagen."
    part = one(f"{shown_first}\n\n{article}", lead=len(shown_first), short=len("Nach *5* Tagen."))
    assert part.text.startswith("Gern!\n\nNach 5 Tagen.\n\nDas dauert.")
    assert shown(part)["bold"] == ["Nach 5 Tagen."]
    assert shown(part)["expandable_blockquote"] == ["Das dauert.\n\nNach 5 Tagen."]


def test_a_fold_inside_of_marks_is_left_out() -> None:
    text = "- **eins\n  zwei** drei"
    assert "expandable_blockquote" not in shown(one(text, lead=text.index("zwei")))


def test_an_agents_message_begins_with_the_name() -> None:
    part = one("Guten Tag!", author=Author.AGENT, author_name="Mia")
    assert (part.text, shown(part)) == ("Mia:\nGuten Tag!", {"bold": ["Mia:"]})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 4096, 1),
        ("a" * 4097, 2),
        ("😀" * 4096, 2),
        (FAMILY * 1500, 5),
        ("Ein Satz ist kurz. " * 1750, 9),
        ("שלום עולם, مرحبا. " * 500, 3),
        ("e\u0301" * 5000, 3),
        ("a" + "\u0301" * 9000, 3),
        ("**fett** " * 150, 2),
        ("😀 **fett** und [Link](https://shop.example/x) " * 400, 8),
    ],
)
def test_f51_long_texts_are_cut_between_graphemes_and_nothing_is_lost(text: str, parts: int) -> None:
    whole = to_styled(text)
    found = split(whole)
    assert len(found) == parts
    assert "".join("".join(part.text.split()) for part in found) == "".join(whole.text.split())
    for part in found:
        assert units(part.text) <= MAX_PART_LENGTH
        assert len(part.marks) <= MAX_MARKS
    if text != "a" + "\u0301" * 9000:  # a single character longer than a message has to be cut
        assert [g for part in found for g in _graphemes(part.text)] == _graphemes(whole.text)
    for rendered in render(outbound(text), SIGNER):
        check_text(rendered.text, [entity.to_dict() for entity in rendered.entities])


def _graphemes(text: str) -> list[str]:
    return [grapheme for grapheme in regex.findall(r"\X", text) if grapheme.strip()]


def test_f51_cuts_stand_at_paragraphs_before_sentences_before_words() -> None:
    paragraphs = ("Wort " * 500).strip()
    first, second = split(to_styled(f"{paragraphs}\n\n{paragraphs}"))
    assert first.text == second.text == paragraphs
    sentences = split(to_styled("Das ist ein Satz. " * 300))
    assert all(part.text.endswith("Satz.") for part in sentences)


def test_f51_the_same_text_gives_the_same_parts() -> None:
    message = outbound("Ein Satz 😀. " * 2000, choices=(Choice(title="Ja", payload="/yes"),))
    assert render(message, SIGNER) == render(message, SIGNER)


def test_a_bold_stretch_over_a_cut_is_bold_in_both_parts() -> None:
    first, second = split(to_styled("**" + "fett. " * 1000 + "ende**"))
    assert first.marks[0].end == len(first.text)
    assert (second.marks[0].start, second.marks[0].end) == (0, len(second.text))


def test_buttons_stand_under_the_last_part_and_links_lead_only_to_public_places() -> None:
    message = outbound(
        "Satz. " * 1000,
        choices=(Choice(title="Ja, danke", payload="/yes"), Choice(title="Nein", payload="/no")),
        link="https://shop.example/help/de/1",
        related=(RelatedLink(question="Und ins Ausland? " * 10, link="https://shop.example/help/de/2"),),
    )
    first, last = render(message, SIGNER)
    assert first.keyboard is None
    assert last.keyboard is not None
    check_keyboard(json.loads(last.keyboard.to_json()))
    rows = [[button.text for button in row] for row in last.keyboard.inline_keyboard]
    assert rows[:2] == [["Ja, danke", "Nein"], ["Ganze Antwort lesen"]]
    assert len(rows[2][0]) <= 60


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://shop.example/help", True),
        ("http://shop.example/help", False),
        ("https://localhost/help", False),
        ("https://127.0.0.1/help", False),
        ("https://192.168.1.5:8765/help", False),
        ("https://desk.internal/help", False),
    ],
)
def test_only_public_https_addresses_are_given_to_telegram(url: str, public: bool) -> None:
    assert is_public(url) is public


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "&nbsp;"])
def test_nothing_to_show_is_no_part(text: str) -> None:
    assert render(outbound(text), SIGNER) == []
