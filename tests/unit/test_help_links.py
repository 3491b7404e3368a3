"""Addresses of the help centre: readable, ASCII, and stable by their code."""

import pytest

from helpdesk.channels.help_links import HelpLinks, code_in, code_of, fold, slug_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Wie ändere ich meine Adresse?", "wie-aendere-ich-meine-adresse"),
        ("Größe, Maß & Übergröße", "groesse-mass-uebergroesse"),
        ("u\u0308ber", "ueber"),
        ("What's a crème brûlée?", "whats-a-creme-brulee"),
        ("  --  ", ""),
        ("注文", ""),
        ("../../etc/passwd?x=1#y", "etc-passwd-x-1-y"),
    ],
)
def test_a_question_becomes_plain_words(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_slug_ends_in_a_code_that_depends_on_the_key_alone() -> None:
    before, after = slug_of("returns", "Wie sende ich etwas zurück?"), slug_of("returns", "Rücksendung: so geht es")
    assert before != after
    assert code_in(before) == code_in(after) == code_of("returns")
    assert code_of("returns") != code_of("return-cost")


def test_a_long_question_is_cut_between_words() -> None:
    slug = slug_of("k", "Darf ich " + "sehr " * 40 + "lange fragen?")
    assert len(slug) <= 80
    assert slug.startswith("darf-ich-sehr")
    assert "--" not in slug
    assert len(slug_of("k", "x" * 300)) <= 80


def test_a_question_without_latin_letters_leaves_the_code() -> None:
    assert slug_of("order", "注文") == code_of("order")


def test_a_link_leads_to_a_language_that_the_help_centre_speaks() -> None:
    links = HelpLinks(origin="https://help.example")
    assert links.to("returns", "de", "Rückgabe") == f"https://help.example/help/de/rueckgabe-{code_of('returns')}"
    assert links.to("returns", "fr") == f"https://help.example/help/fr/{code_of('returns')}"
    assert links.to("returns", "it") == f"https://help.example/help/en/{code_of('returns')}"


def test_without_a_help_centre_there_is_no_link() -> None:
    assert HelpLinks(origin="https://help.example", is_on=False).to("returns", "de") is None


def test_french_letters_are_folded_too() -> None:
    assert fold("Où est l’œuvre ? Ça a été livré…") == "ou-est-loeuvre-ca-a-ete-livre"
