"""Reading a site over real HTTP: what is found, what is kept from us, what is never asked for."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from knowledge.sites.site_address import read_site_address
from knowledge.sites.site_client import SiteClient
from knowledge.sites.site_contents import assemble
from knowledge.sites.site_problems import SiteProblem, SiteProblemKind
from knowledge.sites.site_reader import SiteLimits, SiteProgress, SiteReading, read_site
from tests.fakes.web_site import HostedPage, WebSite, faq_page, packed, serve_site, site_page

OARS = ("How long are the oars?", "Every oar is 2.4 metres long.")
HULL = ("What is the hull made of?", "The hull is made of larch, oiled twice.")
PADDLE = ("Is a paddle included?", "One paddle comes with every boat.")


class Patience:
    """Pauses that take no time, and how long they would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
async def site() -> AsyncIterator[WebSite]:
    async with serve_site() as running:
        yield running


@pytest.fixture
def patience() -> Patience:
    return Patience()


@pytest.fixture
async def client(site: WebSite, patience: Patience) -> AsyncIterator[SiteClient]:
    """A client that may read this one place of loopback."""
    made = SiteClient(public_url="https://staffel.example", own_hosts=[f"127.0.0.1:{site.port}"], pause=patience)
    yield made
    await made.close()


async def read(client: SiteClient, address: str, **how: Any) -> SiteReading:
    return await read_site(client, read_site_address(address), language="en", **how)


def questions(reading: SiteReading) -> list[str]:
    found = assemble(reading.pages).articles.values()
    return sorted(wording.question for content in found for wording in content.variants.values())


async def test_a_page_of_questions_is_read_without_what_stands_around_it(site: WebSite, client: SiteClient) -> None:
    site.put("/help", faq_page(OARS, HULL))

    reading = await read(client, f"{site.url}/help")

    contents = assemble(reading.pages)
    assert questions(reading) == [OARS[0], HULL[0]]
    assert set(contents.sources.values()) == {f"{site.url}/help"}
    answers = [wording.answer for each in contents.articles.values() for wording in each.variants.values()]
    assert sorted(answers) == [OARS[1], HULL[1]]


async def test_pages_are_found_by_their_links_within_the_path(site: WebSite, client: SiteClient) -> None:
    links = '<a href="oars">Oars</a><a href="/help/hull?utm_source=menu#top">Hull</a><a href="/shop">Shop</a>'
    site.put("/help/", site_page(links, "Help"))
    site.put("/help/oars", faq_page(OARS, more='<a href="/help/paddle">Paddle</a><a href="photo.jpg">Photo</a>'))
    site.put("/help/hull", faq_page(HULL))
    site.put("/help/paddle", faq_page(PADDLE))
    site.put("/shop", faq_page(("Never asked?", "Never read.")))

    reading = await read(client, f"{site.url}/help/")

    assert questions(reading) == sorted([OARS[0], HULL[0], PADDLE[0]])
    assert "/shop" not in site.asked
    assert "/help/photo.jpg" not in site.asked


async def test_the_sitemap_names_the_pages(site: WebSite, client: SiteClient) -> None:
    site.put("/robots.txt", f"User-agent: *\nSitemap: {site.url}/index.xml\n", media_type="text/plain")
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{site.url}/help.xml.gz</loc></sitemap></sitemapindex>'
    site.put("/index.xml", index, media_type="application/xml")
    pages = "".join(f"<s:url><s:loc>{site.url}{path}</s:loc></s:url>" for path in ("/help/oars", "/help/hull", "/shop"))
    listed = f'<?xml version="1.0"?><s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9">{pages}</s:urlset>'
    site.put("/help.xml.gz", packed(listed), media_type="application/gzip")
    site.put("/help", site_page("<h1>Help</h1>", "Help"))
    site.put("/help/oars", faq_page(OARS))
    site.put("/help/hull", faq_page(HULL))

    reading = await read(client, f"{site.url}/help")

    assert questions(reading) == sorted([OARS[0], HULL[0]])
    assert "/shop" not in site.asked


async def test_the_address_may_be_that_of_a_sitemap(site: WebSite, client: SiteClient) -> None:
    listed = f"<urlset><url><loc>{site.url}/oars</loc></url><url><loc>http://other.example/</loc></url></urlset>"
    site.put("/pages.xml", listed, media_type="text/xml")
    site.put("/oars", faq_page(OARS))

    assert questions(await read(client, f"{site.url}/pages.xml")) == [OARS[0]]


async def test_a_list_of_pages_is_read_and_nothing_else(site: WebSite, client: SiteClient) -> None:
    site.put("/oars", faq_page(OARS, more='<a href="/more">More</a>'))
    site.put("/hull", faq_page(HULL))

    reading = await read(client, f"{site.url}/oars {site.url}/hull")

    assert questions(reading) == sorted([OARS[0], HULL[0]])
    assert site.asked == ["/robots.txt", "/oars", "/hull"]


async def test_a_sitemap_with_entities_or_of_another_form_is_none(site: WebSite, client: SiteClient) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    site.put("/sitemap.xml", bomb, media_type="application/xml")
    site.put("/help", faq_page(OARS))

    assert questions(await read(client, f"{site.url}/help")) == [OARS[0]]


async def test_a_page_of_a_help_centre_that_is_one_article_is_one_question(site: WebSite, client: SiteClient) -> None:
    carried = "Carry it to the water, the bow first, and"
    text = f'<h1>Launching your boat</h1><p>{carried} <a href="/help/oars">bring the oars</a>.</p>'
    votes = '<div class="article-votes"><span>Was this article helpful?</span> 3 of 4</div><button>Print</button>'
    site.put("/help/launch", site_page(text + votes, "Launching your boat"))

    contents = assemble((await read(client, f"{site.url}/help/launch")).pages)

    [(key, content)] = contents.articles.items()
    assert key == "launching-your-boat"
    assert content.variants["en"].question == "Launching your boat"
    assert content.variants["en"].answer == f"{carried} [bring the oars]({site.url}/help/oars)."


async def test_a_page_in_two_languages_is_one_article(site: WebSite, client: SiteClient) -> None:
    spoken = {"de": "Das Boot zu Wasser lassen", "en": "Launching your boat"}
    text = {"de": "Tragen Sie es zu zweit ans Wasser, den Bug voran, und nehmen Sie die Ruder mit.",
            "en": "Carry it to the water together, the bow first, and bring the oars along."}  # fmt: skip
    twins = "".join(f'<link rel="alternate" hreflang="{code}" href="/hc/{code}/launch">' for code in spoken)
    for code, title in spoken.items():
        page = site_page(f"<h1>{title}</h1><p>{text[code]}</p>", title, code)
        site.put(f"/hc/{code}/launch", page.replace("</head>", f"{twins}</head>"))
    site.put("/hc", site_page('<a href="/hc/de/launch">de</a><a href="/hc/en/launch">en</a>', "Help"))

    contents = assemble((await read(client, f"{site.url}/hc")).pages)

    [(key, content)] = contents.articles.items()
    assert key == "das-boot-zu-wasser-lassen"
    assert {code: wording.question for code, wording in content.variants.items()} == spoken
    assert contents.sources == {key: f"{site.url}/hc/de/launch"}


async def test_of_a_whole_site_only_pages_that_speak_of_help_are_articles(site: WebSite, client: SiteClient) -> None:
    long = "<p>Our finest boat is a joy to row, on lakes and on rivers, in summer and in autumn alike.</p>"
    site.put("/", site_page('<a href="/faq/oars">FAQ</a><a href="/boats/finest">Boats</a>', "Boat House"))
    site.put("/boats/finest", site_page(f"<h1>The finest boat</h1>{long}", "The finest boat"))
    site.put("/faq/oars", site_page(f"<h1>Which oars fit?</h1>{long}", "Which oars fit?"))

    reading = await read(client, site.url)

    assert questions(reading) == ["Which oars fit?"]
    assert (f"{site.url}/boats/finest", SiteProblemKind.NO_QUESTIONS) in [
        (each.url, each.kind) for each in reading.passed
    ]


async def test_what_stands_under_every_article_belongs_to_none(site: WebSite, client: SiteClient) -> None:
    plea = "<p>Still unsure? Call the boat house on any weekday and ask for the master.</p>"
    for number in range(6):
        text = (
            f"<h1>Knot number {number}</h1><p>Knot number {number} holds a boat of {number + 3} metres in any wind.</p>"
        )
        site.put(f"/help/{number}", site_page(text + plea, f"Knot {number}"))
    site.put("/help", site_page("".join(f'<a href="/help/{number}">{number}</a>' for number in range(6)), "Help"))

    contents = assemble((await read(client, f"{site.url}/help")).pages)

    assert len(contents.articles) == 6
    assert not any("Still unsure" in each.variants["en"].answer for each in contents.articles.values())


async def test_two_pages_with_the_same_question_are_two_articles_and_the_same_answer_is_one(
    site: WebSite, client: SiteClient
) -> None:
    site.put("/a/oars", faq_page(OARS))
    site.put("/b/oars", faq_page(OARS))
    site.put("/b/skiffs", faq_page((OARS[0], "For skiffs they are 2.1 metres long.")))

    reading = await read(client, f"{site.url}/b/skiffs {site.url}/b/oars {site.url}/a/oars")

    assert sorted(assemble(reading.pages).articles) == ["how-long-are-the-oars", "how-long-are-the-oars-skiffs"]


async def test_robots_txt_is_obeyed_for_pages_and_for_what_they_redirect_to(site: WebSite, client: SiteClient) -> None:
    rules = "User-agent: Staffel\nDisallow: /help/private\n\nUser-agent: *\nDisallow: /\n"
    site.put("/robots.txt", rules, media_type="text/plain")
    site.put("/help", faq_page(OARS, more='<a href="/help/private/x">x</a><a href="/help/moved">moved</a>'))
    site.put("/help/private/x", faq_page(HULL))
    site.put("/help/moved", "", status=302, headers={"Location": "/help/private/x"})

    reading = await read(client, f"{site.url}/help")

    assert questions(reading) == [OARS[0]]
    assert "/help/private/x" not in site.asked
    assert {each.kind for each in reading.passed} == {SiteProblemKind.ROBOTS}


async def test_a_site_that_wants_no_programs_is_not_read(site: WebSite, client: SiteClient) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", media_type="text/plain")
    site.put("/help", faq_page(OARS))

    with pytest.raises(SiteProblem) as refused:
        await read(client, f"{site.url}/help")

    assert refused.value.kind is SiteProblemKind.ROBOTS
    assert site.asked == ["/robots.txt"]


async def test_while_robots_txt_cannot_be_read_nothing_is(site: WebSite, client: SiteClient) -> None:
    site.put("/robots.txt", "", status=500)
    site.put("/help", faq_page(OARS))

    with pytest.raises(SiteProblem) as refused:
        await read(client, f"{site.url}/help")

    assert refused.value.kind is SiteProblemKind.ROBOTS_AWAY
    assert "/help" not in site.asked


async def test_requests_say_who_asks_and_carry_nothing_else(site: WebSite, client: SiteClient) -> None:
    site.put("/help", faq_page(OARS, more='<a href="/help/b">b</a>'), headers={"Set-Cookie": "seen=yes; Path=/"})
    site.put("/help/b", faq_page(HULL))

    await read(client, f"{site.url}/help")

    for _, headers in site.requests:
        assert headers["user-agent"] == "Staffel (+https://staffel.example)"
        assert not {"cookie", "authorization", "referer"} & headers.keys()


async def test_one_request_at_a_time_and_a_pause_before_each(
    site: WebSite, client: SiteClient, patience: Patience
) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7\n", media_type="text/plain")
    site.put("/help", faq_page(OARS, more='<a href="/help/b">b</a><a href="/help/c">c</a>'))
    site.put("/help/b", faq_page(HULL))
    site.put("/help/c", faq_page(PADDLE))

    await read(client, f"{site.url}/help")

    assert site.most_under_way == 1
    assert len(patience.seconds) == len(site.requests)
    assert patience.seconds[0] == 0
    assert 0.5 < patience.seconds[1] <= 1.2  # after robots.txt, which asks for more from then on
    assert all(5 < seconds <= 8.4 for seconds in patience.seconds[2:])


async def test_a_site_that_wants_to_be_asked_once_a_day_is_not_read(site: WebSite, client: SiteClient) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 86400\n", media_type="text/plain")
    site.put("/help", faq_page(OARS))

    with pytest.raises(SiteProblem) as refused:
        await read(client, f"{site.url}/help")

    assert refused.value.kind is SiteProblemKind.BUSY
    assert site.asked == ["/robots.txt"]


async def test_a_busy_site_is_asked_again_when_it_wants(site: WebSite, client: SiteClient, patience: Patience) -> None:
    site.put("/help", faq_page(OARS))
    site.first["/help"] = [HostedPage(status=429, headers={"Retry-After": "40"}), HostedPage(status=503)]

    assert questions(await read(client, f"{site.url}/help")) == [OARS[0]]
    assert 40.0 in patience.seconds


async def test_a_site_that_wants_hours_is_left_alone(site: WebSite, client: SiteClient) -> None:
    site.put("/help", "", status=503, headers={"Retry-After": "7200"})

    with pytest.raises(SiteProblem) as refused:
        await read(client, f"{site.url}/help")

    assert refused.value.kind is SiteProblemKind.BUSY
    assert site.asked.count("/help") == 1


async def test_a_page_that_has_not_changed_is_not_sent_again(site: WebSite, client: SiteClient) -> None:
    site.put("/help", faq_page(OARS, more='<a href="/help/b">b</a>'))
    site.put("/help/b", faq_page(HULL))
    first = await read(client, f"{site.url}/help")

    site.put("/help/b", faq_page(PADDLE))
    again = await read(client, f"{site.url}/help", known={page.url: page for page in first.pages})

    assert questions(again) == sorted([OARS[0], PADDLE[0]])
    assert dict(site.unchanged) == {"/help": 1}


async def test_what_cannot_be_read_at_the_moment_stays_and_what_is_gone_goes(site: WebSite, client: SiteClient) -> None:
    site.put("/a", faq_page(OARS))
    site.put("/b", faq_page(HULL))
    site.put("/c", faq_page(PADDLE))
    address = f"{site.url}/a {site.url}/b {site.url}/c"
    first = await read(client, address)

    site.put("/b", "", status=500)
    del site.pages["/c"]
    again = await read(client, address, known={page.url: page for page in first.pages})

    assert questions(again) == sorted([OARS[0], HULL[0]])
    assert [each.kind for each in again.passed] == [SiteProblemKind.STATUS, SiteProblemKind.GONE]


async def test_a_reading_ends_at_its_limits_and_says_so(site: WebSite, client: SiteClient) -> None:
    pages = [f"/p{number}" for number in range(5)]
    for path in pages:
        site.put(path, faq_page((f"What is {path}?", f"The page {path} of this site.")))

    reading = await read(client, " ".join(site.url + path for path in pages), limits=SiteLimits(pages=3))

    assert (reading.read, reading.unread) == (3, 2)
    assert len(questions(reading)) == 3


async def test_links_are_followed_so_far_and_no_further(site: WebSite, client: SiteClient) -> None:
    for number in range(6):
        more = f'<a href="/help/{number + 1}">next</a>'
        site.put(f"/help/{number}", faq_page((f"Step {number}?", f"This is step {number}."), more=more))
    site.put("/help", site_page('<a href="/help/0">first</a>', "Help"))

    reading = await read(client, f"{site.url}/help", limits=SiteLimits(depth=2))

    assert len(questions(reading)) == 2


async def test_a_page_that_is_too_large_or_unfolds_is_passed_over(
    site: WebSite, client: SiteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.sites.site_reader.MAX_PAGE_BYTES", 20_000)
    site.put("/a", faq_page(OARS))
    site.put("/large", "x" * 30_000)
    site.put("/bomb", packed("x" * 3_000_000), headers={"Content-Encoding": "gzip"})
    site.put("/strange", b"\x00", headers={"Content-Encoding": "br"})

    reading = await read(client, " ".join(f"{site.url}{path}" for path in ("/a", "/large", "/bomb", "/strange")))

    kinds = [each.kind for each in reading.passed]
    assert kinds == [SiteProblemKind.TOO_BIG, SiteProblemKind.TOO_BIG, SiteProblemKind.PACKED]


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (HostedPage("x", media_type="application/pdf"), SiteProblemKind.KIND),
        (HostedPage(status=404), SiteProblemKind.GONE),
        (HostedPage(status=403), SiteProblemKind.SIGN_IN),
        (HostedPage(status=302, headers={"Location": "https://other.example/"}), SiteProblemKind.ELSEWHERE),
        (HostedPage(status=302, headers={"Location": "/help"}), SiteProblemKind.REDIRECTS),
        (HostedPage(site_page("<p>Nothing here.</p>", "Empty")), SiteProblemKind.NOTHING),
        (HostedPage(f'<meta name="robots" content="noindex">{faq_page(OARS)}'), SiteProblemKind.HIDDEN),
    ],
)  # fmt: skip
async def test_why_a_site_brings_nothing_is_said(
    site: WebSite, client: SiteClient, page: HostedPage, kind: SiteProblemKind
) -> None:
    site.pages["/help"] = page

    with pytest.raises(SiteProblem) as refused:
        await read(client, f"{site.url}/help")

    assert refused.value.kind is kind
    assert "{" not in str(refused.value)


async def test_a_site_that_is_not_there_is_said_to_be_away(client: SiteClient) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        lonely = SiteClient(public_url="x", own_hosts=[f"127.0.0.1:{port}"])
        with pytest.raises(SiteProblem) as refused:
            await read(lonely, f"http://127.0.0.1:{port}/")
        await lonely.close()
    assert refused.value.kind is SiteProblemKind.UNREACHABLE


async def test_the_text_is_read_in_whatever_way_it_is_written(site: WebSite, client: SiteClient) -> None:
    text = faq_page(("Wie groß ist das Boot?", "Fünf Meter, größer als das „Möwchen“."), language="de")
    site.put("/a", text.encode("cp1252"), media_type="text/html; charset=windows-1252")

    contents = assemble((await read(client, f"{site.url}/a")).pages)

    [content] = contents.articles.values()
    assert content.variants["de"].answer == "Fünf Meter, größer als das „Möwchen“."


async def test_progress_is_told_as_it_is_made(site: WebSite, client: SiteClient) -> None:
    site.put("/help", faq_page(OARS, more='<a href="/help/b">b</a>'))
    site.put("/help/b", faq_page(HULL))
    told: list[SiteProgress] = []

    await read(client, f"{site.url}/help", report=told.append)

    assert told[0] == SiteProgress(url=f"{site.url}/help")
    assert (told[-1].read, told[-1].known, told[-1].found) == (2, 2, 2)
    assert [one.read for one in told] == sorted(one.read for one in told)


# Fault F94: what only this machine or its network may see is never asked for.


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]",
     "169.254.169.254", "[::ffff:169.254.169.254]", "10.0.0.1", "192.168.1.1", "[fd12::1]", "0"],
)  # fmt: skip
async def test_f94_the_own_network_is_never_asked(site: WebSite, host: str) -> None:
    client = SiteClient(public_url="https://staffel.example")
    with pytest.raises(SiteProblem) as refused:
        await read(client, f"http://{host}:{site.port}/help")
    await client.close()

    assert refused.value.kind is SiteProblemKind.INSIDE
    assert site.requests == []


async def test_f94_metadata_of_a_cloud_is_not_asked_even_if_it_is_named_as_ours(site: WebSite) -> None:
    client = SiteClient(public_url="https://staffel.example", own_hosts=["169.254.169.254"])
    with pytest.raises(SiteProblem) as refused:
        await read(client, "http://169.254.169.254/latest/meta-data")
    await client.close()

    assert refused.value.kind is SiteProblemKind.INSIDE


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest", "http://[::1]:1/x", "http://localhost:1/x", "file:///etc/passwd"]
)
async def test_f94_a_redirect_into_the_own_network_is_not_followed(
    site: WebSite, client: SiteClient, target: str
) -> None:
    site.put("/help", "", status=302, headers={"Location": target})

    with pytest.raises(SiteProblem) as refused:
        await read(client, f"{site.url}/help")

    assert refused.value.kind is SiteProblemKind.ELSEWHERE


async def test_f94_a_name_that_moves_into_the_own_network_is_not_followed(
    site: WebSite, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: a name is judged anew for each request, and the number that was judged is the one called."""
    numbers = ["127.0.0.1", "127.0.0.1", "169.254.169.254", "169.254.169.254"]
    looked_up: list[str] = []

    async def look_up(_loop: object, host: str, port: int, **_more: object) -> list[Any]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (numbers[len(looked_up) - 1], port))]

    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", look_up)
    site.put("/help", faq_page(OARS, more='<a href="/help/b">b</a>'))
    site.put("/help/b", faq_page(HULL))
    client = SiteClient(public_url="https://staffel.example", own_hosts=[f"boats.example:{site.port}"], pause=patience)

    reading = await read(client, f"http://boats.example:{site.port}/help")
    await client.close()

    assert looked_up == ["boats.example"] * 4
    assert site.asked == ["/robots.txt", "/help"]  # and neither the sitemap nor the second page
    assert questions(reading) == [OARS[0]]
    assert [each.kind for each in reading.passed] == [SiteProblemKind.INSIDE]
