"""Lines of UTF-8, with the mistakes that files from elsewhere bring."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from knowledge.formats.problems import FilePlace, FileProblems, ProblemKind
from store.errors import Invalid

MAX_LINE_LENGTH = 4 * 1024 * 1024

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_lines(file: BinaryIO, problems: FileProblems) -> Iterator[tuple[int, str]]:
    """Number (from 1) and text of each line, its end left on. Raises `Invalid` for what isn't text in UTF-8 at all."""
    number = 0
    while raw := file.readline(MAX_LINE_LENGTH + 1):
        number += 1
        if number == 1:
            raw = _without_bom(raw)
        if len(raw) > MAX_LINE_LENGTH:
            raise Invalid(
                f"line {number}: longer than {MAX_LINE_LENGTH // 2**20} MB. Is this really a file of articles?"
            )
        try:
            yield number, raw.decode("utf-8")
        except UnicodeDecodeError as error:
            problems.add(number, f"expected UTF-8, got the byte 0x{raw[error.start]:02x} at position {error.start + 1}")


def without_empty_phrasings(variants: Any, line: int, problems: FileProblems) -> Any:
    """The languages of an article without phrasings that say nothing: one of them is no reason to refuse the rest."""
    if not isinstance(variants, Mapping):
        return variants
    found: dict[Any, Any] = {}
    for language, wording in variants.items():
        phrasings = wording.get("phrasings") if isinstance(wording, Mapping) else None
        said = [text for text in phrasings if not _is_empty(text)] if isinstance(phrasings, list) else None
        if said is None or said == phrasings:
            found[language] = wording
        else:
            problems.note(ProblemKind.PHRASING_UNUSABLE, FilePlace(file=problems.file, line=line))
            found[language] = {**wording, "phrasings": said}
    return found


def read_json(text: str) -> Any:
    """What a line says. Raises `Invalid` with the column; a name that stands twice in an object is refused too."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Invalid(f"column {error.colno}: expected JSON ({error.msg})") from None
    except RecursionError:
        raise Invalid("expected an article, got JSON that is nested too deeply") from None


def _is_empty(text: object) -> bool:
    return text is None or (isinstance(text, str) and not text.strip())


def _without_bom(raw: bytes) -> bytes:
    if raw.startswith(_UTF16):
        raise Invalid("The file is in UTF-16. Save it as UTF-8.")
    return raw.removeprefix(_BOM)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid(f'"{twice[:60]}": stands twice in the same object')
    return found


def _no_constant(name: str) -> Any:
    raise Invalid(f"expected JSON, got {name}")
