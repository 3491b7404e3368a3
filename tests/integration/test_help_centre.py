"""The help centre's doors: what they show, where they lead, and what they refuse."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from prometheus_client import REGISTRY
from starlette.applications import Starlette

from connectors.contract import Introduction
from helpdesk.app import create_app
from helpdesk.channels.help_links import code_of
from helpdesk.insights.questions import load_article_figures
from helpdesk.web.admin.gaps.helpfulness import least_helpful
from knowledge.articles.content import ArticleWording, Content
from knowledge.articles.publishing import archive_all
from store.errors import Unavailable
from store.models import AskedQuestion, now
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.harness import settings_for
from tests.sample_articles import fill

ORIGIN = "http://help.test"
ARTICLE = f"/help/de/wie-schicke-ich-etwas-zurueck-{code_of('returns')}"
TWIN = f"/help/en/how-do-i-return-something-{code_of('returns')}"


@asynccontextmanager
async def opened(tmp_path: Path, url: str, **settings: Any) -> AsyncIterator[Starlette]:
    """Helpdesk at work with the small knowledge base."""
    app = create_app(
        settings_for(tmp_path, url, public_url=ORIGIN, **settings),
        embedder=LetterCounts(),
        rasa_transport=FakeBot().transport(),
    )
    async with app.router.lifespan_context(app):
        await fill(app.state.parts)
        yield app


@pytest.fixture
async def app(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Starlette]:
    async with opened(tmp_path, sqlite_url) as found:
        yield found


def reader(app: Starlette, address: str = "198.51.100.7", **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"accept": "text/html", **headers})


def form_of(page: str) -> dict[str, str]:
    found = re.search(r'name="csrf" value="([^"]*)"', page)
    assert found
    return {"csrf": found.group(1)}


def counted(helpful: str) -> float:
    return REGISTRY.get_sample_value("staffel_help_judgements_total", {"helpful": helpful}) or 0.0


async def test_the_door_leads_to_the_readers_language(app: Starlette) -> None:
    for header, language in (("en-GB,de;q=0.5", "en"), ("fr-CA, en;q=0.5", "fr"), ("it", "de")):
        answer = await reader(app, **{"accept-language": header}).get("/help")
        assert (answer.status_code, answer.headers["location"]) == (302, f"/help/{language}")
        assert "Accept-Language" in answer.headers["vary"]


async def test_the_start_shows_categories_and_what_is_asked_most(app: Starlette) -> None:
    before = (await reader(app).get("/help/de")).text
    assert "Rückgabe" in before
    assert "Lieferung und Versand" in before
    assert ARTICLE in before
    assert "Häufig gefragt" not in before


async def test_what_is_asked_most_comes_first(app: Starlette) -> None:
    parts = app.state.parts
    visit = await parts.visitors.visit(None, Introduction(language="de"))
    async with parts.db.write() as session:
        for number in range(3):
            session.add(
                AskedQuestion(
                    conversation_id=visit.conversation_id,
                    turn_id=f"t{number}",
                    seq=number,
                    text="secret words",
                    language="de",
                    outcome="answer",
                    article="parcel",
                    asked_at=now() - timedelta(days=number),
                )
            )
    page = (await reader(app).get("/help/de")).text
    assert "Häufig gefragt" in page
    assert page.index("Wo bleibt mein Paket?") < page.index("Themen")
    assert "secret words" not in page


async def test_an_article_is_a_page_with_all_that_search_engines_read(app: Starlette) -> None:
    answer = await reader(app).get(ARTICLE)
    page = answer.text
    assert answer.status_code == 200
    assert "<h1>Wie schicke ich etwas zurück?</h1>" in page
    assert "<strong>Mein Konto</strong>" in page
    assert f'<link rel="canonical" href="{ORIGIN}{ARTICLE}">' in page
    assert f'hreflang="en" href="{ORIGIN}{TWIN}"' in page
    assert "Aktualisiert am" in page
    data = json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert data["mainEntity"][0]["name"] == "Wie schicke ich etwas zurück?"
    assert "unsafe-inline" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("slug", ["returns", code_of("returns"), f"alter-wortlaut-{code_of('returns')}"])
async def test_key_and_older_addresses_lead_to_todays(app: Starlette, slug: str) -> None:
    answer = await reader(app).get(f"/help/de/{slug}")
    assert (answer.status_code, answer.headers["location"]) == (301, ARTICLE)


async def test_a_change_of_wording_shows_at_once_under_a_new_address(app: Starlette) -> None:
    changed = Content(
        category="returns", variants={"de": ArticleWording(question="Rücksendung: wie?", answer="Ganz einfach.")}
    )
    await fill(app.state.parts, {"returns": changed})
    old = await reader(app).get(ARTICLE)
    assert old.headers["location"] == f"/help/de/ruecksendung-wie-{code_of('returns')}"
    assert "Ganz einfach." in (await reader(app).get(old.headers["location"])).text


async def test_an_article_in_another_language_only_is_shown_in_that(app: Starlette) -> None:
    answer = await reader(app).get("/help/de/cards")
    assert (answer.status_code, answer.headers["location"]) == (
        302,
        f"/help/en/do-you-take-credit-cards-{code_of('cards')}",
    )


@pytest.mark.parametrize("path", ["/help/it", "/help/de/nothing", "/help/de/topic/nothing", "/help/xx/search?q=a"])
async def test_what_is_not_there_says_so_and_offers_the_search(app: Starlette, path: str) -> None:
    answer = await reader(app).get(path)
    assert answer.status_code == 404
    assert 'role="search"' in answer.text
    assert "noindex" in answer.text


async def test_an_archived_article_is_gone(app: Starlette) -> None:
    async with app.state.parts.db.write() as session:
        await archive_all(session, ["returns"], "test")
    await app.state.parts.library.refresh()
    assert (await reader(app).get(ARTICLE)).status_code == 404
    assert ARTICLE not in (await reader(app).get("/sitemap.xml")).text


async def test_the_search_finds_and_shows_what_was_asked_for(app: Starlette) -> None:
    page = (await reader(app).get("/help/de/search", params={"q": "Wie schicke ich etwas zurück?"})).text
    assert page.index(ARTICLE) < page.index("</ol>", page.index('class="results"'))
    assert "Sie melden die Rücksendung im Konto an." in page


async def test_a_search_quotes_what_it_was_asked_as_text(app: Starlette) -> None:
    page = (await reader(app).get("/help/de/search", params={"q": '"><script>alert(1)</script>' + "x" * 5_000})).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "x" * 300 not in page


async def test_who_searches_without_pause_is_asked_to_wait(app: Starlette) -> None:
    client = reader(app, address="203.0.113.9")
    answers = [await client.get("/help/de/search", params={"q": "paket"}) for _ in range(30)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert (await reader(app, address="203.0.113.10").get("/help/de/search?q=paket")).status_code == 200


async def test_a_judgement_is_counted_and_thanked_for(app: Starlette) -> None:
    client, before = reader(app), counted("yes")
    form = form_of((await client.get(ARTICLE)).text)
    answer = await client.post(ARTICLE, data={**form, "helpful": "yes"}, headers={"origin": ORIGIN})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ARTICLE}?helped=yes#helped")
    assert counted("yes") == before + 1
    thanks = (await client.get(answer.headers["location"])).text
    assert "Danke, das freut uns." in thanks
    assert 'name="helpful"' not in thanks


async def test_what_readers_say_of_a_page_counts_among_the_articles_figures(app: Starlette) -> None:
    for helpful, address in (("yes", "203.0.113.20"), ("no", "203.0.113.21"), ("no", "203.0.113.22")):
        client = reader(app, address=address)
        form = form_of((await client.get(ARTICLE)).text)
        await client.post(ARTICLE, data={**form, "helpful": helpful}, headers={"origin": ORIGIN})
    since = now() - timedelta(days=7)
    of_all, of_one = [await load_article_figures(app.state.parts.db, keys, since) for keys in (None, ["returns"])]
    for mine in (of_all["returns"], of_one["returns"]):
        assert (mine.helped, mine.unhelped, mine.seen) == (1, 2, 3)
    assert [article for article, _ in least_helpful(of_all)] == ["returns"]


@pytest.mark.parametrize("wrong", ["no form", "another site", "another browser"])
async def test_a_judgement_needs_the_pages_own_form(app: Starlette, wrong: str) -> None:
    client, before = reader(app), counted("no")
    form = form_of((await client.get(ARTICLE)).text)
    given = {"helpful": "no"} if wrong == "no form" else {**form, "helpful": "no"}
    sender = reader(app) if wrong == "another browser" else client
    origin = "https://evil.example" if wrong == "another site" else ORIGIN
    answer = await sender.post(ARTICLE, data=given, headers={"origin": origin})
    assert answer.status_code == 403
    assert counted("no") == before


async def test_a_judgement_that_is_neither_yes_nor_no_is_refused(app: Starlette) -> None:
    client = reader(app)
    form = form_of((await client.get(ARTICLE)).text)
    answer = await client.post(ARTICLE, data={**form, "helpful": "maybe"}, headers={"origin": ORIGIN})
    assert answer.status_code == 422


async def test_what_has_not_changed_is_not_sent_again(app: Starlette) -> None:
    client = reader(app)
    for path in ("/help/de", ARTICLE, "/sitemap.xml"):
        await client.get(path)
        first = await client.get(path)
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "no-cache" in first.headers["cache-control"]
    assert "private" in (await client.get(ARTICLE)).headers["cache-control"]


async def test_the_sitemap_lists_every_page_with_its_twins(app: Starlette) -> None:
    answer = await reader(app).get("/sitemap.xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    addresses = [url[0].text for url in root]
    assert len(addresses) == 2 + 6
    assert f"{ORIGIN}{ARTICLE}" in addresses
    assert answer.text.count("<lastmod>") == 6


async def test_an_installation_that_says_du_says_it_everywhere(tmp_path: Path, sqlite_url: str) -> None:
    async with opened(tmp_path, sqlite_url, formality="du") as app:
        page = (await reader(app).get("/help/de/search?q=")).text
        assert "Gib ein, was du wissen möchtest." in page


async def test_french_readers_find_the_frame_in_french_and_the_articles_there_are(app: Starlette) -> None:
    start = (await reader(app).get("/help/fr")).text
    assert '<html lang="fr">' in start
    assert "Comment pouvons-nous vous aider\N{NARROW NO-BREAK SPACE}?" in start
    assert "Retours" in start  # the topic's name
    assert f'<a href="{ARTICLE}" hreflang="de" lang="de">' in start
    assert '<span class="badge">en allemand</span>' in start
    found = (await reader(app).get("/help/fr/search", params={"q": "rückgabe"})).text
    assert "réponses trouvées" in found


async def test_a_link_to_an_article_in_french_leads_to_the_installations_language(app: Starlette) -> None:
    answer = await reader(app).get(f"/help/fr/{code_of('returns')}")
    assert (answer.status_code, answer.headers["location"]) == (302, ARTICLE)


async def test_who_comes_from_another_channel_is_asked_in_french(app: Starlette) -> None:
    page = (await reader(app, **{"accept-language": "fr"}).get("/continue/any-token")).text
    assert '<html lang="fr">' in page
    assert "Continuer ici, dans le chat" in page


async def test_the_demonstration_shop_is_there_in_french(app: Starlette) -> None:
    page = (await reader(app).get("/", params={"lang": "fr"})).text
    assert 'data-language="fr"' in page
    assert "39,90" in page


async def test_a_help_centre_that_is_off_is_not_there(tmp_path: Path, sqlite_url: str) -> None:
    async with opened(tmp_path, sqlite_url, help_centre="off") as app:
        client = reader(app)
        for path in ("/help", "/help/de", ARTICLE, "/sitemap.xml"):
            assert (await client.get(path)).status_code == 404
        assert "Sitemap" not in (await client.get("/robots.txt")).text
        assert app.state.parts.links.to("returns", "de") is None


async def test_pages_are_there_while_the_database_is_away(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Any:
        raise Unavailable("away")

    monkeypatch.setattr(app.state.parts.db, "read", away)
    client = reader(app)
    for path in ("/help/de", ARTICLE, "/help/de/search?q=paket", "/help/de/topic/returns"):
        assert (await client.get(path)).status_code == 200


async def test_what_can_not_be_done_is_said_in_the_language_of_the_address(app: Starlette) -> None:
    async with reader(app, **{"accept-language": "de"}) as browser:
        refused = await browser.put("/help/fr")
    assert refused.status_code == 405
    assert '<html lang="fr">' in refused.text
    assert "Cette adresse ne permet pas cela." in refused.text
    assert "Retour au début" in refused.text
    assert "gate-languages" not in refused.text  # the languages of staff


async def test_other_pages_for_customers_say_it_as_the_browser_wishes(app: Starlette) -> None:
    async with reader(app, **{"accept-language": "fr"}) as browser:
        refused = await browser.put("/continue/some-token")
        of_staff = await browser.put("/desk")
    assert "Cela n’a pas fonctionné" in refused.text
    assert '<html lang="de">' in of_staff.text
    assert "gate-languages" in of_staff.text


async def test_an_error_that_nobody_expected_is_said_in_the_customers_form_of_address(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path, sqlite_url, formality="du") as app, reader(app) as browser:
        monkeypatch.setattr(app.state.parts.library, "search_many", _break)
        failed = await browser.get("/help/de/search", params={"q": "zurückschicken"})
    assert failed.status_code == 500
    assert "Bitte versuche es noch einmal." in failed.text


async def _break(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("broken on purpose")
