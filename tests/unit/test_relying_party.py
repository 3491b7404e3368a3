"""What passkeys are bound to, at each address that people may reach an installation at."""

import pytest

from helpdesk.second_factor.relying_party import RelyingParty, relying_party


@pytest.mark.parametrize(
    ("address", "id", "origin"),
    [
        ("https://desk.example.org", "desk.example.org", "https://desk.example.org"),
        ("https://Desk.Example.org:443/", "desk.example.org", "https://desk.example.org"),
        ("https://desk.example.org:8443", "desk.example.org", "https://desk.example.org:8443"),
        ("https://läden.example", "xn--lden-loa.example", "https://xn--lden-loa.example"),
        ("http://localhost:5001", "localhost", "http://localhost:5001"),
    ],
)
def test_a_host_with_a_name_and_https_has_passkeys(address: str, id: str, origin: str) -> None:
    assert relying_party(address, "Lampi") == RelyingParty(id=id, origin=origin, name="Lampi")


@pytest.mark.parametrize(
    "address",
    ["http://desk.example.org", "https://192.0.2.7", "http://127.0.0.1:5001", "https://[2001:db8::1]", "https://", "",
     "https://desk.example.org:port", "https://" + "a" * 70 + ".example", "http://localhost.example.org"],
)  # fmt: skip
def test_elsewhere_browsers_have_none(address: str) -> None:
    assert relying_party(address, "Lampi") is None
