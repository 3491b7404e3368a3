"""How an answer looks on each channel. Telegram and Slack know neither headings nor lists nor tables.

Every result has passed the one sanitiser: what is built here from its HTML holds only elements that it let through.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from store.markdown import render

TELEGRAM_LONGEST = 4096
SLACK_LONGEST = 3000

_LINE = "\n"
_HEADINGS = {"h3", "h4"}
_LISTS = {"ul", "ol"}
_INDENT = "\N{EM SPACE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Safe HTML, and in how many messages the answer goes out."""

    html: str
    messages: int = 1


def preview(text: str) -> dict[str, Preview]:
    """The answer by channel."""
    flat = flatten_html(render(text))
    length = len(BeautifulSoup(flat, "html.parser").get_text())
    return {
        "webchat": Preview(html=render(text)),
        "telegram": Preview(html=flat, messages=max(1, -(-length // TELEGRAM_LONGEST))),
        "slack": Preview(html=flat, messages=max(1, -(-length // SLACK_LONGEST))),
    }


def flatten_html(html: str) -> str:
    """Sanitised HTML as a chat shows it: headings bold, lists as lines with bullets or numbers, tables as rows."""
    soup = BeautifulSoup(html, "html.parser")
    for table in soup.find_all("table"):
        table.replace_with(_rows(soup, table))
    for heading in soup.find_all(_HEADINGS):
        heading.name = "p"
        _wrap(soup, heading, "strong")
    for rule in soup.find_all("hr"):
        rule.replace_with(_paragraph(soup, "———"))
    for block in soup.find_all(_is_outermost_list):
        lines = "<br>".join(_lines(block, depth=0))
        block.replace_with(BeautifulSoup(f"<p>{lines}</p>", "html.parser"))
    return str(soup)


def _is_outermost_list(block: Tag) -> bool:
    return block.name in _LISTS and block.find_parent("li") is None


def _lines(block: Tag, depth: int) -> Iterator[str]:
    """A line an item, with its bullet or number, further in the deeper it stands."""
    for number, item in enumerate(block.find_all("li", recursive=False), start=1):
        inner = [nested.extract() for nested in item.find_all(_LISTS, recursive=False)]
        sign = f"{number}." if block.name == "ol" else "•"
        said = "<br>".join(part.decode_contents().strip() for part in item.find_all("p")) or item.decode_contents()
        yield f"{_INDENT * depth}{sign} {said.strip()}"
        for nested in inner:
            yield from _lines(nested, depth + 1)


def _rows(soup: BeautifulSoup, table: Tag) -> Tag:
    block = soup.new_tag("p")
    for number, row in enumerate(table.find_all("tr")):
        if number:
            block.append(soup.new_tag("br"))
        cells = " – ".join(cell.get_text().strip() for cell in row.find_all(["th", "td"]))
        if row.find("th"):
            head = soup.new_tag("strong")
            head.string = cells
            block.append(head)
        else:
            block.append(cells)
    return block


def _paragraph(soup: BeautifulSoup, text: str) -> Tag:
    block = soup.new_tag("p")
    block.string = text
    return block


def _wrap(soup: BeautifulSoup, block: Tag, name: str) -> None:
    inside = soup.new_tag(name)
    for child in list(block.children):
        inside.append(child.extract())
    block.append(inside)
