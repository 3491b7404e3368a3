"""Questions and answers of a document: by marks such as Q: and A:, by accordions, by headings, by lines that ask."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from knowledge.formats.documents.blocks import LED, LOOKS_LIKE_HEADING, DocumentBlock
from knowledge.formats.problems import FilePlace, FileProblems, ProblemKind
from knowledge.formats.source_articles import SourceArticle

MAX_HEADING_LENGTH = 250
MAX_SHOWN_START = 60

_CONTENTS_START = 6
_MAX_CONTENTS = 1_000
_PAGE_NUMBER = re.compile(r"^[\s.…·_]*\d*\s*")
_NUMBERING = re.compile(r"^\s*(?:(?:frage|question)?\s*\d{1,3}(?:\.\d{1,3})*\s*[.):]|[•*–-])\s+", re.IGNORECASE)
_QUESTION_MARK = re.compile(
    r"^\W{0,4}(?:q|f|frage|question|faq)\s*(?:nr\.?\s*)?\d{0,3}\s*[:.)\]–]\W{0,3}\s*(?=\S)", re.IGNORECASE
)
_ANSWER_MARK = re.compile(r"^\W{0,4}(?:a|antwort|answer|r|réponse)\s*\d{0,3}\s*[:.)\]–]\W{0,3}\s*", re.IGNORECASE)
_STRONG_ANSWER = re.compile(r"^\W{0,4}(?:antwort|answer|réponse|a|r)\s*\d{0,3}\s*:", re.IGNORECASE)


@dataclass(slots=True)
class _Section:
    """A heading with the text below it, and the headings above."""

    heading: DocumentBlock
    above: tuple[DocumentBlock, ...]
    blocks: list[DocumentBlock] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        return asks(self.heading.text)


def find_articles(
    blocks: Sequence[DocumentBlock],
    problems: FileProblems,
    *,
    locale: object = None,
    category: str | None = None,
    only_questions: bool = False,
) -> list[SourceArticle]:
    """The articles of a document. With `only_questions`, headings that don't ask make none.

    Text that stands under no question is named in `problems`.
    """
    told = _without_contents(blocks)
    marked = _without_marks(told)
    shaped = marked if marked is not None else _with_question_lines(told)
    sections = list(_sections(shaped))
    chosen = _Choice(sections, only_questions=only_questions)
    return [
        replace(article, locale=locale, category=article.category or category) for article in chosen.articles(problems)
    ]


def asks(text: str) -> bool:
    """Whether a line is a question."""
    return text.rstrip(' \t*_:»"”“)').endswith(("?", "？"))


def without_numbering(text: str) -> str:
    """The heading without "3.", "Frage 3:", a bullet, or a Q: in front."""
    plain = _QUESTION_MARK.sub("", text)
    return _NUMBERING.sub("", plain).strip().strip("*_").strip()


def _without_contents(blocks: Sequence[DocumentBlock]) -> list[DocumentBlock]:
    """Without a table of contents: text that is nothing but headings of the document, and numbers of pages."""
    headings = {block.text for block in blocks if block.level and len(block.text) >= _CONTENTS_START}
    if len(headings) > _MAX_CONTENTS:
        return list(blocks)
    by_start: dict[str, list[str]] = {}
    for heading in sorted(headings, key=len, reverse=True):
        by_start.setdefault(heading[:_CONTENTS_START], []).append(heading)
    return [block for block in blocks if block.level or block.answer or not _is_contents(block.text, by_start)]


def _is_contents(text: str, by_start: Mapping[str, list[str]]) -> bool:
    rest = " ".join(text.split())
    while rest:
        found = next((each for each in by_start.get(rest[:_CONTENTS_START], ()) if rest.startswith(each)), None)
        if found is None:
            return False
        rest = _PAGE_NUMBER.sub("", rest[len(found) :])
    return bool(text.strip())


def _without_marks(blocks: Sequence[DocumentBlock]) -> list[DocumentBlock] | None:
    """Q: and A: as headings and text, where a document has both; `None` where it hasn't."""
    answers = sum(bool(_STRONG_ANSWER.match(block.text)) for block in blocks if not block.level)
    questions = sum(bool(_QUESTION_MARK.match(block.text)) for block in blocks)
    if not answers or not questions:
        return None
    shaped: list[DocumentBlock] = []
    for block in blocks:
        if _QUESTION_MARK.match(block.text):
            shaped += _split_at_answer(block)
        elif _ANSWER_MARK.match(block.text) and not block.level and _STRONG_ANSWER.match(block.text):
            shaped.append(replace(block, body=_cut(block.body, _ANSWER_MARK)))
        else:
            shaped.append(block)
    return shaped


def _split_at_answer(block: DocumentBlock) -> Iterator[DocumentBlock]:
    """A question, and its answer if that stands in the next line of the same paragraph."""
    lines = block.text.split("\n")
    answer = next((number for number, line in enumerate(lines) if number and _STRONG_ANSWER.match(line)), len(lines))
    question = " ".join(without_numbering(line) for line in lines[:answer])
    yield replace(block, text=question, body="", level=LOOKS_LIKE_HEADING)
    if answer < len(lines):
        rest = "\n".join([_ANSWER_MARK.sub("", lines[answer]), *lines[answer + 1 :]])
        yield replace(block, text=rest, body=_rest_of_body(block.body, rest), level=0)


def _rest_of_body(body: str, rest: str) -> str:
    """In HTML the part from the answer's mark on; elsewhere the lines themselves."""
    if "<" not in body:
        return rest
    found = re.search(
        r"(?:<br\s*/?>|\n)\s*(?:<[^>]+>\s*)*(?:antwort|answer|réponse|a|r)\s*\d{0,3}\s*:", body, re.IGNORECASE
    )
    return body[found.end() :] if found else rest


def _cut(body: str, mark: re.Pattern[str]) -> str:
    """The body without a mark at its beginning, behind tags too."""
    tags = re.match(r"(?:\s*<[^>]+>)*", body)
    start = tags.end() if tags else 0
    return body[:start] + mark.sub("", body[start:], count=1)


def _with_question_lines(blocks: Sequence[DocumentBlock]) -> list[DocumentBlock]:
    """Where no heading asks, lines that do are headings; else bold lines where there are no headings at all."""
    if any(block.answer is not None or (block.level and asks(block.text)) for block in blocks):
        return list(blocks)
    if any(_is_question_line(block) for block in blocks):
        shaped = [replace(block, level=LOOKS_LIKE_HEADING) if _is_question_line(block) else block for block in blocks]
    elif not any(block.level > 1 for block in blocks):
        shaped = [replace(block, level=LOOKS_LIKE_HEADING) if _is_bold_line(block) else block for block in blocks]
    else:
        shaped = list(blocks)
    return shaped


def _is_question_line(block: DocumentBlock) -> bool:
    text = block.text.strip()
    return not block.level and len(text) <= MAX_HEADING_LENGTH and "\n" not in text and asks(text)


def _is_bold_line(block: DocumentBlock) -> bool:
    return not block.level and block.is_bold and len(block.text) <= MAX_HEADING_LENGTH


def _sections(blocks: Sequence[DocumentBlock]) -> Iterator[_Section]:
    """Each heading with what stands below it until the next one; first what stands before any."""
    path: list[DocumentBlock] = []
    current = _Section(heading=DocumentBlock(text=""), above=())
    for block in blocks:
        if block.answer is not None:
            yield current
            yield _Section(
                heading=block, above=tuple(path), blocks=[DocumentBlock(text=block.answer, body=block.answer)]
            )
            current = _Section(heading=DocumentBlock(text=""), above=tuple(path))
        elif block.level:
            yield current
            path = [above for above in path if above.level < block.level]
            begun = [DocumentBlock(text=block.body, body=block.body)] if block.level == LED else []
            current = _Section(heading=block, above=tuple(path), blocks=begun)
            path.append(block)
        else:
            current.blocks.append(block)
    yield current


class _Choice:
    """Which sections are articles, and which headings only name what stands below them."""

    def __init__(self, sections: Sequence[_Section], *, only_questions: bool) -> None:
        self.sections = sections
        asking = {section.heading.level for section in sections if section.asks and section.heading.answer is None}
        self.has_pairs = any(section.heading.answer is not None for section in sections)
        self.only_questions = only_questions or self.has_pairs or bool(asking & {LOOKS_LIKE_HEADING, LED})
        self.levels = asking
        tops = [section.heading for section in sections if section.heading.level == 1]
        self.title = tops[0] if len(tops) == 1 else None

    def articles(self, problems: FileProblems) -> Iterator[SourceArticle]:
        """An article for each section that is one; sections below it are part of its answer."""
        open_section: _Section | None = None
        for number, section in enumerate(self.sections):
            if number % 100 == 0:
                problems.check_time()
            if open_section and self._belongs(section, open_section):
                open_section.blocks += [_as_text(section.heading), *section.blocks]
                continue
            if open_section:
                yield from self._close(open_section, problems)
            open_section = section if self._is_article(section) else None
            if open_section is None:
                _note_lost(section, problems)
        if open_section:
            yield from self._close(open_section, problems)

    def _is_article(self, section: _Section) -> bool:
        if not section.heading.text or not (section.heading.level or section.heading.answer is not None):
            return False
        if section.heading.answer is not None or section.asks:
            return True
        if self.only_questions:
            return False
        return bool(section.blocks) and (not self.levels or section.heading.level in self.levels)

    def _belongs(self, section: _Section, article: _Section) -> bool:
        """Whether a section is part of the answer above it: a deeper heading that asks nothing."""
        if section.heading.answer is not None or article.heading.answer is not None or not article.asks:
            return False
        deeper = section.heading.level > article.heading.level
        return bool(section.heading.text) and deeper and not section.asks

    def _close(self, section: _Section, problems: FileProblems) -> Iterator[SourceArticle]:
        heading = section.heading
        names = [above.text for above in section.above if above.text and above is not self.title]
        named = [name for name in names if not asks(name)]
        body = section.heading.answer if heading.answer is not None else _join(section.blocks)
        yield SourceArticle(
            title=without_numbering(heading.text),
            body=body,
            place=FilePlace(file=problems.file, page=heading.page, line=heading.line),
            category=named[-1] if named else None,
        )


def _as_text(heading: DocumentBlock) -> DocumentBlock:
    """A heading inside of an answer."""
    return DocumentBlock(text=heading.text, body=heading.body or f"**{heading.text}**")


def _join(blocks: Sequence[DocumentBlock]) -> str:
    return "\n\n".join(block.body or block.text for block in blocks)


def _note_lost(section: _Section, problems: FileProblems) -> None:
    start = " ".join(block.text for block in section.blocks).strip()[:MAX_SHOWN_START]
    if start:
        first = section.heading if section.heading.text else section.blocks[0]
        place = FilePlace(file=problems.file, page=first.page, line=first.line, title=section.heading.text[:60])
        problems.note(ProblemKind.TEXT_BEFORE, place, start=start)
