"""The one sanitiser (faults F92, F93)."""

from html.parser import HTMLParser

import pytest

from store.markdown import ELEMENTS, render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://evil.example/pixel.png)",
    "<svg onload=alert(1)>",
    "<a href='x' style='position:fixed'>x</a>",
    "<iframe src=https://evil.example></iframe>",
    "`<script>alert(1)</script>`",
    "[x](https://ok.example \"onmouseover='alert(1)'\")",
    "<!-- --><script>alert(1)</script>",
    "**<b onclick=alert(1)>x</b>**",
]


class Inventory(HTMLParser):
    """Every element and attribute of a text, as a browser would build them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_could_run_or_load_gets_through(text: str) -> None:
    found = Inventory(render(text))

    assert found.elements <= ELEMENTS
    assert {name for name, _ in found.attributes} <= {"href", "rel"}
    assert all((value or "").startswith("https://") for name, value in found.attributes if name == "href")


def test_what_articles_need_gets_through() -> None:
    html = render(
        "# Title\n\n**bold** *it* [link](https://example.org)\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    for element in ("<h3>Title</h3>", "<strong>bold</strong>", "<em>it</em>", "<ol>", "<li>one</li>", "<td>1</td>"):
        assert element in html
    assert '<a href="https://example.org" rel="noopener noreferrer nofollow">link</a>' in html
