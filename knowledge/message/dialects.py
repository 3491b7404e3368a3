"""German as it is spoken from the coast to the Alps, with its small words put as the articles write them. Pure.

Only asked where a question as it is written finds nothing. A model of meaning has read little dialect: "wo issn mei
packerl" says nothing to it, "wo ist denn mein Paket" everything. Words that are standard German or English in another
sense ("da", "a", "do", "am") stay as they are.
"""

import re

LEAST_WORDS = 2
"""So many words of dialect make one; a single one may be a name or a slip."""
_STANDARD = {
    "ich": "ick icke i",
    "mein": "mei",
    "meine": "meene meina",
    "dein": "dei",
    "euch": "eich enk",
    "das": "des dös dees dit dat",
    "was": "wos wat woas",
    "wie": "wia wiea",
    "ist": "is isch iss",
    "ist denn": "isn issn",
    "habe": "hob hoab",
    "habt": "hobt habts hobts hend",
    "haben": "ham hamm",
    "haben wir": "hamma hommer",
    "hätte": "hätt hedd",
    "kann": "ko konn",
    "könnt": "kennt kinnts kennts",
    "muss": "muas muass mues",
    "möchte": "mecht mechat möcht megad",
    "will": "wui wüi wüll",
    "würde": "tät",
    "gibt es": "gibts gits jibts geits",
    "geht": "gehd goht jeht",
    "kommt": "kimmt kummt",
    "kommen": "kemma kumma",
    "bekomme": "kriag krieg",
    "bekommen": "kriagt kriegt kriagn",
    "weiß": "woaß",
    "gewusst": "gwusst",
    "gekauft": "kaft kafft gkauft",
    "bestellt": "bstellt bschtellt bstöllt",
    "Bestellung": "bstellung bschtellung",
    "geschickt": "gschickt gschigd",
    "zurück": "zruck zrugg",
    "kostet": "kost koscht kosd",
    "nicht": "ned net nedd nit nid nich",
    "nicht mehr": "nimma nimmer nimmi",
    "nichts": "nix nüscht nischt",
    "kein": "koa koi keen koan kaa",
    "keine": "koane keene koine",
    "ein": "oa oan een",
    "auch": "aa ooch oach",
    "auf": "uff",
    "für": "fia fir fürn",
    "heute": "heit heid hüt",
    "morgen": "morgn moang",
    "gestern": "gestan geschdern",
    "immer": "imma ollaweil allweil",
    "oder": "oda odr",
    "etwas": "ebbes eppes",
    "schon": "scho",
    "jetzt": "jetz iatz jetza etz",
    "Geld": "göid jeld gäld",
    "Geschäft": "gschäft gscheft",
    "Laden": "lodn lada",
    "Paket": "packerl pakerl päckle paketl päckli",
    "Rechnung": "rechnig rechnerl",
}
_BY_DIALECT = {spoken: standard for standard, words in _STANDARD.items() for spoken in words.split()}
_WORD = re.compile(r"[^\W\d_]+")
_NO_SIGN = frozenset({"i", "is", "nich", "nix", "gibts", "hätt", "möcht", "krieg", "kriegt", "kost", "morgn"})
"""Words of anybody's quick writing: put as standard German, but no sign of a dialect by themselves."""


def in_standard_german(text: str) -> str:
    """`text` with its words of dialect put as standard German, where it has enough of them to be in one."""
    spoken = [word for word in map(str.lower, _WORD.findall(text)) if word in _BY_DIALECT]
    if len(spoken) < LEAST_WORDS or _NO_SIGN.issuperset(spoken):
        return text
    return _WORD.sub(lambda match: _BY_DIALECT.get(match.group().lower(), match.group()), text)
