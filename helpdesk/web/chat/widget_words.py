"""What the web chat says in its own name, written from the catalogs into one small script a language.

`python -m helpdesk.web.chat.widget_words` writes `widget/words/`; with `--check` it says what is not up to date. The
widget loads the one file of its visitor's language and form of address.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel import Locale

from i18n import NN_, available_languages, catalog, has_informal, locale_of, own_name, plural_forms

FOLDER = Path(__file__).parent / "widget" / "words"


def modules() -> Iterator[tuple[str, str]]:
    """Each script's name and text."""
    languages = available_languages("customer")
    informal_languages = [language for language in languages if has_informal("customer", language)]
    yield (
        "index.js",
        _module(
            f"export const LANGUAGES = {_literal({language: own_name(language) for language in languages})};\n"
            f"export const INFORMAL = {_literal(informal_languages)};"
        ),
    )
    for language in languages:
        for informal in (False, True) if language in informal_languages else (False,):
            texts = _texts(catalog("customer", language, informal=informal), locale_of(language))
            name = f"{language}-informal.js" if informal else f"{language}.js"
            yield name, _module(f"export default {_literal({'language': language, **texts})};")
            files = _file_texts(catalog("customer", language, informal=informal), locale_of(language))
            yield f"files-{name}", _module(f"export default {_literal(files)};")


def outdated(folder: Path = FOLDER) -> list[str]:
    """The names of the scripts that are missing, not as the catalogs have it, or of a language that is gone."""
    wanted, there = dict(modules()), {path.name for path in folder.glob("*.js")}
    differing = {name for name, text in wanted.items() if name in there and (folder / name).read_text("utf-8") != text}
    return sorted(differing | (set(wanted) ^ there))


def write(folder: Path = FOLDER) -> None:
    """Bring the folder up to the catalogs."""
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.js"):
        path.unlink()
    for name, text in modules():
        (folder / name).write_text(text, encoding="utf-8")


def _texts(messages: NullTranslations, locale: Locale) -> dict[str, Any]:
    """By the names that `words.js` knows. Texts with a count have one form for each plural category of the language."""
    _ = messages.gettext
    forms = partial(plural_forms, messages, locale)
    return {
        "locale": str(locale).replace("_", "-"),
        "title": _("Help"),
        "bot": _("Digital assistant"),
        "agentNote": _("A person from our team"),
        "chooseLanguage": _("Language"),
        "save": _("Transcript"),
        "open": _("Open chat"),
        "close": _("Close chat"),
        "unread": forms(NN_("{count} new message", "{count} new messages")),
        "newer": _("New messages"),
        "messages": _("Messages"),
        "you": _("You"),
        "says": _("{name}:"),
        "placeholder": _("Write to us …"),
        "input": _("Your message"),
        "send": _("Send"),
        "attach": _("Add files"),
        "choose": _("Choose an answer"),
        "chosen": _("Chosen:"),
        "source": _("From our help pages:"),
        "related": _("See also"),
        "more": _("Show more"),
        "less": _("Show less"),
        "table": _("Table"),
        "code": _("Text block"),
        "privacy": _("How we use your data"),
        "person": _("Talk to a person"),
        "askPerson": _("I would like to talk to a person."),
        "states": {
            "waiting": messages.pgettext("state of a message", "Sending"),
            "sent": messages.pgettext("state of a message", "Sending"),
            "stored": messages.pgettext("state of a message", "Sent"),
            "read": messages.pgettext("state of a message", "Read"),
            "failed": messages.pgettext("state of a message", "Not sent"),
            "kept": messages.pgettext("state of a message", "Will be sent later"),
        },
        "changes": {"edited": _("edited"), "taken_back": _("This message was taken back.")},
        "retry": _("Try again"),
        "discard": _("Discard"),
        "reasons": {
            "too_long": _("The message is too long."),
            "unknown_choice": _("This choice is no longer open."),
            "other": _("Sorry, that did not work."),
        },
        "typing": _("{name} is typing …"),
        "slow": _("Your message is here. The answer takes a little longer just now …"),
        "left": forms(NN_("{count} character left", "{count} characters left")),
        "over": forms(NN_("{count} character too many", "{count} characters too many")),
        "connecting": _("Connecting …"),
        "lost": _("No connection. Your messages are safe, we are reconnecting …"),
        "unavailable": _("Chat is not available at the moment."),
        "seeking": _("We are finding someone from our team …"),
        "nobody": _("Nobody is online right now"),
        "next": _("You are next"),
        "place": _("You are number {position} in the queue"),
        "waitUnknown": _("we cannot say yet how long"),
        "waitUpTo": forms(NN_("up to {count} minute", "up to {count} minutes")),
        "waitAbout": forms(NN_("about {count} minute", "about {count} minutes")),
        "joined": _("{name} is here for you now"),
        "resolved": _("Closed. Just write if you need anything else."),
        "email": {
            "lead": _(
                "Nobody from our team is here right now. With your e-mail address we can reach you even after you "
                "close this page."
            ),
            "label": _("E-mail address"),
            "example": _("name@example.com"),
            "send": _("Send address"),
            "wrong": _("Please check the address, for example name@example.com."),
        },
        "suggestions": _("This may already help"),
        "found": forms(
            NN_("{count} answer may fit, arrow up takes you there", "{count} answers may fit, arrow up takes you there")
        ),
        "today": _("Today"),
        "yesterday": _("Yesterday"),
    }


def _file_texts(messages: NullTranslations, locale: Locale) -> dict[str, str]:
    """By the names that `files.js` knows; loaded with it, by who sends or gets a file."""
    _ = messages.gettext
    return {
        "locale": str(locale).replace("_", "-"),
        "added": _("Files to be sent"),
        "uploading": _("Uploading …"),
        "ready": _("Ready to be sent:"),
        "remove": _("Remove"),
        "again": _("Try again"),
        "failed": _("Sorry, that did not work."),
        "lost": _("The connection was lost. The file is still here."),
        "tooLarge": _("The file is too large: 20 MB at most."),
        "tooMany": _("Ten files at most go into one message."),
        "empty": _("The file is empty."),
        "picture": _("Picture"),
        "file": _("File"),
        "open": _("Open picture"),
        "close": _("Close"),
        "save": _("Download"),
        "gone": _("No longer available"),
    }


def _module(statement: str) -> str:
    return f"// Written by `make catalogs` from locale/.\n{statement}\n"


def _literal(value: Mapping[str, Any] | Sequence[str]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def main(arguments: list[str]) -> int:
    """0 if all is well, 1 if a script is not up to date."""
    if "--check" not in arguments:
        write()
        return 0
    found = outdated()
    for name in found:
        sys.stderr.write(f"{FOLDER / name}: not as the catalogs have it, `make catalogs` writes it\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
