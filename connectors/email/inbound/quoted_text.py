"""What somebody wrote new in a reply, without the history below or above it. Lines only, and one pass over them.

Answers between quoted lines keep the last lines they answer to, behind `>`. Whatever stands alone is kept: a mail that
holds nothing but history was forwarded, and its words are what there is.
"""

import re
from collections.abc import Sequence

MAX_LINES = 4_000  # of a mail that are looked at; what stands below is history
#: Quoted lines that an answer between them keeps above it.
CONTEXT_LINES = 2
MAX_LINE = 500  # longer lines are nobody's header
_MAX_ATTRIBUTION = 4  # lines over which clients break "On … wrote:"
_MAX_HEADER_GAP = 3  # lines between two lines of a header block that clients leave empty or fold

_WROTE = re.compile(
    r"(?:\bwrote|\bschrieb|\bgeschrieben|\ba[ \xa0]écrit|\bescribió|\bha scritto|\bschreef|\bnapisał(?:\(?a\)?|/a)?"
    r"|\bescreveu|\bskrev|\bkirjoitti|\bnapsal(?:\(?a\)?)?|\bírta)\b[^:]{0,120}:\s*$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:On|Am|Le|El|Il|Op|W dniu|Dnia|Em|Den|Dne|Vom|Auf|In a message|Quoting|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|"
    r"(?:Mo|Di|Mi|Do|Fr|Sa|So|Mon|Tue|Wed|Thu|Fri|Sat|Sun|lun|mar|mer|jeu|ven|sam|dim)\b)",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d{1,4}[./:-]\d{1,2}|\b(?:19|20)\d\d\b|@")
_HEADER_LINE = re.compile(
    r"^\W{0,4}(from|sent|to|subject|date|cc|reply-to|von|gesendet(?: am)?|an|betreff|datum|kopie|"
    r"de|envoyé(?: le| par)?|à|objet|da|inviato|oggetto|data|para|enviado(?: el)?|asunto|fecha|"
    r"van|verzonden|aan|onderwerp|od|wysłano|do|temat)\W{0,3}[ \xa0]?:\W{0,3}(?:\s|$)",
    re.IGNORECASE,
)
_SENDER_NAMES = {"from", "von", "de", "da", "van", "od"}
_DATE_OR_SUBJECT = (
    {"sent", "date", "subject", "gesendet", "gesendet am", "datum", "betreff", "envoyé", "envoyé le", "objet"}
    | {"inviato", "data", "oggetto", "enviado", "enviado el", "fecha", "asunto", "verzonden", "onderwerp"}
    | {"wysłano", "temat"}
)
_SEPARATOR = re.compile(
    r"^[\s>]*[-_=*]{2,}\s*(?:original(?: message|nachricht)?|original-?nachricht|ursprüngliche (?:nachricht|e-?mail)|"
    r"message d['’]origine|message original|messaggio originale|mensaje original|oorspronkelijk bericht|"
    r"reply message|antwortnachricht)\s*[-_=*]{2,}\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{10,}\s*$")
_FORWARDED = re.compile(
    r"^\W*(?:begin forwarded message|forwarded message|weitergeleitete nachricht|"
    r"anfang der weitergeleiteten (?:nachricht|e-?mail)|message transféré|"
    r"début du message (?:réexpédié|transféré))\b\W*$",
    re.IGNORECASE,
)


def new_words(text: str) -> str:
    """What was written new in a reply; all of it where nothing new can be told from the rest."""
    lines = [line.rstrip() for line in text.split("\n", MAX_LINES)[:MAX_LINES]]
    if any(_FORWARDED.match(line[:MAX_LINE]) for line in lines):
        return _tidy(lines)
    above = lines[: _history_start(lines)]
    if not any(_is_own(line) for line in above):
        above = lines  # nothing above the history: it is below, or this is a forwarded mail
    return _tidy(_without_quotes(above)) or _tidy(lines)


def _is_own(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(">")


def _history_start(lines: Sequence[str]) -> int:
    """Where a history begins that isn't marked line by line, as Outlook writes it; the end of the lines without one."""
    for at, line in enumerate(lines):
        if line.lstrip().startswith(">") or len(line) > MAX_LINE:
            continue
        if _SEPARATOR.match(line):
            return at
        if _is_header_block(lines, at):
            before = at - 1
            while before > 0 and not lines[before].strip():
                before -= 1
            return before if before >= 0 and _RULE.match(lines[before]) else at
        length = _attribution_length(lines, at)
        if length and not _has_answer(lines, at + length):
            return at
    return len(lines)


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """Whether From, To and Date or Subject stand here line by line, in whatever order."""
    if not _HEADER_LINE.match(lines[at]):
        return False
    names: set[str] = set()
    gap = 0
    for line in lines[at : at + 16]:
        found = _HEADER_LINE.match(line[:MAX_LINE])
        gap = 0 if found else gap + 1
        if found:
            names.add(found[1].lower())
        if gap > _MAX_HEADER_GAP:
            break
    return len(names) >= 3 and bool(names & _SENDER_NAMES) and bool(names & _DATE_OR_SUBJECT)


def _attribution_length(lines: Sequence[str], at: int) -> int:
    """How many lines from here on say who wrote what follows; 0 for none."""
    first = lines[at].strip()
    if not first or not (_OPENING.match(first) or _WROTE.search(first[-200:]) or "@" in first):
        return 0
    joined = ""
    for count, line in enumerate(lines[at : at + _MAX_ATTRIBUTION], start=1):
        if not line.strip() or line.lstrip().startswith(">"):
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > MAX_LINE:
            return 0
        if _WROTE.search(joined[-200:]) and _DATED.search(joined):
            return count
    return 0


def _has_answer(lines: Sequence[str], start: int) -> bool:
    """Whether own words follow after the quoted lines that follow: then this history isn't the end."""
    seen_quote = False
    for line in lines[start:]:
        if line.lstrip().startswith(">"):
            seen_quote = True
        elif seen_quote and line.strip():
            return True
        elif line.strip() and not seen_quote:
            return False  # not marked line by line: all of it is history
    return False


def _without_quotes(lines: Sequence[str]) -> list[str]:
    """Own lines, without what is only quoted above or below them; answers between quotes keep the end of theirs."""
    kept: list[str] = []
    quoted: list[str] = []
    first: list[str] = []  # what the first answer answers to: it counts where there is a second one
    at = 0
    while at < len(lines):
        line = lines[at]
        is_quote = line.lstrip().startswith(">")
        length = 0 if is_quote else _attribution_length(lines, at)
        if is_quote:
            quoted.append(line)
        elif line.strip() and not length:
            if quoted and any(_is_own(each) for each in kept):
                kept.extend(["", *_context(quoted)])
            elif quoted:
                first = _context(quoted)
            quoted = []
            kept.append(line)
        elif not length and not quoted:
            kept.append(line)
        at += length or 1
    return [*first, *kept] if any(line.startswith(">") for line in kept) else kept


def _context(quoted: Sequence[str]) -> list[str]:
    """The last lines of a quote that say something, at one level."""
    words = [line.lstrip("> ").strip() for line in quoted]
    return [f"> {line}" for line in words if line][-CONTEXT_LINES:]


def _tidy(lines: Sequence[str]) -> str:
    tidy: list[str] = []
    for line in lines:
        if line.strip() or (tidy and tidy[-1]):
            tidy.append(line if line.strip() else "")
    return "\n".join(tidy).strip()
