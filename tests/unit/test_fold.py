"""The fold of a long answer: between sentences or blocks, never inside markup."""

import pytest

from helpdesk.views.fold import FoldedAnswer, count_outermost, render_folded
from store.markdown import render


def test_without_a_lead_the_whole_answer_is_shown() -> None:
    assert render_folded("Eins.\n\nZwei.", None) == FoldedAnswer(html=render("Eins.\n\nZwei."))


def test_a_fold_between_paragraphs_counts_what_comes_before_it() -> None:
    text = "Erst das.\n\nDann dies.\n\n1. eins\n2. zwei"
    folded = render_folded(text, text.index("1."))
    assert folded.html == render(text)
    assert folded.fold == 2


def test_a_fold_after_the_first_sentence_makes_two_paragraphs_of_one() -> None:
    text = "Ja, innerhalb von 30 Tagen. Legen Sie den Schein bei."
    folded = render_folded(text, text.index(" Legen"))
    assert folded.fold == 1
    assert folded.html.count("<p>") == 2
    assert "Legen Sie den Schein bei." in folded.html


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Das ist **sehr wichtig. Wirklich** so.", "Wirklich"),
        ("Siehe [unsere Seite. Dort](https://a.example) mehr.", "Dort"),
        ("1. eins\n2. zwei\n3. drei", "2."),
        ("> Ein Zitat. Noch ein Satz.\n> Und einer.", "Noch"),
        ("```\na. b\nc\n```\nEnde", "c"),
        ("| a | b |\n|---|---|\n| c | d |", "| c"),
        ("Siehe [hier].\n\nMehr.\n\n[hier]: https://a.example", "Mehr"),
    ],
)
def test_a_cut_inside_markup_is_no_fold(text: str, at: str) -> None:
    assert render_folded(text, text.index(at)) == FoldedAnswer(html=render(text))


@pytest.mark.parametrize("lead", [0, -3, 5, 500])
def test_a_lead_that_leaves_nothing_on_one_side_is_no_fold(lead: int) -> None:
    assert render_folded("Kurz.", lead).fold is None


def test_both_sides_of_a_fold_are_sanitised() -> None:
    text = "Hallo <script>alert(1)</script>.\n\n[x](javascript:alert(1)) und <b>fett</b>"
    folded = render_folded(text, text.index("[x]"))
    assert "<script" not in folded.html
    assert "href" not in folded.html


def test_outermost_elements_are_counted_and_inner_ones_are_not() -> None:
    assert count_outermost("<p>a<br>b</p><ul><li>c</li><li><p>d</p></li></ul><hr>") == 3


def test_the_short_answer_is_a_quotation_with_a_heading_and_the_whole_article_follows() -> None:
    shown, article = "Gern!\n\nNach 5 Tagen.", "Das dauert.\n\nNach 5 Tagen."
    folded = render_folded(f"{shown}\n\n{article}", len(shown), len("Nach 5 Tagen."), "Kurz & gut")
    assert folded.fold == 2
    assert folded.html.startswith(
        "<p>Gern!</p>\n<blockquote><p><strong>Kurz &amp; gut</strong></p><p>Nach 5 Tagen.</p>\n</blockquote>"
    )
    assert folded.html.endswith(render(article))


def test_a_short_answer_alone_has_no_fold() -> None:
    folded = render_folded("Dazu steht hier nur:\n\nNach 5 Tagen.", None, len("Nach 5 Tagen."), "Kurz")
    assert folded.fold is None
    assert "<blockquote><p><strong>Kurz</strong></p><p>Nach 5 Tagen.</p>" in folded.html
