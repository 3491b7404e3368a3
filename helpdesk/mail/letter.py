"""How a mail reads: one calm layout for all of them, as plain text and as HTML."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import whitespace

import jinja2
from markupsafe import Markup

from connectors.contract.mail import MailBody
from helpdesk.mail.plain_text import to_plain_text
from store.markdown import render


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLink:
    """Something to press."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedLine:
    """A line of the conversation before, as somebody's words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What stands in a mail. `body` and `closing` are Markdown; `small` are plain sentences at the end.

    `preview` is what a mailbox shows beside the subject; `quote_title` stands over `quote`.
    """

    language: str
    body: str
    preview: str = ""
    action: LetterLink | None = None
    closing: str = ""
    quote_title: str = ""
    quote: tuple[QuotedLine, ...] = ()
    small: tuple[str, ...] = ()
    unsubscribe: LetterLink | None = None


def render_letter(letter: Letter) -> MailBody:
    """The letter as it is read with and without HTML."""
    return MailBody(text=_text(letter), html=_html(letter))


def render_markdown(markdown: str, language: str) -> MailBody:
    """A mail that is nothing but Markdown. A `RenderMail`."""
    return render_letter(Letter(language=language, body=markdown))


def _text(letter: Letter) -> str:
    parts = [to_plain_text(letter.body)]
    if letter.action:
        parts.append(f"{letter.action.label}:\n{letter.action.url}")
    if letter.closing:
        parts.append(to_plain_text(letter.closing))
    if letter.quote:
        quoted = "\n".join(_quoted(line) for line in letter.quote)
        parts.append(f"{letter.quote_title}\n{quoted}")
    small = [*letter.small]
    if letter.unsubscribe:
        small.append(f"{letter.unsubscribe.label}: {letter.unsubscribe.url}")
    if small:
        parts.append("-- \n" + "\n".join(small))  # RFC 3676 4.3: what follows is a signature, and answers leave it out
    return "\n\n".join(parts) + "\n"


def _quoted(line: QuotedLine) -> str:
    words = "\n".join(f"> {each}".rstrip(whitespace) for each in to_plain_text(line.text).splitlines())
    return f"> {line.name}:\n{words}"


def _html(letter: Letter) -> str:
    return _template().render(letter=letter, to_html=lambda markdown: Markup(render(markdown)))  # noqa: S704 - sanitised


@cache
def _template() -> jinja2.Template:
    folder = jinja2.FileSystemLoader(Path(__file__).parent)
    pages = jinja2.Environment(loader=folder, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template("letter.html")
