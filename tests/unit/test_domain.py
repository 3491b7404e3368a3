"""The bot's own words (domain.yml) keep up with the catalogs: a language more is one to write there too."""

from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped, unused-ignore]

from i18n import available_languages, own_name

DOMAIN = yaml.safe_load((Path(__file__).parents[2] / "domain.yml").read_text(encoding="utf-8"))
LANGUAGES = available_languages("customer")


def language_of(wording: dict[str, Any]) -> str:
    return next(str(slot["value"]) for slot in wording["condition"] if slot["name"] == "language")


def test_the_bots_memory_holds_every_language_of_customers() -> None:
    assert DOMAIN["slots"]["language"]["values"] == list(LANGUAGES)


@pytest.mark.parametrize("response", DOMAIN["responses"])
def test_the_bot_says_everything_in_every_language_of_customers(response: str) -> None:
    assert {language_of(wording) for wording in DOMAIN["responses"][response]} == set(LANGUAGES)


def test_the_languages_call_themselves_by_their_names() -> None:
    assert [own_name(language) for language in LANGUAGES] == ["Deutsch", "English", "Français"]
