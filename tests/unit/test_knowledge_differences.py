"""What differs between two texts, and what two people's changes come to."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.articles.content import ArticleWording, Content, read_content
from knowledge.articles.differences import DiffPiece, DiffPieceKind, abridge, compare, differences
from knowledge.articles.merge import MergeConflict, merge
from knowledge.articles.preview import preview
from store.errors import Invalid

WORDS = st.text("ab ,.\n", max_size=40)
SIGNS = {DiffPieceKind.SAME: "", DiffPieceKind.REMOVED: "-", DiffPieceKind.ADDED: "+"}


def marked(before: str, after: str) -> str:
    return "".join(
        f"[{SIGNS[piece.kind]}{piece.text}]" if SIGNS[piece.kind] else piece.text for piece in compare(before, after)
    )


def content(answer: str = "Da.", *phrasings: str, **more: Any) -> Content:
    return Content(variants={"de": ArticleWording(question="Wo?", answer=answer, phrasings=phrasings)}, **more)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Es kostet 3,50 €.", "Es kostet 4,00 €.", "Es kostet [-3,50][+4,00] €."),
        ("a b c", "a c", "a [-b ]c"),
        ("Wir liefern.", "Wir liefern nicht.", "Wir liefern[+ nicht]."),
        ("eins zwei drei", "vier fünf drei", "[-eins zwei][+vier fünf] drei"),
        ("", "neu", "[+neu]"),
        ("gleich", "gleich", "gleich"),
        ("x\ny\n", "x\nz\n", "x\n[-y][+z]\n"),
    ],
)
def test_words_rather_than_letters_are_compared(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


@given(before=WORDS, after=WORDS)
def test_a_difference_holds_both_texts_whole(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != DiffPieceKind.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != DiffPieceKind.REMOVED) == after


@pytest.mark.timeout(5)
def test_two_long_texts_without_anything_in_common_cost_no_time() -> None:
    assert len(compare("eins " * 10_000, "zwei " * 10_000)) == 2


def test_long_unchanged_passages_are_cut_short() -> None:
    pieces = abridge(
        [
            DiffPiece(DiffPieceKind.SAME, "wort " * 100),
            DiffPiece(DiffPieceKind.ADDED, "neu"),
            DiffPiece(DiffPieceKind.SAME, "x " * 200),
        ]
    )
    assert [len(piece.text) < 100 for piece in pieces] == [True, True, True]
    assert (pieces[0].text[0], pieces[2].text[-1]) == ("…", "…")


def test_a_difference_names_field_and_language() -> None:
    found = differences(content("Da.", "alt", "bleibt"), content("Dort.", "bleibt", "neu", category="orders"))
    assert [(one.language, one.field) for one in found] == [(None, "category"), ("de", "answer"), ("de", "phrasings")]
    assert found[2].pieces == (DiffPiece(DiffPieceKind.REMOVED, "alt"), DiffPiece(DiffPieceKind.ADDED, "neu"))


def test_a_language_that_is_gone_is_shown_as_taken_out() -> None:
    before = Content(variants={**content().variants, "en": ArticleWording(question="Where?", answer="There.")})
    found = differences(before, content())
    assert [(one.language, one.field, one.pieces[0].kind) for one in found] == [
        ("en", "question", DiffPieceKind.REMOVED),
        ("en", "answer", DiffPieceKind.REMOVED),
    ]


def test_what_only_one_of_two_has_changed_is_taken_and_the_rest_is_for_people() -> None:
    base = content("Da.", "alt", category="a").as_json()
    theirs = content("Dort.", "alt", "deren", category="b").as_json()
    mine = content("Hier.", "meine", category="a").as_json()
    merged = merge(base, theirs, mine)
    assert merged.values[None, "category"] == "b"
    assert merged.values["de", "phrasings"] == ["meine", "deren"]
    assert merged.values["de", "answer"] == "Hier."
    assert merged.clashes == (MergeConflict(field=("de", "answer"), theirs="Dort.", mine="Hier."),)
    assert set(merged.taken) == {(None, "category"), ("de", "phrasings")}


def test_a_half_written_language_can_be_merged() -> None:
    base = content().as_json()
    mine = {"variants": {**base["variants"], "en": {"question": "Wh", "answer": "", "phrasings": []}}}
    merged = merge(base, content("Dort.").as_json(), mine)
    assert merged.values["en", "question"] == "Wh"
    assert (merged.values["de", "answer"], merged.clashes) == ("Dort.", ())


def test_both_having_written_the_same_is_no_clash() -> None:
    same = content("Dort.").as_json()
    assert merge(content().as_json(), same, same).clashes == ()


def test_chats_without_headings_lists_and_tables_get_lines() -> None:
    shown = preview(
        "# Kopf\n\n1. Eins\n2. Zwei\n   - Unter **fett**\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n<script>x</script>"
    )
    assert shown["telegram"].html == shown["slack"].html
    text = shown["telegram"].html
    assert "<p><strong>Kopf</strong></p>" in text
    assert "1. Eins<br/>2. Zwei<br/>\N{EM SPACE}• Unter <strong>fett</strong>" in text
    assert "<strong>A – B</strong><br/>1 – 2" in text
    assert not any(tag in text for tag in ("<ol", "<li", "<table", "<h3", "<script"))
    assert "<ol>" in shown["webchat"].html


def test_a_long_answer_says_how_many_messages_it_becomes() -> None:
    shown = preview("wort " * 1500)
    assert (shown["webchat"].messages, shown["telegram"].messages, shown["slack"].messages) == (1, 2, 3)


def test_window_owner_and_review_date_are_read_and_written_back() -> None:
    said = {
        "variants": content().as_json()["variants"],
        "valid_from": "2026-12-01T08:00:00Z",
        "owner": "mia@example.org",
        "review_on": "2027-01-31",
        "ask_again_after": 5,
    }
    assert read_content(said).as_json() == said
    assert read_content({**said, "valid_from": "2026-12-01T09:00:00+01:00"}).as_json() == said


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("valid_from", "2026-12-01T08:00:00", "a time with its zone"),
        ("valid_from", "bald", "a time with its zone"),
        ("valid_until", 7, "a time with its zone"),
        ("review_on", "31.12.2026", "a day such as"),
        ("owner", " ", "expected text"),
        ("ask_again_after", 0, "1 to 90 days"),
        ("ask_again_after", True, "1 to 90 days"),
        ("ask_again_after", "91", "1 to 90 days"),
    ],
)
def test_a_wrong_window_owner_or_day_is_named(field: str, value: object, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        read_content({"variants": content().as_json()["variants"], field: value})


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Invalid, match='"valid_until": expected a time after'):
        read_content(
            {
                "variants": content().as_json()["variants"],
                "valid_from": "2026-12-01T08:00:00Z",
                "valid_until": "2026-12-01T08:00:00Z",
            }
        )
