"""A no that leaves the customer standing: nothing in the draft says what is possible instead. Pure."""

from helpdesk.coach.draft import WORD, Draft
from helpdesk.coach.hint import CoachHint, HintKind
from helpdesk.coach.signs import SignTable, any_of, shortened, words_of

MAX_OTHER_WORDS = 30
"""Words beside the no from which on a draft says so much else that something in it is a way on."""

_CAN_DE = r"(?:können|kann|dürfen|darf)"
_NOT_DE = r"(?:nicht|kein\w*|nichts|nirgends)"
_HAVE_DE = (
    r"(?:haben|hab|habe|bieten|führen|liefern|versenden|verkaufen|machen|akzeptieren|nehmen|reparieren|tauschen|"
    r"geben|gibt)"
)
_SIGNS: SignTable = {
    "de": words_of(
        r"leider nein|nein,? leider|leider (?:nicht|kein\w*)",
        rf"{_CAN_DE} (?:\w+ ){{0,6}}?{_NOT_DE}",
        rf"{_HAVE_DE} (?:wir|ich|es) (?:\w+ ){{0,4}}?{_NOT_DE}|(?:wir|ich) {_HAVE_DE} (?:\w+ ){{0,4}}?{_NOT_DE}",
        r"geht (?:\w+ ){0,6}?nicht|(?:ist|sind|wäre) (?:\w+ ){0,5}?(?:nicht möglich|unmöglich|ausgeschlossen|"
        r"ausverkauft)",
        r"nicht (?:mehr )?(?:möglich|erlaubt|vorgesehen|machbar|gestattet|verfügbar|lieferbar)",
        r"wei(?:ß|ss) (?:ich|man|hier keiner) (?:\w+ ){0,2}?nicht|das wissen wir nicht|keine ahnung",
        r"nicht zuständig|nicht (?:meine|unsere) (?:aufgabe|abteilung|baustelle)",
        r"(?:wird|werden) (?:\w+ ){0,5}?nicht (?:mehr )?(?:angeboten|übernommen|erstattet|gewährt|akzeptiert|"
        r"verlängert)",
        r"da (?:ist|kann man|können wir) nichts (?:zu )?machen|schließen wir aus",
    ),
    "en": words_of(
        r"unfortunately|I['’]m afraid|we['’]re afraid|sorry, (?:but )?no",
        r"(?:we|I) (?:\w+ )?(?:can['’]?t|cannot|can not|don['’]?t|do not|won['’]?t|will not|aren['’]?t able|"
        r"are not able|"
        r"are unable|am unable|['’]m unable|no longer)",
        r"(?:isn['’]t|is not|not|isnt) (?:possible|available|allowed|permitted|an option|something we)|impossible",
        r"against (?:our|the|company) (?:policy|rules)|not (?:my|our) (?:department|job|area)",
        r"(?:have )?no idea|there(?:['’]s| is| are) no|(?:we|I) have no|nothing (?:I|we) can do|out of stock|sold out",
        r"(?:is|are|was|were) not (?:refundable|covered|included|eligible)|non-refundable",
    ),
}
#: A no that is good news, or that asks nothing of anybody.
_GOOD_NEWS: SignTable = {
    "de": any_of(
        r"\bmüssen (?:sie |dafür )?nichts\b|\bmusst (?:du )?nichts\b|\bmachen sie sich keine\b|\bmach dir keine\b",
        r"\bkeine? (?:gebühr\w*|kosten|sorge\w*|problem\w*|umstände|eile|zusatzkosten|aufpreis|weitere\w*)\b",
        r"\bnicht(?:s)? (?:mehr )?(?:nötig|schlimm|zu tun|extra|weiter|berechnet|zahlen|bezahlen)\b|\bfalls? nicht\b",
        r"\bnicht nur\b|\bnoch nicht\b|\bkann nichts passieren\b",
    ),
    "en": any_of(
        r"\b(?:don['’]?t|won['’]?t|do not) (?:have to|need|worry|hesitate|be charged|think you need)\b",
        r"\bno (?:problem|worries|charge|cost|fee|rush|hurry|need|extra|bother|trouble|catch)\b|"
        r"\bnothing (?:to pay|else|more)\b",
        r"\bnot only\b|\bnot yet\b|\bdon['’]?t see any (?:problem|issue)\b|\bno longer be charged\b",
    ),
}
_WAY_ON: SignTable = {
    "de": any_of(
        r"\?",
        r"\b(?:aber|stattdessen|dafür (?!sind|bin)|sondern|jedoch|alternativ\w*|allerdings|dennoch|trotzdem|außer|"
        r"nur (?:mit|bis|noch|in|am|per))\b",
        r"\b(?:sie|du|ihr) (?:können|kannst|könnten|könntest|dürfen|darfst|könnt)\b(?!.{0,40}\b(?:nicht|kein))",
        r"\b(?:können|kannst|könnten|könntest) (?:sie|du)\b(?!.{0,40}\b(?:nicht|kein))",
        r"\b(?:anbieten|biete (?:ich )?\w*|gerne|gern|bitte|empfehle\w*|möglich (?:ist|wäre|sind)|"
        r"schlage\b.{0,20}\bvor|hilft|versuchen)\b",
        r"\b(?:ich|wir) (?:frage\w*|kläre\w*|prüfe\w*|melde\w*|schaue\w*|schicke\w*|sende\w*|leite\w*|erstatte\w*|"
        r"tausche\w*|"
        r"lege\w*|reserviere\w*|kümmere\w*|verbinde\w*|gebe\w*|sag\w*|habe? (?:ihnen|dir|es|sie|das|die|den|nach|"
        r"gerade)|"
        r"finde\w*|versuche\w*|mache\w* (?:ihnen|dir))\b",
        r"\b(?:schreiben|rufen|wenden|schicken|nehmen|nutzen|melden|wählen|gehen|schauen|probieren|bestellen) sie\b",
        r"\b(?:schreib|ruf|schick|nimm|nutz|wähl|geh|schau|probier|bestell)\b",
        r"\b(?:ab|bis|am|ab dem|wieder) (?:\d|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen|"
        r"januar|"
        r"februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)",
        r"\b(?:kostenlos|gutschein|ersatz|kulanz|am \d|morgen|übermorgen)\b|…",
    ),
    "en": any_of(
        r"\?",
        r"\b(?:but|instead|however|alternatively|though|only|otherwise|except)\b",
        r"\byou (?:can|could|may|might|are welcome)\b(?!['’]t)|\b(?:I|we)(?:['’]d| would| can| could|['’]ll| will|"
        r"['’]re going to) "
        r"(?!not|no\b)(?:be )?\w+",
        r"\b(?:I|we)(?:['’]ve| have) (?!no\b)(?:\w+ ){0,2}?\w+(?:ed|t|en|ut|ade|one)\b",
        r"\b(?:what (?:I|we) can|happy to|glad to|please|let me|let us|offer|suggest|recommend|try|use|choose|send|"
        r"call|"
        r"write|ask|contact|order|pick|visit|open|click|go to|have a look|take a look)\b",
        r"\b(?:back|available|open|free|ready) (?:on|from|in|by|until|till|again)\b|\b(?:from|by|until|till) \d",
        r"\b(?:voucher|refund you|replacement|free of charge|it['’]s (?:under|in|on|at))\b|…",
    ),
}
#: Words that look like a way on, inside a plain no.
_MERE_COURTESY: SignTable = {
    "de": any_of(r"\b(?:bitte (?:um|haben|entschuldigen|beachten)[^.!\n]*|würde ich gern\w*|gern geschehen)"),
    "en": any_of(
        r"\b(?:please (?:understand|note|be aware|accept)[^.!\n]*|sorry for the [^.!\n]*|"
        r"(?:I|we) would (?:love|like) to|have (?:no idea|no choice)|(?:I|we) can['’]?t[^.,!\n]*|(?:I|"
        r"we) cannot[^.,!\n]*|"
        r"we (?:only|will not|won['’]t|don['’]t|do not)[^.,!\n]*)"
    ),
}


def find_refusal(draft: Draft) -> CoachHint | None:
    """The first no, if nothing in the whole draft leads on from it."""
    language = draft.language if draft.language in _SIGNS else "de"
    noes = [
        (sentence, found)
        for sentence in draft.sentences
        if (found := _SIGNS[language].search(sentence)) and not _GOOD_NEWS[language].search(sentence)
    ]
    if not noes:
        return None
    if _WAY_ON[language].search(_MERE_COURTESY[language].sub(" ", draft.body)):
        return None
    beside = " ".join(sentence for sentence in draft.sentences if sentence not in {no for no, _ in noes})
    if len(WORD.findall(beside)) > MAX_OTHER_WORDS:
        return None
    return CoachHint(kind=HintKind.REFUSAL, found=shortened(noes[0][0]))
