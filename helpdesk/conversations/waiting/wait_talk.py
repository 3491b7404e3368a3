"""What somebody who waits for a person, or has been helped by one, is taken to want, by their words alone. Pure."""

import re

from helpdesk.conversations.bot_reply import Company
from helpdesk.handoff.wish import find_wish

#: Share of a line's words from which on the wish for a person is all it says.
MOSTLY_WISH = 0.6

_NAMES = r"(?:again|nochmal|bot|lotte|leute|team|zusammen|all(?:e|erseits)?|there|everyone|guys|ihr|du|sie|you)"
_GREETING = re.compile(
    rf"^\W*(?:(?:hallo+|hello+|hi+|hey+|hej|huhu|moin(?:\s+moin)?|servus|grüezi|salut|bonjour|bonsoir|allo|"
    rf"guten?\s+(?:tag|morgen|abend)|good\s+(?:morning|evening|afternoon|day))\W*)+(?:\b{_NAMES}\W*){{0,2}}$",
    re.IGNORECASE,
)
_SOME = r"(?:\w+\s+){0,3}?"
_NOBODY_DE = r"(?:jemand|wer|keiner|niemand|irgendwer|irgendjemand|mensch)"
_NOBODY_EN = r"(?:any\s?one|any\s?body|some\s?one|some\s?body|no\s?one|nobody)"
_WAIT = re.compile(
    r"\b(?:wie\s+lange?\b.*\b(?:wart|noch|geht|dauert\s+(?:das|es|sowas)\s*"
    r"(?:(?:noch|denn|hier|eigentlich|jetzt|heute|so|etwa|circa|ca|ungefähr|wohl|voraussichtlich|normalerweise|"
    r"bei\s+euch|bei\s+ihnen)\W*){0,3}$)"
    r"|(?<!er)(?<!wie )wart(?:e|en|et|ezeit|eschlange)\b(?!\s*,?\s*(?:mal|kurz|bitte))"
    r"|wann\b.*\b(?:jemand|dran|meld\w*|zurück|antwort\w*)"
    r"|wann\s+(?:seid|sind|bist)\s+(?:ihr|sie|du|denn)\b.*\b(?:da|offen|erreichbar)\b"
    r"|when\s+(?:are|will|do)\s+(?:you|they|people)\b.*\b(?:back|open|there|here|available|online)\b"
    rf"|(?:noch|da|hier|ist|irgend)\s*(?:jemand|wer)\b(?=\s*(?:da|hier|noch|am|online|wach|zu|\W*$))"
    rf"|jemand\s+(?:da|hier|noch|online)\b"
    r"|(?:seid\s+ihr|sind\s+sie|bist\s+du|sagt?\s+ihr)\s+(?:noch\s+|überhaupt\s+|eigentlich\s+|alle\s+)*da\b"
    rf"|\b(?:keiner|niemand|kein\s+mensch)\b\s+(?!war|wurde|verletzt|ist\s+verletzt){_SOME}(?:da|meldet"
    rf"|antwortet|kommt|zuständig|zeit|hier|ran|geht|hilft|reagiert)\b(?!\s+(?:rein|raus))"
    rf"|(?:meldet|antwortet|kommt|hilft|reagiert|kümmert)\s+{_SOME}{_NOBODY_DE}\b"
    rf"|dauert\s+{_SOME}(?:lange?|ewig|stunden|noch)\b|(?:bin|wäre)\s+ich\s+{_SOME}dran\b|komm(?:e"
    rf"|\s*t)?\s+(?:ich|da)\s+{_SOME}(?:dran|was|jemand)"
    r"|(?:welche[rn]?|meine?)\s+(?:stelle|platz|position)\b|wievielte|immer\s+noch\s+(?:nichts|niemand"
    r"|keiner|keine\s+antwort)|tut\s+sich\s+(?:hier\s+|da\s+)?(?:was|nichts)"
    r"|wo\s+bleibt\s+(?:ihr|er|sie|jemand|die\s+antwort)|how\s+(?:much\s+)?long(?:er)?\b.*\b(?:wait|take"
    r"|queue|until|now|still)|how\s+much\s+longer|wait(?:ing|ed)\b|wait\s+time"
    rf"|\b{_NOBODY_EN}\s+(?!else|was|were){_SOME}(?:there|here|home|around|online|in|answer\w*|reply\w*"
    rf"|respond\w*|cares?|coming|help\w*)\b"
    rf"|(?:is|will|does|did|can)\s+{_NOBODY_EN}\s+(?!else|allowed|able)(?:there|here|going|help|answer\w*"
    rf"|come|reply|read\w*|look\w*|take)|are\s+you\s+{_SOME}(?:there|here|around|alive)\b|still\s+(?:there"
    rf"|nothing|no\s+(?:answer|reply|one))"
    rf"|when\b.*\b{_NOBODY_EN}|my\s+turn|(?:taking|takes|take|taken)\s+{_SOME}(?:long|forever|ages)"
    rf"|place\s+in\s+(?:the\s+)?(?:queue|line)"
    r"|what(?:.s|\s+is)\s+(?:happening|going\s+on)|any\s+(?:news|update)"
    r"|combien\s+de\s+temps|attend(?:s|re|ez)?\b|quelqu.un\s*\?|vous\s+(?:êtes|etes)\s+l[aà]"
    r"|personne\s+(?:ne\s+)?répond|y\s+a-t-il\s+quelqu.un)",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"how\s+many\b.*\b(?:before|ahead|in\s+front)|wie\s*viele\b.*\bvor\s+mir|"
    r"^\W*(?:(?:und|and|ok|okay|na|gut|dann|then|so)\W+)*(?:(?:heute|morgen|today|tomorrow)\W+)?"
    r"(?:ab\s+wann|bis\s+wann|wann|when|from\s+when|until\s+when|combien)(?:\s+(?:denn|genau|dann|then|exactly))?\W*$",
    re.IGNORECASE,
)
"""Asks for the place in the queue, or when and nothing else."""
_MEANWHILE = re.compile(
    r"\b(?:while|as|whilst)\s+(?:i|we)(?:['’]?m|\s+am|['’]?re|\s+are)?\s+wait(?:ing)?\b|\bwhile\s+waiting\b|"
    r"\b(?:während|solange|wenn)\s+(?:ich|wir)\s+(?:hier\s+|noch\s+|schon\s+)*wart(?:e|en)\b|"
    r"\b(?:die|meine)\s+wartezeit\s+(?:nutzen|nutze|überbrücken|verkürzen)\b|\bbeim\s+warten\b|"
    r"\b(?:in|during)\s+the\s+wait\b|\ben\s+attendant\b",
    re.IGNORECASE,
)
"""Says when something else is asked, and asks nothing about the waiting: "while I'm waiting: …"."""
_CALLS = re.compile(
    r"^\W*(?:(?:hallo+|hello+|hi|hey|allo|bonjour|na|und|and|so|well|alors)\b)?\W*[?!.…]+\W*$", re.IGNORECASE
)
_OKAY = (
    r"(?:ok(?:ay|i|e)?|k|super|prima|perfekt|perfect|great|fine|gut|passt|jo|ja|yes|yep|jep|mach(?:e"
    r"|\s+ich)|verstanden|"
    r"got\s+it|understood|will\s+do|alles\s+(?:klar|gut)|klar|in\s+ordnung|all\s+(?:right|good)|alright"
    r"|sure|no\s+(?:problem|worries|rush)|"
    r"kein(?:e)?\s+(?:problem|stress|eile|hektik)|(?:dann\s+)?(?:ich\s+warte|warte\s+ich|i.ll\s+wait"
    r"|i\s+will\s+wait|i\s+can\s+wait)|"
    r"bis\s+(?:gleich|dann|später)|d.accord|très\s+bien|j.attends)"
)
_THANKS = re.compile(
    rf"^\W*(?:{_OKAY}\W+)?(?:(?:das\s+ist|sehr)\s+(?:lieb|nett|freundlich)\W*)?"
    r"(?:(?:vielen|herzlichen|besten|lieben|lieber|tausend|many|ganz|recht|cool|nice|ah|oh|echt|wirklich)\s+){0,3}"
    r"(?:dank\w*|thank\w*|thx|ty|cheers|merci)\b[^?\d]{0,30}$"
    rf"|^\W*(?:{_OKAY}\W*){{1,3}}(?:dann\W*)?$|^\W*(?:sehr\s+)?(?:lieb|nett"
    rf"|freundlich)(?:\s+von\s+(?:ihnen|dir|euch))?\W*$",
    re.IGNORECASE,
)
_SETTLED = re.compile(
    r"\b(?:(?:hat|habe?)\s+(?:es\s+)?sich\s+(?:schon\s+|jetzt\s+|gerade\s+|inzwischen\s+)*(?:erledigt|geklärt)"
    r"|(?:ist|schon|alles)\s+(?:schon\s+|jetzt\s+)*(?:erledigt|geklärt)\W*$|vergiss\s+es"
    r"|vergessen\s+sie\s+es|lass(?:en\s+wir|t)?\s+(?:das|es|gut\s+sein)"
    r"|brauche?\s+(?:doch\s+)?(?:keine?n?|niemand\w*)\s*(?:hilfe|mensch\w*|mitarbeiter\w*|person|antwort"
    r"|mehr)?(?:\s+mehr)?\W*$"
    r"|^\W*(?:bitte\s+)?(?:(?:das|die\s+anfrage|mein\w*\s+anfrage|anliegen|warten)\s+)*(?:abbrechen"
    r"|zurückziehen|beenden)\W*$|(?:problem|anliegen|frage|thema)\s+(?:ist|hat\s+sich)\s+(?:schon\s+"
    r"|jetzt\s+)*(?:gelöst|erledigt|geklärt)|^\W*(?:es\s+)?(?:geht|klappt|läuft|funktioniert)\s+(?:jetzt"
    r"|wieder|nun|doch)\b(?!.*\bnicht\b)|(?:works|working)\s+(?:now|again)|(?:never\s*mind|nvm"
    r"|forget\s+(?:about\s+)?it)\b"
    r"|(?:i\s+)?(?:don.?t|do\s+not|no\s+longer)\s+need\s+(?:any(?:one|body|\s+help)|a\s+person|help"
    r"|you)(?:\s+any\s?more)?\W*$"
    r"|(?:sorted|solved|resolved)\s+(?:it\s+)?(?:myself|itself|now|already)|(?:it.s|that.s"
    r"|all)\s+(?:been\s+)?(?:sorted|solved|settled|resolved)"
    r"|^\W*(?:please\s+)?cancel\s+(?:my\s+)?(?:request|waiting|that|it|this)\W*(?:please\W*)?$"
    r"|c.est\s+r[ée]gl[ée]|laisse(?:z)?\s+tomber)",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"\b(?:bist\s+du|sind\s+sie|ist\s+das|spreche?\s+ich|schreibe?\s+ich|rede\s+ich)\b.{0,20}"
    r"\b(?:mensch|bot|roboter|maschine|echt|computer|automat|ki)\b"
    r"|\b(?:are\s+you|is\s+this|am\s+i\s+(?:talking|speaking|chatting)\s+(?:to|with))\b.{0,20}"
    r"\b(?:human|bot|robot|machine|real|person|computer|ai)\b|\bwer\s+(?:bist\s+du|sind\s+sie)\b|\bwho\s+are\s+you\b",
    re.IGNORECASE,
)
_BARE_YES = re.compile(
    r"^\W*(?:ja+|jo|jep|jup|yes+|yep|yeah|oui|klar|doch|sicher|absolut\w*|definitely|sure|voll|total|sehr(?:\s+gut)?|"
    r"(?:war\s+)?(?:super|top|prima|perfekt|perfect|great|bestens|gut|okay|ok|good|fine)|alles\s+(?:gut"
    r"|bestens|super|geklärt)|"
    r"(?:nein|no)\W+(?:alles\s+(?:gut|super|geklärt)|all\s+good)|no\s+(?:problem|complaints))\b"
    r"(?!\W*(?:aber|but|mais|nur|only|trotzdem|nicht))",
    re.IGNORECASE,
)
_BARE_NO = re.compile(
    r"^\W*(?:ne+in+|nö+|nee+|nope|no+|non|na\s+ja|naja|geht\s+so|so\s+lala|(?:eher|leider)\s+(?:nicht"
    r"|nein)|nicht\s+(?:wirklich|"
    r"so|ganz|richtig)|nicht\b|kaum|gar\s+nicht|überhaupt\s+nicht|wenig|kein\s+(?:bisschen|stück)"
    r"|nichts\b|teilweise|nur\s+zum\s+teil|"
    r"(?:das\s+|es\s+)?hat\s+(?:mir\s+|uns\s+|alles\s+|gar\s+|leider\s+)*(?:nicht|nichts)\b"
    r"|(?:ist\s+)?(?:immer\s+noch|noch\s+immer|weiterhin)\b|"
    r"not\s+(?:really|quite|at\s+all|so\s+much)|hardly|barely|sort\s+of|kind\s+of|partly|somewhat|still\b|"
    r"(?:it\s+|that\s+|you\s+)?(?:didn.?t|did\s+not|doesn.?t|does\s+not)\s+(?:really\s+)?(?:help|work)"
    r"|unfortunately\s+not|meh|"
    r"pas\s+(?:vraiment|du\s+tout)|(?:ja|yes|oui)\W+(?:aber|but|mais))\b",
    re.IGNORECASE,
)
_NOTHING_MORE = re.compile(
    r"^\W*(?:(?:ne+in+|nö|nee|nope|no|non)\W+)?(?:(?:danke\w*|thanks?|thank\s+you|merci)\W*)?(?:(?:das"
    r"|es)\s+(?:war|wars|ist)\W*(?:.?s|alles|schon)?|"
    r"that.s\s+(?:all|it|everything)|c.est\s+tout|nichts\s+(?:mehr|weiter)|nothing\s+(?:else|more)"
    r"|tschüss|tschau|ciao|bye\w*|auf\s+wiedersehen|"
    r"(?:ihnen|dir|euch)\s+auch|you\s+too|schönen?\s+(?:tag|abend|feierabend|wochenende)\w*"
    r"|have\s+a\s+\w+\s+(?:day|evening|weekend))\W*"
    r"(?:(?:danke\w*|thanks?|thank\s+you|merci|noch)\W*)*$|^\W*(?:ne+in+|nö|nee|nope|no"
    r"|non)\W+(?:danke\w*|thanks?|thank\s+you|merci)\W*$",
    re.IGNORECASE,
)
_SAD_SIGNS = frozenset("👎😡😠🤬😤😞😢😭🙁☹😕")
_ASKS = re.compile(
    r"(?:^|[.!,;:\n]\s*|\b(?:und|and|oder|or|et)\s+)(?:(?:hallo|hi|hey|ach|ja|ok|eine?|noch|kurze|frage|ps|btw|sag\w*|mal|ihr|"
    r"mir|wissen\s+sie|weißt\s+du|could\s+you|tell\s+me|do\s+you\s+know)\W+){0,4}"
    r"(?:w(?:ie|o|ann|as|er|en|em|elche[rsnm]?|ohin|oher|ieso|arum|eshalb|ozu|omit|oran|orauf|ieviele?|essen)\b|kann\b|könn\w+|"
    r"darf\w*|muss\b|müss\w+|gibt\s+es|gibts|habt\b|haben\s+sie|hast\s+du|ist\s+(?:es|das|der|die)|geht\s+(?:es|das)|"
    r"bietet|bieten\s+sie|liefer(?:t|n)\s|verschickt|nehmt|nehmen\s+sie|ob\b|wh(?:at|ere|en|y|o|ich|ose)\b|how\b|can\b|could\b|"
    r"may\b|do(?:es)?\s+(?!not\b|please\b|me\b)\w+\s+\w+|is\s+(?:it|there|the|that|this)|are\s+(?:there|you|the)|will\s+(?:i|you|it)|"
    r"should\b|comment\b|où\b|quand\b|combien\b|pourquoi\b|quel\w*|puis-je|est-ce|avez-vous|peut-on)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b\d{1,2}(?::\d\d|\s*(?:uhr|h|am|pm|o.clock))?\b|\b(?:heute|morgen|übermorgen|früh|vormittags?"
    r"|mittags?|nachmittags?|"
    r"abends?|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|jederzeit|egal\s+wann|sofort|gleich"
    r"|today|tomorrow|"
    r"morning|noon|afternoon|evening|any\s?time|whenever|now|(?:mon|tues|wednes|thurs|fri|satur|sun)day|demain|matin|"
    r"après-midi|soir|n.importe\s+quand)\b",
    re.IGNORECASE,
)
_GLAD_SIGNS = frozenset("👍🙏❤♥😊🙂😀😃😄😁🥰😍🤗👌✅🎉💪😉👏💚💙")
_GLAD_CODES = re.compile(r":(?:\+1|thumbsup|pray|heart|ok_hand|tada|clap|blush|smile|slightly_smiling_face)[\w:]*:")
_CODES = re.compile(r"^\s*(?::[a-z0-9_+-]+:\s*)+$")


def read_wait_talk(text: str) -> Company | None:
    """What a waiting contact's line is, if it is about the waiting itself; None for what is about their matter."""
    if says_settled(text):
        return Company.SETTLED
    if is_thanks(text):
        return Company.THANKS
    if asks_for_outlook(text) or _is_only_a_wish(text):
        return Company.OUTLOOK
    return Company.IDENTITY if _IDENTITY.search(text) else None


def says_settled(text: str) -> bool:
    """Whether a text says that the matter is settled, or that nobody is needed any more."""
    return bool(_SETTLED.search(text)) and len(text.split()) <= 12


def asks_for_outlook(text: str) -> bool:
    """Whether somebody who waits asks how long it takes, or calls to hear whether anybody is there."""
    if not any(letter.isalnum() for letter in text) or _CODES.match(text):
        return not _is_glad_sign(text)
    return bool(_CALLS.match(text) or _GREETING.match(text) or asks_how_long(text) or _AHEAD.search(text))


def asks_how_long(text: str) -> bool:
    """Whether a text asks in words when somebody will answer."""
    return bool(_WAIT.search(_MEANWHILE.sub(" ", text)))


def asks_something(text: str) -> bool:
    """Whether a text has the form of a question, with or without its mark, rather than telling more of a matter."""
    return "?" in text or bool(_ASKS.search(text))


def is_thanks(text: str) -> bool:
    """Whether a text is a thank you, an "all right" or a sign of it, and no question after it."""
    return _is_glad_sign(text) or bool(_THANKS.match(text))


def names_time(text: str) -> bool:
    """Whether a text says when somebody would like to be called."""
    return "?" not in text and len(text.split()) <= 12 and bool(_TIME.search(text))


def says_nothing_more(text: str) -> bool:
    """Whether a text only takes leave: thanks, a goodbye, "that was all"."""
    return is_thanks(text) or bool(_NOTHING_MORE.match(text))


def read_rating(text: str) -> bool | None:
    """What a text says to "were we able to help?"; None for what is no answer to it."""
    if _is_glad_sign(text) or (_BARE_YES.match(text) and "?" not in text):
        return True
    if any(letter in _SAD_SIGNS for letter in text) or (_BARE_NO.match(text) and not _NOTHING_MORE.match(text)):
        return False
    return None


def _is_glad_sign(text: str) -> bool:
    if any(letter.isalpha() for letter in text):
        return bool(_CODES.match(text) and _GLAD_CODES.search(text))
    return any(letter in _GLAD_SIGNS for letter in text)


def _is_only_a_wish(text: str) -> bool:
    wish = find_wish(text)
    return wish is not None and len(wish.text.split()) >= MOSTLY_WISH * len(text.split())
