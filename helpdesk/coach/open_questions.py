"""One of several questions that the draft passes over. Pure.

It asks for signs of an answer, not for the answer: words in common, an amount where a price was asked for, a time where
"when" was asked. Nothing is said of a single question, nor of a draft that asks back or says that it will find out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.coach.draft import MAX_LENGTH, WORD, Draft, list_lines, split_sentences
from helpdesk.coach.hint import CoachHint, HintKind
from helpdesk.coach.signs import any_of, shortened

_BEGINNINGS = 5
"""Letters in which two words agree that are forms of one."""
_ENOUGH_SHARED = 0.5
_IDLE = frozenset(
    """
    aber alle alles also auch auf aus bei beim bekomme bekommen bin bis bitte brauche brauchen brauchst
    braucht da dabei dafür dann das dass dazu dem den denn der des die dies diese diesen dieser doch dort du
    dürfen eigentlich ein eine einem einen einer er es etwas euch euer für gehen geht gern gerne gibt gibts
    habe haben habt hat hallo hätte hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jetzt
    kann kannst können könnt könnte könnten kein keine lange machen mal man mehr mein meine meinem meinen
    meiner mich mir mit möchte muss müssen nach nicht noch nun nur ob oder ohne schon sehr sein seit selbst
    sich sie sind so soll sollte über um und uns unser unsere vom von vor wann warum was weil welche welchen
    welcher welches wenn wer werden wie wieder wieso wieviel will wir wird wo wohin würde zu zum zur außerdem
    viel ans keiner keine keinen jemand einmal wäre waren a about all also am an and any are as at be because
    been but by can come could did do does doing for from get give go got had has have hello here hey hi how i
    if im in is it its just know like long many may me more much my need no not now of on or our out please
    send should so some still take tell than thanks that the their them then there these they this to too up
    us use was we were what when where which who whose why will with would you your yours
    """.split()  # noqa: SIM905 - read as a list of words
)
_PRICE = any_of(
    r"\b(?:was|wie ?viel)\b[^?]*\bkoste\w*|\bwie teuer\b|\bwas kostet\b|\bhow much\b|\bcosts?\b|\bprice\b|\bpreis\b"
)
_WHEN = any_of(r"\b(?:wann|ab wann|bis wann|welche[rmn]? (?:tag|uhrzeit)|when|what time|which day|by when)\b")
_HOW_LONG = any_of(r"\bwie lang\w*\b|\bhow (?:long|soon|fast)\b")
_YES_OR_NO = re.compile(
    r"\s*(?:und |and |also |außerdem |hi,? |hallo,? |hey,? )*(?:ist|sind|hat|habe[nt]?|hast|gibt|gibts|gibt's|geht|"
    r"kann|kannst|können|könnt|"
    r"darf|dürfen|muss|müssen|musst|brauche|brauchen|brauchst|bekomme|wird|werden|soll|do|does|did|is|are|was|can|"
    r"could|"
    r"may|will|would|has|have|must|should|liefern|bieten|haben)\b",
    re.IGNORECASE,
)
_AMOUNT = any_of(
    r"[€$£]\s?\d|\d\s?(?:€|\$|£|euro|eur|chf|cent|dollars?|pounds?|p\b)|\b(?:kostenlos|kostenfrei|gratis|umsonst|"
    r"free|no "
    r"(?:charge|cost|fee|extra))\b|\bkosten fallen\b"
)
_NUMBER_WORD = (
    r"(?:\d+|ein\w{0,2}|zwei|drei|vier|fünf|sechs|sieben|acht|zehn|zwölf|one|two|three|four|five|six|seven|eight|"
    r"ten|twelve|a)"
)
_DURATION = any_of(
    rf"\b{_NUMBER_WORD}(?:\s?(?:-|–|bis|to)\s?{_NUMBER_WORD})?[\s-]*(?:werk|arbeits|working |business )?-?"
    r"(?:minute\w*|min\b|stunde\w*|tag\w*|woche\w*|monat\w*|jahr\w*|hour\w*|days?\b|weeks?\b|months?\b|years?\b|hrs?\b)"
)
_TIME = any_of(
    r"\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|heute|morgen|übermorgen|sofort|gleich|"
    r"monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|today|tomorrow|tonight|now|weekend|wochenende|midnight|noon|"
    r"anytime|jederzeit)s?\b",
    r"\b\d{1,2}(?::\d\d)?\s?(?:uhr|am\b|pm\b|h\b)|\b\d{1,2}\.\s?(?:\d{1,2}\.|jan|feb|mär|apr|mai|jun|jul|aug|sep|"
    r"okt|nov|dez)",
    r"\b\d{1,2}(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:mo|di|mi|do|fr|sa|so|mon|"
    r"tue|wed|thu|fri)"
    r"\s?[-–]",
)
_YES = re.compile(
    r"\b(?:ja|nein|klar|natürlich|leider|geht|gehen|kein problem|gern|gerne|sicher|möglich|yes|no|yep|nope|sure|"
    r"of course|"
    r"certainly|absolutely|unfortunately|sadly|afraid)\b|(?<![\w])[+&] ",
    re.IGNORECASE,
)
_HOLDS_ON = any_of(
    r"\b(?:frage|frag|kläre|prüfe|schaue|schau|erkundige|moment|augenblick|beides?|beide|zur (?:zweiten|anderen)|"
    r"zum zweiten|"
    r"dazu (?:melde|schreibe|komme)|das andere|den rest)\b",
    r"\b(?:check|checking|find out|look into|looking into|ask|moment|both|neither|second question|the other|"
    r"one sec|get back|"
    r"let me)\b",
)


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    content: frozenset[str]


def find_open_question(draft: Draft) -> CoachHint | None:
    """The customer's first question that the draft gives no sign of an answer to, while it answers another."""
    asked = read_questions(draft.asked)
    if len(asked) < 2 or draft.own_words.count("?") or _HOLDS_ON.search(draft.body):
        return None
    said = [*draft.sentences, *(part for sentence in draft.sentences for part in re.split(r"[,;:–] ", sentence)[1:])]
    if len(list_lines(draft.body)) >= len(asked):
        return None
    spoken_of = [_is_spoken_of(question, said) for question in asked]
    loose_yes = sum(bool(_YES.search(each)) and not _is_of_any(each, asked) for each in draft.sentences)
    still: list[_Question] = []
    for question, is_spoken_of in zip(asked, spoken_of, strict=True):
        if is_spoken_of:
            continue
        if _YES_OR_NO.match(question.text) and loose_yes:
            loose_yes -= 1
            continue
        still.append(question)
    if not still or len(still) == len(asked):
        return None
    return CoachHint(kind=HintKind.QUESTION, found=shortened(still[0].text))


def read_questions(lines: Sequence[str]) -> list[_Question]:
    """The questions of the lines that are about something, each once."""
    found: dict[str, _Question] = {}
    for sentence in split_sentences("\n".join(lines)[-MAX_LENGTH:]):
        if sentence.rstrip(" )*_").endswith("?"):
            content = _content(sentence)
            if content or any(kind.search(sentence) for kind in (_PRICE, _WHEN, _HOW_LONG)):
                found.setdefault(sentence.lower(), _Question(sentence, content))
    return list(found.values())


def _is_spoken_of(question: _Question, said: Sequence[str]) -> bool:
    for kind, evidence in ((_PRICE, _AMOUNT), (_HOW_LONG, _DURATION), (_WHEN, _TIME)):
        if kind.search(question.text):
            return any(evidence.search(each) or (kind is _WHEN and _DURATION.search(each)) for each in said)
    return any(_shares(question.content, _content(each)) for each in said) or _shares(
        question.content, frozenset().union(*map(_content, said))
    )


def _is_of_any(sentence: str, asked: Sequence[_Question]) -> bool:
    content = _content(sentence)
    return any(_shares(question.content, content) for question in asked)


def _shares(wanted: frozenset[str], said: frozenset[str]) -> bool:
    if not wanted:
        return False
    shared = sum(any(_is_like(word, other) for other in said) for word in wanted)
    return shared / len(wanted) >= _ENOUGH_SHARED


def _is_like(word: str, other: str) -> bool:
    """Forms of one word, or one inside of the other, as German puts them together."""
    if word == other or (len(word) > _BEGINNINGS - 1 and word[:_BEGINNINGS] == other[:_BEGINNINGS]):
        return True
    short, long = sorted((word, other), key=len)
    return len(short) >= _BEGINNINGS and short in long


def _content(sentence: str) -> frozenset[str]:
    words = (word.lower() for word in WORD.findall(sentence))
    return frozenset(word for word in words if len(word) > 2 and word not in _IDLE)
