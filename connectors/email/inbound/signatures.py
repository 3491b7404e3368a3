"""Where what somebody wrote ends and their signature begins. Only what surely is none of the matter is left out."""

import re

MAX_SIGNATURE_LINES = 25
_DELIMITER = re.compile(r"^(?:--|—|–|__)\s?$")
_DEVICE = re.compile(
    r"^\W{0,3}(?:sent (?:from|with|via)\b.{0,60}|gesendet (?:von|mit|über)\b.{0,60}|"
    r"(?:von (?:meinem|meiner|unterwegs)|mit)\b.{0,40}\bgesendet.{0,10}|"
    r"diese (?:nachricht|e-?mail) wurde (?:von|mit)\b.{0,60}gesendet.{0,5}|"
    r"envoyé (?:de|depuis|avec|à partir de)\b.{0,60}|"
    r"get outlook for\b.{0,60}|(?:holen sie sich |laden sie )?outlook für (?:ios|android|mac)\b.{0,60}|"
    r"(?:télécharge[rz]|obtene[rz]) outlook (?:pour|for)\b.{0,60})\W{0,3}$",
    re.IGNORECASE,
)
_GREETING = r"gr(?:üße?n?|uß|uess?en?|uss|üsse?n?)"
_CLOSING = re.compile(
    rf"^(?:(?:mit )?(?:freundliche|beste|liebe|viele|herzliche|schöne|sonnige)[nm]? {_GREETING}|"
    r"mfg|lg|vg|bg|hochachtungsvoll|(?:best|kind|warm|many)(?:est)? (?:regards|wishes)|regards|"
    r"sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|cheers|"
    r"(?:bien )?cordialement|(?:meilleures|sincères) salutations|salutations(?: distinguées)?|bien à vous)"
    r"(?: (?:aus|from|de|und|and)\b.{0,40})?\s*[,.!]*\s*(?:\S{1,25}(?: \S{1,25}){0,2})?$",
    re.IGNORECASE,
)
#: What ends many a mail and may as well stand in the middle of one: an end only where nothing but a name follows.
_FAREWELL = re.compile(
    r"^(?:best|all the best|take care|(?:many )?thanks|thanks (?:a lot|so much|again|in advance)|"
    r"thank you(?: very much| so much| in advance)?|beste|gruß|herzlichst|alles gute|bis (?:bald|dann)|"
    r"(?:vielen |besten |herzlichen )?dank|(?:vielen dank|danke) im voraus|danke(?:schön)?|"
    r"merci(?: beaucoup| d'avance)?|bonne (?:journée|soirée)|amicalement)\s*[,.!]*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"^[^\W\d_][^\d?!:]{0,40}$")
MAX_NAME_LINES = 2
_POSTSCRIPT = re.compile(r"^(?:p\.? ?s\.?|n\.? ?b\.?)\s?[:.\s]", re.IGNORECASE)


def without_signature(text: str) -> str:
    """The words without signature and closing formula; all of them if nothing else would be left."""
    lines = [line for line in text.split("\n") if not _DEVICE.match(line.strip()[:200])]
    end = _end(lines)
    kept = "\n".join(["\n".join(lines[:end]).rstrip(), *_postscript(lines[end:])]).strip()
    return kept or "\n".join(lines).strip()


def _end(lines: list[str]) -> int:
    """Where the signature begins: behind two hyphens, or with a closing formula that only little stands below."""
    delimiter = next((at for at, line in enumerate(lines) if at and _DELIMITER.match(line)), len(lines))
    left = MAX_SIGNATURE_LINES
    closing = delimiter
    for at in range(delimiter - 1, 0, -1):
        line = lines[at].strip()
        below = lines[at + 1 : delimiter]
        if (_CLOSING.match(line[:100]) and not _asks(below)) or (_FAREWELL.match(line) and _is_name(below)):
            closing = at
        left -= bool(line)
        if left < 0:
            break
    return closing


def _is_name(lines: list[str]) -> bool:
    """Whether these lines are somebody's name, and perhaps their company's, and nothing else."""
    said = [line.strip() for line in lines if line.strip()]
    return len(said) <= MAX_NAME_LINES and all(_NAME.match(line) and len(line.split()) <= 3 for line in said)


def _asks(lines: list[str]) -> bool:
    """Whether there is a question right below a closing formula: a name and what belongs to it hold none."""
    return any("?" in line for line in [line for line in lines if line.strip()][:8])


def _postscript(lines: list[str]) -> list[str]:
    """What was added below the name, up to the next empty line but one."""
    at = next((at for at, line in enumerate(lines) if _POSTSCRIPT.match(line.strip())), None)
    if at is None:
        return []
    end = next((end for end in range(at + 1, len(lines)) if not lines[end].strip()), len(lines))
    return ["", *lines[at:end]]
