"""What of a web page is its content, and what only stands around it."""

import pytest

from knowledge.sites.site_client import PageStamp, SiteResponse
from knowledge.sites.web_page import WebPage, read_web_page

TEXT = "<p>The boat is five metres long, and two people carry it to the water without any effort at all.</p>"


def page_of(html: str | bytes, *, url: str = "https://boats.example/help/boat", charset: str | None = None) -> WebPage:
    body = html.encode() if isinstance(html, str) else html
    return read_web_page(SiteResponse(url=url, body=body, media_type="text/html", charset=charset, stamp=PageStamp()))


@pytest.mark.parametrize(
    "around",
    [
        "<nav><p>Menu</p></nav>",
        "<header><p>Menu</p></header>",
        "<footer><p>Menu</p></footer>",
        "<aside><p>Menu</p></aside>",
        '<div class="cookie-banner"><p>Menu</p></div>',
        '<div class="siteNavigation"><p>Menu</p></div>',
        '<section class="related articles"><p>Menu</p></section>',
        '<div role="dialog"><p>Menu</p></div>',
        '<div class="article-votes"><p>Menu</p></div>',
        '<ul class="meta-group"><li>Menu</li></ul>',
        "<script>document.write('Menu')</script>",
        "<style>p::before { content: 'Menu' }</style>",
        "<template><p>Menu</p></template>",
    ],
)
def test_what_stands_around_the_content_is_left_out(around: str) -> None:
    page = page_of(f"<html><body>{around}<h1>The boat</h1>{TEXT}{around}</body></html>")

    assert "Menu" not in page.html
    assert "five metres" in page.html


def test_a_name_that_speaks_of_something_else_drops_no_content() -> None:
    page = page_of(
        f'<body class="has-sidebar"><div class="page-with-sidebar menu"><h1>The boat</h1>{TEXT}</div></body>'
    )

    assert "five metres" in page.html


def test_the_part_that_calls_itself_main_is_the_content_unless_it_is_empty() -> None:
    assert "Offer" not in page_of(f"<body><div>Offer of the day</div><main><h1>Boat</h1>{TEXT}</main></body>").html
    assert "five metres" in page_of(f"<body><main></main><div><h1>Boat</h1>{TEXT}</div></body>").html


def test_what_opens_an_answer_stays_what_it_is() -> None:
    page = page_of(
        f"""<body><div class="accordion"><a href="#a1" data-toggle="collapse">How long?</a>
        <div id="a1">{TEXT}</div><a class="faq-question">How heavy?</a><div class="faq-answer">{TEXT}</div>
        <button aria-controls="a3" aria-expanded="false">How wide?</button>
        <div id="a3" hidden>{TEXT}</div></div></body>"""
    )

    assert '<a data-toggle="collapse" href="#a1">' in page.html or '<a href="#a1" data-toggle="collapse">' in page.html
    assert '<span class="faq-question">How heavy?</span>' in page.html
    assert 'aria-controls="a3"' in page.html
    assert page.html.count("five metres") == 3


def test_links_work_outside_of_the_page() -> None:
    links = (
        '<a href="oars">oars</a><a href="#top">up</a><a href="javascript:x()">x</a><a href="mailto:ada@b.example">m</a>'
    )
    page = page_of(
        f'<base href="/shop/"><main><h1>Boat</h1>{links}<img src="a.png"><img src="b.png" alt="The bow">{TEXT}</main>'
    )

    assert '<a href="https://boats.example/shop/oars">oars</a>' in page.html
    assert "javascript" not in page.html
    assert "#top" not in page.html
    assert "mailto:ada@b.example" in page.html
    assert "a.png" not in page.html
    assert 'src="https://boats.example/shop/b.png"' in page.html


def test_links_that_ask_not_to_be_followed_are_not() -> None:
    page = page_of('<a href="/a">a</a><a rel="nofollow" href="/b">b</a><a href="/a#x">a</a>')
    assert page.links == ("https://boats.example/a",)
    assert page_of('<meta name="robots" content="NOFOLLOW"><a href="/a">a</a>').links == ()


@pytest.mark.parametrize(
    ("head", "is_hidden"),
    [('<meta name="robots" content="noindex, follow">', True), ('<meta name="STAFFEL" content="none">', True),
     ('<meta name="googlebot" content="noindex">', False), ('<meta name="robots" content="index">', False)],
)  # fmt: skip
def test_a_page_may_ask_not_to_be_kept(head: str, is_hidden: bool) -> None:
    assert page_of(f"{head}<h1>Boat</h1>{TEXT}").is_hidden is is_hidden


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Boat | Boat House</title><h1>How long is the boat?</h1>", "How long is the boat?"),
        ("<title>How long is it? – Boat House</title>", "How long is it?"),
        ("<title>All-weather boats</title>", "All-weather boats"),
        ("<p>Nothing</p>", ""),
    ],
)
def test_a_page_is_called_by_its_heading_or_its_title_without_the_site(html: str, title: str) -> None:
    assert page_of(html).title == title


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<p>größer</p>".encode("cp1252"), "windows-1252"),
        ('<meta charset="iso-8859-1"><p>größer</p>'.encode("latin-1"), None),
        ("<p>größer</p>".encode("utf-16"), None),
        ("<p>größer</p>".encode("utf-8-sig"), "iso-8859-1"),
        ("<p>größer</p>".encode(), None),
    ],
)
def test_letters_are_read_as_they_were_written(body: bytes, charset: str | None) -> None:
    assert "größer" in page_of(body, charset=charset).html


def test_what_no_parser_likes_is_read_all_the_same() -> None:
    deep = "<div>" * 2_000 + TEXT
    assert "five metres" in page_of(deep).html
    assert page_of(b"\x00\xff<p>x").html


@pytest.mark.parametrize(
    "question",
    ["War dieser Beitrag hilfreich?", "Hat Ihnen diese Seite geholfen?", "Was this article helpful?",
     "Did this answer your question?"],
)  # fmt: skip
def test_what_asks_for_a_rating_is_no_question_of_customers(question: str) -> None:
    page = page_of(f"<h1>The boat</h1>{TEXT}<div class='x1'><div><h3>{question}</h3></div><button>Yes</button></div>")

    assert question not in page.html


def test_a_question_on_help_stays() -> None:
    page = page_of(f"<h1>The boat</h1><h3>Was hilft gegen Algen am Rumpf?</h3>{TEXT}")

    assert "Was hilft gegen Algen am Rumpf?" in page.html
