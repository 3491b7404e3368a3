"""Takes a message apart: where one question may end and the next begin, and what of it asks nothing. Pure.

Seams are proposals. Whether a message holds several questions is for the search to say
(`knowledge.message.understanding`): "Hose und Jacke zurückschicken" has an "und", and is one question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from identifiers import find_identifiers, without_identifiers

MAX_CLAUSES = 6
"""A message with more is a letter: its tail stays one clause."""
MAX_BITS = 6
"""A clause with more is a list, which is looked for as a whole."""
MIN_QUESTION_WORDS = 3
MAX_TOLD_CHARACTERS = 160
"""Up to here everything that a message says counts as its question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageClause:
    """A stretch of a message that may be a question of its own, in the customer's words without greetings and "and".

    `asks`: it has the form of a question or a wish. `bits` are what an "and" or a comma inside would cut it into; they
    may as well belong together. One bit: there is nothing to cut.
    """

    text: str
    asks: bool
    bits: tuple[str, ...]


def clauses_of(message: str) -> tuple[MessageClause, ...]:
    """The clauses of a message in order; none when it is nothing but courtesy."""
    clauses = [clause for line in _lines(message) for clause in _clauses_of_line(line)]
    if len(clauses) <= MAX_CLAUSES:
        return tuple(clauses)
    tail = clauses[MAX_CLAUSES - 1 :]
    text = " ".join(clause.text for clause in tail)
    return (*clauses[: MAX_CLAUSES - 1], MessageClause(text=text, asks=any(c.asks for c in tail), bits=(text,)))


def sentences_of(message: str) -> tuple[str, ...]:
    """The sentences of a message in order, without greetings and what else is courtesy."""
    sentences = (sentence for line in message.splitlines() for sentence in _SENTENCE.findall(line))
    return tuple(bare for sentence in sentences if (bare := without_courtesy(sentence.strip())))


def asks(text: str) -> bool:
    """Whether a text asks or wishes something, and be it with a tag: "stühle habt ihr schon, oder"."""
    return bool(_ASKING_TAG.search(text)) or any(clause.asks for clause in clauses_of(text))


def without_courteous_sentences(message: str) -> str:
    """A message without the sentences that are nothing but courtesy; the others as they are written."""
    sentences = (sentence.strip() for line in message.splitlines() for sentence in _SENTENCE.findall(line))
    return " ".join(sentence for sentence in sentences if without_courtesy(sentence))


def asked_in(message: str) -> str:
    """A message without its courtesy and identifiers; of a story, the clauses that ask, each with the one before it.

    What is only told belongs to the question, too: "I'm pregnant, can I pause?".
    """
    written = message.lstrip("\u2060")
    clauses = clauses_of(without_identifiers(written, find_identifiers(written)))
    asking = [number for number, clause in enumerate(clauses) if clause.asks]
    if asking and sum(len(clause.text) for clause in clauses) > MAX_TOLD_CHARACTERS:
        kept = {each for number in asking for each in (number - 1, number) if each >= 0}
        clauses = tuple(clauses[number] for number in sorted(kept))
    return ", ".join(clause.text.rstrip(".,;") for clause in clauses)


def without_courtesy(text: str) -> str:
    """`text` without the greetings, thanks and fillers around it; empty when there is nothing else."""
    if _ANNOUNCES.fullmatch(text):
        return ""
    before = ""
    while text != before:
        before = text
        text = _COURTESY_BEFORE.sub("", text)
        text = _COURTESY_AFTER.sub("", text)
    return text.strip(" ,;:–-") if _LETTER.search(text) else ""


def without_hesitation(text: str, language: str | None) -> str:
    """`text` without "äh" and "erm", as speech that was written down has them; "um" is one in English alone."""
    bare = _HESITATION.sub(" ", text)
    return _ENGLISH_HESITATION.sub(" ", bare) if language == "en" else bare


def looks_like_a_question(text: str) -> bool:
    """Whether it ends or begins as questions and wishes do; a bare question word counts as well."""
    return text.rstrip(" \"'”“)").endswith("?") or bool(_ASKING.match(text) or _WISHING.match(text))


def _lines(message: str) -> Iterator[str]:
    """The lines of a message; what is numbered in a line, "1. … 2. …", has one each."""
    for line in message.splitlines():
        marks = list(_NUMBER_OF_POINT.finditer(line))
        if len(marks) > 1 and [int(mark[1]) for mark in marks] == list(range(1, len(marks) + 1)):
            starts = [0, *(mark.end() for mark in marks)]
            ends = [*(mark.start() for mark in marks), len(line)]
            yield from (line[start:end] for start, end in zip(starts, ends, strict=True))
        else:
            yield line


def _clauses_of_line(line: str) -> Iterator[MessageClause]:
    for sentence in _SENTENCE.findall(line):
        clause: list[tuple[int, int]] = []
        for start, end, soft in _stretches(sentence):
            if clause and not soft:
                yield from _clause(sentence, clause)
                clause = []
            clause.append((start, end))
        yield from _clause(sentence, clause)


def _clause(sentence: str, stretches: list[tuple[int, int]]) -> Iterator[MessageClause]:
    bits = tuple(bit for start, end in stretches if (bit := _bare(sentence[start:end])))
    text = _bare(sentence[stretches[0][0] : stretches[-1][1]])
    if text and bits:
        asks = any(looks_like_a_question(bit) for bit in bits)
        yield MessageClause(text=text, asks=asks, bits=bits if len(bits) <= MAX_BITS else (text,))


def _bare(stretch: str) -> str:
    return without_courtesy(_LINK_BEFORE.sub("", stretch.strip()))


def _stretches(sentence: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each stretch, and whether the seam before it is only a soft one."""
    start, soft = 0, False
    for match in _SEAM.finditer(sentence):
        before, behind = sentence[start : match.start()], sentence[match.end() :]
        asks = bool(_ASKING.match(behind))
        if not _LETTER.search(before) or _TAG.match(behind) or (asks and _belongs(before, match, behind)):
            continue
        yield start, match.start(), soft
        start, soft = match.end(), not (match["clear"] or asks)
    yield start, len(sentence), soft


def _belongs(before: str, seam: re.Match[str], behind: str) -> bool:
    """Whether the question behind is asked for by what is before: "Can you tell me, how …", "Up to what day do …"."""
    if not seam["bare"]:
        return bool(_INDIRECT.search(before))
    fragment = bool(_QUESTION_WORD.search(before)) and not _QUESTION_WORD.match(behind.lstrip())
    return fragment or len(before.split()) < MIN_QUESTION_WORDS or bool(_INDIRECT_OR_LINK.search(before))


def _spaced(phrases: str) -> str:
    """A pattern whose spaces stand for any white space."""
    return phrases.replace(" ", r"\s+")


_WHAT = _spaced(
    "wo|wohin|woher|wann|wie|was|wer|wem|wen|welche[rsnm]?|warum|wieso|weshalb|wofür|womit|wieviel|ab wann|bis wann|"
    "where|wheres|where's|when|whens|how|hows|what|whats|what's|who|whos|whom|which|why"
)
_VERB = _spaced(
    "ist|is|isst|sind|bin|war|kann|können|kannst|könnt|könnte[nt]?|darf|muss|müssen|soll|sollte|will|gibt|gibts|gibt's|"
    "geht|gehen|habt|haben|hat|nehmt|nehmen|liefert|liefern|macht|bietet|verkauft|verschickt|akzeptiert|versteht|"
    "kommt|kostet|kosten|steht|funktioniert|muß|werden|wird|bekomme|bekomm|krieg|kriege|"
    "are|am|is|was|were|do|does|did|can|could|may|should|would|will|have|has|shall"
)
_WHOM = _spaced(
    "ich|i|man|du|ihr|sie|es|wir|das|die|der|den|mein|meine|meinen|euch|mir|a|you|u|we|it|there|they|the|my|that|this"
)
_ASKING = re.compile(
    rf"\W*(?:(?:und|and|oder|or|auch|also|dann|then|noch|aber|but)\s+)*"
    rf"(?:(?:ab|bis|seit|für|mit|from|until|for|with|by)\s+)?"
    rf"(?:(?:{_WHAT})\b|(?:{_VERB}|ob|whether)\s+(?:{_WHOM})\b)",
    re.IGNORECASE,
)
_WISHING = re.compile(
    _spaced(
        r"\W*(?:(?:ich|i|wir|we) (?:brauche?|bräuchte?|will|möchte|hätte|würde|wollte|muss|need|want|wanna|would|'d)\b|"
        r"(?:brauche?|bräuchte|möchte|hätte gern|need|want)\b|i'd like\b|(?:gerne? |auch |noch |also )*"
        r"(?:wissen\W+(?:ob|wie|was|wann|wo|welche\w*|warum)|"
        r"(?:know|ask) (?:if|whether|how|what|when|where|which|why))\b|"
        r"(?:bitte |please |pls )?(?:gib|gebt|geben sie|schick\w*|send|give|sag\w*|tell|lösch\w*|delete|stornier\w*|"
        r"cancel|nehmt|änder\w*|change|stell\w*|put|take|remove|entfern\w*|stop\w*|zeig\w*|show)\b)"
    ),
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(rf"\b(?:{_WHAT}|welche\w*)\b", re.IGNORECASE)
_TELLING = (
    r"sag\w*|wiss\w*|weiß|frag\w*|erklär\w*|zeig\w*|verrat\w*|schau\w*|mir|tell|know|ask|explain|show|me|wonder\w*|sure"
)
_INDIRECT = re.compile(rf"\b(?:{_TELLING})\W*$", re.IGNORECASE)
_INDIRECT_OR_LINK = re.compile(rf"\b(?:{_TELLING}|to|about|see|say|und|and|oder|or)\W*$", re.IGNORECASE)
_LINK = _spaced("und|oder|and|or|plus|sowie|also|außerdem|ausserdem|ferner|zudem|zusätzlich|additionally|besides|n")
_AND_ALSO = _spaced(
    "ach ja|achja|ach so|achso|ach und|oh and|oh und|übrigens|nebenbei|by the way|btw|noch was|noch (?:eine|ne) frage|"
    "zweite frage|zweitens|drittens|erstens|secondly|thirdly|one more thing|another thing|außerdem|ausserdem|as well as"
)
_BARE = (
    r"(?:how|where|when|why|what)\s+(?:do|does|did|can|could|is|are|will|would|should)\b"
    r"|(?:wo|wie|wann|was|warum|wohin)\s+(?:ist|is|sind|kann|können|muss|bekomme|kriege?|kommt|kostet|kosten|finde|geht|"
    r"gibt|lange)\b"
    r"|(?:can|could|may|do|does)\s+(?:i|you|u|we)\b|(?:kann|darf|muss)\s+(?:ich|man)\b"
    r"|(?:habt|nehmt|liefert|könnt)\s+ihr\b"
)
_SEAM = re.compile(
    rf"(?P<clear>[,;–-]*\s*\b(?:(?:{_LINK})\s+)?(?:{_AND_ALSO})\b[\s,:]*(?:(?:{_LINK})\b\s*)?)"
    rf"|(?P<listed>\s*[;•|]\s*|\s+[–-]\s+|,\s*(?:(?:{_LINK})\b\s*)?|\s+(?:{_LINK})\s+|\s*&\s*|\s+\+\s+)"
    rf"|(?P<bare>(?<=\w)\s+(?=(?:{_BARE})))",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r".+?(?:[.!?…]+(?<!\b\d\.)(?<!\b\d\d\.)(?=\s|$)|$)(?:\s*[^\w\s.,;!?]+(?=\s|$))*", re.DOTALL)
_NUMBER_OF_POINT = re.compile(r"(?:^|(?<=[\s:,;]))\(?([1-9])[.)]\s*(?=[^\W\d_])")
_TAG = re.compile(_spaced(r"(?:what|was|wie|nicht|not|so|nun|jetzt|now|y|why)\W*$"), re.IGNORECASE)
_ASKING_TAG = re.compile(r"\b(?:oder|oder nicht|nicht wahr|gell|ne|right|or not|eh)\W*$", re.IGNORECASE)
_LETTER = re.compile(r"[^\W_]")
_LINK_BEFORE = re.compile(rf"^(?:[\W_]*\b(?:{_AND_ALSO}|{_LINK}|dann|then)\b)+[\s,:]*", re.IGNORECASE)
_GREETING = _spaced(
    "hallo|halo|hallöchen|hi|hey|heya|hiya|hello|helo|moin|moin moin|servus|grüezi|grüß gott|grüß (?:dich|euch|sie)|"
    "gri(?:as|aß|es) (?:eich|enk|di|ihna)|tach|"
    "guten tag|guten morgen|guten abend|gudn tach|good morning|good afternoon|good evening|morning|yo|mahlzeit|"
    "sehr geehrte damen und herren|liebes team|dear team|dear sir or madam"
)
_WITH_IT = _spaced(
    "zusammen|ihr lieben|leute|liebes team|team|there|all|everyone|everybody|guys|folks|mate|nochmal|again"
)
_ANNOUNCING = _spaced(
    "ich hab(?:e|)(?: mal| da| noch|)(?: eine| ne| ein paar| zwei| drei| 2| 3|)(?: kurze| kleine|) fragen?"
    "(?: an euch|)|(?:eine |ne |)(?:kurze |kleine |schnelle |)frage|"
    "hätte(?: da| mal|)(?: eine| ne|)(?: kurze|) frage|(?:a |one |)(?:quick |short |)(?:question|q)|quick one|"
    "i have (?:a|some|two|a few) (?:quick |)questions?|(?:i'?ve |)got a (?:quick |)question|könnt ihr mir helfen|"
    "können sie mir helfen|kannst du mir helfen|can you help(?: me|)|i need(?: some| your|) help|ich brauche hilfe"
)
_ANNOUNCES = re.compile(
    _spaced(
        r"\W*(?:ich (?:wollte|will|möchte|würde)(?: nur| mal| noch| kurz| gern| gerne)*(?: etwas| was|) "
        r"(?:fragen|wissen)|(?:i |just )+(?:wanted|want|would like)(?: just|) to (?:ask|know)|"
        r"i'd (?:just |)like to (?:ask|know))\W*"
    ),
    re.IGNORECASE,
)
"""The first of several fragments, which asks nothing yet."""
_THANKS = _spaced(
    "vielen dank(?: im voraus|)|vielen lieben dank|"
    "danke(?: schön| schonmal| schon mal| im voraus| dir| ihnen| euch| sehr|)|"
    "dankeschön|merci|thx|thanks(?: a lot| so much| in advance| mate|)|thank you(?: so much| very much| in advance|)|"
    "many thanks|cheers|ty|tia|lg|mfg|vg|"
    "(?:viele |liebe |schöne |beste |freundliche |mit freundlichen |)gr(?:ü|ue|u)(?:ß|ss)en?|"
    "kind regards|best regards|regards|bitte|please|pls|plz"
)
_FILLERS = _spaced("ach|oh|ah|äh|hm+|ähm|so|also|well|ok|okay|na|und|and|ja|aber")
_HESITATION = re.compile(r"[ \t]*,?[ \t]*\b(?:ä+h+m*|ö+h+m*|e+hm+|u+h+m*|e+rm+|h+m{2,})\b[ \t]*,?[ \t]*", re.IGNORECASE)
_ENGLISH_HESITATION = re.compile(r"[ \t]*,?[ \t]*\b(?:um|er)\b[ \t]*,?[ \t]*", re.IGNORECASE)
_END = r"(?=[\s,.!:;–-]|[^\w\s]|$)"
_COURTESY_BEFORE = re.compile(
    rf"^[\W_]*(?:(?:{_GREETING})(?:\s+(?:{_WITH_IT}))?|{_ANNOUNCING}|{_THANKS}|{_FILLERS}){_END}[^\w]*", re.IGNORECASE
)
_COURTESY_AFTER = re.compile(rf"(?:^|(?<![\s,.!?;–-])[\s,.!?;–-]+)(?:{_THANKS}|{_ANNOUNCING})[^\w?]*$", re.IGNORECASE)
