"""What the help centre's pages are made of: the shelf, the search's results, and what search engines read."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

import numpy as np
import pytest

from helpdesk.channels.help_links import code_of
from helpdesk.web.help.page_index import UNSORTED, HelpPageIndex
from helpdesk.web.help.search_results import MAX_QUERY_LENGTH, read_query, results_of
from helpdesk.web.help.seo import SitemapEntry, describe, faq_data, og_locale, robots, sitemap
from knowledge.articles.content import ArticleWording, Content
from knowledge.search.index import Snapshot, build_snapshot
from knowledge.search.index_entry import IndexEntry, make_entry
from knowledge.search.library import SearchCandidate, SearchResult
from knowledge.search.ranking import SearchOutcome
from knowledge.search.vector_space import plain_space

GERMAN = ArticleWording(question="Wie sende ich etwas zurück?", answer="Innerhalb von 30 Tagen.")
ENGLISH = ArticleWording(question="How do I return something?", answer="Within 30 days.")


def entry(key: str, *, revision: int = 1, category: str | None = "returns", **variants: ArticleWording) -> IndexEntry:
    return make_entry(key, revision, Content(variants=variants, category=category), {})


def snapshot(*entries: IndexEntry, revision: int = 1) -> Snapshot:
    return build_snapshot(entries, revision=revision, space=plain_space())


def shelf(*entries: IndexEntry) -> HelpPageIndex:
    return HelpPageIndex().renewed(snapshot(*entries))


def found(outcome: str, *candidates: tuple[str, float]) -> SearchResult:
    return SearchResult(
        language="de",
        outcome=SearchOutcome(outcome),
        candidates=tuple(SearchCandidate(article=key, confidence=sure, question=key) for key, sure in candidates),
        embedding=np.zeros(384, np.float32),
        ms=1.0,
    )


def test_an_article_is_found_by_its_slug_its_key_and_an_older_slug() -> None:
    mine = shelf(entry("returns", de=GERMAN))
    for slug in (f"wie-sende-ich-etwas-zurueck-{code_of('returns')}", "returns", f"older-words-{code_of('returns')}"):
        page = mine.find(slug, "de")
        assert page is not None
        assert page.path == f"/help/de/wie-sende-ich-etwas-zurueck-{code_of('returns')}"
    assert mine.find("wie-sende-ich-etwas-zurueck", "de") is None


def test_an_article_that_is_missing_in_a_language_leads_to_the_one_it_has() -> None:
    page = shelf(entry("returns", en=ENGLISH)).find("returns", "de")
    assert page is not None
    assert page.language == "en"


def test_articles_in_other_languages_only_have_no_page() -> None:
    assert shelf(entry("returns", it=ENGLISH)).find("returns", "en") is None


def test_two_articles_that_share_a_code_are_told_apart_by_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.web.help.page_index.code_of", lambda key: "aaaaaa")
    monkeypatch.setattr("helpdesk.channels.help_links.code_of", lambda key: "aaaaaa")
    other = ArticleWording(question="Was kostet der Versand?", answer="4,95 €")
    mine = shelf(entry("returns", de=GERMAN), entry("cost", de=other))
    assert [
        getattr(mine.find(slug, "de"), "key", None)
        for slug in ("was-kostet-der-versand-aaaaaa", "wie-sende-ich-etwas-zurueck-aaaaaa")
    ] == ["cost", "returns"]


def test_pages_of_unchanged_articles_are_kept_and_changed_ones_made_anew() -> None:
    first = shelf(entry("a", de=GERMAN), entry("b", de=GERMAN))
    changed = ArticleWording(question="Neu?", answer="Ja.")
    second = first.renewed(snapshot(entry("a", de=GERMAN), entry("b", revision=2, de=changed), revision=2))
    assert second.by_key["a"]["de"] is first.by_key["a"]["de"]
    assert second.by_key["b"]["de"].question == "Neu?"
    assert second.renewed(second.snapshot or snapshot()) is second


def test_topics_hold_what_is_asked_most_first_and_the_unsorted_last() -> None:
    def words(question: str) -> ArticleWording:
        return ArticleWording(question=question, answer="…")

    mine = shelf(
        entry("a", de=words("Ä?"), category=None),
        entry("b", de=words("B?"), category="orders"),
        entry("c", de=words("C?"), category="orders"),
    )
    topics = mine.topics("de", {"c": 3})
    assert [(topic.slug, [page.key for page in topic.pages]) for topic in topics] == [
        ("orders", ["c", "b"]),
        (UNSORTED, ["a"]),
    ]
    assert [topic.slug for topic in mine.topics("en", {})] == ["orders", UNSORTED]  # nothing is written in English yet
    assert shelf().topics("en", {}) == []


def test_what_nothing_answers_is_only_near() -> None:
    mine = shelf(entry("a", de=GERMAN), entry("b", en=ENGLISH))
    none = results_of(found("none", ("a", 0.3), ("b", 0.01), ("gone", 0.3)), mine, "de")
    assert (none.found, [result.page.key for result in none.near]) == ((), ["a"])
    sure = results_of(found("answer", ("a", 0.9), ("b", 0.05)), mine, "de")
    assert [(result.page.key, result.page.language) for result in sure.found] == [("a", "de"), ("b", "en")]


def test_a_query_is_one_short_line() -> None:
    assert read_query(" wo\nist\x00 mein \u202e") == "wo ist  mein"
    assert len(read_query("x" * 5_000)) == MAX_QUERY_LENGTH


@pytest.mark.parametrize(
    ("answer", "description"),
    [
        ("Ja.", "Ja."),
        ("Sie haben **30 Tage** Zeit, z. B. vom 1. Mai an gerechnet. Danach nicht mehr.", None),
        ("1. Öffnen Sie [das Konto](https://a.example).\n2. Wählen Sie etwas.", None),
        ("A & B <kein HTML>", "A & B <kein HTML>"),
        ("wort " * 100, None),
    ],
)
def test_a_description_is_plain_text_of_at_most_160_characters(answer: str, description: str | None) -> None:
    said = describe(answer)
    assert description in (None, said)
    assert 0 < len(said) <= 160
    assert "**" not in said
    assert "](" not in said


def test_the_structured_data_is_a_faq_page_that_can_not_end_its_element() -> None:
    hostile = "</script><script>alert(1)</script> & <!-- \u2028"
    text = faq_data(hostile, f"**fett** {hostile}", "de", datetime(2026, 11, 23, tzinfo=UTC))
    assert not {"<", ">", "&", "\u2028"} & set(text)
    data = json.loads(text)
    assert (data["@type"], data["dateModified"]) == ("FAQPage", "2026-11-23T00:00:00+00:00")
    assert data["mainEntity"][0]["name"] == hostile
    assert "<strong>fett</strong>" in data["mainEntity"][0]["acceptedAnswer"]["text"]
    assert "<script" not in data["mainEntity"][0]["acceptedAnswer"]["text"]


def test_the_sitemap_is_xml_with_twins_and_dates() -> None:
    twins = {"de": "https://a.example/help/de/x?a=1&b=2", "en": "https://a.example/help/en/x"}
    xml = sitemap([SitemapEntry(address=twins["de"], alternates=twins, changed=datetime(2026, 11, 23, tzinfo=UTC))])
    root = ElementTree.fromstring(xml.encode())  # noqa: S314 - our own
    url = root[0]
    assert [child.tag.rpartition("}")[2] for child in url] == ["loc", "lastmod", "link", "link"]
    assert url[0].text == twins["de"]
    assert url[3].get("hreflang") == "en"


def test_search_engines_see_the_help_centre_and_nothing_of_the_staff() -> None:
    lines = robots("https://a.example", help_centre=True).splitlines()
    assert {"Disallow: /desk", "Disallow: /admin", "Allow: /help/"} <= set(lines)
    assert lines[-1] == "Sitemap: https://a.example/sitemap.xml"
    assert "Sitemap" not in robots("https://a.example", help_centre=False)


def test_social_networks_are_told_the_language_with_its_territory() -> None:
    assert [og_locale(language) for language in ("de", "en", "fr", "tlh")] == ["de_DE", "en_GB", "fr_FR", "en_GB"]


def test_a_language_without_any_article_shows_those_of_the_installations_language() -> None:
    both = entry("a", de=GERMAN, en=ENGLISH)
    german = HelpPageIndex(fallback="de").renewed(snapshot(both, entry("b", en=ENGLISH)))
    assert [(page.key, page.language) for page in german.pages("fr")] == [("a", "de"), ("b", "en")]
    assert [page.language for page in HelpPageIndex(fallback="en").renewed(snapshot(both)).pages("fr")] == ["en"]


def test_a_language_with_an_article_of_its_own_shows_its_own_alone() -> None:
    mine = shelf(entry("a", de=GERMAN), entry("b", de=GERMAN, fr=ENGLISH))
    assert [page.key for page in mine.pages("fr")] == ["b"]
