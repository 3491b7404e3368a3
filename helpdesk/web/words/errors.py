"""What went wrong and what to do next, by the error's code."""

ERRORS: dict[str, tuple[str, str]] = {
    "error_title": ("Das hat nicht geklappt", "That didn't work"),
    "error_id": ("Kennung für Rückfragen", "Reference for questions"),
    "error_home": ("Zur Startseite", "Back to the start"),
    "error_again": ("Noch einmal versuchen", "Try again"),
    "error_unexpected": (
        "Da ist bei uns etwas schiefgegangen. Bitte versuchen Sie es noch einmal. "
        "Mit der Kennung findet sich die Ursache im Protokoll.",
        "Something went wrong on our side. Please try again. With the reference, the cause can be found in the log.",
    ),
    "error_not_found": (
        "Das gibt es hier nicht – vielleicht ist es umgezogen oder die Adresse hat einen Tippfehler.",
        "There is nothing here – it may have moved, or the address has a typo.",
    ),
    "error_not_allowed": ("Dafür fehlt Ihnen die Berechtigung.", "You don't have permission for this."),
    "error_foreign_request": (
        "Die Seite ist zu alt geworden. Laden Sie sie neu und versuchen Sie es noch einmal.",
        "The page has grown too old. Reload it and try again.",
    ),
    "error_sign_in": ("Bitte melden Sie sich an.", "Please sign in."),
    "error_method_not_allowed": ("Diese Adresse kann das nicht.", "This address can't do that."),
    "error_too_large": ("Das ist zu groß: höchstens 1 MB.", "That is too large: 1 MB at most."),
    "error_bad_request": ("Diese Anfrage war nicht verständlich.", "This request could not be understood."),
    "error_invalid": (
        "Eine Angabe fehlt oder hat nicht die erwartete Form.",
        "A value is missing or isn't of the expected form.",
    ),
    "error_slow_down": (
        "Das ging zu schnell. Bitte warten Sie einen Moment.",
        "That was too fast. Please wait a moment.",
    ),
    "error_unavailable": (
        "Die Datenbank ist gerade nicht erreichbar. Es wurde nichts gespeichert; "
        "bitte versuchen Sie es gleich noch einmal.",
        "The database can't be reached right now. Nothing was stored; please try again in a moment.",
    ),
    "error_conflict": (
        "Inzwischen hat sich etwas geändert. Die Ansicht zeigt jetzt den neuen Stand.",
        "Something has changed in the meantime. The view now shows the current state.",
    ),
    "error_invalid_transition": (
        "Das geht im jetzigen Zustand des Gesprächs nicht mehr. Die Ansicht zeigt den neuen Stand.",
        "The conversation's present state no longer allows this. The view shows the current state.",
    ),
    "error_stale_epoch": (
        "Dieses Gespräch gehört inzwischen jemand anderem. Ihr Text wurde nicht gesendet und bleibt hier stehen.",
        "Somebody else has this conversation now. Your text was not sent and stays here.",
    ),
    "error_already_assigned": (
        "{owner} hat dieses Gespräch schon übernommen.",
        "{owner} has already accepted this conversation.",
    ),
    "error_article_changed": (
        "{changed_by} hat diesen Artikel inzwischen geändert. Sichern Sie Ihren Text und laden Sie die Seite neu.",
        "{changed_by} has changed this article in the meantime. Keep your text somewhere and reload the page.",
    ),
    "error_changed_words": (
        "Diese Nachricht war schon gesendet, mit anderen Worten.",
        "This message had already been sent, in other words.",
    ),
    "error_wrong_sign_in": (
        "E-Mail-Adresse und Passwort passen nicht zusammen.",
        "E-mail address and password don't match.",
    ),
    "error_too_many_sign_ins": (
        "Zu viele Versuche. Bitte warten Sie {minutes} Minuten und versuchen Sie es dann noch einmal.",
        "Too many attempts. Please wait {minutes} minutes and try again.",
    ),
    "error_password_short": (
        "Das Passwort braucht mindestens 12 Zeichen. "
        "Gut geeignet: drei oder vier Wörter, die nichts miteinander zu tun haben.",
        "The password needs at least 12 characters. Three or four unrelated words work well.",
    ),
    "error_password_long": (
        "Das Passwort darf höchstens 256 Zeichen haben.",
        "The password may have at most 256 characters.",
    ),
    "error_password_guessable": (
        "Das Passwort ist zu leicht zu erraten: Nehmen Sie Wörter, die weder Ihre E-Mail-Adresse noch Ihr Name sind.",
        "The password is too easy to guess: take words that aren't your e-mail address or your name.",
    ),
    "error_bad_email": (
        "Das sieht nicht nach einer E-Mail-Adresse aus. Erwartet wird etwas wie mia@example.org.",
        "That doesn't look like an e-mail address. Expected something like mia@example.org.",
    ),
    "error_bad_name": (
        "Bitte einen Namen mit 1 bis 80 Zeichen angeben. Kundinnen und Kunden sehen ihn, wenn diese Person antwortet.",
        "Please give a name of 1 to 80 characters. Customers see it when this person answers.",
    ),
    "error_bad_capacity": (
        "Erwartet werden 1 bis 50 Gespräche gleichzeitig.",
        "Expected 1 to 50 conversations at once.",
    ),
    "error_bad_languages": (
        "Mindestens eine Sprache wird gebraucht: Deutsch, Englisch oder beide.",
        "At least one language is needed: German, English or both.",
    ),
    "error_bad_topics": (
        "Es können höchstens 50 Themen mit je höchstens 128 Zeichen sein.",
        "There can be 50 topics at most, of 128 characters each at most.",
    ),
    "error_email_taken": (
        "Für diese E-Mail-Adresse gibt es schon ein Konto.",
        "There is already an account for this e-mail address.",
    ),
    "error_link_expired": (
        "Dieser Link wurde schon benutzt, ersetzt oder ist abgelaufen. Bitten Sie um einen neuen.",
        "This link has been used, replaced or has expired. Please ask for a new one.",
    ),
    "error_last_admin": (
        "Das ist das einzige Admin-Konto. Machen Sie erst jemand anderen zum Admin.",
        "This is the only admin account. Make somebody else an admin first.",
    ),
    "error_no_such_agent": ("Dieses Konto gibt es nicht.", "There is no such account."),
    "error_yourself": ("Das eigene Konto lässt sich hier nicht schließen.", "You can't close your own account here."),
}
