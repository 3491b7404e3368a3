"""Whether what an agent is about to send promises something, so that the desk can offer to record it.

It only ever leads to a quiet hint. So it would rather miss a promise than see one in every friendly sentence: what
could be meant for right now ("ich schicke Ihnen den Link") counts with a time only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from helpdesk.handoff.due_dates import Due, find_due

MAX_QUOTE_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPromise:
    """`words` are the draft's own, as short as they can be; `due` is the moment they name, if they name one."""

    words: str
    due: datetime | None


def find_promise(text: str, language: str, now: datetime, zone: tzinfo) -> DraftPromise | None:
    """The first promise in `text`, one with a time before one without. `zone` is where "tomorrow" is meant."""
    language = language if language in _SURE else "de"
    without: DraftPromise | None = None
    for sentence in _sentences(text):
        found = _in_sentence(sentence, language, now, zone)
        if found and found.due:
            return found
        without = without or found
    return without


def _in_sentence(sentence: str, language: str, now: datetime, zone: tzinfo) -> DraftPromise | None:
    if sentence.rstrip().endswith("?"):
        return None  # an offer, not yet a promise
    clauses = [
        (start, clause)
        for start, clause in _clauses(sentence)
        if not _DENIED[language].search(clause) and not _IF[language].match(clause)
    ]
    anywhere = _later(find_due(sentence, language, now, zone), now, 0)
    for patterns in (_SURE, _LIKELY):
        for start, clause in clauses:
            found = patterns[language].search(clause)
            due = _later(find_due(clause, language, now, zone), now, start) or anywhere
            if found and (due or patterns is _SURE):
                return _promised(sentence, start + found.start(), start + found.end(), due, now)
    return None


def _later(due: Due | None, now: datetime, shift: int) -> Due | None:
    if due is None or due.at <= now:
        return None
    return Due(at=due.at, start=due.start + shift, end=due.end + shift)


def _promised(sentence: str, start: int, end: int, due: Due | None, now: datetime) -> DraftPromise:
    if due:
        start, end = min(start, due.start), max(end, due.end)
    words = " ".join(sentence[start:end].split()).strip(" ,;:.!–-")
    return DraftPromise(words=words[:MAX_QUOTE_LENGTH], due=due.at.astimezone(now.tzinfo) if due else None)


_ABBREVIATED = (
    r"(?<!\bDr\.)(?<!\bHr\.)(?<!\bFr\.)(?<!\bNr\.)(?<!\bca\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bz\.)(?<!\bB\.)(?<!\b[ap]\.m\.)"
)
_SENTENCE_END = re.compile(rf"(?<=[!?…])\s+|(?<=[^\W\d]\.){_ABBREVIATED}\s+|\n+")
#: A time after a comma belongs to the day before it: "bis morgen, 12 Uhr".
_CLAUSE_END = re.compile(
    r",(?!\s*(?:um |gegen |at |by )?\d{1,2}(?:[:.]\d\d)?\s?(?:uhr|h|[ap]\.?m)\b)"
    r"|[;–—]|:(?!\d)| - | (?:und|aber|and|but) ",
    re.IGNORECASE,
)


def _sentences(text: str) -> Iterator[str]:
    yield from (part for part in _SENTENCE_END.split(text) if part.strip())


def _clauses(sentence: str) -> Iterator[tuple[int, str]]:
    """(start, clause): a comma inside "1,5" ends none, for what stands around it is read with the whole sentence."""
    start = 0
    for end in _CLAUSE_END.finditer(sentence):
        yield start, sentence[start : end.start()]
        start = end.end()
    yield start, sentence[start:]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_DENIED = {
    "de": _any(
        r"\b(?:nicht|kein\w*|nie|weder)\b",
        r"\bsich\b.*\bmelden\b|\bmelden\b.*\bsich\b",
        r"\bohne (?:versprechen|gewähr)\b",
        r"\bhab(?:e|en)\b.*\b(?:ge\w+t|ge\w+en)\b",
    ),
    "en": _any(r"\b(?:not|never|cannot|unable)\b", r"n['’]t\b", r"\b(?:tried|would|could|might|may|try)\b"),
}
_IF = {"de": _any(r"\s*(?:wenn|falls|ob|bevor|bis ich|sobald)\b"), "en": _any(r"\s*(?:if|when|once|unless|until I)\b")}
_WILL = r"(?:['’]ll| will| shall|['’]m going to| am going to|['’]re going to| are going to)"
_SURE = {
    "de": _any(
        r"\bmelden?\b.{0,20}?\b(?:mich|uns)\b.{0,40}",
        r"\b(?:mich|uns)\b.{0,60}\b(?:melden|zurückmelden|zurückzumelden)\b",
        r"\brufe\b.{0,60}\b(?:an|zurück)\b",
        r"\b(?:ich|wir)\b.{0,80}\b(?:anrufen|zurückrufen|rückrufen)\b",
        r"\b(?:wir rufen|rufen wir)\b.{0,60}\b(?:an|zurück)\b",
        r"\b(?:gebe|geben wir|wir geben)\b.{0,60}\bbescheid\b",
        r"\b(?:ich|wir)\b.{0,60}\bbescheid (?:geben|sagen)\b",
        r"\b(?:ich|wir)\b.{0,60}\b(?:informieren|benachrichtigen|versprechen)\b",
        r"\b(?:informiere|benachrichtige|verspreche)\b.{0,60}",
        r"\b(?:sie|du|ihr)\b.{0,30}\bhör(?:en|st|t)\b.{0,40}\bvon (?:mir|uns)\b",
        r"\bhör(?:en|st) (?:sie|du)\b.{0,40}\bvon (?:mir|uns)\b",
        r"\b(?:bekommen|bekommst|erhalten|erhältst)\b.{0,60}\b(?:bescheid|rückmeldung|rückruf|antwort)\b",
    ),
    "en": _any(
        rf"\b(?:I|we|one of us|my colleague){_WILL}"
        r"\b(?: \w+){0,4}? (?:get back|come back|call|ring|phone|let you know|follow up|report back|be in touch|"
        r"get in touch|keep you (?:posted|updated|informed)|update|contact|reach out|e-?mail|write|message)\b.{0,40}",
        r"(?:\b(?:I|we) can|\blet me\b.{0,40}|^\s*will|\band) get back to you\b.{0,40}",
        r"\b(?:I|we) promise\b.{0,60}",
        r"\byou(?:['’]ll| will)(?: \w+){0,2}? (?:hear from|have (?:an answer|news)|"
        r"get (?:an? )?(?:answer|reply|call|update))\b.{0,40}",
    ),
}
_LIKELY = {
    "de": _any(
        r"\b(?:ich|wir)\b.{0,80}?\b(?:werden?|schicken?|senden?|prüfen?|klären?|erstatten?|überweisen?|veranlassen?|"
        r"kümmern?|kümmere|leiten?|stornieren?|tauschen?|schauen?|fragen?|haken?|erledigen?|bestellen?|buchen?|liefern?|"
        r"liefere|antworten?|schreiben?|machen?|bringen?|sorgen?|besorgen?|reparieren?|übernehmen?|schaffen?)\b.{0,80}",
        r"\b(?:schicke|sende|prüfe|kläre|erstatte|überweise|veranlasse|kümmere|leite|storniere|tausche|erledige|bestelle|"
        r"antworte|sorge)\b.{0,80}",
        r"\b(?:werden|schicken|senden|prüfen|klären|erstatten|überweisen|liefern) wir\b.{0,80}",
        r"\b(?:sie|du)\b.{0,40}\b(?:bekommen|bekommst|erhalten|erhältst)\b.{0,80}",
        r"\b(?:bekommen|bekommst|erhalten|erhältst) (?:sie|du)\b.{0,80}",
        r"\bwird\b.{0,80}\b(?:erstattet|überwiesen|geliefert|ausgetauscht|verschickt|versendet|erledigt|repariert)\b",
    ),
    "en": _any(
        rf"\b(?:I|we){_WILL}"
        r"(?! (?:be (?:happy|glad|here|open|closed)|need|see|assume|have to)\b) \w+.{0,80}",
        r"\byou(?:['’]ll| will)(?: \w+){0,2}? (?:receive|get|have)\b.{0,80}",
        r"\bwill be (?:refunded|sent|shipped|delivered|replaced|repaired|sorted|done)\b.{0,40}",
    ),
}
