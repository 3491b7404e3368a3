"""Takes Markdown apart into sentences that know where they stand. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"[^\n]+")
_MARKER = re.compile(r"\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d{1,3}[.)]\s+|\|)*")
_END = re.compile(r"(?<=[.!?…])[*_\"“”»)\]]*\s+(?=[*_\"„“«(\[]*[A-ZÄÖÜ0-9])")
_UNFINISHED = re.compile(
    r"\b(?:z|B|u|a|d|h|i|e|g|bzw|ca|Nr|Dr|Mr|Mrs|St|Str|inkl|zzgl|ggf|evtl|max|min|Abs|Art|usw|etc|No|vs)\.$"
)
_ORDINAL = re.compile(r"\b\d{1,2}\.$")
_MONTH = re.compile(r"Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_ADDRESS = re.compile(r"\]\([^()\s]{0,2000}\)|https?://\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,253}")
_WORD = re.compile(r"[^\W\d_][\w’'-]*|\d[\w.,:%]*")


@dataclass(frozen=True, slots=True)
class MarkdownSentence:
    """Its words, Markdown's signs included, and where it begins in the whole text."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The place behind its last character."""
        return self.start + len(self.text)

    @property
    def words(self) -> int:
        """How many there are."""
        return len(_WORD.findall(self.text))


def sentences(text: str) -> Iterator[MarkdownSentence]:
    """The sentences of a Markdown text in order. A line break ends one, as it does on a screen."""
    plain = without_code(text)
    for line in _LINE.finditer(plain):
        start = line.start() + _marker_length(line.group())
        end = line.end()
        yield from _in_line(plain[start:end], start)


def without_code(text: str) -> str:
    """The text with code and addresses blanked out, of the same length."""
    return _ADDRESS.sub(_blank, _CODE.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def _marker_length(line: str) -> int:
    found = _MARKER.match(line)
    return found.end() if found else 0


def _in_line(line: str, start: int) -> Iterator[MarkdownSentence]:
    begun = 0
    for gap in _END.finditer(line):
        if not _goes_on(line[begun : gap.start()].rstrip('*_"“”»)]'), line[gap.end() :]):
            yield from _sentence(line[begun : gap.start()], start + begun)
            begun = gap.end()
    yield from _sentence(line[begun:], start + begun)


def _goes_on(before: str, after: str) -> bool:
    """An abbreviation or "3. Dezember" ends no sentence."""
    return bool(_UNFINISHED.search(before) or (_ORDINAL.search(before) and _MONTH.match(after)))


def _sentence(text: str, start: int) -> Iterator[MarkdownSentence]:
    bare = text.rstrip()
    if any(map(str.isalnum, bare)):
        yield MarkdownSentence(start, bare)
