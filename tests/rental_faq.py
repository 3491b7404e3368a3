"""The FAQ of a bicycle rental as a stranger keeps it in Excel: one title and an answer, nothing else. Our own words."""

import io

from openpyxl import Workbook

HEAD = ("Nr.", "Häufige Frage", "Unsere Antwort", "Bereich", "Status")

#: Area, question, answer.
QUESTIONS = (
    (
        "Ausleihen",
        "Wie leihe ich ein Fahrrad aus?",
        "Suchen Sie in der App ein Rad aus und scannen Sie den Code am Schloss.",
    ),
    (
        "Ausleihen",
        "Brauche ich einen Führerschein?",
        "Nein. Nur für unsere Lastenräder mit 45 km/h brauchen Sie die Klasse AM.",
    ),
    (
        "Ausleihen",
        "Ab welchem Alter darf ich ein Rad leihen?",
        "Ab 16 Jahren, mit einer Unterschrift der Eltern ab 14.",
    ),
    ("Ausleihen", "Wie viele Räder kann ich gleichzeitig leihen?", "Bis zu vier Räder auf ein Konto."),
    (
        "Ausleihen",
        "Kann ich ein Rad reservieren?",
        "Ja, bis zu zwei Stunden vorher, kostenlos. Danach kostet jede Stunde 50 Cent.",
    ),
    (
        "Ausleihen",
        "Gibt es Kindersitze?",
        "An den Stationen Hauptbahnhof und Rathaus liegen Kindersitze bis 22 kg bereit.",
    ),
    ("Ausleihen", "Gibt es auch Lastenräder?", "Ja, 24 Stück. Sie stehen an den Stationen mit dem gelben Schild."),
    ("Ausleihen", "Bekomme ich einen Helm dazu?", "Helme verleihen wir nicht. Am Automaten kostet einer 19 €."),
    ("Rückgabe", "Wo gebe ich das Rad zurück?", "An jeder unserer 86 Stationen, gleich welcher."),
    (
        "Rückgabe",
        "Was kostet es, wenn ich das Rad außerhalb abstelle?",
        "Innerhalb der Zone 5 €, außerhalb davon 25 €.",
    ),
    (
        "Rückgabe",
        "Was mache ich, wenn die Station voll ist?",
        "Schließen Sie das Rad daneben an und melden Sie das in der App.",
    ),
    (
        "Rückgabe",
        "Woran sehe ich, dass die Rückgabe geklappt hat?",
        "Das Schloss piept zweimal, und die App zeigt die Quittung.",
    ),
    (
        "Rückgabe",
        "Ich habe vergessen, das Schloss zu schließen. Was nun?",
        "Rufen Sie uns an: Wir beenden die Fahrt für Sie.",
    ),
    ("Preise", "Was kostet eine Fahrt?", "Die ersten 30 Minuten 1 €, danach 50 Cent je angefangene Viertelstunde."),
    ("Preise", "Gibt es eine Monatskarte?", "Ja, für 12 €. Damit sind die ersten 45 Minuten jeder Fahrt frei."),
    ("Preise", "Bekommen Studierende Rabatt?", "Mit einer gültigen Immatrikulation kostet die Monatskarte 7 €."),
    ("Preise", "Was kostet ein Rad für den ganzen Tag?", "Höchstens 12 € in 24 Stunden; Lastenräder 24 €."),
    ("Preise", "Wann wird abgebucht?", "Am ersten Werktag des Folgemonats, alle Fahrten zusammen."),
    (
        "Preise",
        "Muss ich eine Kaution hinterlegen?",
        "Nein. Beim ersten Mal prüfen wir die Karte mit 1 €, der zurückkommt.",
    ),
    ("Konto", "Wie lege ich ein Konto an?", "In der App mit E-Mail-Adresse und Telefonnummer; es dauert zwei Minuten."),
    (
        "Konto",
        "Ich habe mein Passwort vergessen.",
        "Tippen Sie auf »Passwort vergessen«; wir schicken Ihnen einen Link.",
    ),
    ("Konto", "Wie ändere ich meine Telefonnummer?", "Unter »Profil«. Die neue Nummer wird mit einer SMS bestätigt."),
    ("Konto", "Wie lösche ich mein Konto?", "Unter »Profil«, »Konto löschen«. Offene Fahrten werden noch abgebucht."),
    ("Konto", "Womit kann ich bezahlen?", "Mit Kreditkarte, Lastschrift oder PayPal."),
    (
        "Konto",
        "Meine Karte wird nicht angenommen.",
        "Meist fehlt die Freigabe für Zahlungen im Internet; fragen Sie Ihre Bank.",
    ),
    (
        "Pannen",
        "Das Rad hat einen Platten.",
        "Stellen Sie es ab und melden Sie den Schaden. Diese Fahrt kostet nichts.",
    ),
    (
        "Pannen",
        "Die Bremse geht nicht richtig.",
        "Fahren Sie nicht weiter. Melden Sie das Rad in der App; wir holen es.",
    ),
    (
        "Pannen",
        "Das Licht ist kaputt.",
        "Melden Sie es in der App und nehmen Sie nach Einbruch der Dunkelheit ein anderes Rad.",
    ),
    ("Pannen", "Der Akku ist leer.", "Sie können ohne Motor weiterfahren oder an der nächsten Station tauschen."),
    (
        "Pannen",
        "Das Rad wurde gestohlen, während ich es hatte.",
        "Rufen Sie die Polizei, dann uns. Mit Anzeige zahlen Sie höchstens 150 €.",
    ),
    (
        "Pannen",
        "Ich hatte einen Unfall.",
        "Rufen Sie die 112, wenn jemand verletzt ist, und melden Sie sich dann bei uns.",
    ),
    ("Pannen", "Bin ich versichert?", "Haftpflicht ist dabei. Für eigene Verletzungen gilt Ihre Unfallversicherung."),
    ("Sonstiges", "Darf mein Hund mit?", "In den Lastenrädern mit Kiste bis 20 kg, angeleint."),
    ("Sonstiges", "Darf ich mit dem Rad in die Bahn?", "Ja, mit einer Fahrradkarte des Verkehrsverbunds."),
    ("Sonstiges", "Fahren Sie auch im Winter?", "Ja. Bei Glatteis schließen wir einzelne Stationen; die App zeigt es."),
    ("Sonstiges", "Verkaufen Sie gebrauchte Räder?", "Jeden März, ab 180 €, am Betriebshof."),
    ("Sonstiges", "Gibt es einen Newsletter?", "Viermal im Jahr; anmelden können Sie sich unter »Profil«."),
)
BAD = (("Sonstiges", "Kann ich das Rad ins Ausland mitnehmen?", ""), ("Sonstiges", "", "Wir suchen Verstärkung."))
INTERNAL = ("Preise", "Welchen Nachlass bekommen Firmen?", "Ab 20 Karten 15 %, nicht weitersagen.", "intern")


def rental_workbook() -> bytes:
    """Forty rows: 37 questions with answers, two that lack something, and one that is internal."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "FAQ"
    sheet.append(HEAD)
    rows = [*QUESTIONS[:12], BAD[0], *QUESTIONS[12:30], INTERNAL, *QUESTIONS[30:], BAD[1]]
    for number, (area, question, answer, *status) in enumerate(rows, start=1):
        sheet.append((number, question, answer, area, *(status or [""])))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
