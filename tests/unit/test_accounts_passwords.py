"""What a password must be, and what its hash gives away."""

import pytest

from helpdesk.accounts.errors import (
    BadPassword,
    PasswordIsKnown,
    PasswordIsOwnWords,
    PasswordIsPattern,
    PasswordTooLong,
)
from helpdesk.accounts.passwords import check_password, hash_aside, needs_rehash, verify_aside
from helpdesk.web.shared.error_sentences import ERROR_SENTENCES


@pytest.mark.parametrize("password", ["", "kurz", "elf zeichen"])
def test_a_short_password_is_refused_with_the_length_it_needs(password: str) -> None:
    with pytest.raises(BadPassword, match="at least 12"):
        check_password(password, email="mia@example.org")


@pytest.mark.parametrize(
    "password",
    ["mia@example.org", "Mia@Example.ORG", "mia@example.org1", "mia.schneider", "Mia Schneider", "miaschneider"],
)
def test_a_password_that_is_the_email_or_the_name_is_refused(password: str) -> None:
    email = "mia@example.org" if "@" in password else "mia.schneider@example.org"
    with pytest.raises(PasswordIsOwnWords):
        check_password(password, email=email, name="Mia Schneider")


@pytest.mark.parametrize(
    "password",
    ["schneider2024", "SCHNEIDER-mia-1", "Lampenhaus2026", "lampenhauslampenhaus", "M1a_Schn3ider", "LampiLampi12"],
)
def test_words_of_the_person_and_the_company_make_no_password(password: str) -> None:
    with pytest.raises(PasswordIsOwnWords, match="company"):
        check_password(
            password,
            email="mia.schneider@example.org",
            name="Mia Schneider",
            installation_words=("Lampi", "hilfe.lampenhaus.de"),
        )


@pytest.mark.parametrize(
    "password",
    ["password1234", "Passwort1234", "iloveyou1234", "sonnenschein", "Schmetterling", "qwertzuiopü1", "p@ssw0rd1234"],
)
def test_a_password_from_the_lists_is_refused_and_why_is_said(password: str) -> None:
    with pytest.raises(PasswordIsKnown, match="lists"):
        check_password(password, email="mia@example.org", name="Mia")


@pytest.mark.parametrize("password", ["aaaaaaaaaaaaaa", "abcabcabcabc", "abcdefghijklm", "1987198719871987"])
def test_repetitions_and_rows_are_refused_and_why_is_said(password: str) -> None:
    with pytest.raises(PasswordIsPattern, match="repetitions"):
        check_password(password, email="mia@example.org", name="Mia")


def test_every_reason_has_a_sentence_of_its_own() -> None:
    refused = (PasswordIsKnown, PasswordIsOwnWords, PasswordIsPattern, PasswordTooLong, BadPassword)
    assert len({ERROR_SENTENCES[reason.code] for reason in refused}) == len(refused)


def test_a_very_long_password_is_refused_before_it_is_hashed() -> None:
    with pytest.raises(PasswordTooLong):
        check_password("ab cd ef " * 100, email="mia@example.org")


@pytest.mark.parametrize(
    "password",
    ["lampe wiese turnschuh", "Ääh, wirklich?", "🔑 schlüsselbund 7", "Mia liebt Kranichfedern", "kranich " * 9],
)
def test_a_long_password_of_any_characters_is_taken(password: str) -> None:
    check_password(password, email="mia@example.org", name="Mia")


async def test_a_hash_verifies_its_password_and_no_other() -> None:
    stored = await hash_aside("lampe wiese turnschuh")
    assert stored.startswith("$argon2id$")
    assert await verify_aside("lampe wiese turnschuh", stored)
    assert not await verify_aside("lampe wiese turnschuhe", stored)
    assert not needs_rehash(stored)


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
async def test_nothing_verifies_where_no_password_is_set(stored: str | None) -> None:
    assert not await verify_aside("", stored)
    assert not await verify_aside("lampe wiese turnschuh", stored)
