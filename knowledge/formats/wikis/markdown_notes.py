"""Markdown that isn't ours: notes of Obsidian, pages of Notion, readmes. What asks is a question, or the page is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from knowledge.formats.documents.blocks import LED, LOOKS_LIKE_HEADING, DocumentBlock
from knowledge.formats.documents.document_articles import asks, find_articles
from knowledge.formats.documents.html_parsing import cut_between
from knowledge.formats.page_facts import PageFacts, read_facts
from knowledge.formats.problems import FilePlace, FileProblems, FileRefusal, HoldReason, ProblemKind
from knowledge.formats.source_articles import SourceArticle
from knowledge.formats.tables.column_mapping import ColumnRole
from knowledge.formats.tables.header_words import header_meaning
from knowledge.formats.visibility import hold_by_words

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_NOTION_ID = re.compile(r"[ _-]([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=$|[./ ])")
_PROPERTY = re.compile(r"^([^\s:][^:\n]{0,40}): (.*)$")
_EMBED = re.compile(r"!\[\[([^\[\]|\n]+)(?:\|[^\[\]\n]*)?\]\]")
_WIKILINK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")
_IMAGE = re.compile(r"!\[([^\[\]\n]*)\]\(([^()\s]+)(?:\s+\"[^\"\n]*\")?\)")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]+)\]\(([^()\s]+)(?:\s+\"[^\"\n]*\")?\)")
_HIDDEN = (("<!--", "-->"), ("%%", "%%"))
_CALLOUT_QUESTION = re.compile(r"^>\s*\[!\w+\][+-]?\s*(\S.{0,250}\?)\s*$")
_CALLOUT = re.compile(r"^(>\s*)\[!\w+\][+-]?\s*", re.MULTILINE)
_TOGGLE, _TOGGLE_END = "<details>", "</details>"
_ITEM = re.compile(r"^[-*+] (.+)$")
_INDENT = re.compile(r"^(?: {1,4}|\t)")
_LED = re.compile(r"^(?:\d{1,3}[.)] |[-*+] )?(?:\*\*|__)([^*\n]{3,250}\?)(?:\*\*|__):?\s*(.*)$")
_ON_THE_WEB = ("http://", "https://", "mailto:", "tel:")
_MAX_FRONT = 20_000


def read_note(text: str, name: str, problems: FileProblems) -> list[SourceArticle]:
    """The articles of a note: its questions, or all of it under its name. Raises `FileRefusal` when it says nothing."""
    facts, body = _front_matter(text.replace("\r\n", "\n"))
    title = facts.title or page_name(name)
    body, properties = _properties(body, name)
    facts = read_facts(properties, facts)
    body = _without_hidden(_callouts_as_headings(body), problems)
    body = _plain_links(body, problems)
    category = facts.category or folder_name(name)
    folder = FilePlace(file=str(PurePosixPath(name).parent).strip("."))
    for unused in facts.unused:
        problems.note_once(ProblemKind.PROPERTY_UNUSED, folder, name=unused[:40])
    found = _questions(body, problems, category) or _whole(body, facts, title, problems, category)
    if not found:
        raise FileRefusal(ProblemKind.WITHOUT_QUESTIONS)
    return [replace(one, locale=facts.locale, hold=facts.hold) for one in found]


def page_name(name: str) -> str:
    """What a page is called: the file's name without its ending and the id that Notion puts behind it."""
    return _NOTION_ID.sub("", PurePosixPath(name).stem).strip()


def folder_name(name: str) -> str | None:
    """The folder that a page lies in, its id left off."""
    parents = [each for each in PurePosixPath(name).parts[:-1] if each not in {".", "/"}]
    inner = parents[1:] if len(parents) > 1 else parents
    return _NOTION_ID.sub("", inner[-1]).strip() or None if inner else None


def has_notion_id(name: str) -> bool:
    """Whether a file's name ends with an id of Notion's."""
    return bool(_NOTION_ID.search(PurePosixPath(name).stem))


def _questions(body: str, problems: FileProblems, category: str | None) -> list[SourceArticle]:
    """Those of headings, lines and marks that ask; none where only one heading above everything does."""
    blocks = list(markdown_blocks(body))
    lines = [block for block in blocks if block.answer is not None or asks(block.text)]
    headings = [block for block in blocks if block.level]
    if not lines or (len(headings) == 1 and blocks[0].level and headings == lines):
        return []
    mark = problems.mark()
    found = find_articles(blocks, problems, category=category, only_questions=True)
    if not found:
        problems.reset(mark)
    return found


def _whole(
    body: str, facts: PageFacts, title: str, problems: FileProblems, category: str | None
) -> list[SourceArticle]:
    first = body.lstrip().split("\n", 1)
    heading = _HEADING.match(first[0])
    if heading and len(heading[1]) == 1:
        title, body = heading[2], first[1] if len(first) > 1 else ""
    answer = body.strip() or facts.answer
    if not answer or not title:
        return []
    place = FilePlace(file=problems.file)
    return [SourceArticle(title=title, body=answer, place=place, category=category, phrasings=facts.phrasings)]


def _front_matter(text: str) -> tuple[PageFacts, str]:
    """What stands in YAML above a note, and the rest."""
    found = _FRONT.match(text)
    if not found or len(found[1]) > _MAX_FRONT:
        return PageFacts(), text
    import yaml

    try:
        said = yaml.safe_load(found[1])
    except (yaml.YAMLError, RecursionError, ValueError):
        said = None
    return (_facts(said) if isinstance(said, Mapping) else PageFacts()), text[found.end() :]


def _facts(said: Mapping[Any, Any]) -> PageFacts:
    words = {str(name).casefold(): value for name, value in said.items()}
    hold = next((_hold(name, value) for name, value in words.items() if _hold(name, value)), None)
    tags = words.get("category") or words.get("kategorie") or words.get("section")
    return PageFacts(
        title=str(words.get("title") or words.get("titel") or "").strip(),
        category=str(tags).strip() if isinstance(tags, str) else None,
        locale=str(words.get("lang") or words.get("language") or words.get("sprache") or "") or None,
        hold=hold,
        phrasings=tuple(map(str, _listed(words.get("aliases")))),
    )


def _hold(name: str, value: object) -> HoldReason | None:
    meaning = header_meaning(name)
    names = {"publish", "published", "draft", "private", "visibility", "status", "internal"}
    if name not in names and (meaning is None or meaning.role != ColumnRole.VISIBILITY):
        return None
    return hold_by_words(str(value).lower() if isinstance(value, bool) else str(value or ""), name)


def _listed(value: object) -> list[Any]:
    return [each for each in value if each] if isinstance(value, list) else [value] if value else []


def _properties(body: str, name: str) -> tuple[str, dict[str, str]]:
    """The properties that Notion writes below the title of a page of a database."""
    if not has_notion_id(name):
        return body, {}
    lines = body.lstrip("\n").split("\n")
    start = 2 if len(lines) > 2 and _HEADING.match(lines[0]) and not lines[1].strip() else 0
    end, found = start, dict[str, str]()
    while start and end < len(lines) and (said := _PROPERTY.match(lines[end])):
        found[said[1].strip()], end = said[2].strip(), end + 1
    if not found or (end < len(lines) and lines[end].strip()):
        return body, {}
    return "\n".join([*lines[:start], *lines[end:]]), found


def _without_hidden(body: str, problems: FileProblems) -> str:
    shown = body
    for begin, end in _HIDDEN:
        if begin in shown:
            shown = cut_between(shown, begin, end)
            problems.note(ProblemKind.COMMENT)
    return _CALLOUT.sub(r"\1", shown)


def _plain_links(body: str, problems: FileProblems) -> str:
    """Links within the notes become their words, pictures are named, addresses on the web stay."""

    def picture(name: str) -> str:
        problems.note(ProblemKind.PICTURE, name=PurePosixPath(name).name[:80])
        return ""

    def image(found: re.Match[str]) -> str:
        return found[0][1:] if found[2].startswith(_ON_THE_WEB) else picture(found[2])

    def link(found: re.Match[str]) -> str:
        return found[0] if found[2].startswith(_ON_THE_WEB) else found[1]

    body = _EMBED.sub(lambda found: picture(found[1]), body)
    body = _WIKILINK.sub(lambda found: (found[2] or found[1].rsplit("/", 1)[-1].replace("#", " › ")).strip(), body)
    return _LINK.sub(link, _IMAGE.sub(image, body))


def markdown_blocks(body: str) -> Iterator[DocumentBlock]:
    """Headings and paragraphs; code stays whatever stands in it. Notion's toggles are pairs."""
    before, *toggles = body.split(_TOGGLE)
    yield from _lines_as_blocks(before)
    for toggle in toggles:
        inside, _, behind = toggle.partition(_TOGGLE_END)
        question, _, answer = inside.partition("</summary>")
        yield DocumentBlock(text=question.replace("<summary>", "").strip(), answer=answer.strip())
        yield from _lines_as_blocks(behind)


def _lines_as_blocks(body: str) -> Iterator[DocumentBlock]:
    paragraph: list[str] = []
    in_code = False
    for line in _toggles_as_headings(body.split("\n")):
        in_code = in_code != bool(_FENCE.match(line))
        heading = None if in_code else _HEADING.match(line)
        if heading or (not line.strip() and not in_code):
            yield from _paragraph(paragraph)
            paragraph = []
        if heading:
            yield DocumentBlock(text=_unmarked(heading[2]), body=f"**{_unmarked(heading[2])}**", level=len(heading[1]))
        elif line.strip() or in_code:
            paragraph.append(line)
    yield from _paragraph(paragraph)


def _callouts_as_headings(body: str) -> str:
    """Obsidian's callouts with a question for their title become headings, the quoted lines below them text."""
    lines: list[str] = []
    is_open = False
    for line in body.split("\n"):
        callout = _CALLOUT_QUESTION.match(line)
        if callout:
            is_open = True
            lines += ["", f"###### {callout[1].strip()}", ""]
        else:
            is_open = is_open and line.startswith(">")
            lines.append(line.removeprefix(">").removeprefix(" ") if is_open else line)
    return "\n".join(lines)


def _toggles_as_headings(lines: list[str]) -> Iterator[str]:
    """Notion writes a toggle as a list item with its text indented below: an item that asks is taken for a heading."""
    is_open = False
    for number, line in enumerate(lines):
        item = _ITEM.match(line)
        behind = next((each for each in lines[number + 1 : number + 4] if each.strip()), "")
        if item and asks(item[1]) and behind.startswith(("  ", "\t")):
            is_open = True
            yield f"###### {_unmarked(item[1])}"
        elif is_open and line.strip() and not line.startswith(("  ", "\t")):
            is_open = False
            yield line
        else:
            yield _INDENT.sub("", line) if is_open else line


def _paragraph(lines: list[str]) -> Iterator[DocumentBlock]:
    text = "\n".join(lines).strip("\n")
    led = [_LED.match(line) for line in lines]
    if led and led[0]:
        for number, found in enumerate(led):
            if found:
                end = next((later for later in range(number + 1, len(lines)) if led[later]), len(lines))
                rest = "\n".join([found[2], *lines[number + 1 : end]]).strip()
                yield DocumentBlock(text=_unmarked(found[1]), body=rest, level=LED if rest else LOOKS_LIKE_HEADING)
    elif text.strip():
        plain = _unmarked(text)
        yield DocumentBlock(text=plain, body=text, is_bold=bool(re.fullmatch(r"\*\*[^*\n]+\*\*:?", text.strip())))


def _unmarked(text: str) -> str:
    """A line without the marks around all of it."""
    return re.sub(r"^(\*\*|__|\*|_)(.+?)\1$", r"\2", text.strip())
