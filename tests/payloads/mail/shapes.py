"""Builds mail of every client, language and form, each with what has to come out: about three hundred.

A form says where the new words stand. The texts are few and ordinary: what differs is what programs do to them.
"""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage

from tests.payloads.mail.clients import LANGUAGES, MailClient, load_clients

US = "support@muster.example"
ANNA = "Anna Beispiel <anna@example.org>"

WORDS = {
    "de": ("Vielen Dank! Die Rechnung fehlt leider immer noch.", "Können Sie sie bitte noch einmal schicken?"),
    "en": ("Thanks a lot! The invoice is still missing, though.", "Could you send it once more, please?"),
    "fr": ("Merci beaucoup ! La facture manque toujours.", "Pourriez-vous me la renvoyer ?"),
}
QUOTED = {
    "de": ("Guten Tag Anna,", "wir haben Ihre Rechnung heute verschickt.", "Ist noch etwas offen?"),
    "en": ("Hello Anna,", "we have sent your invoice today.", "Is there anything else?"),
    "fr": ("Bonjour Anna,", "nous avons envoyé votre facture aujourd'hui.", "Avez-vous d'autres questions ?"),
}
SIGNATURES = {
    "de": "Mit freundlichen Grüßen\nAnna Beispiel\nBeispiel GmbH · Hauptstr. 1 · 10115 Berlin\nTel. 030 1234567",
    "en": "Kind regards,\nAnna Beispiel\nBeispiel Ltd · 1 High Street · London\nPhone +44 20 7946 0000",
    "fr": "Cordialement,\nAnna Beispiel\nBeispiel SARL · 1 rue Haute · Paris\nTél. 01 23 45 67 89",
}
SUBJECTS = {"de": "AW: Rechnung", "en": "Re: Invoice", "fr": "RE: Facture"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailShape:
    """A mail, and the words that have to come out of it."""

    name: str
    raw: bytes
    text: str


def shapes() -> Iterator[MailShape]:
    """Every form of every client in every language."""
    for client in load_clients():
        for language in LANGUAGES:
            for form in FORMS:
                shape = form(client, language)
                if shape is not None:
                    yield shape


def _name(client: MailClient, language: str, form: str) -> str:
    return f"{client.name}, {language}, {form}"


def _above(client: MailClient, language: str) -> str:
    return client.above[language].replace("{us}", US)


def _quote(client: MailClient, language: str) -> str:
    return "\n".join(f"> {line}" if client.marks else line for line in QUOTED[language])


def _mail(language: str, text: str | None, markup: str | None = None) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ANNA, US, SUBJECTS[language]
    mail["Message-ID"], mail["Date"] = "<1@example.org>", "Mon, 30 Nov 2026 10:00:00 +0100"
    mail["In-Reply-To"] = "<0@muster.example>"
    if text is not None:
        mail.set_content(text)
    if markup is not None and text is not None:
        mail.add_alternative(markup, subtype="html")
    elif markup is not None:
        mail.set_content(markup, subtype="html")
    return mail.as_bytes()


def _markup(client: MailClient, language: str, text: str) -> str:
    def lines(words: str) -> str:
        return html.escape(words).replace("\n", "<br>")

    quoted = lines("\n".join(QUOTED[language]))
    above = lines(_above(client, language).replace("\n> ", "\n").replace("_" * 32 + "\n", "").strip())
    return client.html.format(text=lines(text), above=above, quoted=quoted)


def _top(client: MailClient, language: str) -> MailShape:
    """New words on top, as most programs do it."""
    words = "\n\n".join(WORDS[language])
    footer = f"\n\n{client.footer[language]}" if client.footer else ""
    text = f"{words}{footer}\n\n{_above(client, language)}\n{_quote(client, language)}\n"
    return MailShape(name=_name(client, language, "on top"), raw=_mail(language, text), text=words)


def _top_html(client: MailClient, language: str) -> MailShape:
    """The same, in HTML alone."""
    words = "\n".join(WORDS[language])
    raw = _mail(language, None, _markup(client, language, words))
    return MailShape(name=_name(client, language, "HTML alone"), raw=raw, text=words)


def _both(client: MailClient, language: str) -> MailShape:
    """Plain text and HTML, as most programs send it."""
    words = "\n".join(WORDS[language])
    text = f"{words}\n\n{_above(client, language)}\n{_quote(client, language)}\n"
    raw = _mail(language, text, _markup(client, language, words))
    return MailShape(name=_name(client, language, "both"), raw=raw, text=words)


def _signed(client: MailClient, language: str) -> MailShape:
    """With a closing formula and a business signature."""
    words = "\n\n".join(WORDS[language])
    text = f"{words}\n\n{SIGNATURES[language]}\n\n{_above(client, language)}\n{_quote(client, language)}\n"
    return MailShape(name=_name(client, language, "with a signature"), raw=_mail(language, text), text=words)


def _signed_below_html(client: MailClient, language: str) -> MailShape:
    """In HTML, with a signature behind two hyphens."""
    words = "\n".join(WORDS[language])
    markup = _markup(client, language, f"{words}\n-- \nAnna Beispiel\nwww.example.org")
    return MailShape(
        name=_name(client, language, "HTML with a signature"), raw=_mail(language, None, markup), text=words
    )


def _bottom(client: MailClient, language: str) -> MailShape | None:
    """New words below the quoted ones; nobody does that without marks."""
    if not client.marks or client.name == "iphone":
        return None
    words = "\n\n".join(WORDS[language])
    text = f"{_above(client, language)}\n{_quote(client, language)}\n\n{words}\n"
    return MailShape(name=_name(client, language, "below"), raw=_mail(language, text), text=words)


def _between(client: MailClient, language: str) -> MailShape | None:
    """Answers between the quoted lines: each keeps what it answers to."""
    if not client.marks or client.name == "iphone":
        return None
    first, second, third = QUOTED[language]
    one, two = WORDS[language]
    text = f"{_above(client, language)}\n> {first}\n> {second}\n\n{one}\n\n> {third}\n\n{two}\n"
    come = f"> {first}\n> {second}\n{one}\n\n> {third}\n{two}"
    return MailShape(name=_name(client, language, "between"), raw=_mail(language, text), text=come)


def _first(client: MailClient, language: str) -> MailShape:
    """A first mail, which answers nothing."""
    words = "\n\n".join(WORDS[language])
    footer = f"\n\n-- \n{client.footer[language]}" if client.footer else ""
    return MailShape(name=_name(client, language, "first"), raw=_mail(language, f"{words}{footer}\n"), text=words)


FORMS: tuple[Callable[[MailClient, str], MailShape | None], ...] = (
    _top,
    _top_html,
    _both,
    _signed,
    _signed_below_html,
    _bottom,
    _between,
    _first,
)
