"""One article a line, in JSON: the public form of the knowledge base."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from knowledge.articles.content import CONTENT_FIELDS, Content, read_content, read_key
from knowledge.formats.lines import read_json, read_lines, without_empty_phrasings
from knowledge.formats.problems import FileProblems
from store.errors import Invalid

_FIELDS = ("key", *CONTENT_FIELDS)


def read(file: BinaryIO, problems: FileProblems) -> Iterator[tuple[str, Content]]:
    """The articles that are in order; the others are noted in `problems`. Empty lines are passed over."""
    lines: dict[str, int] = {}
    for number, text in read_lines(file, problems):
        if not text.strip():
            continue
        try:
            key, content = _article(read_json(text), number, problems)
            if key in lines:
                raise Invalid(f'"key": "{key}" stands in line {lines[key]} already')  # noqa: TRY301 - noted like others
        except Invalid as error:
            problems.add(number, str(error))
            continue
        lines[key] = number
        yield key, content


def write(articles: Iterable[tuple[str, Content]]) -> Iterator[str]:
    """One line an article."""
    for key, content in articles:
        yield json.dumps({"key": key, **content.as_json()}, ensure_ascii=False) + "\n"


def _article(value: Any, line: int, problems: FileProblems) -> tuple[str, Content]:
    if not isinstance(value, Mapping):
        raise Invalid('expected an object such as {"key": …, "variants": {…}}')
    for name in value:
        if name not in _FIELDS:
            raise Invalid(f'unknown field "{str(name)[:60]}"; known are {", ".join(_FIELDS)}')
    key = read_key(value.get("key"))
    fields = {name: value[name] for name in CONTENT_FIELDS if name in value}
    if "variants" in fields:
        fields["variants"] = without_empty_phrasings(fields["variants"], line, problems)
    return key, read_content(fields)
