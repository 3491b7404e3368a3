"""The words that wishes for a person are made of, and a text in terms of them.

A word we know becomes its class in capitals, so that what is learnt of one is learnt of all: "i mecht mit am menschn
redn" reads "I WANT WITH ART PERSON SPEAK".
"""

import re
from dataclasses import dataclass
from functools import lru_cache

CLASSES: dict[str, str] = {
    "PERSON": (
        "mensch menschen menschn mensche mensches mitarbeiter mitarbeiterin mitarbeitern mitarbeiterinnen "
        "mitarbeitende mitarbeitenden mitarbeitender mitabeiter berater beraterin beratern kundenberater "
        "kundenberaterin kundenbetreuer kundenbetreuerin betreuer betreuerin agent agenten agentin agents "
        "ansprechpartner ansprechpartnerin ansprechperson sachbearbeiter sachbearbeiterin operator servicemitarbeiter "
        "servicemitarbeiterin servicekraft supportmitarbeiter person human humans representative "
        "representatives rep advisor adviser advisors specialist persn humen humna kollege kollegen kollegin kolleg "
        "colleague colleagues fachmann fachfrau chef chefin chefs vorgesetzte vorgesetzten vorgesetzter teamleiter "
        "teamleitung filialleiter manager managers supervisor supervisors boss csr mönsch mönsche minsch hooman "
        "hoomans supportler kundendienstler verantwortlichen verantwortliche verantwortlicher menschns "
        "beschwerdemanager "
    ),
    "SOMEONE": (
        "jemand jemanden jemandem jemandn jmd jmdn jmdm irgendjemand irgendjemanden irgendjemandem irgendwen "
        "irgendwem wen wem öpper öpperem öppert öpis someone somebody someon anyone anybody sumone smbdy irgendjmd "
    ),
    "DEPT": (
        "support kundenservice kundensupport kundendienst hotline servicecenter serviceteam callcenter "
        "kundenbetreuung supportteam helpdesk customerservice fachabteilung kundencenter kundenhotline "
    ),
    "REAL": (
        "echt echte echten echter echtem echtes echts real reale realen richtige richtigen richtiger richtigem live "
        "lebendigen lebende lebenden lebendige menschliche menschlichen menschlicher menschliches actual living "
        "proper genuine menschlichem echtn wirklichen wirkliche wirklicher competent kompetenten kompetente "
        "kompetenter kompetentes vernünftigen vernünftige qualified fähigen "
    ),
    "BOT": (
        "bot bots roboter robotern chatbot chatbots maschine maschinen computer computern automat automaten ki ai "
        "robot robots machine machines programm program blechkiste sprachroboter chatgpt computerprogramm "
        "computerprogrammen sprachcomputer "
    ),
    "WANT": (
        "bevorzuge will wil wü wüll wui möchte möcht möchten moecht moechte mecht mechad würde würd wuerde wollen "
        "wollte hätte haette hätt hätten brauche brauch brauchen bräuchte bruche bruch braucht need needs want "
        "wants wanna wanted prefer demand insist verlange fordere bestehe wünsche require gimme i'd we'd would id "
        "willich wollt wollten needing bruuche bruchti wett wetti erwarte erwarten expect mag wish wünsch "
    ),
    "SPEAK": (
        "sprechen spreche sprech reden rede redn red rädä schreiben chatten chatte schwätzen schwätze schwatzn "
        "schnacken talk tlak talkin speak spaek chat unterhalten sprächen schnakken deal discuss speek "
        "weiterschreiben weiterreden weitersprechen diskutieren diskutiere schreib quatschen quatsche snacken "
        "schnacke kommunizieren sprich "
    ),
    "TALKING": ("talking speaking chatting dealing "),
    "CONNECT": (
        "verbinden verbinde verbind verbindet verbinded durchstellen durchstelln weiterleiten weiterverbinden "
        "weitergeben weiterreichen übergeben uebergeben connect transfer handover conect conncet forward weiterleite "
    ),
    "GIVE": ("gib gebt geben hol hole holt holst holen give get bring bringt bringen let grab fetch "),
    "NOT": (
        "nicht kein keine keinen keinem keiner keins nie niemals ned net nöd nid nich koan koa nit not don't dont "
        "do'nt doesn't doesnt didn't didnt never won't wont needn't neither "
    ),
    "CALLBACK": ("rückruf rueckruf rückrufs callback "),
    "PLEASE": (
        "bitte bittee biddeschön please pls plz plss bitteschön jetzt now sofort mal endlich einfach halt dann eben "
        "doch nur just only finally immediately asap ok okay hallo hi hello hey danke thanks sorry ja nein nee nope "
        "ey omg alter man also und and so guten tag moin servus bidde gern gerne schnell direkt instead stattdessen "
        "yes jo eh bittschön bitteee gerade kurz bloß blos simply actually really wirklich einmal already ma mol nua "
    ),
    "ART": (
        "ein eine einen einem einer eines nem nen ner ne n an a the den dem der die das nan nämä eurem euren eure "
        "euer ihr ihrem ihren ihre ihrer eurer deiner your ur deinem deinen dein any some other "
        "anderen anderer andern unserem em "
        "einm oana oan eim nam unserer am en "
    ),
    "PHONE": ("telefonieren telefoniern telefonier telefoniere telephonieren "),
    "ESCALATE": ("escalate eskalieren eskalier eskaliere eskaliert eskalation escalation escalated escalating "),
    "WITHOUT": ("ohne without "),
    "AGAIN": ("again nochmal nochmals wieder nomal "),
    "CAN": (
        "kann könnte könnten können kannst könnt könntest kannste könn würdest can could may might darf dürfte dürft "
        "soll sollte should would chan koa konn dürfen magst könntet könnet "
    ),
    "I": ("ich i wir we man me mi mich mir us uns ick "),
    "YOU": ("du sie you u ihnen dir dich euch "),
    "WITH": ("mit mit'n mi'm with w to zu zum zur von bei by from vom beim "),
    "CARE": (
        "look help helps handle check answer sort read continue step review contact decide entscheiden übernehmen "
        "übernimmt draufschauen draufschaun klären klärt anschauen anschaun helfen hilft weiterhelfen weiterhilft "
        "lesen ansehen antworten kümmern kümmert melden meldet bearbeiten schauen prüfen nachsehen "
        "draufschaut drüberschauen drüberschaut draufgucken drübergucken reinschauen reinschaut ansieht anschaut guckt "
    ),
    "TEAM": (
        "team staff technik buchhaltung billing accounts sales geschäftsführung geschäftsleitung leitung management "
        "verkauf beschwerdestelle complaints zentrale vertrieb filialleitung department abteilung rechnungsabteilung "
    ),
    "OTHERS": (
        "fahrer bote boten paketbote kurier techniker monteur spediteur spedition courier couriers driver drivers "
        "carrier technician engineer postman installer fitter nachbar nachbarn neighbour neighbor freund friend "
    ),
    "CALL": ("anruf anrufen telefonisch telefon call phone ring anruft angerufen durchrufen zurückrufen called calls "),
    "BE": ("bist bisch bin sind seid ist is are r am isn't aren't "),
    "MY": ("mein meine meinem meinen meiner meines unser unsere unseren my our "),
    "PEOPLE": ("personen persons leute leuten people "),
    "ACCOUNT": ("konto account zugang zugriff access login nutzer "),
    "FOR": ("für for "),
    "HOW": ("wie how "),
    "WHEN": ("wann when "),
    "WHERE": ("wo where "),
    "WHO": ("wer who whom "),
    "RING": ("ruf ruft rufen rufe rüeft "),
    "TITLE": ("herr herrn frau mr mrs ms miss "),
    "PASSED": ("verbunden connected transferred weitergeleitet durchgestellt forwarded weiterverbunden vermittelt "),
    "NOBODY": ("niemand niemanden niemandem nobody "),
    "NUMBER": ("zwei drei vier fünf sechs two three four five six "),
    "PAST": ("hat hatte haben hatten has had said sagte meinte promised war was were konnte told wurde habe "),
}
_CLASS_OF = {word: name for name, words in reversed(CLASSES.items()) for word in words.split()}
_GUESSED = ("PERSON", "SPEAK", "CONNECT", "ESCALATE", "DEPT", "SOMEONE", "CALLBACK")  # worth a typo
_GUESSABLE = tuple((word, name) for name in _GUESSED for word in CLASSES[name].split() if len(word) >= 5)
_LOOK_ALIKE = """
sprach sprachst sprich spricht gesprochen reise rente reste weite weiter leider wieder nieder lieder
abgeben absprechen agentur angeben ansprechen arbeiter bearbeiter beleben berate beraten bereiter bersten berührt
besprechen bleiben boots cashback chart cheat comeback connected damage entsprechen ergeben erheben forwarded
forwards geben gegeben gemeinde geraten geredet geschrieben gesprochen heraten jeman leben leiden lesen manage
managed menge menschheit mitarbeit operation peak person's personal personalausweis personas persönliche
persönlichen reason redet rückfluss rückrufen scheiben schieben schreibe schreibt season services something speaker
speaks spoke sprache sprachen sprecher supported supporting supports talks transferred transfers treiben umgeben
verarbeiter verbunden versprechen weiter übergaben
"""
_NO_TYPOS = frozenset(_LOOK_ALIKE.split())
"""Words of their own that a slip would make another of."""
_PRONOUNS = frozenset({"i", "you", "he", "she", "it", "we", "they", "that", "this", "who", "there"})
_WORD = re.compile(r"[^\W_]+(?:['’`´][^\W_]+)*|/(?=\w)")
_STRETCHED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word of the text in small letters; its class or, unknown, itself; and where it stands."""

    word: str
    name: str
    start: int
    end: int


def tokens_of(text: str, offset: int = 0) -> list[Token]:
    """The words of a text, in order; `offset` is where it begins in the whole."""
    tokens: list[Token] = []
    for match in _WORD.finditer(text):
        word = match.group().lower()
        is_future = word == "will" and bool(tokens) and tokens[-1].word in _PRONOUNS  # English, and no wanting
        name = word if is_future else class_of(word)
        tokens.append(Token(word=word, name=name, start=match.start() + offset, end=match.end() + offset))
    return tokens


@lru_cache(maxsize=8192)
def class_of(word: str) -> str:
    """The class of a word, mistyped or not; the word itself in small letters where it has none."""
    small = re.sub("['’`´]", "'", word.lower())
    if small.isdigit():
        return "NUMBER"
    for spelled in (small, _STRETCHED.sub(r"\1", small), _STRETCHED.sub(r"\1\1", small)):
        if name := _CLASS_OF.get(spelled):
            return name
    return _guess(small) or small


def _guess(word: str) -> str | None:
    """The class that a word one slip away belongs to: a letter wrong, missing, doubled, or two swapped."""
    if len(word) < 5 or word in _NO_TYPOS:
        return None
    return next((name for known, name in _GUESSABLE if _is_slip(word, known)), None)


def _is_slip(word: str, known: str) -> bool:
    if abs(len(word) - len(known)) > 1 or word[0] != known[0]:  # the first letter is hardly ever wrong
        return False
    head = next((i for i, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), min(len(word), len(known)))
    left, right = word[head:], known[head:]
    if len(word) == len(known):
        swapped = left[:2] == right[1::-1] if len(right) >= 2 else False
        return left[1:] == right[1:] or (swapped and left[2:] == right[2:])
    return left[1:] == right or left == right[1:]
