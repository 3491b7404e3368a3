"""German in dialect is put as the articles write it; anybody's quick writing, English and standard German are not."""

import pytest

from knowledge.message.dialects import in_standard_german


@pytest.mark.parametrize(
    ("spoken", "standard"),
    [
        ("wo issn mei packerl", "wo ist denn mein Paket"),
        ("i hob koa rechnung kriagt", "ich habe kein rechnung bekommen"),
        ("ick find meene bestellung nich", "ich find meine bestellung nicht"),
        ("Wos koscht des?", "was kostet das?"),
    ],
)
def test_dialect_is_put_as_it_is_written(spoken: str, standard: str) -> None:
    assert in_standard_german(spoken) == standard


@pytest.mark.parametrize(
    "text",
    [
        "wo ist mein paket",
        "geht nich, hätt gern nix",
        "is that my parcel",
        "wie komme ich auf den Ko",
        "gibts rabatt und was kost das",
    ],
)
def test_what_is_no_dialect_stays(text: str) -> None:
    assert in_standard_german(text) == text
