"""HTML answers of other systems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.articles.html_conversion import holds_html, to_markdown

PIECES = [
    "<p>",
    "</p>",
    "<br>",
    "<b>",
    "</b>",
    "`",
    "``",
    "```",
    "<",
    ">",
    "&lt;",
    "p",
    "\\",
    "\n",
    " ",
    "*",
    "a",
    "<!--",
]


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>Beispiel GmbH<br>Weg 1<br>12345 Ort</p>", "Beispiel GmbH\nWeg 1\n12345 Ort"),
        ("<ul><li>eins<li>zwei</ul>", "- eins\n- zwei"),
        ('<a href="https://example.org/a">hier</a>', "[hier](https://example.org/a)"),
        ("<h2>Versand</h2><p>Wir <strong>liefern</strong>.</p>", "## Versand\n\nWir **liefern**."),
        ('<img src="https://example.org/a.png" alt="Plan">', "[Plan](https://example.org/a.png)"),
        ("Preis &lt; 5 &amp; gut<br>ja", "Preis < 5 & gut\nja"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>Hallo",
        '<a href="javascript:alert(1)">Hallo</a>',
        "<style>p{}</style>Hallo",
        '<p onclick="alert(1)">Hallo</p>',
        '<iframe src="https://example.org"></iframe>Hallo',
        '<svg onload="alert(1)">Hallo</svg>',
    ],
)
def test_nothing_that_runs_is_left(hostile: str) -> None:
    assert to_markdown(hostile) == "Hallo"


@pytest.mark.parametrize("text", ["a < b > c", "5 <3", "Nutzen Sie `<p>`.", "```\n<div>\n```", "**fett** & *kursiv*"])
def test_markdown_stays_as_it_is(text: str) -> None:
    assert to_markdown(text) == text


def test_a_break_in_markdown_leaves_its_lines_alone() -> None:
    assert to_markdown("**Wichtig**<br>so\n\n- eins\n- zwei") == "**Wichtig**\nso\n\n- eins\n- zwei"


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_converting_twice_changes_nothing(text: str) -> None:
    once = to_markdown(text)
    assert not holds_html(once)
    assert to_markdown(once) == once
