"""What differs between two versions of an article, word by word, for people to read. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from knowledge.articles.content import KEPT_FIELDS, ArticleWording, Content

_TOKENS = re.compile(r"\s+|\d+(?:[.,:]\d+)+|[\w’'-]+|[^\w\s]")
_MAX_COMPARED = 4_000_000  # tokens times tokens; beyond it a passage is shown as a whole, so that nobody waits
_CONTEXT = 90  # characters left of what is the same, beside what isn't


class DiffPieceKind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """Some words, and what became of them."""

    kind: DiffPieceKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDifference:
    """One field that differs. `language` is `None` for what belongs to the whole article.

    Of phrasings every piece is one of them, and those that stay are left out.
    """

    field: str
    language: str | None
    pieces: tuple[DiffPiece, ...]


def differences(before: Content | None, after: Content) -> tuple[FieldDifference, ...]:
    """The fields that differ: those of the article first, then language by language. No `before`: all is added."""
    fields = [_text_difference(name, None, *_both(name, before, after)) for name in ("category", *KEPT_FIELDS)]
    languages = sorted({*after.variants, *(before.variants if before else ())})
    for language in languages:
        old = before.variants.get(language) if before else None
        fields += _of_wording(language, old, after.variants.get(language))
    return tuple(field for field in fields if field)


def compare(before: str, after: str) -> tuple[DiffPiece, ...]:
    """Two texts as one, with what was taken out and what was put in, in words rather than letters."""
    lines_before, lines_after = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[DiffPiece] = []
    for tag, a, b, c, d in SequenceMatcher(None, lines_before, lines_after, autojunk=False).get_opcodes():
        old, new = "".join(lines_before[a:b]), "".join(lines_after[c:d])
        pieces += [DiffPiece(DiffPieceKind.SAME, old)] if tag == "equal" else _compare_words(old, new)
    return tuple(_joined(_without_islands(_joined(pieces))))


def abridge(pieces: Sequence[DiffPiece], context: int = _CONTEXT) -> tuple[DiffPiece, ...]:
    """The same with long unchanged passages cut down to what stands beside a change."""
    last = len(pieces) - 1
    return tuple(
        DiffPiece(piece.kind, _cut(piece.text, context, first=index == 0, last=index == last))
        if piece.kind == DiffPieceKind.SAME
        else piece
        for index, piece in enumerate(pieces)
    )


def _of_wording(
    language: str, old: ArticleWording | None, new: ArticleWording | None
) -> Iterator[FieldDifference | None]:
    for name in ("question", "answer"):
        before, after = (getattr(wording, name) if wording else "" for wording in (old, new))
        yield _text_difference(name, language, before, after)
    before_all, after_all = (wording.phrasings if wording else () for wording in (old, new))
    gone = [DiffPiece(DiffPieceKind.REMOVED, text) for text in before_all if text not in set(after_all)]
    come = [DiffPiece(DiffPieceKind.ADDED, text) for text in after_all if text not in set(before_all)]
    yield FieldDifference(field="phrasings", language=language, pieces=(*gone, *come)) if gone or come else None


def _text_difference(field: str, language: str | None, before: str, after: str) -> FieldDifference | None:
    return None if before == after else FieldDifference(field=field, language=language, pieces=compare(before, after))


def _both(name: str, before: Content | None, after: Content) -> tuple[str, str]:
    return _written(name, before), _written(name, after)


def _written(name: str, content: Content | None) -> str:
    if content is None:
        return ""
    return (content.category or "") if name == "category" else content.kept_as_text().get(name, "")


def _compare_words(before: str, after: str) -> list[DiffPiece]:
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if not old or not new or len(old) * len(new) > _MAX_COMPARED:
        return [DiffPiece(DiffPieceKind.REMOVED, before), DiffPiece(DiffPieceKind.ADDED, after)]
    pieces: list[DiffPiece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(DiffPiece(DiffPieceKind.SAME, "".join(old[a:b])))
        else:
            pieces += [
                DiffPiece(DiffPieceKind.REMOVED, "".join(old[a:b])),
                DiffPiece(DiffPieceKind.ADDED, "".join(new[c:d])),
            ]
    return pieces


def _without_islands(pieces: Sequence[DiffPiece]) -> Iterator[DiffPiece]:
    """A space or a comma that stayed between two changes reads better as part of them."""
    for index, piece in enumerate(pieces):
        inside = 0 < index < len(pieces) - 1
        if (
            piece.kind == DiffPieceKind.SAME
            and inside
            and not any(map(str.isalnum, piece.text))
            and len(piece.text) < 3
        ):
            yield DiffPiece(DiffPieceKind.REMOVED, piece.text)
            yield DiffPiece(DiffPieceKind.ADDED, piece.text)
        else:
            yield piece


def _joined(pieces: Iterable[DiffPiece]) -> list[DiffPiece]:
    """Neighbours of a kind as one; between two passages that stay, what was removed stands before what was added."""
    found: list[DiffPiece] = []
    removed = added = ""
    for piece in (*pieces, DiffPiece(DiffPieceKind.SAME, "")):
        if piece.kind == DiffPieceKind.REMOVED:
            removed += piece.text
        elif piece.kind == DiffPieceKind.ADDED:
            added += piece.text
        else:
            found += [DiffPiece(DiffPieceKind.REMOVED, removed)] if removed else []
            found += [DiffPiece(DiffPieceKind.ADDED, added)] if added else []
            if (removed or added or not found) and piece.text:
                found.append(piece)
            elif piece.text:
                found[-1] = DiffPiece(DiffPieceKind.SAME, found[-1].text + piece.text)
            removed = added = ""
    return found


def _cut(text: str, context: int, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * context + 3:
        return text
    head = "" if first else text[:context].rsplit(None, 1)[0] + " "
    tail = "" if last else " " + text[-context:].split(None, 1)[-1]
    return f"{head}…{tail}"
