"""One document to read: each language of an article is a section, its facts in a comment above.

The comment carries what the text doesn't show, so that reading the document gives the same articles.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from knowledge.articles.content import KEPT_FIELDS, ArticleWording, Content, read_content, read_key
from knowledge.formats.lines import read_json, read_lines, without_empty_phrasings
from knowledge.formats.problems import FileProblems
from store.errors import Invalid

_START = "<!-- article "
_END = " -->"
_FACTS = ("key", "category", "language", "question", "phrasings", *KEPT_FIELDS)
_SHARED = ("category", *KEPT_FIELDS)


def read(file: BinaryIO, problems: FileProblems) -> Iterator[tuple[str, Content]]:
    """The articles; sections of one article must stand together."""
    open_key, variants, shared, line = "", dict[str, Any](), dict[str, Any](), 1
    seen: set[str] = set()
    for number, facts, answer in _sections(file, problems):
        key = str(facts["key"])
        if key != open_key:
            if open_key:
                yield from _close(open_key, shared, variants, line, problems)
            if key in seen:
                problems.add(number, f'"key": "{key[:60]}" stands further up already, with other articles in between')
            seen.add(key)
            open_key, variants, line = key, {}, number
            shared = {name: facts[name] for name in _SHARED if name in facts}
        variants[str(facts["language"])] = {
            "question": facts.get("question"),
            "phrasings": facts.get("phrasings", []),
            "answer": answer,
        }
    if open_key:
        yield from _close(open_key, shared, variants, line, problems)


def write(articles: Iterable[tuple[str, Content]]) -> Iterator[str]:
    """A section a language; a line of an answer that looks like our comment gets a backslash."""
    for key, content in articles:
        for language in sorted(content.variants):
            yield _section(key, content, language, content.variants[language])


def _section(key: str, content: Content, language: str, wording: ArticleWording) -> str:
    values = (key, content.category, language, wording.question, list(wording.phrasings))
    facts = {name: value for name, value in zip(_FACTS[:5], values, strict=True) if value is not None}
    facts |= content.kept_as_text()
    comment = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")
    answer = "\n".join(_escape(line) for line in wording.answer.split("\n"))
    title = " ".join(wording.question.split())
    return f"{_START}{comment}{_END}\n# {title}\n\n{answer}\n\n"


def _sections(file: BinaryIO, problems: FileProblems) -> Iterator[tuple[int, Mapping[str, Any], str]]:
    number, facts, lines = 0, None, list[str]()
    for line, text in read_lines(file, problems):
        if not text.startswith(_START):
            lines.append(text)
            continue
        if facts is not None:
            yield number, facts, _answer(lines)
        number, facts, lines = line, _read_facts(text, line, problems), []
    if facts is not None:
        yield number, facts, _answer(lines)


def _read_facts(text: str, line: int, problems: FileProblems) -> Mapping[str, Any] | None:
    try:
        facts = read_json(text.rstrip().removeprefix(_START).removesuffix(_END))
        if not isinstance(facts, Mapping) or not {"key", "language"} <= facts.keys() <= set(_FACTS):
            raise Invalid(f"expected a comment with {', '.join(_FACTS)}")  # noqa: TRY301 - noted like the others
    except Invalid as error:
        problems.add(line, str(error))
        return None
    return facts


def _answer(lines: list[str]) -> str:
    """Without the title, the empty line under it, and the two line ends that close a section."""
    body = "".join(lines[2:] if len(lines) > 1 and lines[0].startswith("# ") else lines)
    return "\n".join(_unescape(line) for line in body.removesuffix("\n").removesuffix("\n").split("\n"))


def _close(
    key: str, shared: Mapping[str, Any], variants: Mapping[str, Any], line: int, problems: FileProblems
) -> Iterator[tuple[str, Content]]:
    try:
        said = without_empty_phrasings(variants, line, problems)
        yield read_key(key), read_content({**shared, "variants": said})
    except Invalid as error:
        problems.add(line, str(error))


def _escape(line: str) -> str:
    return "\\" + line if line.lstrip("\\").startswith(_START) else line


def _unescape(line: str) -> str:
    return line[1:] if line.startswith("\\") and line.lstrip("\\").startswith(_START) else line
