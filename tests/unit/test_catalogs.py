"""The words in catalogs: what a reader gets, and what `make check` refuses."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from i18n import NN_, accepted_language, available_languages, catalog, catalogs, locale_of, plural_forms
from i18n.upkeep import ROOT, extract, placeholders, problems, update

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
SOURCE = """
def greet(t, count):
    t.gettext("Hello {name}")
    t.pgettext("button", "Close")
    t.ngettext("one answer", "{count} answers", count)

COUNTS = {"people": NN_("{count} person", "{count} people")}
"""
GERMAN = """
msgid "Hello {name}"
msgstr "Guten Tag, {name}"

msgctxt "button"
msgid "Close"
msgstr "Schließen"

msgid "one answer"
msgid_plural "{count} answers"
msgstr[0] "eine Antwort"
msgstr[1] "{count} Antworten"

msgid "{count} person"
msgid_plural "{count} people"
msgstr[0] "{count} Mensch"
msgstr[1] "{count} Menschen"
"""
#: A language with four categories, of which whole numbers have three.
POLISH = """
msgid "{count} person"
msgid_plural "{count} people"
msgstr[0] "{count} osoba"
msgstr[1] "{count} osoby"
msgstr[2] "{count} osób"
"""
INFORMAL = """
msgid "Hello {name}"
msgstr "Hallo {name}"
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small source tree with one customer catalog in German and its du variant, all as it should be."""
    for folder, text in (("de", GERMAN), ("de@informal", INFORMAL)):
        path = tmp_path / "locale" / folder / "LC_MESSAGES" / "customer.po"
        path.parent.mkdir(parents=True)
        path.write_text(HEADER + text, encoding="utf-8")
    for domain in ("customer", "staff"):
        (tmp_path / "locale" / f"{domain}.cfg").write_text("[python: helpdesk/**.py]\n", encoding="utf-8")
    (tmp_path / "helpdesk").mkdir()
    (tmp_path / "helpdesk" / "greeting.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def german(house: Path) -> Path:
    return house / "locale" / "de" / "LC_MESSAGES" / "customer.po"


@pytest.fixture
def reader(house: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The small tree in place of the real one, for who reads messages."""
    monkeypatch.setattr(catalogs, "LOCALE_FOLDER", house / "locale")
    forget_catalogs()
    yield house
    forget_catalogs()


def forget_catalogs() -> None:
    for cached in (catalogs.available_languages, catalogs.locale_of, catalogs._load):
        cached.cache_clear()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def reasons(root: Path) -> list[str]:
    return [f"{problem.message}: {problem.reason}" for problem in problems(root)]


def test_every_message_of_ours_is_translated_and_used() -> None:
    assert [str(problem) for problem in problems()] == []


def test_whole_catalogs_have_no_problem(house: Path) -> None:
    assert reasons(house) == []


def test_a_missing_message_is_found(house: Path, german: Path) -> None:
    replace(german, 'msgid "Hello {name}"\nmsgstr "Guten Tag, {name}"\n', "")
    assert reasons(house) == ["Hello {name}: not translated, `make catalogs` puts it in"]


def test_an_untranslated_message_is_found(house: Path, german: Path) -> None:
    replace(german, "Guten Tag, {name}", "")
    assert reasons(house) == ["Hello {name}: not translated"]


def test_an_untranslated_plural_is_found(house: Path, german: Path) -> None:
    replace(german, "{count} Antworten", "")
    assert reasons(house) == ["one answer: not translated"]


def test_a_singular_with_two_plurals_is_found_because_a_catalog_keeps_one(house: Path) -> None:
    (house / "helpdesk" / "limit.py").write_text(
        'ngettext("one answer", "up to {count} answers", 7)\n', encoding="utf-8"
    )
    assert "one answer: stands with two plurals" in reasons(house)


def test_an_unsure_message_is_found(house: Path, german: Path) -> None:
    replace(german, 'msgid "Hello', '#, fuzzy\nmsgid "Hello')
    assert reasons(house) == ["Hello {name}: marked as fuzzy, look at it and take the mark away"]


def test_an_unused_message_is_found(house: Path, german: Path) -> None:
    replace(german, 'msgid "Hello', 'msgid "Goodbye"\nmsgstr "Auf Wiedersehen"\n\nmsgid "Hello')
    assert reasons(house) == ["Goodbye: unused, `make catalogs` takes it out"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Guten Tag, {name}", "Guten Tag", "Hello {name}: does not fill in {name}"),
        ("Guten Tag, {name}", "Guten Tag, {nmae}", "Hello {name}: fills in {nmae}, which the source does not know"),
        ("Guten Tag, {name}", "Guten Tag, {name", "Hello {name}: a brace is open or stands alone"),
        ("{count} Antworten", "viele Antworten", "one answer: does not fill in {count}"),
        ("eine Antwort", "{number} Antwort", "one answer: fills in {number}, which the source does not know"),
    ],
)
def test_other_placeholders_than_in_the_source_are_found(
    house: Path, german: Path, old: str, new: str, reason: str
) -> None:
    replace(german, old, new)
    assert reasons(house) == [reason]


def test_a_variant_needs_only_what_differs(house: Path) -> None:
    variant = house / "locale" / "de@informal" / "LC_MESSAGES" / "customer.po"
    replace(variant, "Hallo {name}", "Guten Tag, {name}")
    assert reasons(house) == ["Hello {name}: says the same as the language itself, leave it out"]


def test_an_update_brings_in_what_is_new_and_takes_out_what_is_unused(house: Path, german: Path) -> None:
    replace(house / "helpdesk" / "greeting.py", "Hello {name}", "Good morning")
    assert reasons(house) == [
        "Good morning: not translated, `make catalogs` puts it in",
        "Hello {name}: unused, `make catalogs` takes it out",
        "Hello {name}: unused, `make catalogs` takes it out",
    ]
    update(house)
    assert reasons(house) == ["Good morning: not translated"]
    assert "Schließen" in german.read_text(encoding="utf-8")


def test_a_sentence_that_was_rewritten_keeps_its_translations_until_somebody_has_looked_at_them(
    house: Path, german: Path
) -> None:
    source = house / "helpdesk" / "greeting.py"
    source.write_text(SOURCE.replace("Hello {name}", "Hello there {name}"), encoding="utf-8")
    update(house)

    informal = house / "locale" / "de@informal" / "LC_MESSAGES" / "customer.po"
    assert "Guten Tag, {name}" in german.read_text(encoding="utf-8")
    assert "Hallo {name}" in informal.read_text(encoding="utf-8")
    assert {(problem.path.parts[1], problem.reason.partition(",")[0]) for problem in problems(house)} == {
        ("de", "marked as fuzzy"),
        ("de@informal", "marked as fuzzy"),
    }


def test_a_second_update_changes_nothing(house: Path, german: Path) -> None:
    update(house)
    once = german.read_bytes()
    update(house)
    assert german.read_bytes() == once
    assert b"#: helpdesk/greeting.py\n" in once


def test_an_empty_file_becomes_the_catalog_of_a_new_language(house: Path) -> None:
    path = house / "locale" / "fr" / "LC_MESSAGES" / "customer.po"
    path.parent.mkdir(parents=True)
    path.touch()
    update(house)
    assert "Language: fr" in path.read_text(encoding="utf-8")
    assert len(reasons(house)) == 4


def test_a_check_fails_by_its_exit_status(tmp_path: Path) -> None:
    """As `make check` runs it, on a copy of ours with one message taken out."""
    for name in ("i18n", "locale", "helpdesk", "actions", "connectors", "knowledge"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    command = [sys.executable, "-m", "i18n", "check"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    assert subprocess.run(command, cwd=tmp_path, env=environment, check=False).returncode == 0
    replace(tmp_path / "locale/de/LC_MESSAGES/staff.po", 'msgstr "Abmelden"', 'msgstr ""')
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "locale/de/LC_MESSAGES/staff.po: not translated: 'Sign out'\n"


def test_a_reader_gets_the_language_with_its_plurals_and_contexts(reader: Path) -> None:
    german = catalog("customer", "de")
    assert german.gettext("Hello {name}") == "Guten Tag, {name}"
    assert german.pgettext("button", "Close") == "Schließen"
    assert [german.ngettext("one answer", "{count} answers", count) for count in (1, 2)] == [
        "eine Antwort",
        "{count} Antworten",
    ]


def test_a_script_gets_a_text_for_each_plural_category_of_the_language(reader: Path) -> None:
    marked = NN_("{count} person", "{count} people")
    assert plural_forms(catalog("customer", "de"), Locale("de"), marked) == {
        "one": "{count} Mensch",
        "other": "{count} Menschen",
    }
    assert plural_forms(NullTranslations(), Locale("ja"), marked) == {"other": "{count} people"}


def test_a_category_that_german_has_not_is_found_too(tmp_path: Path) -> None:
    path = tmp_path / "pl.po"
    plural = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
    path.write_text(HEADER.rstrip() + f'\n"Plural-Forms: {plural}\\n"\n' + POLISH, encoding="utf-8")
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    forms = plural_forms(GNUTranslations(compiled), Locale("pl"), NN_("{count} person", "{count} people"))
    assert (forms["one"], forms["few"], forms.get("many", forms["other"])) == (
        "{count} osoba",
        "{count} osoby",
        "{count} osób",
    )


def test_a_reader_who_is_addressed_with_du_gets_the_variant_and_the_language_for_the_rest(reader: Path) -> None:
    informal = catalog("customer", "de", informal=True)
    assert informal.gettext("Hello {name}") == "Hallo {name}"
    assert informal.pgettext("button", "Close") == "Schließen"


def test_a_language_without_a_catalog_gets_the_source(reader: Path) -> None:
    assert type(catalog("customer", "en", informal=True)) is NullTranslations
    assert catalog("customer", "fi").gettext("Hello {name}") == "Hello {name}"


def test_the_languages_are_those_that_have_a_catalog(reader: Path) -> None:
    assert available_languages("customer") == ("de", "en")
    assert available_languages("staff") == ("en",)


def test_dates_are_british_in_english_and_in_languages_that_we_have_not(reader: Path) -> None:
    assert [str(locale_of(language)) for language in ("de", "en", "fi", "no language")] == ["de", *["en_GB"] * 3]


@pytest.mark.parametrize(
    ("header", "language"),
    [("en-GB,en;q=0.9,de;q=0.8", "en"), ("fr, de;q=0.5", "de"), ("fr", None), ("de;q=0", None), ("", None)],
)
def test_a_browser_is_given_the_offered_language_it_likes_best(header: str, language: str | None) -> None:
    assert accepted_language(header, ("de", "en")) == language


def test_placeholders_are_the_names_in_braces() -> None:
    assert placeholders("{count} of {total}, {{literally}}") == {"count", "total"}


def test_messages_are_found_in_python_and_in_pages() -> None:
    suffixes = {Path(name).suffix for message in extract("staff") for name, _ in message.locations}
    assert suffixes == {".py", ".html"}
