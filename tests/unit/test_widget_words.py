"""The web chat's words are written from the catalogs, and stay as they are there."""

from pathlib import Path

import pytest

from helpdesk.web.chat.widget_words import modules, outdated, write


def test_the_scripts_are_as_the_catalogs_have_it() -> None:
    assert outdated() == []


def test_each_language_and_form_of_address_has_a_script_of_its_own() -> None:
    spoken = ["de.js", "de-informal.js", "en.js", "fr.js"]
    assert sorted(name for name, _ in modules()) == sorted(["index.js", *spoken, *(f"files-{name}" for name in spoken)])


@pytest.mark.parametrize("name", ["de.js", "index.js"])
def test_a_changed_or_missing_script_is_found(name: str, tmp_path: Path) -> None:
    write(tmp_path)
    assert outdated(tmp_path) == []
    (tmp_path / name).write_text("export default {};\n", encoding="utf-8")
    assert outdated(tmp_path) == [name]
    (tmp_path / name).unlink()
    assert outdated(tmp_path) == [name]


def test_the_script_of_a_language_that_is_gone_is_found_and_taken_away(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "tlh.js").write_text("export default {};\n", encoding="utf-8")
    assert outdated(tmp_path) == ["tlh.js"]
    write(tmp_path)
    assert outdated(tmp_path) == []
