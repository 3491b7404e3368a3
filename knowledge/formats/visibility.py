"""Who may see an article, from the words that other programs and people have for it."""

import re

from knowledge.formats.problems import HoldReason

_PUBLIC = frozenset(
    {
        "published",
        "public",
        "live",
        "active",
        "online",
        "everyone",
        "everybody",
        "all",
        "visible",
        "approved",
        "released",
        "final",
        "done",
        "ok",
        "veroeffentlicht",
        "oeffentlich",
        "aktiv",
        "sichtbar",
        "freigegeben",
        "fertig",
        "alle",
        "jeder",
        "extern",
        "external",
        "publie",
        "publique",
        "current",
        "valid",
        "kunden",
        "customers",
        "website",
        "beantwortet",
        "erledigt",
        "aktuell",
        "gueltig",
        "abgeschlossen",
        "bestaetigt",
        "geprueft",
        "complete",
        "completed",
        "closed",
        "answered",
        "ready",
        "reviewed",
        "verified",
        "inuse",
        "anyone",
        "visitors",
        "visibletoeveryone",
        "null",
        "none",
    }
)
_WORDS = {
    HoldReason.DRAFT: "draft entwurf unpublished unveroeffentlicht inarbeit wip review inreview inpruefung pruefung "
    "offen pending todo brouillon new neu geplant scheduled hidden versteckt verborgen inactive inaktiv offline "
    "notpublished nichtveroeffentlicht unpublie",
    HoldReason.RESTRICTED: "restricted eingeschraenkt beschraenkt limited private privat geheim vertraulich "
    "confidential secret vip restreint prive",
    HoldReason.INTERNAL: "internal intern agents agent staff mitarbeiter team nurintern internalonly interne "
    "company employees nichtoeffentlich notpublic",
    HoldReason.SIGNED_IN: "signedin loggedin signedinusers loggedinusers angemeldet registered registriert members "
    "mitglieder nurangemeldet",
    HoldReason.ARCHIVED: "archived archiviert archiv outdated veraltet obsolete deleted geloescht expired abgelaufen "
    "old alt retired archive",
}
_HOLDS = {word: reason for reason, words in _WORDS.items() for word in words.split()}
_NAMES = {
    **dict.fromkeys(("intern", "interna", "internes", "internal", "nurintern", "internalonly"), HoldReason.INTERNAL),
    **dict.fromkeys(("vertraulich", "confidential", "private", "privat", "restricted"), HoldReason.RESTRICTED),
    **dict.fromkeys(("entwurf", "entwuerfe", "draft", "drafts"), HoldReason.DRAFT),
    **dict.fromkeys(("archiv", "archive", "archived", "archiviert", "veraltet", "outdated"), HoldReason.ARCHIVED),
}
_YES = frozenset(["ja", "yes", "y", "j", "x", "true", "wahr", "1", "oui", "vrai", "✓", "✔", "☑"])
_NO = frozenset(["nein", "no", "n", "false", "falsch", "0", "non", "faux", "-", "–", "☐", "✗"])
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e"})


def hold_by_words(value: str, header: str = "") -> HoldReason | None:
    """Why an article with this status may not be public; `None` where it may.

    With yes or no it depends on what the column is called: "published: no", "internal: yes". A status that we don't
    know keeps an article from everybody, an empty one doesn't.
    """
    word = _fold(value)
    if not word:
        return None
    if word in _YES or word in _NO:
        return _by_question(_fold(header), is_yes=word in _YES)
    if word in _PUBLIC:
        return None
    return _HOLDS.get(word, HoldReason.STATUS_UNKNOWN)


def is_yes_or_no(value: str) -> bool:
    """Whether a cell only says yes or no, in words or signs; digits alone are numbers."""
    word = _fold(value)
    return not word.isdigit() and (word in _YES or word in _NO)


def is_yes(value: str) -> bool:
    """Whether a cell only says yes."""
    return is_yes_or_no(value) and _fold(value) in _YES


def hold_by_name(name: str) -> HoldReason | None:
    """Why what lies in a sheet, folder or category may not be public: it is called "Intern" or "Drafts"."""
    return _NAMES.get(_fold(name))


def _by_question(header: str, *, is_yes: bool) -> HoldReason | None:
    """What yes or no mean under a name: that of a hold makes yes hold, any other lets yes be seen."""
    asked = next((reason for word, reason in _HOLDS.items() if word in header and len(word) > 3), None)
    if any(word in header for word in ("veroeffentlicht", "published", "oeffentlich", "public")):
        asked = None
    if asked:
        return asked if is_yes else None
    return None if is_yes else HoldReason.DRAFT


def _fold(text: str) -> str:
    folded = text.strip().casefold().translate(_UMLAUTS)
    return re.sub(r"[^a-z0-9✓✔☑☐✗–-]", "", folded) if len(folded) > 1 else folded
