"""The words that the rules look for, by language: our own lists, to be added to."""

import re
from collections.abc import Mapping

JARGON: Mapping[str, Mapping[str, str]] = {
    "de": {
        r"zwecks": "für, um … zu",
        r"bezüglich": "zu, wegen",
        r"hinsichtlich": "zu, bei",
        r"diesbezüglich(?:e[nrs]?)?": "dazu",
        r"mittels": "mit",
        r"seitens": "von",
        r"vorbehaltlich": "wenn",
        r"unbeschadet": "auch wenn",
        r"gemäß": "nach",
        r"anlässlich": "zu, bei",
        r"infolgedessen": "deshalb",
        r"dergestalt": "so",
        r"vorgenannt\w*": "das genannte Wort selbst",
        r"obengenannt\w*|oben genannt\w*": "das genannte Wort selbst",
        r"etwaige[nrs]?": "mögliche",
        r"jedwede[nrs]?": "jede",
        r"obliegt|obliegen": "ist Aufgabe von",
        r"Inanspruchnahme": "Nutzung",
        r"in Anspruch (?:zu )?(?:nehmen|genommen|nimmt)": "nutzen",
        r"in Abzug (?:zu )?(?:bringen|gebracht)": "abziehen",
        r"zur Anwendung (?:kommen|kommt)": "gelten",
        r"zum Einsatz (?:kommen|kommt)": "nutzen wir",
        r"Sorge (?:zu )?tragen": "sorgen",
        r"Rechnung (?:zu )?tragen": "beachten",
        r"in Kenntnis (?:zu )?(?:setzen|gesetzt)": "sagen, schreiben",
        r"zur Verfügung (?:zu )?(?:stellen|gestellt)": "geben, bekommen",
        r"Veranlassung": "Anlass",
        r"veranlass(?:en|t)": "tun, was geschieht – zum Beispiel: überweisen",
        r"Zuwiderhandlung(?:en)?": "wer das nicht tut",
        r"ordnungsgemäß(?:e[nrs]?)?": "richtig, vollständig",
        r"fernmündlich": "am Telefon",
        r"postalisch": "per Post",
        r"baldmöglichst": "bis wann genau",
        r"i\. ?S\. ?d\.|i\. ?V\. ?m\.|o\. ?g\.|u\. ?U\.|ggfs?\.": "ausschreiben",
        r"RMA(?:-Nummer)?|SLA|SKU|KYC": "was Kundinnen und Kunden dazu sagen",
        r"erfolgt (?:durch|mittels|via|über|nach|innerhalb)": "ein Verb: „wir liefern“, „Sie zahlen“",
    },
    "en": {
        r"utili[sz]e[sd]?": "use",
        r"utili[sz]ation": "use",
        r"in order to": "to",
        r"prior to": "before",
        r"subsequent to": "after",
        r"commence[sd]?": "start",
        r"pursuant to": "under",
        r"hereby|herein|hereto|thereof|therein": "leave it out",
        r"aforementioned|aforesaid": "name it again",
        r"in the event (?:that|of)": "if",
        r"with (?:regards?|respect) to": "about",
        r"in accordance with": "under, as … says",
        r"notwithstanding": "even if",
        r"endeavou?rs?": "try",
        r"facilitate[sd]?": "help",
        r"remit(?:tance)?": "pay, payment",
        r"due to the fact that": "because",
        r"at this (?:point|moment) in time": "now",
        r"in lieu of": "instead of",
        r"shall be (?:deemed|construed)": "counts as",
        r"forthwith": "at once",
        r"henceforth": "from now on",
        r"RMA(?: number)?|SLA|SKU|KYC|TAT": "what customers call it",
        r"on an? \w+ basis": "an adverb: daily, each month",
    },
}

VAGUE: Mapping[str, str] = {
    "de": (
        r"zeitnahe?|in Kürze|demnächst|umgehend|schnellstmöglich|baldmöglichst|baldigst|in absehbarer Zeit|kurzfristig|"
        r"so bald wie möglich|so schnell wie möglich|(?<!so )(?<!allzu )bald(?! wie)|in nächster Zeit|"
        r"(?:einige|ein paar|mehrere|wenige)[nr]? (?:Minuten|Stunden|Tagen?|Werktagen?|Wochen|Monaten?)|"
        r"etwas Zeit|eine Weile|längere Zeit"
    ),
    "en": (
        r"shortly|(?<!as )(?<!as\u00a0)soon(?! as)|in due course|promptly|asap|as soon as possible|before long|"
        r"in the near future|(?:a few|some|several|a couple of) (?:minutes|hours|days|working days|weeks|months)|"
        r"some time|a while"
    ),
}

RANGE: Mapping[str, str] = {
    "de": r"\d+\s*(?:[-–—]|bis(?: zu)?)\s*\d+\s*(?:Minuten|Stunden|Tagen?|Werktagen?|Arbeitstagen?|Wochen|Monaten?)",
    "en": (r"\d+\s*(?:[-–—]|to|or)\s*\d+\s*(?:(?:working|business) )?(?:minutes|hours|days|weeks|months)"),
}

REFUSAL: Mapping[str, str] = {
    "de": (
        r"leider (?:nicht|kein\w*)|nicht möglich|unmöglich|geht (?:leider )?nicht|ausgeschlossen|"
        r"(?:können|kann) (?:wir|ich) (?:\w+ ){0,4}?nicht|(?:wir|ich) (?:können|kann) (?:\w+ ){0,4}?nicht|"
        r"wei(?:ß|ss) ich nicht|das wissen wir nicht|bieten wir nicht an|haben wir (?:leider )?nicht"
    ),
    "en": (
        r"not possible|impossible|unfortunately|unable to|(?:we|I) (?:cannot|can['’]t|can not)|"
        r"(?:we|I) (?:do not|don['’]t) (?:know|offer|provide|accept)|not available|cannot help"
    ),
}

PASSIVE_REFUSAL: Mapping[str, str] = {
    "de": (
        r"(?:kann|können) (?:\w+ ){0,4}?nicht (?:mehr )?(?:\w+ ){0,2}?\w{4,} werden|"
        r"(?:wird|werden) (?:\w+ ){0,4}?nicht (?:mehr )?(?:ge\w+|er\w+|be\w+|an\w+|ak\w+iert|über\w+)\b|"
        r"(?:ist|sind) nicht (?:gestattet|erlaubt|zulässig|vorgesehen)|(?:wird|werden) abgelehnt"
    ),
    "en": (
        r"(?:cannot|can['’]t|can not) be \w+ed|(?:will not|won['’]t|are not|is not) (?:be )?(?:accepted|processed|"
        r"refunded|granted|considered|permitted|allowed|reimbursed)|(?:is|are) (?:refused|rejected|prohibited)"
    ),
}

WAY_OUT: Mapping[str, str] = {
    "de": (
        r"\baber\b|stattdessen|dafür|sondern|jedoch|alternativ|Sie können|können Sie|\b[A-ZÄÖÜ]?\w+(?:en|ern) Sie\b|"
        r"du kannst|kannst du|möglich ist|möglich sind|"
        r"wir (?:helfen|finden|klären|tauschen|erstatten|melden|holen|schicken)|"
        r"\bbis\b|\bsolange\b|möglich(?: ist)? (?:das|es)"
    ),
    "en": (
        r"\bbut\b|instead|however|alternatively|you can|you may|please|we (?:will|['’]ll|can|help|refund|replace)|"
        r"\bwhat you can\b|\buntil\b|\bas long as\b|"
        r"(?:^|[.!?:;] |\n)(?:Choose|Send|Write|Call|Open|Order|Use|Ask|Return|Pick)"
    ),
}

PREAMBLE: Mapping[str, str] = {
    "de": (
        r"(?:vielen )?(?:herzlichen )?dank für|gerne? (?:helfen|beantworten|erklären|informieren) wir|wir freuen uns|"
        r"schön, dass|"
        r"um (?:diese|ihre) frage|im folgenden|nachfolgend|hier (?:finden|erfahren|lesen) sie|auf dieser seite|"
        r"in diesem artikel|grundsätzlich|prinzipiell|bitte beachten sie|es gibt (?:verschiedene|mehrere|viele|einige)|"
        r"zunächst(?: einmal)?|guten tag|hallo|wie sie (?:sicher )?wissen|das kommt (?:darauf|drauf) an\W*$|"
        r"das ist unterschiedlich"
    ),
    "en": (
        r"thank you for|thanks for|we(?:['’]re| are) (?:happy|glad|pleased)|in this article|below you|on this page|"
        r"here you(?:['’]ll| will)? find|please note|there are (?:several|many|various|different)|as you (?:may )?know|"
        r"first of all|generally speaking|basically|hello|hi there|great question|it depends\W*$"
    ),
}

DU = r"\b(?:du|dir|dich|dein(?:e[mnrs]?)?|euch|euer|eure[mnrs]?)\b"
SIE = r"(?<=[\wäöüß,;:)] )(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b"


def any_word(pattern: str) -> re.Pattern[str]:
    """The pattern as whole words, in any case."""
    return re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.IGNORECASE)
