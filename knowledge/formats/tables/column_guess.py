"""Which column of a sheet is what: by its name, and where it has none by what stands in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.formats.tables.column_mapping import (
    MAX_SAMPLE_LENGTH,
    MAX_SAMPLES,
    SPOKEN_ROLES,
    ColumnMapping,
    ColumnRole,
    ColumnUse,
    TableColumn,
    TableOutline,
)
from knowledge.formats.tables.header_words import MAX_HEADER_LENGTH, HeaderMeaning, header_meaning, language_code
from knowledge.formats.tables.sheets import Sheet, SheetRow, column_letter
from knowledge.formats.visibility import is_yes, is_yes_or_no

_ROWS_FOR_A_HEADER = 15
_ROWS_LOOKED_AT = 300
_MAX_NAME_LENGTH = 30
_NAMED_FOR_A_HEADER = 3
_NUMBER = re.compile(r"[\d.,/-]+")
_ASKING = re.compile(
    r"(?:wie|was|wo|wann|warum|wer|wen|welche\w*|kann|darf|muss|gibt|habe?t?|ist|sind|wird|werden|how|what|where|when|"
    r"why|who|which|can|do|does|is|are|will|may|should|comment|pourquoi|où|quand|quel\w*|est-ce|puis-je)\b",
    re.IGNORECASE,
)
_IGNORED = ColumnUse(role=ColumnRole.IGNORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ColumnSigns:
    """What the cells of a column look like; shares of those that hold something, the length in characters."""

    filled: float
    length: float
    asking: float
    distinct: float
    spoken: float
    deciding: float
    """Yes or no."""
    agreeing: float
    """Yes alone."""


def propose_mapping(sheet: Sheet) -> ColumnMapping:
    """What the columns of a sheet most likely are."""
    header_row, meanings = _find_header(sheet)
    rows = rows_below(sheet, header_row)[:_ROWS_LOOKED_AT]
    if meanings is None:
        meanings = [None] * sheet.width
    uses = _complete(_by_names(meanings, rows), rows, has_names=header_row is not None)
    if header_row is None and _stands_apart(rows, uses):
        header_row = rows[0].number
    return ColumnMapping(uses=tuple(uses), header_row=header_row)


def outline(sheet: Sheet, mapping: ColumnMapping, name: str) -> TableOutline:
    """The table as a page shows it."""
    names = next((row.cells for row in sheet.rows if row.number == mapping.header_row), ())
    rows = rows_below(sheet, mapping.header_row)
    columns = tuple(
        TableColumn(
            letter=column_letter(index),
            header=names[index] if index < len(names) else "",
            samples=_samples(rows, index),
            use=mapping.uses[index] if index < len(mapping.uses) else _IGNORED,
        )
        for index in range(sheet.width)
    )
    return TableOutline(name=name, columns=columns, mapping=mapping, row_count=len(rows))


def rows_below(sheet: Sheet, header_row: int | None) -> list[SheetRow]:
    """The rows under the names of the columns."""
    return [row for row in sheet.rows if header_row is None or row.number > header_row]


def _samples(rows: Sequence[SheetRow], index: int) -> tuple[str, ...]:
    found = (row.cell(index) for row in rows if row.cell(index))
    return tuple(text[:MAX_SAMPLE_LENGTH] for _, text in zip(range(MAX_SAMPLES), found, strict=False))


def _find_header(sheet: Sheet) -> tuple[int | None, list[HeaderMeaning | None] | None]:
    """The first row that names a question or an answer for sure, or both perhaps, or two columns of any kind."""
    for row in sheet.rows[:_ROWS_FOR_A_HEADER]:
        meanings = [header_meaning(row.cell(index)) for index in range(sheet.width)]
        if _is_header(row, meanings):
            return row.number, meanings
    first = _first_wide_row(sheet)
    if first and _names_columns(first, rows_below(sheet, first.number)[:_ROWS_LOOKED_AT]):
        return first.number, [header_meaning(first.cell(index)) for index in range(sheet.width)]
    return None, None


def _first_wide_row(sheet: Sheet) -> SheetRow | None:
    """The first row of a table that may have a title above it."""
    return next((row for row in sheet.rows[:_ROWS_FOR_A_HEADER] if sum(map(bool, row.cells)) > 1), None)


def _names_columns(first: SheetRow, below: Sequence[SheetRow]) -> bool:
    """Whether a row has names, though of question and answer none that we know: two of others, or above numbers, yes
    and no."""
    named = [index for index in range(len(first.cells)) if first.cell(index)]
    if len(named) < _NAMED_FOR_A_HEADER or len(below) < 2:
        return False
    if any(len(first.cell(index)) > MAX_HEADER_LENGTH for index in named):
        return False
    return sum(bool(header_meaning(first.cell(index))) or _stands_above(first, below, index) for index in named) >= 2


def _stands_above(first: SheetRow, below: Sequence[SheetRow], index: int) -> bool:
    """Whether a name is of another kind than nearly all cells under it, which are numbers, dates, yes or no."""
    cells = [row.cell(index) for row in below if row.cell(index)]
    brief = sum(_is_brief(cell) for cell in cells)
    return not _is_brief(first.cell(index)) and len(cells) >= len(below) / 2 and brief >= 0.8 * len(cells)


def _is_brief(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell)) or is_yes_or_no(cell)


def _is_header(row: SheetRow, meanings: Sequence[HeaderMeaning | None]) -> bool:
    known = [meaning for meaning in meanings if meaning]
    roles = {meaning.role for meaning in known}
    if not roles & {ColumnRole.QUESTION, ColumnRole.ANSWER} or len(row.cells) < 2:
        return False
    sure = any(meaning.is_sure for meaning in known if meaning.role in SPOKEN_ROLES)
    named = sum(bool(cell) for cell in row.cells)
    asks = any(cell.rstrip().endswith("?") for cell in row.cells)
    return not asks and (len(known) >= 2 or (sure and named >= 2))


def _stands_apart(rows: Sequence[SheetRow], uses: Sequence[ColumnUse]) -> bool:
    """Whether the first row has names that we don't know: short, and asking nothing where all others ask."""
    question = next((index for index, use in enumerate(uses) if use.role == ColumnRole.QUESTION), None)
    if question is None or len(rows) < 2:
        return False
    first, *others = (row.cell(question) for row in rows)
    asking = sum(cell.endswith("?") for cell in others) / len(others)
    named = [cell for cell in rows[0].cells if cell.strip()]
    return asking >= 0.7 and not first.endswith("?") and all(len(cell) <= _MAX_NAME_LENGTH for cell in named)


def _by_names(meanings: Sequence[HeaderMeaning | None], rows: Sequence[SheetRow]) -> list[ColumnUse]:
    """A use for each column; of several that would be the same, the surer and the fuller one is."""
    uses = [_IGNORED] * len(meanings)
    own = _own_languages(meanings)
    order = sorted(range(len(meanings)), key=lambda index: (not _is_sure(meanings[index]), index))
    for index in order:
        meaning = meanings[index]
        if meaning is None or meaning.role == ColumnRole.IGNORE:
            continue
        language = meaning.language or own.get(index) if meaning.role in SPOKEN_ROLES else None
        uses[index] = _fitting(uses, ColumnUse(role=meaning.role, language=language), meaning)
    return _longest_answers(uses, meanings, rows)


def _fitting(uses: Sequence[ColumnUse], use: ColumnUse, meaning: HeaderMeaning) -> ColumnUse:
    """The use, or another where a column is that already: a second question is another way to ask."""
    if use.role in {ColumnRole.PHRASINGS, ColumnRole.VISIBILITY} or use not in uses:
        return use
    if use.role == ColumnRole.QUESTION and meaning.is_sure:
        return ColumnUse(role=ColumnRole.PHRASINGS, language=use.language)
    return _IGNORED


def _longest_answers(
    uses: list[ColumnUse], meanings: Sequence[HeaderMeaning | None], rows: Sequence[SheetRow]
) -> list[ColumnUse]:
    """Of several answers in one language ("short", "long") the longest counts."""
    for index, use in enumerate(uses):
        rivals = [
            other
            for other, meaning in enumerate(meanings)
            if meaning and meaning.is_sure and meaning.role == ColumnRole.ANSWER and meaning.language == use.language
        ]
        if use.role == ColumnRole.ANSWER and len(rivals) > 1 and index in rivals:
            best = max(rivals, key=lambda other: _signs(rows, other).length)
            uses[index], uses[best] = _IGNORED, use
    return uses


def _own_languages(meanings: Sequence[HeaderMeaning | None]) -> dict[int, str]:
    """Frage, Antwort, Question, Answer beside one another: each pair is in the language of its words."""
    sure = [
        (index, meaning)
        for index, meaning in enumerate(meanings)
        if meaning and meaning.is_sure and meaning.role in SPOKEN_ROLES and meaning.language is None
    ]
    spoken = {meaning.own_language for _, meaning in sure if meaning.role == ColumnRole.ANSWER}
    if len(spoken - {None}) < 2:
        return {}
    other = next(iter(sorted((spoken - {"de", None}) or {"en"}, key=str)))
    return {index: meaning.own_language or str(other) for index, meaning in sure}


def _complete(uses: list[ColumnUse], rows: Sequence[SheetRow], *, has_names: bool) -> list[ColumnUse]:
    """Where the names don't say which is the question and which the answer, the cells do."""
    _set_visibility(uses, rows)
    if ColumnMapping(uses=tuple(uses)).makes_articles:
        return uses
    signs = {index: _signs(rows, index) for index, use in enumerate(uses) if use == _IGNORED}
    signs = {index: sign for index, sign in signs.items() if sign.filled}
    if not any(use.role == ColumnRole.QUESTION for use in uses):
        _promote_phrasings(uses)
    if not any(use.role == ColumnRole.QUESTION for use in uses):
        answers = [index for index, use in enumerate(uses) if use.role == ColumnRole.ANSWER]
        _set_question(uses, signs, has_answer=bool(answers))
    question = next((use for use in uses if use.role == ColumnRole.QUESTION), None)
    if question and not any(use.role == ColumnRole.ANSWER for use in uses):
        _set_answer(uses, signs, question.language)
    if not has_names:
        _set_facts(uses, signs)
    return uses


def _promote_phrasings(uses: list[ColumnUse]) -> None:
    """Where only ways to ask are named, the first of them is the question."""
    index = next((index for index, use in enumerate(uses) if use.role == ColumnRole.PHRASINGS), None)
    if index is not None:
        uses[index] = ColumnUse(role=ColumnRole.QUESTION, language=uses[index].language)


def _set_question(uses: list[ColumnUse], signs: dict[int, _ColumnSigns], *, has_answer: bool) -> None:
    """The column that asks most; else the shorter of two that hold different texts."""
    asking = [index for index, sign in signs.items() if sign.asking >= 0.3 and sign.length >= 8]
    telling = [index for index, sign in signs.items() if sign.distinct > 0.6 and sign.length >= 8]
    if asking:
        best = max(asking, key=lambda index: (signs[index].asking, signs[index].filled))
    elif len(telling) > (0 if has_answer else 1):
        best = min(telling, key=lambda index: signs[index].length)
    else:
        return
    uses[best] = ColumnUse(role=ColumnRole.QUESTION)
    del signs[best]


def _set_answer(uses: list[ColumnUse], signs: dict[int, _ColumnSigns], language: str | None) -> None:
    """The longest of what is left."""
    telling = [index for index, sign in signs.items() if sign.spoken < 0.8]
    if telling:
        best = max(telling, key=lambda index: signs[index].length * signs[index].filled)
        uses[best] = ColumnUse(role=ColumnRole.ANSWER, language=language)
        del signs[best]


def _set_visibility(uses: list[ColumnUse], rows: Sequence[SheetRow]) -> None:
    """A column that says yes of most and no of some, whatever it is called: who is not agreed to is nobody's to see."""
    for index, sign in [(index, _signs(rows, index)) for index, use in enumerate(uses) if use == _IGNORED]:
        if sign.filled >= 0.5 and sign.deciding == 1 and 0.5 <= sign.agreeing < 1:
            uses[index] = ColumnUse(role=ColumnRole.VISIBILITY)


def _set_facts(uses: list[ColumnUse], signs: dict[int, _ColumnSigns]) -> None:
    """In a table without names: languages by their names, and short words that come again and again as categories."""
    for index, sign in signs.items():
        if sign.spoken >= 0.8:
            uses[index] = ColumnUse(role=ColumnRole.LANGUAGE)
        elif sign.distinct <= 0.6 and sign.deciding < 0.5 and 2 < sign.length <= 40 and sign.filled >= 0.5:
            uses[index] = ColumnUse(role=ColumnRole.CATEGORY)


def _signs(rows: Sequence[SheetRow], index: int) -> _ColumnSigns:
    cells = [row.cell(index) for row in rows]
    texts = [cell for cell in cells if cell]
    count = max(len(texts), 1)
    return _ColumnSigns(
        filled=len(texts) / max(len(cells), 1),
        length=sum(map(len, texts)) / count,
        asking=sum(text.rstrip().endswith("?") or bool(_ASKING.match(text)) for text in texts) / count,
        distinct=len(set(texts)) / count,
        spoken=sum(language_code(text) is not None for text in texts) / count,
        deciding=sum(map(is_yes_or_no, texts)) / count,
        agreeing=sum(map(is_yes, texts)) / count,
    )


def _is_sure(meaning: HeaderMeaning | None) -> bool:
    return meaning is not None and meaning.is_sure
