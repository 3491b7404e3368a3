"""What a password must be, and what its hash gives away."""

import pytest

from helpdesk.accounts.errors import BadPassword, PasswordIsEmail, PasswordTooLong
from helpdesk.accounts.passwords import check_password, hash_aside, needs_rehash, verify_aside


@pytest.mark.parametrize("password", ["", "kurz", "elf zeichen"])
def test_a_short_password_is_refused_with_the_length_it_needs(password: str) -> None:
    with pytest.raises(BadPassword, match="at least 12"):
        check_password(password, email="mia@example.org")


@pytest.mark.parametrize(
    "password",
    ["mia@example.org", "Mia@Example.ORG", "mia@example.org1", "mia.schneider", "Mia Schneider", "aaaaaaaaaaaaaa"],
)
def test_a_password_that_is_the_email_or_the_name_is_refused(password: str) -> None:
    email = "mia@example.org" if "@" in password else "mia.schneider@example.org"
    with pytest.raises(PasswordIsEmail):
        check_password(password, email=email, name="Mia Schneider")


def test_a_very_long_password_is_refused_before_it_is_hashed() -> None:
    with pytest.raises(PasswordTooLong):
        check_password("ab cd ef " * 100, email="mia@example.org")


@pytest.mark.parametrize("password", ["lampe wiese turnschuh", "Ääh, wirklich?", "🔑 schlüsselbund 7"])
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
