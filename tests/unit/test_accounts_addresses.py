"""Which addresses count as one, and which are believed."""

from ipaddress import ip_network

import pytest

from helpdesk.accounts.agents import checked_email, checked_name
from helpdesk.accounts.errors import BadEmail, BadName
from helpdesk.accounts.throttle import account_key, address_key
from helpdesk.web.account.next_page import safe_next
from helpdesk.web.shared.security import client_address
from i18n import accepted_language, available_languages

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("::1/128")]


def test_an_ipv6_customer_has_one_count_for_the_whole_network() -> None:
    assert address_key("2001:db8:1:2:3::4") == address_key("2001:db8:1:2:ffff::9")
    assert address_key("2001:db8:1:2::") != address_key("2001:db8:1:3::")


def test_a_mapped_ipv4_address_counts_as_itself() -> None:
    assert address_key("::ffff:192.0.2.1") == address_key("192.0.2.1") != address_key("192.0.2.2")


def test_the_key_of_an_account_does_not_show_what_was_typed() -> None:
    assert "mia" not in account_key("mia@example.org")


def test_a_forged_forwarded_address_is_not_believed() -> None:
    assert client_address("203.0.113.9", ["127.0.0.1"], TRUSTED) == "203.0.113.9"


def test_behind_a_trusted_proxy_the_last_foreign_address_counts() -> None:
    assert client_address("10.1.1.1", ["198.51.100.1, 203.0.113.9, 10.2.2.2"], TRUSTED) == "203.0.113.9"
    assert client_address("10.1.1.1", ["198.51.100.1", "203.0.113.9"], TRUSTED) == "203.0.113.9"


@pytest.mark.parametrize("header", [[], [""], ["unknown"], ["<script>"]])
def test_nonsense_from_a_proxy_leaves_the_proxys_address(header: list[str]) -> None:
    assert client_address("10.1.1.1", header, TRUSTED) == "10.1.1.1"


@pytest.mark.parametrize(
    "address", ["mia@example.org", " Mia@Example.org ", "m+test@münchen.example".replace("ü", "ue")]
)
def test_an_email_address_is_stored_in_one_form(address: str) -> None:
    assert checked_email(address) == address.strip().lower()


@pytest.mark.parametrize(
    "address", ["", "mia", "@example.org", "mia@", "a b@example.org", "mia@exa..mple.org", "<x>@y.z", f"{'x' * 65}@y.z"]
)
def test_what_is_no_email_address_is_refused(address: str) -> None:
    with pytest.raises(BadEmail):
        checked_email(address)


def test_a_name_loses_what_can_not_be_seen() -> None:
    assert checked_name(" Mia \u202e\x00 Schneider ") == "Mia Schneider"


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 81])
def test_a_name_must_be_there_and_short(name: str) -> None:
    with pytest.raises(BadName):
        checked_name(name)


@pytest.mark.parametrize("wanted", ["/desk", "/desk?view=mine", "/admin", "/admin/articles/returns", "/desk/0a1b"])
def test_after_sign_in_a_page_of_ours_is_shown(wanted: str) -> None:
    assert safe_next(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None, "", "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)",
        "/desk\n//evil.example",
        "/desk@evil.example", "/deskevil", "/admin/../signout", "data:text/html,x", "/desk#x",
        "/desk/%2e%2e", "/signout",
    ],
)  # fmt: skip
def test_after_sign_in_nobody_is_led_elsewhere(wanted: str | None) -> None:
    assert safe_next(wanted) == "/desk"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"), ("en-GB,en;q=0.9,de;q=0.8", "en"), ("fr,en;q=0.3", "en"), ("fr", None),
        ("", None), ("de;q=0", None), ("de;q=0.2, en;q=nonsense", "de"), ("*", None),
    ],
)  # fmt: skip
def test_the_language_the_browser_likes_best_is_chosen(header: str, language: str | None) -> None:
    assert accepted_language(header, available_languages("staff")) == language
