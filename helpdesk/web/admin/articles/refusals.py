"""Why a file was refused, in the reader's language; `knowledge.formats` and `knowledge.articles` say it in English.

They speak to the command line and the API as well, in one language. Their sentences are few and fixed but for names
and numbers, so a table of their parts is enough; a test holds that it has all of them.
"""

import re
from functools import cache, partial
from gettext import NullTranslations

from i18n import N_, translate

#: Parts that may stand anywhere in a line, the longer of two that begin alike first.
PARTS = (
    N_("Nothing was stored. The file has {count} problem(s):"),
    N_("Nothing was stored. The file has problems:"),
    N_("… and {count} more"),
    N_("line {line}, column {column}: "),
    N_("line {line}: "),
    N_("column {column}: "),
    N_("row {row}: "),
    N_("stands further up already, with other articles in between"),
    N_("stands in line {line} already"),
    N_("stands twice in the same object"),
    N_("expected {expected} cells, got {found}"),
    N_("expected the columns {columns}; {others} may follow"),
    N_("expected CSV ({reason})"),
    N_("expected an object such as "),
    N_("expected an object with at least one language such as"),
    N_("expected an object with the list"),
    N_("expected an object"),
    N_("expected an article, got JSON that is nested too deeply"),
    N_("expected UTF-8, got the byte {byte} at position {position}"),
    N_("expected JSON ({reason})"),
    N_("expected JSON"),
    N_("expected a comment with"),
    N_("expected 1 to {most} characters without slashes or line breaks"),
    N_("expected 1 to {most} days"),
    N_('expected a time after "valid_from"'),
    N_("expected a time with its zone such as"),
    N_("expected a day such as"),
    N_("expected languages such as {one} or {other},"),
    N_("expected a list of at most {most} texts"),
    N_("expected text"),
    N_("expected at most {most} characters, got {found}"),
    N_("holds a character that is no text (NUL or half of a surrogate pair)"),
    N_("longer than {megabytes} MB. Is this really a file of articles?"),
    N_("The file is in UTF-16. Save it as UTF-8."),
    N_("The archive is damaged or of a kind that isn't read"),
    N_("is a link; links aren't followed."),
    N_("a file in an archive must stay inside of it."),
    N_("is encrypted."),
    N_("is packed more than {times} to 1. Unpack it first."),
    N_("is an archive inside of an archive."),
    N_("At most {most} files with {megabytes} MB in all are read from an archive or folder."),
    N_("The file holds more than {most} articles; the command line takes any number."),
    N_("The file holds {found} articles; {most} are allowed here."),
    N_("The file has {found} MB; {megabytes} MB are allowed."),
    N_("Reading this file takes too long here; the command line takes its time."),
    N_("it holds no articles; replacing with it would take every article away"),
)
#: Parts that end a line.
ENDINGS = (
    N_("stands twice for {place}"),
    N_("differs between the languages of {places}"),
    N_("unknown field {field}; known are {known}"),
    N_(", got nothing"),
    N_(", got an object"),
    N_(", got a list"),
    N_(", got true or false"),
    N_(", got a number"),
    N_(", got an empty text"),
    N_(", got {value}"),
)
_NUMBERS = frozenset({"column", "count", "expected", "found", "line", "megabytes", "most", "position", "row", "times"})
_TOKENS = frozenset({"byte", "one", "other"})


def translate_reason(messages: NullTranslations, reason: object) -> str:
    """Why something was refused, in the reader's language; the customer's own words in it stay as they are."""
    text = str(reason)
    for part, pattern in _patterns():
        text = pattern.sub(partial(_say, translate(messages, part)), text)
    return text


def _say(part: str, found: re.Match[str]) -> str:
    return part.format(**found.groupdict())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    anywhere = ((part, re.compile(_pattern(part), re.MULTILINE)) for part in PARTS)
    at_the_end = ((part, re.compile(_pattern(part) + "$", re.MULTILINE)) for part in ENDINGS)
    return (*anywhere, *at_the_end)


def _pattern(part: str) -> str:
    r"""A part as a regular expression: "line {line}: " becomes "\bline (?P<line>[\d,.]+): "."""
    pieces = re.split(r"\{(\w+)\}", part)
    texts, names = map(re.escape, pieces[::2]), [f"(?P<{name}>{_value(name)})" for name in pieces[1::2]]
    begin = r"\b" if part[0].isalpha() else ""
    return begin + "".join(text + name for text, name in zip(texts, [*names, ""], strict=True))


def _value(name: str) -> str:
    if name in _NUMBERS:
        return r"[\d,.]*\d"
    return r"\S+?" if name in _TOKENS else ".+"
