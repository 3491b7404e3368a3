"""Fields in braces: "{state}" in the sentences of a look-up, "{orders.state}" in articles. Pure.

A sentence whose field has no value is left out: a promise without its date would say something else.
"""

import re
from collections.abc import Mapping

from knowledge.sentence_ends import split_sentences

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
LOOKUP_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\}")


def fill_placeholders(text: str, values: Mapping[str, str]) -> str:
    """The text with the values of its fields, without the sentences that have none."""
    return _fill(text, values, PLACEHOLDER)


def fill_article(text: str, values: Mapping[str, str]) -> str:
    """An article's text (Markdown) with what this conversation has looked up; without `values`, as everybody reads it.

    `values` are by the look-up's name and the field's, with a dot between them.
    """
    return _fill(text, values, LOOKUP_PLACEHOLDER) if "{" in text else text


def fields_in(text: str) -> frozenset[str]:
    """The names of the fields that a look-up's sentence holds."""
    return frozenset(PLACEHOLDER.findall(text))


def _fill(text: str, values: Mapping[str, str], placeholder: re.Pattern[str]) -> str:
    lines = [_fill_line(line, values, placeholder) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line is not None)).strip()


def _fill_line(line: str, values: Mapping[str, str], placeholder: re.Pattern[str]) -> str | None:
    """A line without a field stays as it is; None when nothing of it is left."""
    if not placeholder.search(line):
        return line
    said = [sentence for sentence in split_sentences(line) if _is_known(sentence, values, placeholder)]
    return placeholder.sub(lambda found: values[found[1]], " ".join(said)) if said else None


def _is_known(sentence: str, values: Mapping[str, str], placeholder: re.Pattern[str]) -> bool:
    return all(values.get(name) for name in placeholder.findall(sentence))
