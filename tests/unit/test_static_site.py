"""The help centre as files: whole, linked, and without anything from elsewhere."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from helpdesk.web.help.static_site import StaticSite
from helpdesk.web.shared.pages import make_environment
from knowledge.articles.content import ArticleWording, Content

AT = datetime(2026, 5, 1, tzinfo=UTC)


def wording(question: str, answer: str = "Ja.") -> ArticleWording:
    return ArticleWording(question=question, answer=answer)


def content(*, category: str | None = None, until: datetime | None = None, **variants: ArticleWording) -> Content:
    return Content(variants=variants, category=category, valid_until=until)


def site_of(articles: dict[str, Content], fallback: str = "de") -> dict[str, str]:
    raw = StaticSite(articles=articles, environment=make_environment(), fallback=fallback, at=AT).as_zip()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


SHOP = {
    "returns": content(
        category="orders", de=wording("Wie sende ich etwas zurück?", "Im **Konto**."), en=wording("How?")
    ),
    "pay": content(category="payment", de=wording("Womit kann ich zahlen?")),
    "open": content(de=wording("Wann ist offen?")),
    "old": content(de=wording("Gilt das noch?"), until=AT - timedelta(days=1)),
    **{f"more-{number}": content(category="orders", de=wording(f"Frage {number}?")) for number in range(7)},
}


def test_every_link_leads_to_a_file_of_the_site() -> None:
    site = site_of(SHOP)
    pages = {name: text for name, text in site.items() if name.endswith(".html")}
    links = {
        (name, link)
        for name, text in pages.items()
        for link in re.findall(r'(?:href|src)="([^"#]+)"', text) + re.findall(r"url=([^\"]+)\"", text)
    }
    assert len(links) > 50
    for name, link in links:
        folder = PurePosixPath(name).parent
        parts: list[str] = []
        for part in (folder / link).parts:
            parts = parts[:-1] if part == ".." else [*parts, part]
        assert "/".join(parts) in site, (name, link)


def test_every_article_can_be_reached_from_the_start() -> None:
    site = site_of(SHOP)
    start, topic = site["de/index.html"], site["de/topic.orders.html"]
    assert "Alle 8 Fragen" in start
    assert "Womit kann ich zahlen?" in start
    assert "Weitere Fragen" in start
    assert all(f"Frage {number}?" in topic for number in range(7))
    article = next(text for name, text in site.items() if name.startswith("de/wie-sende-ich-etwas-zurueck-"))
    assert "<strong>Konto</strong>" in article
    assert re.search(r'href="\.\./en/how-[a-z0-9]+\.html" hreflang="en"', article)


def test_what_customers_do_not_see_now_is_not_in_it() -> None:
    assert not [name for name in site_of(SHOP) if "gilt-das-noch" in name]


def test_nothing_of_it_comes_from_elsewhere_or_runs() -> None:
    evil = {"x": content(de=wording("<script>alert(1)</script>?", "<img src=https://x.test/a.png onerror=alert(1)>"))}
    for name, text in site_of(evil).items():
        runs = text.replace('<script type="application/ld+json">', "").replace("</script>", "", text.count("ld+json"))
        assert "<script" not in runs, name
        assert "<img" not in text, name
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text), name


def test_a_site_of_one_language_offers_no_other() -> None:
    site = site_of({"pay": content(en=wording("How can I pay?"))})
    assert not [name for name in site if name.startswith("de/")]
    assert "url=en/index.html" in site["index.html"]
    assert '<nav class="languages"' not in site["en/index.html"]


def test_an_empty_knowledge_base_is_a_site_that_says_so() -> None:
    assert "Hier steht noch nichts." in site_of({})["de/index.html"]
