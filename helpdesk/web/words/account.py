"""Words of sign-in and set-up, and those that every page has."""

ACCOUNT: dict[str, tuple[str, str]] = {
    "staffel": ("Staffel", "Staffel"),
    "skip": ("Zum Inhalt springen", "Skip to content"),
    "language": ("Sprache", "Language"),
    "language_de": ("Deutsch", "Deutsch"),
    "language_en": ("English", "English"),
    "menu": ("Hauptmenü", "Main menu"),
    "nav_desk": ("Gespräche", "Conversations"),
    "nav_overview": ("Überblick", "Overview"),
    "nav_articles": ("Artikel", "Articles"),
    "nav_channels": ("Kanäle", "Channels"),
    "nav_agents": ("Agents", "Agents"),
    "sign_in": ("Anmelden", "Sign in"),
    "sign_in_lead": ("Für alle, die Kundinnen und Kunden antworten.", "For everybody who answers customers."),
    "sign_out": ("Abmelden", "Sign out"),
    "email": ("E-Mail-Adresse", "E-mail address"),
    "password": ("Passwort", "Password"),
    "show_password": ("Passwort anzeigen", "Show password"),
    "forgotten": (
        "Passwort vergessen? Ein Admin kann Ihnen einen neuen Link geben.",
        "Forgotten your password? An admin can give you a new link.",
    ),
    "setup_title": ("Willkommen bei Staffel", "Welcome to Staffel"),
    "setup_lead": (
        "Legen Sie das erste Admin-Konto an. Damit laden Sie danach Ihr Team ein und pflegen die Artikel.",
        "Create the first admin account. With it you invite your team and look after the articles.",
    ),
    "invited_title": ("Willkommen im Team", "Welcome to the team"),
    "invited_lead": (
        "Noch ein Name und ein Passwort, dann kann es losgehen.",
        "A name and a password, and you are ready to go.",
    ),
    "reset_title": ("Neues Passwort", "New password"),
    "reset_lead": (
        "Wählen Sie ein neues Passwort. Alle anderen Anmeldungen enden damit.",
        "Choose a new password. It ends all other sign-ins.",
    ),
    "name": ("Name", "Name"),
    "name_hint": ("Unter diesem Namen antworten Sie Kundinnen und Kunden.", "What customers see when you answer."),
    "password_hint": (
        "Mindestens 12 Zeichen. Drei oder vier Wörter, die nichts miteinander zu tun haben, sind gut.",
        "At least 12 characters. Three or four unrelated words are good.",
    ),
    "setup_button": ("Konto anlegen", "Create account"),
    "reset_button": ("Passwort speichern", "Save password"),
    "link_title": ("Dieser Link gilt nicht mehr", "This link is no longer valid"),
}
