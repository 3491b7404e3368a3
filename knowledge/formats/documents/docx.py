"""Word's documents, by mammoth, which makes plain HTML of styles. Macros are never looked at."""

import io
import re
from typing import Any

from knowledge.formats.documents.html_page import read_fragment
from knowledge.formats.packages import open_package
from knowledge.formats.problems import FilePlace, FileProblems, FileRefusal, ProblemKind
from knowledge.formats.source_articles import SourceArticle

MAX_DOCUMENT = 12 * 1024 * 1024
"""Bytes of the text's XML: mammoth holds a tree of it, some fifteen times as much."""

MAX_DOCUMENT_OVER_WEB = 3 * 512 * 1024
"""The same where somebody waits: some two hundred pages, four seconds."""

_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh\nu => u"
_COMMENT = re.compile(rb"<w:comment\b")


def read_docx(raw: bytes, problems: FileProblems) -> list[SourceArticle]:
    """The articles of a document. Raises `FileRefusal` for what is damaged, protected or too big."""
    package = open_package(raw)
    most = MAX_DOCUMENT_OVER_WEB if problems.is_limited else MAX_DOCUMENT
    if len(package.part("word/document.xml")) > most:
        raise FileRefusal(ProblemKind.UNPACKS_TOO_BIG, megabytes=f"{most / 2**20:g}")
    html = _convert(raw)
    problems.check_time()
    mark = problems.mark()
    found = read_fragment(html, problems)
    if not found:
        problems.reset(mark)
        raise FileRefusal(ProblemKind.WITHOUT_QUESTIONS)
    place = FilePlace(file=problems.file)
    for name in package.pictures:
        problems.note(ProblemKind.PICTURE, place, name=name)
    for _ in _COMMENT.findall(package.part("word/comments.xml")):
        problems.note(ProblemKind.COMMENT, place)
    return found


def _convert(raw: bytes) -> str:
    import mammoth  # only for Word

    try:
        converted: Any = mammoth.convert_to_html(
            io.BytesIO(raw),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(lambda image: {"src": ""}),
            external_file_access=False,
        )
    except Exception as error:  # mammoth raises whatever a damaged part makes it stumble over
        raise FileRefusal(ProblemKind.DAMAGED, detail=type(error).__name__) from None
    return re.sub(r"<img\b[^>]*>", "", str(converted.value))
