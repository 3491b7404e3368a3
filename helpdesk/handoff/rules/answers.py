"""What lines say about answers and offers: it helped, it didn't, none was found, asked before, an offer taken."""

import re
from functools import lru_cache

_NOT_HELPFUL = re.compile(
    r"(?:\b(?:hat|hilft|half|bringt|nützt|nutzt|passt|geholfen)\b[^.!?]{0,30}\b(?:nicht|nichts|nix|ned|net|kein\w*)\b"
    r"(?:[^.!?]{0,12}\b(?:geholfen|weiter|gebracht)\b)?"
    r"|\bnicht (?:wirklich )?(?:hilfreich|geholfen)\b|\b(?:ned|net) g(?:e)?holf[ea]?n\b"
    r"|\bfalsche antwort\b|\bantwort ist falsch\b|\b(?:nicht meine|war nicht die) frage\b"
    r"|\bdanach habe? ich nicht gefragt\b"
    r"|\b(?:hab(?:e)?|hatte) ich (?:doch )?(?:alles )?(?:schon|bereits) (?:alles )?(?:probiert|versucht|gemacht)\b"
    r"|\b(?:immer ?noch|weiterhin|trotzdem) (?:kein\w*|nicht|nix|ned|net)\b"
    r"|\bstill (?:no|not|nothing|doesn'?t|won'?t|can'?t|isn'?t|does not|cannot)\b"
    r"|\b(?:klappt|funktioniert|geht) (?:trotzdem|immer ?noch|leider|so)? ?(?:immer noch )?nicht\b"
    r"|\b(?:did ?n[o']?t|does ?n[o']?t|do(?:es)? not|did not|isn'?t|not) (?:really )?help(?:s|ful|ing)?\b"
    r"|\bno luck\b|\bdidn'?t work\b|\b(?:isn'?t|not) helping\b|\b(?:that|this) (?:isn'?t|wasn'?t|is not) it\b"
    r"|\b(?:daran liegt es|das ist es|das war es|das war'?s)\b[^.!?]{0,12}\bnicht\b|\bhilft auch nicht\b"
    r"|\bkomm\w* (?:ich )?(?:so |damit )?nicht weiter\b"
    r"|\bno (?:help|use)\b|\b(?:doesn'?t|does not|didn'?t) answer\b|\bwrong answer\b"
    r"|\bnot (?:what i (?:asked|meant|wanted)|my question)\b|\b(?:already|i'?ve) tried (?:that|this|all|it)\b"
    r"|\bstill (?:doesn'?t|does not|isn'?t|not) work\w*\b)",
    re.IGNORECASE,
)
_MISSED = re.compile(
    r"(?:(?:nicht|leider nicht) (?:ganz |richtig )?verstanden|verstehe (?:ich )?(?:leider |das )?(?:leider )?nicht"
    r"|(?:keine|leider keine) (?:passende |gute )?antwort|weiß ich (?:leider )?nicht|nichts (?:passendes )?gefunden"
    r"|anders (?:formulieren|ausdrücken)|umformulieren"
    r"|(?:did ?n[o']?t|don'?t|do not|did not|couldn'?t|not sure i) (?:quite )?(?:understand|understood|catch|get that)"
    r"|no (?:good |matching )?answer|(?:can'?t|couldn'?t|could not) find (?:an? |any)|rephrase|in other words)",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def says_not_helpful(text: str) -> str | None:
    """The exact words of the contact that say it."""
    found = _NOT_HELPFUL.search(text)
    return found.group() if found else None


@lru_cache(maxsize=4096)
def bot_missed(text: str) -> bool:
    """Whether a line of the bot says that it has no answer; for dialogues that don't say what was found."""
    return bool(_MISSED.search(text))


_CONTENT = re.compile(
    r"\b(?:danke\w*|merci|thanks?|thx|cheers|ta|perfekt|perfect|super|spitze|klasse|toll|prima|ok(?:ay)?|passt|"
    r"alles klar|works|worked|klappt|geht jetzt|jetzt geht|gelöst|solved|sorted|found|gefunden|great|lovely|brilliant|"
    r"wonderful|bye|tschüss)\b",
    re.IGNORECASE,
)
_PLAIN_THANKS = re.compile(
    r"\W*(?:(?:no|nein|ok(?:ay)?|great|super|perfect|perfekt)\W+)?(?:thanks?|thank you|thx|vielen dank|danke\w*|cheers)"
    r"(?: (?:a lot|a million|so much|very much|again|schön|sehr|dir|ihnen|you|for (?:the|your|all your) (?:\w+ )?"
    r"(?:help|assistance|support)|für (?:die|ihre|deine) (?:\w+ )?hilfe))*\W*",
    re.IGNORECASE,
)
_SAID_BEFORE = re.compile(
    r"\b(?:frag\w*|sag\w*|schreib\w*|erklär\w*|wiederhol\w*|ask\w*|tell\w*|told|say\w*|said|writ\w*|explain\w*|"
    r"repeat\w*)\b[^.!?]{0,40}?\b(?P<after>zweiten?|dritten?|vierten?|fünften?|zehnten?|[2-9]\.|zweimal|dreimal|viermal|"
    r"second|third|fourth|fifth|twice|three times|four times)(?:\s*(?:mal|time))?\b"
    r"|\b(?P<before>zweiten?|dritten?|vierten?|fünften?|[2-9]\.|second|third|fourth|fifth)\s*(?:mal|time)\b"
    r"[^.!?]{0,30}?\b(?:frag\w*|sag\w*|schreib\w*|ask\w*|tell\w*|say\w*|writ\w*|explain\w*|same)\b",
    re.IGNORECASE,
)
_NUMBERS = (
    (2, ("zwei", "second", "twice", "2")),
    (3, ("dritt", "drei", "third", "three", "3")),
    (4, ("viert", "vier", "fourth", "four", "4")),
    (5, ("fünf", "fifth", "5")),
    (6, ("zehn", "6", "7", "8", "9")),
)
_OFFER = re.compile(
    r"(?:\b(?:soll|möchten?|wollen|willst|darf|kann|shall|should|would you like|do you want|want me|can i|may i)\b"
    r"[^.!?]*\b(?:mensch\w*|person|kolleg\w*|mitarbeiter\w*|jemand\w*|team|verbinden|human|agent|colleagues?|someone|"
    r"somebody|connect)\b[^.!?]*\?)",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^\W*(?:(?:oh|ach|na|ok(?:ay)?)\W+)?(?:ja\w*|jo|jep|gerne?|bitte|unbedingt|yes|yep|yup|yeah|yea|sure|please|absolutely|"
    r"definitely|of course|natürlich|klar|ok(?:ay)?|do that|mach(?:en)?)\b",
    re.IGNORECASE,
)
_NO = re.compile(r"\b(?:nein|nee|nicht|kein\w*|no|not|nope|don'?t|erst mal|later|später)\b", re.IGNORECASE)
_ASKS_ELSE = re.compile(
    r"\b(?:wie|wann|wo|wohin|was|wer|welche\w*|how|when|where|what|who|which)\b|\b(?:do|does|is|are) \w+", re.IGNORECASE
)
"""A question behind an "ok" is what is wanted: "ok sorry. how long is it"."""
_SOUNDS_GOOD = re.compile(
    r"\b(?:(?:sounds?|looks?|is|that'?s|klingt|sieht|passt|ist) (?:\w+ )?(?:good|great|fine|right|correct|perfect|gut)|"
    r"stimmt|richtig|genau|correct|exactly)\b",
    re.IGNORECASE,
)
_MAX_YES_WORDS = 8  # words


@lru_cache(maxsize=4096)
def is_content(text: str) -> bool:
    """Whether a line of the contact says that all is well; sarcasm is for the mood to tell."""
    return bool(_CONTENT.search(text)) and not _NOT_HELPFUL.search(text) and "?" not in text


def thanks_plainly(text: str) -> bool:
    """Whether a line thanks and says nothing else: "Thanks a lot for your help." needs no second meaning."""
    return bool(_PLAIN_THANKS.fullmatch(text))


@lru_cache(maxsize=4096)
def times_said(text: str) -> tuple[int, str] | None:
    """For how many times the contact says to have asked, with the exact words; ten counts as six."""
    found = _SAID_BEFORE.search(text)
    if not found:
        return None
    word = (found["after"] or found["before"]).lower()
    return next(((count, found.group()) for count, words in _NUMBERS if word.startswith(words)), None)


def agrees(text: str) -> bool:
    """Whether a line is only a yes: said twice, it is no request that comes again."""
    return bool(_YES.search(text) or _SOUNDS_GOOD.search(text)) and len(text.split()) <= _MAX_YES_WORDS


def takes_offer(offered: str, answer: str) -> bool:
    """Whether the bot offered a person and the contact says yes."""
    is_yes = bool(_YES.search(answer)) and not _NO.search(answer) and len(answer.split()) <= _MAX_YES_WORDS
    return is_yes and not _ASKS_ELSE.search(answer) and bool(_OFFER.search(offered))
