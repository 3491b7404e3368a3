"""Our own questions and answers, which all files hold: a bicycle workshop's."""

from typing import NamedTuple


class Pair(NamedTuple):
    """A question with its answer, in one section."""

    section: str
    question: str
    answer: str


GERMAN = (
    Pair("Werkstatt", "Wie lange dauert eine Inspektion?", "Zwei Werktage; im März eher vier, für größere Räder fünf."),
    Pair("Werkstatt", "Muss ich für die Reparatur einen Termin buchen?", "Nein, kommen Sie einfach vorbei."),
    Pair(
        "Werkstatt", "Repariert ihr auch Räder, die ich woanders gekauft habe?", "Ja, außer Akkus fremder Hersteller."
    ),
    Pair(
        "Leihräder", "Was kostet ein Leihrad am Tag?", "18,50 € am Tag, 90 € in der Woche. Helm und Schloss sind dabei."
    ),
    Pair(
        "Leihräder",
        "Kann ich das Leihrad später zurückbringen?",
        "Bis 20 Uhr am selben Tag; danach zählt ein weiterer.",
    ),
)
ENGLISH = (
    Pair("Workshop", "How long does a check-up take?", "Two working days, four of them in March."),
    Pair("Workshop", "Do I need an appointment for a repair?", "No, just come in whenever we are open."),
    Pair("Workshop", "Do you repair bicycles that I bought elsewhere?", "Yes, except for batteries of other makers."),
    Pair("Rental", "What does a rented bicycle cost a day?", "18.50 € a day, with a helmet and a lock."),
    Pair("Rental", "Can I bring the rented bicycle back later?", "Until 8 p.m. on the same day."),
)
