"""Why a file was refused, in German: what `knowledge.formats` and `knowledge.articles.content` say in English.

They speak to the command line and the API as well, in one language. Their sentences are few and fixed but for names
and numbers, so a table of patterns is enough; a test holds that it has all of them.
"""

import re

_GERMAN: tuple[tuple[str, str], ...] = (
    (r"Nothing was stored\. The file has (\d+) problem\(s\):", r"Nichts wurde gespeichert. Die Datei hat \1 Fehler:"),
    (r"Nothing was stored\. The file has problems:", "Nichts wurde gespeichert. Die Datei hat Fehler:"),
    (r"… and (\d+) more", r"… und \1 weitere"),
    (r"\bline ([\d,]+), column ([\d,]+): ", r"Zeile \1, Spalte \2: "),
    (r"\bline ([\d,]+): ", r"Zeile \1: "),
    (r"\bcolumn ([\d,]+): ", r"Spalte \1: "),
    (r"\brow ([\d,]+): ", r"Zeile \1: "),
    (
        r"stands further up already, with other articles in between",
        "steht weiter oben schon, mit anderen Artikeln dazwischen",
    ),
    (r"stands in line (\d+) already", r"steht schon in Zeile \1"),
    (r"stands in two files", "steht in zwei Dateien"),
    (r"stands twice in the same object", "steht zweimal im selben Objekt"),
    (r"stands twice for (.+)$", r"steht für \1 zweimal"),
    (r"differs between the languages of (.+)$", r"unterscheidet sich zwischen den Sprachen von \1"),
    (r"expected ([\d,]+) cells, got ([\d,]+)", r"erwartet werden \1 Zellen, es sind \2"),
    (r"expected the columns (.+); (.+) may follow", r"erwartet werden die Spalten \1; \2 dürfen folgen"),
    (r"expected CSV \((.+)\)", r"erwartet wird CSV (\1)"),
    (r"expected an object such as (.+?)(, got .+)?$", r"erwartet wird ein Objekt wie \1\2"),
    (
        r"expected an object with at least one language such as",
        "erwartet wird ein Objekt mit mindestens einer Sprache wie",
    ),
    (r"expected an object with the list", "erwartet wird ein Objekt mit der Liste"),
    (r"expected an object", "erwartet wird ein Objekt"),
    (
        r"expected an article, got JSON that is nested too deeply",
        "erwartet wird ein Artikel; dieses JSON ist zu tief verschachtelt",
    ),
    (
        r"expected UTF-8, got the byte (\S+) at position ([\d,]+)",
        r"erwartet wird UTF-8, an Stelle \2 steht das Byte \1",
    ),
    (r"expected JSON \((.+)\)", r"erwartet wird JSON (\1)"),
    (r"expected JSON", "erwartet wird JSON"),
    (r"expected a comment with", "erwartet wird ein Kommentar mit"),
    (
        r"expected 1 to ([\d,]+) characters without slashes or line breaks",
        r"erwartet werden 1 bis \1 Zeichen ohne Schrägstriche und Zeilenumbrüche",
    ),
    (r'expected a time after "valid_from"', 'erwartet wird eine Zeit nach "valid_from"'),
    (r"expected a time with its zone such as", "erwartet wird eine Zeit mit Zeitzone wie"),
    (r"expected a day such as", "erwartet wird ein Tag wie"),
    (r"expected languages such as (\S+) or (\S+?),", r"erwartet werden Sprachen wie \1 oder \2,"),
    (r"expected a list of at most ([\d,]+) texts", r"erwartet wird eine Liste mit höchstens \1 Texten"),
    (r"expected text", "erwartet wird Text"),
    (r"expected at most ([\d,]+) characters, got ([\d,]+)", r"erwartet werden höchstens \1 Zeichen, es sind \2"),
    (r"unknown field (.+); known are (.+)$", r"unbekanntes Feld \1; bekannt sind \2"),
    (
        r"holds a character that is no text \(NUL or half of a surrogate pair\)",
        "enthält ein Zeichen, das kein Text ist (NUL oder ein halbes Ersatzzeichen)",
    ),
    (
        r"longer than (\d+) MB\. Is this really a file of articles\?",
        r"länger als \1 MB. Ist das wirklich eine Datei mit Artikeln?",
    ),
    (
        r"The file is in UTF-16 or no text at all\. Save it as UTF-8\.",
        "Die Datei ist in UTF-16 oder gar kein Text. Speichern Sie sie als UTF-8.",
    ),
    (r"The file is in UTF-16\. Save it as UTF-8\.", "Die Datei ist in UTF-16. Speichern Sie sie als UTF-8."),
    (
        r"Of packed files only ZIP archives are read\. Unpack this one first\.",
        "Von gepackten Dateien werden nur ZIP-Archive gelesen. Entpacken Sie diese zuerst.",
    ),
    (
        r"The archive is damaged or of a kind that isn't read",
        "Das Archiv ist beschädigt oder von einer Art, die nicht gelesen wird",
    ),
    (r"is a link; links aren't followed\.", "ist eine Verknüpfung; Verknüpfungen wird nicht gefolgt."),
    (r"a file in an archive must stay inside of it\.", "eine Datei im Archiv darf nicht nach draußen führen."),
    (r"is encrypted\.", "ist verschlüsselt."),
    (r"of the files in an archive, (.+) are read\.", r"von den Dateien im Archiv werden \1 gelesen."),
    (
        r"is packed more than (\d+) to 1\. Unpack it first\.",
        r"ist stärker als \1 zu 1 gepackt. Entpacken Sie sie zuerst.",
    ),
    (r"is an archive inside of an archive\.", "ist ein Archiv in einem Archiv."),
    (
        r"At most ([\d,]+) files with (\d+) MB in all are read from an archive or folder\.",
        r"Aus einem Archiv oder Ordner werden höchstens \1 Dateien mit zusammen \2 MB gelesen.",
    ),
    (
        r"A page may have ([\d,]+) characters, this one has ([\d,]+)\.",
        r"Eine Seite darf \1 Zeichen haben, diese hat \2.",
    ),
    (
        r"The page holds no FAQPage of schema\.org, neither as JSON-LD nor as microdata\.",
        "Die Seite enthält keine FAQPage von schema.org, weder als JSON-LD noch als Microdata.",
    ),
    (r"a script with JSON-LD can't be read", "ein Skript mit JSON-LD ist nicht lesbar"),
    (
        r"The file holds more than ([\d,]+) articles; the command line takes any number\.",
        r"Die Datei enthält mehr als \1 Artikel; die Kommandozeile nimmt beliebig viele.",
    ),
    (
        r"The file holds ([\d,]+) articles; ([\d,]+) are allowed here\.",
        r"Die Datei enthält \1 Artikel; erlaubt sind hier \2.",
    ),
    (r"The file has ([\d.]+) MB; (\d+) MB are allowed\.", r"Die Datei hat \1 MB; erlaubt sind \2 MB."),
    (
        r"Reading this file takes too long here; the command line takes its time\.",
        "Das Lesen dieser Datei dauert hier zu lange; die Kommandozeile nimmt sich die Zeit.",
    ),
    (r"has no title", "hat keinen Titel"),
    (r"has no text", "hat keinen Text"),
    (r"doesn't say its language; choose one for the file", "nennt keine Sprache; wählen Sie eine für die Datei"),
    (r"is nested too deeply\.", "ist zu tief verschachtelt."),
    (
        r"XML isn't read, and entities are never resolved\. Export as HTML, JSON or CSV\.",
        "XML wird nicht gelesen, und Entities werden nie aufgelöst. Exportieren Sie als HTML, JSON oder CSV.",
    ),
    (
        r"it holds no articles; replacing with it would take every article away",
        "sie enthält keine Artikel; damit zu ersetzen nähme jeden Artikel weg",
    ),
    (r": a draft$", ": ein Entwurf"),
    (r", got nothing$", ", da steht nichts"),
    (r", got an object$", ", da steht ein Objekt"),
    (r", got a list$", ", da steht eine Liste"),
    (r", got true or false$", ", da steht true oder false"),
    (r", got a number$", ", da steht eine Zahl"),
    (r", got an empty text$", ", da steht ein leerer Text"),
    (r", got (.+)$", r", da steht \1"),
)
_COMPILED = tuple((re.compile(pattern, re.MULTILINE), german) for pattern, german in _GERMAN)


def reason_in(language: str, reason: object) -> str:
    """Why something was refused, in the reader's language; the customer's own words in it stay as they are."""
    text = str(reason)
    if language != "de":
        return text
    for pattern, german in _COMPILED:
        text = pattern.sub(german, text)
    return text
