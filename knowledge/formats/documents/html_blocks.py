"""The blocks of an HTML document, in the order in which it is read; accordions and lists of terms as pairs."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from knowledge.formats.documents.accordions import LINK_CLASS, Accordions, classes_of
from knowledge.formats.documents.blocks import LED, DocumentBlock
from knowledge.formats.documents.document_articles import asks
from knowledge.formats.problems import FilePlace, FileProblems, ProblemKind
from knowledge.formats.tables.column_mapping import ColumnRole
from knowledge.formats.tables.header_words import header_meaning

_HEADINGS = re.compile(r"h[1-6]")
_NEVER = ["script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "input", "select", "textarea"]
_AROUND = ["nav", "footer", "aside"]
_LEAVES = {"p", "ul", "ol", "pre", "blockquote", "address", "figure"}
_INLINE = {
    "a",
    "b",
    "strong",
    "i",
    "em",
    "span",
    "code",
    "u",
    "small",
    "sub",
    "sup",
    "br",
    "img",
    "mark",
    "abbr",
    "label",
}
_ALLOWED = ("http", "https", "mailto", "tel")
_DEEPEST = 150


def read_blocks(root: Tag) -> list[DocumentBlock]:
    """The blocks below an element that has been cleaned. Raises `RecursionError` beyond any sensible depth."""
    return list(_Walk(Accordions(root)).blocks(root, 0))


def clean_page(soup: BeautifulSoup, problems: FileProblems) -> None:
    """Take away what is no text of the page: scripts, menus, comments, pictures, links within it."""
    for element in soup.find_all(_NEVER):
        element.decompose()
    if len(soup.find_all(_HEADINGS)) or len(soup.find_all("details")):
        for element in soup.find_all(_AROUND):
            element.decompose()
    clean_media(soup, problems)


def clean_media(soup: BeautifulSoup, problems: FileProblems) -> None:
    """Pictures that aren't on the web are named, links that lead nowhere else keep their words."""
    for image in soup.find_all("img"):
        source = str(image.get("src") or "")
        if urlsplit(source[:2000]).scheme not in {"http", "https"}:
            name = source if not source.startswith("data:") else ""
            told = str(image.get("alt") or "") or name.rsplit("/", 1)[-1].split("?")[0] or "?"
            problems.note(ProblemKind.PICTURE, FilePlace(file=problems.file), name=told[:80])
            image.decompose()
    for link in soup.find_all("a"):
        if urlsplit(str(link.get("href") or "")[:2000]).scheme not in _ALLOWED:
            link.name = "span"
            link["class"] = LINK_CLASS


def plain(element: PageElement) -> str:
    """The words of an element in one line."""
    return " ".join(element.get_text(" ").split()) if isinstance(element, Tag) else " ".join(str(element).split())


class _Walk:
    """Goes through a document from top to bottom."""

    def __init__(self, accordions: Accordions) -> None:
        self.accordions = accordions

    def blocks(self, element: Tag, depth: int) -> Iterator[DocumentBlock]:
        if depth > _DEEPEST:
            raise RecursionError
        loose: list[PageElement] = []
        for child in element.children:
            if isinstance(child, NavigableString) or (isinstance(child, Tag) and self._is_inline(child)):
                loose.append(child)
                continue
            yield from _loose_block(loose)
            loose = []
            if isinstance(child, Tag):
                yield from self._child(child, depth)
        yield from _loose_block(loose)

    def _is_inline(self, child: Tag) -> bool:
        if child.name not in _INLINE or self.accordions.panel_of(child) is not None:
            return False
        return child.find(_HEADINGS) is None and not self.accordions.holds_trigger(child)

    def _child(self, child: Tag, depth: int) -> Iterator[DocumentBlock]:
        if self.accordions.is_panel(child):
            return
        panel = self.accordions.panel_of(child)
        if panel is not None:
            yield from self._pair(plain(child), panel, depth)
        elif child.name == "details":
            yield from self._details(child, depth)
        elif child.name == "dl" and (pairs := _terms(child)):
            yield from pairs
        elif _HEADINGS.fullmatch(child.name):
            yield DocumentBlock(
                text=plain(child), body=f"<p><b>{child.decode_contents()}</b></p>", level=int(child.name[1])
            )
        elif child.name == "table":
            yield from _table(child)
        elif child.name in {"p", "li"} and (pair := _led_by_question(child)):
            yield pair
        elif child.name in {"ul", "ol"} and any(
            _led_by_question(item) for item in child.find_all("li", recursive=False)
        ):
            yield from self.blocks(child, depth + 1)
        elif child.name in _LEAVES and not self._holds_more(child):
            yield _text_block(child)
        else:
            yield from self.blocks(child, depth + 1)

    def _holds_more(self, child: Tag) -> bool:
        if child.find(True) is None:
            return False
        inner = child.find([_HEADINGS, "details", "dl"])
        return inner is not None or self.accordions.holds_trigger(child)

    def _pair(self, question: str, panel: Tag, depth: int) -> Iterator[DocumentBlock]:
        """A question with its panel; a panel with accordions of its own is a group of them."""
        if panel.find("details") is not None or self.accordions.holds_trigger(panel):
            yield DocumentBlock(text=question, level=2)
            yield from self.blocks(panel, depth + 1)
        elif plain(panel):
            yield DocumentBlock(text=question, answer=panel.decode_contents())

    def _details(self, details: Tag, depth: int) -> Iterator[DocumentBlock]:
        summary = details.find("summary")
        question = plain(summary) if summary else ""
        if isinstance(summary, Tag):
            summary.extract()
        yield from self._pair(question, details, depth)


def _loose_block(loose: list[PageElement]) -> Iterator[DocumentBlock]:
    text = " ".join("".join(plain(piece) + " " for piece in loose).split())
    if text:
        bold = all(isinstance(piece, Tag) and piece.name in {"b", "strong"} for piece in loose if plain(piece))
        html = "".join(str(piece) for piece in loose)
        yield DocumentBlock(text=text, body=f"<p>{html}</p>", is_bold=bold)


def _text_block(element: Tag) -> DocumentBlock:
    text = plain(element)
    if element.find(True) is None:
        return DocumentBlock(text=text, body=str(element))
    if element.name == "p":
        for line_break in element.find_all("br"):
            line_break.insert_before("\n")
        lines = [" ".join(line.split()) for line in element.get_text().split("\n")]
        text = "\n".join(line for line in lines if line)
    strong = element.find(["b", "strong"])
    is_bold = bool(text) and isinstance(strong, Tag) and plain(strong) == " ".join(text.split())
    return DocumentBlock(text=text, body=str(element), is_bold=is_bold)


def _led_by_question(element: Tag) -> DocumentBlock | None:
    """A paragraph that begins with a question in bold and goes on with its answer."""
    lead = next((child for child in element.children if plain(child)), None)
    if not isinstance(lead, Tag) or lead.name not in {"b", "strong"} or not asks(plain(lead)):
        return None
    copied = BeautifulSoup(str(element), "html.parser")
    strong = copied.find(["b", "strong"])
    if isinstance(strong, Tag):
        strong.extract()
    rest = copied.find(element.name)
    if not isinstance(rest, Tag) or not plain(rest):
        return None
    html = re.sub(r"^(?:\s|<br\s*/?>)+", "", rest.decode_contents())
    return DocumentBlock(text=plain(lead), body=f"<p>{html}</p>", level=LED)


def _terms(element: Tag) -> list[DocumentBlock]:
    """A list of terms whose terms ask, or that says of itself that it is about questions."""
    pairs: list[DocumentBlock] = []
    term = ""
    for each in element.find_all(["dt", "dd"]):
        if each.name == "dt":
            term = plain(each)
        elif term:
            pairs.append(DocumentBlock(text=term, answer=each.decode_contents()))
            term = ""
    asking = sum(asks(pair.text) for pair in pairs)
    about = re.search(r"faq|frage|question", f"{element.get('id') or ''} {classes_of(element)}", re.IGNORECASE)
    return pairs if pairs and (about or asking * 2 >= len(pairs)) else []


def _table(element: Tag) -> Iterator[DocumentBlock]:
    """A table with a column of questions and one of answers, else a text like others."""
    rows = [[cell for cell in row.find_all(["td", "th"])] for row in element.find_all("tr")]
    rows = [row for row in rows if len(row) >= 2]
    meanings = [header_meaning(plain(cell)) for cell in rows[0]] if rows else []
    roles = [meaning.role if meaning else None for meaning in meanings]
    if ColumnRole.QUESTION in roles and ColumnRole.ANSWER in roles:
        question, answer = roles.index(ColumnRole.QUESTION), roles.index(ColumnRole.ANSWER)
        rows = rows[1:]
    elif rows and sum(asks(plain(row[0])) for row in rows) * 2 >= len(rows):
        question, answer = 0, 1
    else:
        yield DocumentBlock(text=plain(element), body=str(element))
        return
    for row in rows:
        if len(row) > max(question, answer):
            yield DocumentBlock(text=plain(row[question]), answer=row[answer].decode_contents())
