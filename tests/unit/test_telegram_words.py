"""What the Telegram connector says fits what Telegram takes (core.telegram.org/bots/api), in every language."""

import pytest

from connectors.telegram.words import words
from i18n import available_languages


@pytest.mark.parametrize("language", available_languages("customer"))
def test_telegram_takes_what_introduces_the_bot(language: str) -> None:
    said = words(language)
    assert len(said.short_description) <= 120
    assert len(said.description) <= 512
    assert all(len(description) <= 256 for _, description in said.commands)
    assert max(len(said.already_chosen), len(said.not_yours)) <= 200


@pytest.mark.parametrize(
    ("language", "said"), [("de-AT", "Sprache"), ("fr", "langue"), ("FR-ca", "langue"), ("it", "language")]
)
def test_a_region_changes_nothing_and_an_unknown_language_gets_english(language: str, said: str) -> None:
    assert any(said in description for _, description in words(language).commands)
