"""PDF, by pypdf: lines with their size and weight; what is larger than the text, or bold, is a heading."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from knowledge.formats.documents.blocks import LOOKS_LIKE_HEADING, DocumentBlock
from knowledge.formats.documents.document_articles import asks, find_articles
from knowledge.formats.problems import FilePlace, FileProblems, FileRefusal, ProblemKind
from knowledge.formats.source_articles import SourceArticle

MAX_PAGES = 400
"""Of a PDF where somebody waits."""
MAX_PAGE_BYTES = 2 * 1024 * 1024
"""What draws one page, unpacked: a page of text takes some thousand bytes, a hostile one minutes."""

_LARGER = 1.12
_MAX_HEADING_LENGTH = 220
_REPEATED_ON = 3
_BULLET = re.compile(r"^\s*[•·●▪◦‣–■\uf0b7\uf0a7]\s*")
_LIST = re.compile(r"^(?:- |\d{1,2}[.)] )")
_BOLD = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_HYPHEN = re.compile(r"(?<=[a-zäöüß])[-\u00ad]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _PdfLine:
    """One line as it is printed: from above, in points."""

    text: str
    size: float
    is_bold: bool
    y: float
    page: int


def read_pdf(raw: bytes, problems: FileProblems) -> list[SourceArticle]:
    """The articles of a PDF. Pages without text are named. Raises `FileRefusal` for what can't be read."""
    lines = _without_margins(_lines(raw, problems))
    blocks = list(_blocks(lines))
    found = find_articles(blocks, problems)
    if not found and blocks:
        raise FileRefusal(ProblemKind.WITHOUT_QUESTIONS)
    return found


def _lines(raw: bytes, problems: FileProblems) -> list[_PdfLine]:
    from pypdf.errors import PyPdfError  # a fifth of a second to load, for PDF alone

    try:
        pages = _open(raw, is_limited=problems.is_limited)
        return [line for number, page in enumerate(pages, start=1) for line in _page(page, number, problems)]
    except (FileRefusal, RecursionError):
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, ArithmeticError) as error:
        raise FileRefusal(ProblemKind.DAMAGED, detail=type(error).__name__) from None
    except ImportError:  # an encryption for which pypdf wants another library
        raise FileRefusal(ProblemKind.PROTECTED) from None


def _open(raw: bytes, *, is_limited: bool) -> Any:
    """The pages, unpacked when they are read; pypdf limits how much one may unpack to."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(raw))
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileRefusal(ProblemKind.PROTECTED)
    if is_limited and len(reader.pages) > MAX_PAGES:
        raise FileRefusal(ProblemKind.TOO_MANY_PAGES, most=f"{MAX_PAGES}", found=f"{len(reader.pages):,}")
    return reader.pages


def _page(page: Any, number: int, problems: FileProblems) -> list[_PdfLine]:
    problems.check_time()
    contents = page.get_contents()
    if contents is not None and len(contents.get_data()) > MAX_PAGE_BYTES:
        place = FilePlace(file=problems.file, page=number)
        problems.note(
            ProblemKind.PAGE_TOO_LONG, place, most=f"{MAX_PAGE_BYTES:,}", found=f"{len(contents.get_data()):,}"
        )
        return []
    pieces = _PiecesOfPage(number)
    page.extract_text(visitor_text=pieces.visit)
    lines = pieces.finish()
    if not lines:
        problems.note(ProblemKind.PAGE_WITHOUT_TEXT, FilePlace(file=problems.file, page=number))
        return lines
    for name in _picture_names(page):
        problems.note(ProblemKind.PICTURE, FilePlace(file=problems.file, page=number), name=name)
    return lines


def _picture_names(page: Any) -> list[str]:
    """Names of the pictures on a page, without unpacking one."""
    resources = page.get("/Resources")
    objects = (resources.get_object() if resources is not None else {}).get("/XObject")
    named = objects.get_object() if objects is not None else {}
    return [str(name).lstrip("/") for name, each in named.items() if each.get_object().get("/Subtype") == "/Image"]


@dataclass(slots=True)
class _PiecesOfPage:
    """The texts of a page as pypdf comes upon them, put into lines."""

    page: int
    lines: list[_PdfLine] = field(default_factory=list)
    pieces: list[tuple[str, float, bool]] = field(default_factory=list)
    y: float = 0.0

    def visit(self, text: str, matrix: Sequence[float], at: Sequence[float], font: Any, size: float) -> None:
        """Called by pypdf for each run of text; a line feed ends a line."""
        bold = bool(font) and bool(_BOLD.search(str(font.get("/BaseFont", ""))))
        scale = abs(at[3] * matrix[3]) or abs(at[1] * matrix[2]) or 1.0
        for number, piece in enumerate(text.split("\n")):
            if number:
                self.end_line()
            if piece.strip():
                if not self.pieces:
                    self.y = at[5] * matrix[3] + matrix[5]
                self.pieces.append((piece, round(size * scale, 1), bold))
            elif piece and self.pieces:
                self.pieces.append((piece, self.pieces[-1][1], self.pieces[-1][2]))

    def end_line(self) -> None:
        """What has come so far is a line: as large and as bold as most of its letters."""
        text = " ".join("".join(piece for piece, _, _ in self.pieces).split())
        if text:
            sizes: Counter[float] = Counter()
            for piece, size, _ in self.pieces:
                sizes[size] += len(piece)
            bold = sum(len(piece) for piece, _, is_bold in self.pieces if is_bold)
            self.lines.append(
                _PdfLine(
                    text=text,
                    size=sizes.most_common(1)[0][0],
                    is_bold=bold * 2 > sum(sizes.values()),
                    y=self.y,
                    page=self.page,
                )
            )
        self.pieces = []

    def finish(self) -> list[_PdfLine]:
        """The lines of the page."""
        self.end_line()
        return self.lines


def _without_margins(lines: Sequence[_PdfLine]) -> list[_PdfLine]:
    """Without what stands at the same height of many pages: headers, footers, page numbers."""
    places = Counter({(_DIGITS.sub("#", line.text), round(line.y)): 0 for line in lines})
    for line in {(line.page, _DIGITS.sub("#", line.text), round(line.y)) for line in lines}:
        places[line[1], line[2]] += 1
    pages = max((line.page for line in lines), default=0)
    often = max(_REPEATED_ON, pages // 2)
    return [
        line
        for line in lines
        if places[_DIGITS.sub("#", line.text), round(line.y)] < often and line.text != str(line.page)
    ]


def _blocks(lines: Sequence[_PdfLine]) -> Iterator[DocumentBlock]:
    """Headings by size, then paragraphs; a heading over two lines is one."""
    weight: Counter[float] = Counter()
    for line in lines:
        weight[line.size] += len(line.text)
    body = weight.most_common(1)[0][0] if weight else 0.0
    larger = sorted({line.size for line in lines if line.size >= body * _LARGER}, reverse=True)
    levels = {size: min(number, 6) for number, size in enumerate(larger, start=1)}
    mostly_bold = sum(len(line.text) for line in lines if line.is_bold) > sum(weight.values()) / 2
    kinds = [levels.get(line.size, 7 if line.is_bold and not mostly_bold else 0) for line in lines]
    for level, group in _groups(lines, kinds):
        text = _heading_text(group) if level else ""
        if level and len(text) <= _MAX_HEADING_LENGTH:
            yield DocumentBlock(text=text, level=level if level < 7 else LOOKS_LIKE_HEADING - 1, page=group[0].page)
        else:
            yield from _paragraphs(group)


def _groups(lines: Sequence[_PdfLine], kinds: Sequence[int]) -> Iterator[tuple[int, list[_PdfLine]]]:
    """Neighbouring lines of one kind; two questions below one another are two headings."""
    group: list[_PdfLine] = []
    kind = 0
    for line, level in zip(lines, kinds, strict=True):
        far = bool(group) and abs(group[-1].y - line.y) > 2.2 * max(line.size, 1)
        if group and (level != kind or (level and (asks(group[-1].text) or far))):
            yield kind, group
            group = []
        kind = level
        group.append(line)
    if group:
        yield kind, group


def _heading_text(lines: Iterable[_PdfLine]) -> str:
    return _joined([line.text for line in lines])


def _paragraphs(lines: Sequence[_PdfLine]) -> Iterator[DocumentBlock]:
    """Lines become paragraphs: a wider gap, a bullet, or a line that asks begins a new one."""
    gaps = Counter(round(above.y - below.y) for above, below in pairwise(lines))
    usual = gaps.most_common(1)[0][0] if gaps else 0
    paragraph: list[_PdfLine] = []
    for line in (replace(each, text=_BULLET.sub("- ", each.text)) for each in lines):
        gap = round(paragraph[-1].y - line.y) if paragraph else 0
        begins = _LIST.match(line.text) or gap > max(usual, line.size) * 1.35 or asks(line.text)
        if paragraph and (begins or asks(paragraph[-1].text)):
            yield _paragraph(paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield _paragraph(paragraph)


def _paragraph(lines: Sequence[_PdfLine]) -> DocumentBlock:
    text = _joined([line.text for line in lines])
    return DocumentBlock(text=text, body=text, page=lines[0].page)


def _joined(texts: Sequence[str]) -> str:
    """Lines as one text; a word that was divided at the end of a line is whole again."""
    joined = texts[0] if texts else ""
    for text in texts[1:]:
        divided = _HYPHEN.search(joined) and text[:1].islower()
        joined = joined[:-1] + text if divided else f"{joined} {text}"
    return joined
