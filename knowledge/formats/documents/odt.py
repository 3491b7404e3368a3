"""OpenDocument's texts (LibreOffice Writer), as plain HTML of their XML, read by defusedxml."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from knowledge.formats.documents.html_page import read_fragment
from knowledge.formats.packages import open_package
from knowledge.formats.problems import FilePlace, FileProblems, FileRefusal, ProblemKind
from knowledge.formats.source_articles import SourceArticle

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_DOCUMENT_OVER_WEB = 2 * 1024 * 1024
"""Bytes of the text's XML where somebody waits."""

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_TAGS = {
    f"{_TEXT}p": "p",
    f"{_TEXT}list": "ul",
    f"{_TEXT}list-item": "li",
    f"{_TABLE}table": "table",
    f"{_TABLE}table-row": "tr",
    f"{_TABLE}table-cell": "td",
}
_LEFT_OUT = frozenset(
    {
        f"{_TEXT}tracked-changes",
        f"{_TEXT}table-of-content",
        f"{_TEXT}note",
        f"{_TEXT}sequence-decls",
        f"{_OFFICE}annotation",
    }
)
_ON_THE_WEB = ("http://", "https://", "mailto:", "tel:")
_DEEPEST = 60


def read_odt(raw: bytes, problems: FileProblems) -> list[SourceArticle]:
    """The articles of a text. Raises `FileRefusal` for what is damaged, too big, or asks nothing."""
    from defusedxml.ElementTree import ParseError, fromstring

    package = open_package(raw)
    if problems.is_limited and len(package.part("content.xml")) > MAX_DOCUMENT_OVER_WEB:
        raise FileRefusal(ProblemKind.UNPACKS_TOO_BIG, megabytes=f"{MAX_DOCUMENT_OVER_WEB // 2**20}")
    try:
        document = fromstring(package.part("content.xml"), forbid_dtd=True)
    except ParseError:
        raise FileRefusal(ProblemKind.DAMAGED, detail="XML") from None
    problems.check_time()
    body = document.find(f"{_OFFICE}body/{_OFFICE}text")
    html = "".join(_Html(document).pieces(body, 0)) if body is not None else ""
    found = read_fragment(html, problems)
    if not found:
        raise FileRefusal(ProblemKind.WITHOUT_QUESTIONS)
    for name in package.pictures:
        problems.note(ProblemKind.PICTURE, FilePlace(file=problems.file), name=name)
    for _ in document.iter(f"{_OFFICE}annotation"):
        problems.note(ProblemKind.COMMENT, FilePlace(file=problems.file))
    return found


class _Html:
    """Elements as tags of HTML, bold words by their styles."""

    def __init__(self, document: "Element") -> None:
        self.bold = frozenset(
            style.get(f"{_STYLE}name", "")
            for style in document.iter(f"{_STYLE}style")
            for properties in style.iter(f"{_STYLE}text-properties")
            if properties.get(f"{_FORMAT}font-weight") == "bold"
        )

    def pieces(self, element: "Element", depth: int) -> Iterator[str]:
        """What stands in an element. Raises `RecursionError` beyond any sensible depth."""
        if depth > _DEEPEST:
            raise RecursionError
        yield escape(element.text or "")
        for child in element:
            if child.tag not in _LEFT_OUT:
                yield from self._child(child, depth)
            yield escape(child.tail or "")

    def _child(self, child: "Element", depth: int) -> Iterator[str]:
        if child.tag == f"{_TEXT}line-break":
            yield "<br>"
        elif child.tag in {f"{_TEXT}s", f"{_TEXT}tab"}:
            yield " "
        elif child.tag == f"{_TEXT}h":
            level = child.get(f"{_TEXT}outline-level", "1")
            yield self._tagged(f"h{level if level in '123456' else 6}", child, depth)
        elif child.tag in _TAGS:
            yield self._tagged(_TAGS[child.tag], child, depth)
        elif child.tag == f"{_TEXT}a" and child.get(_LINK, "").startswith(_ON_THE_WEB):
            yield f'<a href="{escape(child.get(_LINK, ""))}">{self._styled(child, depth)}</a>'
        else:
            yield self._styled(child, depth)

    def _tagged(self, tag: str, child: "Element", depth: int) -> str:
        return f"<{tag}>{self._styled(child, depth)}</{tag}>"

    def _styled(self, child: "Element", depth: int) -> str:
        inner = "".join(self.pieces(child, depth + 1))
        is_bold = child.get(f"{_TEXT}style-name", "") in self.bold and child.tag in {f"{_TEXT}p", f"{_TEXT}span"}
        return f"<b>{inner}</b>" if is_bold and inner.strip() else inner
