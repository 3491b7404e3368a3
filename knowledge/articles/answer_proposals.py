"""What an agent wrote to one customer, made into the answer of an article for all: what is personal is taken out."""

import re

from knowledge.articles.content import MAX_ANSWER_LENGTH
from knowledge.articles.masking import mask

#: Words of a line that only says goodbye; a longer one says more.
_MAX_CLOSING_WORDS = 8
_GREETING = (
    r"(?:guten (?:tag|morgen|abend)|hallo|hi|hey|moin|servus|gr(?:ü|ue)(?:ß|ss) gott|liebe[rs]?(?! gr)|"
    r"sehr geehrte[rs]?|dear|hello|good (?:morning|afternoon|evening))\b"
)
_THANKS = (
    r"(?:(?:vielen |herzlichen |besten )?danke? f(?:ü|ue)r|(?:many )?thank(?:s| you)(?: so much| very much)? for)\b"
)
_OPENING = re.compile(rf"\s*(?:{_GREETING}|{_THANKS})[^.?!:,\n]{{0,60}}(?:[,!.]+(?=\s|$)|(?=\n|$))\s*", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?:(?:viele|liebe|herzliche|beste|sch(?:ö|oe)ne)n? gr(?:ü|ue)(?:ß|ss)e|mfg|lg|vg|gru(?:ß|ss)|"
    r"mit (?:freundlichen|besten|herzlichen) gr(?:ü|ue)(?:ß|ss)en|(?:(?:kind|best|warm) )?regards|best wishes|cheers|"
    r"yours sincerely)\b.*",
    re.IGNORECASE,
)


def propose_answer(text: str) -> str:
    """The message without salutation, thanks for writing and signature, personal data as "…"; paragraphs stay."""
    lines = _without_closing([line.strip() for line in _without_opening(text).strip().splitlines()])
    masked = "\n".join(mask(line) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", masked).strip()[:MAX_ANSWER_LENGTH]


def _without_opening(text: str) -> str:
    rest = text
    while (found := _OPENING.match(rest)) and found.end():
        rest = rest[found.end() :]
    return rest[:1].upper() + rest[1:]


def _without_closing(lines: list[str]) -> list[str]:
    """Without a closing and the name under it."""
    for back in range(1, min(4, len(lines))):
        end = lines[-back:]
        if _CLOSING.fullmatch(end[0]) and all(len(line.split()) <= _MAX_CLOSING_WORDS for line in end):
            return lines[:-back]
    return lines
