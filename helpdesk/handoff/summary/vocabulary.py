"""The words the summary goes by, German and English in one table each: a customer mixes them, and so do we."""

import re


def word_set(text: str) -> frozenset[str]:
    """The words of a table, which reads better as text than as a list."""
    return frozenset(text.split())


FUNCTION_WORDS = word_set(
    """
    a about again all already also am an and any are as at be because been before being both but by can could did do
    does doing done dont down even for from get gets getting go going got had has have having he her here him his how i
    id if ill im in into is it its ive just let like ll make many may me might more most much my now of off on one only
    or other our out over own re s same she should so some such t than that thats the their them then there these they
    theyre this those though through till to too u up us ve very via was way we well were what when where which while
    who why will with would yes yet you your youre yours amp gt lt link
    since during per
    aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist da dabei dafür
    seit daher damit dann daran darauf das dass dein deine deinem deinen dem den denn der des dessen dich die dies diese
    diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwa etwas euch euer eure
    für ganz gar gerade gibt hab habe haben hat hatte hatten hätte hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im
    in ins ist ja jede jeden jeder jedes jetzt kann kannst können könnte könnten mal man mehr mein meine meinem meinen
    meiner mich mir mit muss müssen nach nun nur ob oder ohne per schon sehr sein seine seinem seinen seiner selbst
    sich sie sind so soll sollte sollten somit sondern über um und uns unser unsere unserem unseren unter vom von vor
    wann war waren warum was weil welche welchem welchen welcher wenn wer werde werden wie wieder will wir wird wo
    wollen wollte worden wurde wurden würde würden zu zum zur zwar ne nen
    """
)

COURTESY = word_set(
    """
    hi hey hello dear good morning afternoon evening day thanks thank thx ty please pls sorry apologies apologise
    apologize welcome cheers regards glad happy great nice appreciate help assist assistance support team hear reaching
    reach contacting understand inconvenience frustration frustrating disappointing best soon hope love ok okay sure
    hmm oh ah well yo bye night wonderful kind kindly guys folks sir madam question questions
    everyone
    hallo guten tag morgen abend moin servus grüß grüße gruß lg mfg vg freundliche freundlichen viele liebe lieber
    danke dank vielen bitte gern gerne entschuldigung entschuldigen tut leid verzeihung sorry willkommen freut freue
    schön schönen schöne helfen hilfe team verständnis verstehe unannehmlichkeiten tschüss wiedersehen ok okay frage
    zusammen naja tja ähm ach fragen geehrte geehrter damen herren super prima toll
    """
)

PERSON_WISH = word_set(
    """
    human person someone somebody real agent representative rep operator talk speak transfer connect want need bot
    mensch menschen person jemand jemanden jemandem mitarbeiter mitarbeiterin mitarbeitern berater beraterin echten
    echter sprechen reden verbinden möchte brauche kundenservice kundendienst kundenberater bot
    """
)

REQUESTS = re.compile(
    r"\b(?:(?:kann|könnte|darf|muss|soll|möchte|will|würde|wüsste|brauche|bräuchte|suche|hätte) (?:ich|man|wir)\b|"
    r"ich (?:möchte|will|würde|wüsste|brauche|bräuchte|suche|hätte)\b|"
    r"(?:wie|wo|wann|warum|wieso|weshalb|welche\w*|wer|was|ob) "
    r"(?:\w+ ){0,3}(?:ich|man|wir|sie|ihr|du|es|das|die|der|mein\w*|ist|sind|kostet|geht|lange|viel)\b|"
    r"(?:können|könnt|könnten|kannst) (?:sie|ihr|du)\b|meine (?:eigentliche )?frage|es geht (?:mir )?um|"
    r"(?:can|could|may|should|do|must) (?:i|we)\b|i(?:'d| would) like|i (?:want|need)\b|i'm looking for|"
    r"(?:can|could|would) you\b|(?:how|where|when|why|which|who|what|whether) (?:\w+ ){0,3}"
    r"(?:i|we|you|it|the|my|is|are|do|does|long|much|many)\b|my (?:actual |real )?question|it'?s about)",
    re.IGNORECASE,
)
"""Forms in which the contact asks or wishes, with or without a question mark."""

NEGATIONS = re.compile(
    r"\b(?:nicht|nichts|nie|niemals|niemand\w*|nirgends|nirgendwo|kein\w*|weder|ohne|kaum|nein|nee|"
    r"no|not|nor|never|nothing|nobody|none|nowhere|neither|without|hardly|cannot|"
    r"\w+n['’`]t|(?:do|does|did|ca|wo|is|are|was|were|have|has|had|could|should|would|must|need)nt)\b",
    re.IGNORECASE,
)
"""Words that turn a sentence around. A quotation is never cut so that one of them falls off."""

BINDING = re.compile(
    r"\b(?:if|unless|until|only|except|instead|whether|otherwise|although|said|says|told|tells|claims?|claimed|"
    r"apparently|allegedly|supposedly|think|thought|maybe|perhaps|"
    r"wenn|falls|sofern|außer|ausser|nur|bis|statt|anstatt|sonst|obwohl|ob|sagt\w*|gesagt|meint\w*|angeblich|behauptet\w*|"
    r"glaube|dachte|vielleicht|sondern)\b",
    re.IGNORECASE,
)
"""Words without which the rest of a sentence says more than was said: conditions, limits, somebody else's claim."""

TROUBLE = re.compile(
    r"\b(?:problem\w*|issues?|trouble\w*|error\w*|wrong|broken|fail\w*|crash\w*|stuck|missing|lost|late|delay\w*|"
    r"cancel\w*|refund\w*|charg\w*|damag\w*|slow\w*|waiting|still|unable|refus\w*|complain\w*|"
    r"fehler\w*|kaputt\w*|defekt\w*|falsch\w*|fehlt\w*|verloren|verspät\w*|storn\w*|kündig\w*|erstatt\w*|"
    r"abgebucht|beschädigt\w*|immer noch|noch immer|warte\w*|reklam\w*|beschwer\w*|funktionier\w*)\b",
    re.IGNORECASE,
)
"""Words that name what is the matter."""

ADVICE = re.compile(
    r"\b(?:try|trying|check|restart\w*|reset\w*|reinstall\w*|install\w*|update|updat\w*|log|logging|click|tap|select|"
    r"call|dm|send|visit|contact|go to|follow|provide|confirm|turn|open|delete|clear|switch|use|ensure|make sure|"
    r"recommend|suggest\w*|should|can|need to|steps|"
    r"versuch\w*|prüf\w*|starten|neu starten|installier\w*|klick\w*|tippen|wählen|rufen|schicken|senden|schreiben|"
    r"öffnen|löschen|folgen|nennen|bestätigen|aktualisier\w*|empfehl\w*|sollten|können|gehen)\b",
    re.IGNORECASE,
)
"""Words with which somebody is told what to do."""

PROMISE = re.compile(
    r"\b(?:(?:we|i)(?:['’]?ll| will| shall)\s+(?:\w+\s+){0,2}?(?:be in touch|get back|contact|call|send|e-?mail|look|"
    r"check|pass|forward|let you know|update|refund|record|arrange|credit|follow|reply|respond|investigate|report|"
    r"feed|escalate|raise|make sure|find out)|"
    r"will be (?:in contact|in touch|credited|refunded|sent|contacted|delivered|passed|forwarded)|"
    r"(?:melde|melden|kümmere|kümmern)\s+(?:mich|uns|ich|wir)|(?:ich|wir)\s+(?:\w+\s+){0,2}?(?:melde\w*|kümmere\w*|"
    r"prüfe\w*|kläre?n?|schicke?n?|sende?n?|erstatte?n?|veranlasse?n?|leite?n?|gebe?n?|rufe?n?|reiche?n?)\b|"
    r"(?:wird|werden)\s+(?:\w+\s+){0,8}?(?:erstattet|gutgeschrieben|verschickt|geliefert|zugeschickt|gemeldet))",
    re.IGNORECASE,
)
"""Forms in which our side undertakes to do something."""

REGRET = re.compile(
    r"\b(?:sorry|apolog\w+|(?:we|i) understand|thanks for|thank you for|happy to|glad to|let us know if|feel free|"
    r"tut (?:mir|uns) leid|entschuldig\w+|verstehe|vielen dank|melden sie sich gern\w*)\b",
    re.IGNORECASE,
)
"""Politeness of ours, which tells the reader nothing where there is anything else."""

FAILED = re.compile(
    r"\b(?:still (?:no|not|the same|same|having|get\w*|won['’]?t|does\w*|can\w*|nothing|happen\w*)|"
    r"(?:the )?same (?:thing|issue|problem|error|result|message)|"
    r"(?:did|does|do|is|has)(?:n['’]?t| not)\s+(?:\w+\s+)?(?:work\w*|help\w*|change\w*|fix\w*)|"
    r"(?:no|nope),?\s+(?:luck|change|difference)|not working|already (?:tried|did|done)|tried (?:that|it|this)|"
    r"immer noch|noch immer|weiterhin|trotzdem|(?:geht|klappt|hilft|funktioniert|half|ging|klappte)\s+(?:\w+\s+){0,2}?"
    r"nicht|nicht geholfen|nicht geklappt|nichts gebracht|bringt nichts|schon (?:versucht|probiert|gemacht)|"
    r"da (?:ist|steht|kommt) (?:\w+ )?(?:nichts|nur)|kommt (?:\w+ )?(?:kein\w*|nichts)|dasselbe|das gleiche)\b",
    re.IGNORECASE,
)
"""The customer's word that an advice did not help."""

WORKED = re.compile(
    r"\b(?:(?:that|it|this|now|actually|all)\s+(?:\w+\s+)?(?:works|worked|fixed|helped|sorted|resolved)|"
    r"works now|working now|okay now|ok now|fine now|answered now|got it working|"
    r"(?:fixed|solved|sorted)(?: it| now)?|problem solved|"
    r"(?:hat|das hat)\s+(?:\w+\s+)?(?:geklappt|geholfen|funktioniert)|(?:geht|klappt|funktioniert|läuft)\s+(?:jetzt|"
    r"wieder|nun)|jetzt (?:geht|klappt|funktioniert)|erledigt|gelöst)\b",
    re.IGNORECASE,
)
"""The customer's word that it did."""

MONTHS = (
    "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    "January|February|March|May|June|July|October|December|"
    "Jan|Feb|Mär|Mar|Apr|Jun|Jul|Aug|Sept?|Okt|Oct|Nov|Dez|Dec"
)
DAYS = (
    "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|"
    "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)
