"""The questions of pages as shops and help centres build them: through the cleaning of pages and the reader of HTML."""

import pytest

from knowledge.sites.page_questions import find_questions
from knowledge.sites.site_client import PageStamp, SiteResponse
from knowledge.sites.site_problems import SiteProblem, SiteProblemKind
from knowledge.sites.web_page import read_web_page

HOW_LONG, HOW_BACK = "Wie lange dauert die Lieferung?", "Wie gebe ich etwas zurück?"
LONG = "Wir liefern in zwei bis drei Werktagen, in die Schweiz in fünf."
BACK = "Senden Sie das Paket innerhalb von 30 Tagen zurück; der Aufkleber liegt bei."
SHAPES = {
    "details": f"<main><h1>Hilfe</h1><details><summary>{HOW_LONG}</summary><p>{LONG}</p></details>"
    f"<details><summary>{HOW_BACK}</summary><p>{BACK}</p></details></main>",
    "bootstrap": '<h1>FAQ</h1><div class="accordion"><div class="accordion-item"><h2 class="accordion-header">'
    f'<button data-bs-toggle="collapse" data-bs-target="#a">{HOW_LONG}</button></h2>'
    f'<div id="a" class="accordion-collapse collapse"><div class="accordion-body"><p>{LONG}</p></div></div></div>'
    f'<div class="accordion-item"><h2><button data-bs-toggle="collapse" data-bs-target="#b">{HOW_BACK}</button></h2>'
    f'<div id="b" class="collapse"><p>{BACK}</p></div></div></div>',
    "elementor": '<div class="elementor-toggle"><div class="elementor-tab-title" role="button" aria-controls="a">'
    f'<a class="elementor-toggle-title" tabindex="0">{HOW_LONG}</a></div><div id="a" hidden><p>{LONG}</p></div>'
    f'<div class="elementor-tab-title" role="button" aria-controls="b"><a class="elementor-toggle-title">{HOW_BACK}</a>'
    f'</div><div id="b" hidden><p>{BACK}</p></div></div>',
    "checkboxes": '<section class="faq"><h1>FAQ</h1><input type="checkbox" id="a"><label for="a" class="faq-question">'
    f'{HOW_LONG}</label><div class="faq-answer"><p>{LONG}</p></div><input type="checkbox" id="b">'
    f'<label for="b" class="faq-question">{HOW_BACK}</label><div class="faq-answer"><p>{BACK}</p></div></section>',
    "terms": f"<h1>Fragen</h1><dl><dt>{HOW_LONG}</dt><dd>{LONG}</dd><dt>{HOW_BACK}</dt><dd>{BACK}</dd></dl>",
    "headings": f"<article><h1>Häufige Fragen</h1><h2>Versand</h2><h3>{HOW_LONG}</h3><p>{LONG}</p><h2>Rückgabe</h2>"
    f"<h3>{HOW_BACK}</h3><p>{BACK}</p></article>",
    "bold": f"<main><h1>FAQ</h1><p><strong>{HOW_LONG}</strong></p><p>{LONG}</p><p><strong>{HOW_BACK}</strong></p>"
    f"<p>{BACK}</p></main>",
    "data": '<script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": '
    f'"{HOW_LONG}", "acceptedAnswer": {{"@type": "Answer", "text": "{LONG}"}}}}, {{"@type": "Question", "name": '
    f'"{HOW_BACK}", "acceptedAnswer": {{"@type": "Answer", "text": "{BACK}"}}}}]}}</script><main><h1>FAQ</h1></main>',
}
ARTICLE = (
    '<header><nav><a href="/hc">Start</a></nav></header><main role="main"><ol class="breadcrumbs"><li>Versand</li></ol>'
    '<section class="article-sidebar"><h3>In diesem Abschnitt</h3><a href="/x">Anderer Beitrag</a></section>'
    f'<article><header><h1>{HOW_LONG}</h1><div class="article-author"><a href="/u">Ada</a><ul class="meta-group">'
    f'<li>vor 1 Jahr</li></ul></div></header><div class="article-body"><p>{LONG}</p><p>{BACK}</p></div>'
    '<footer><div class="article-votes">War dieser Beitrag hilfreich?</div></footer></article></main>'
)


def found_on(html: str, *, whole_site: bool = False, url: str = "https://boote.example/hilfe/a") -> dict[str, str]:
    """Answers by question."""
    page = f'<html lang="de"><head><title>Hilfe – Boote</title></head><body>{html}</body></html>'.encode()
    response = SiteResponse(url=url, body=page, media_type="text/html", charset="utf-8", stamp=PageStamp())
    found = find_questions(read_web_page(response), language="de", whole_site=whole_site)
    wordings = [wording for _, content in found.articles for wording in content.variants.values()]
    return {wording.question: wording.answer for wording in wordings}


@pytest.mark.parametrize("shape", SHAPES)
def test_questions_are_found_however_a_page_is_built(shape: str) -> None:
    assert found_on(SHAPES[shape]) == {HOW_LONG: LONG, HOW_BACK: BACK}


def test_of_a_help_centres_page_only_the_article_is_taken() -> None:
    assert found_on(ARTICLE) == {HOW_LONG: f"{LONG}\n\n{BACK}"}


@pytest.mark.parametrize(
    "html",
    [
        f'<h1>Hilfe</h1><h2>Versand</h2><ul><li><a href="/a">{HOW_LONG}</a></li></ul><a href="/b">{BACK}</a>',
        f"<h1>Anmelden</h1><p>{LONG}</p><form><input type='password'></form>",
        f"<p>{LONG[:30]}</p>",
        "",
    ],
)
def test_lists_of_links_forms_and_scraps_are_no_article(html: str) -> None:
    with pytest.raises(SiteProblem) as passed:
        found_on(html)
    assert passed.value.kind is SiteProblemKind.NO_QUESTIONS


def test_where_a_whole_site_is_read_what_is_sold_is_no_article() -> None:
    offer = f"<main><h1>Das schönste Boot</h1><p>{LONG}</p></main>"
    with pytest.raises(SiteProblem):
        found_on(offer, whole_site=True, url="https://boote.example/boote/schoen")
    assert found_on(offer, whole_site=True, url="https://boote.example/faq/schoen")
    assert found_on(SHAPES["details"], whole_site=True, url="https://boote.example/boote/schoen")
