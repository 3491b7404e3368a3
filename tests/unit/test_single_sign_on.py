"""ID tokens that are good and those that aren't, groups and their roles, and the ticket that a browser keeps."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OctKey, RSAKey

from helpdesk.channels.secrets import Vault
from helpdesk.single_sign_on.definition import (
    FactorTrust,
    ProviderDefinition,
    check_definition,
    read_definition,
    write_definition,
)
from helpdesk.single_sign_on.errors import BadAnswer, BadProvider, ClocksApart, StateLost
from helpdesk.single_sign_on.group_rules import format_rules, parse_rules, placement
from helpdesk.single_sign_on.id_token import UnknownSigningKey, identity_of, read_id_token
from helpdesk.single_sign_on.ticket import close_ticket, new_ticket, open_ticket
from store.models import Role

ISSUER, CLIENT, NONCE = "https://login.example.org", "staffel", "n" * 43
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
KEYS: Mapping[str, Any] = KeySet([KEY]).as_dict(private=False)
NOW = int(AT.timestamp())
GOOD = {"iss": ISSUER, "aud": CLIENT, "sub": "42", "nonce": NONCE, "iat": NOW, "exp": NOW + 300}
DEFINITION = ProviderDefinition(name="Login", issuer=ISSUER, client_id=CLIENT, rules=parse_rules("it = admin"))


def signed(claims: Mapping[str, Any], key: Key = KEY, algorithm: str = "RS256") -> str:
    return jwt.encode({"alg": algorithm, "kid": "one"}, dict(claims), key, algorithms=[algorithm])


def b64(part: str | bytes) -> str:
    return base64.urlsafe_b64encode(part if isinstance(part, bytes) else part.encode()).rstrip(b"=").decode()


def read(token: str, keys: Mapping[str, Any] = KEYS) -> dict[str, Any]:
    return read_id_token(token, keys, issuer=ISSUER, client_id=CLIENT, nonce=NONCE, access_token="access", at=AT)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


def test_a_good_token_is_taken() -> None:
    assert read(signed(GOOD))["sub"] == "42"
    assert read(signed({**GOOD, "aud": [CLIENT]}))["sub"] == "42"
    assert read(signed({**GOOD, "aud": [CLIENT, "other"], "azp": CLIENT}))["sub"] == "42"


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({**GOOD, "iss": "https://evil.example"}, id="another issuer"),
        pytest.param({**GOOD, "iss": f"{ISSUER}/"}, id="nearly the issuer"),
        pytest.param({**GOOD, "aud": "shop"}, id="for another application"),
        pytest.param({**GOOD, "aud": ["shop", "wiki"]}, id="for two others"),
        pytest.param({**GOOD, "aud": [CLIENT, "shop"], "azp": "shop"}, id="asked for by another application"),
        pytest.param({**GOOD, "nonce": "x" * 43}, id="of another sign-in"),
        pytest.param({**GOOD, "at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, id="with another access token"),
        *(pytest.param(without(name), id=f"without {name}") for name in ("iss", "aud", "sub", "exp", "iat", "nonce")),
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(claims: Mapping[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        read(signed(claims))


def test_a_token_that_somebody_else_has_signed_is_refused() -> None:
    with pytest.raises(BadAnswer):
        read(signed(GOOD, OTHER))


def test_a_token_that_was_changed_is_refused() -> None:
    head, _, signature = signed(GOOD).split(".")
    _, body, _ = signed({**GOOD, "sub": "1"}).split(".")
    with pytest.raises(BadAnswer):
        read(f"{head}.{body}.{signature}")


def test_neither_the_clients_secret_nor_nothing_signs_a_token() -> None:
    secret = OctKey.import_key("s" * 40, {"kid": "one"})
    with pytest.raises(BadAnswer):
        read(signed(GOOD, secret, "HS256"), {"keys": [*KEYS["keys"], secret.as_dict(private=True)]})
    head, body = (b64(json.dumps(part)) for part in ({"alg": "HS256", "kid": "one"}, GOOD))
    forged = hmac.digest(KEY.as_pem(private=False), f"{head}.{body}".encode(), "sha256")
    with pytest.raises(BadAnswer):
        read(f"{head}.{body}.{b64(forged)}")
    with pytest.raises(BadAnswer):
        read(f"{b64(json.dumps({'alg': 'none', 'kid': 'one'}))}.{body}.")


@pytest.mark.parametrize("token", ["", "a.b.c", "x", "e30.e30.", "." * 5])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(BadAnswer):
        read(token)


def test_a_key_that_is_not_known_yet_is_told_from_a_bad_signature() -> None:
    key = ECKey.generate_key("P-256", {"kid": "two"})
    token = jwt.encode({"alg": "ES256", "kid": "two"}, dict(GOOD), key, algorithms=["ES256"])
    with pytest.raises(UnknownSigningKey):
        read(token)


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({**GOOD, "exp": NOW - 61}, id="over"),
        pytest.param({**GOOD, "iat": NOW + 61}, id="from the future"),
        pytest.param({**GOOD, "nbf": NOW + 61}, id="not yet"),
    ],
)
def test_clocks_that_are_apart_are_said_to_be(claims: Mapping[str, Any]) -> None:
    with pytest.raises(ClocksApart):
        read(signed(claims))
    assert read(signed({**GOOD, "exp": NOW - 59, "iat": NOW - 400}))


@pytest.mark.parametrize(
    ("told", "email"),
    [
        ({"email": "a@example.org", "email_verified": True}, "a@example.org"),
        ({"email": "a@example.org", "email_verified": "true"}, "a@example.org"),
        ({"email": "a@example.org", "email_verified": False}, None),
        ({"email": "a@own.example", "email_verified": False}, None),
        ({"email": "a@example.org"}, None),
        ({"email": "a@Own.Example"}, "a@Own.Example"),
        ({"email": "a@sub.own.example"}, None),
        ({"email": 5, "email_verified": True}, None),
    ],
)
def test_an_address_counts_only_if_it_is_verified(told: Mapping[str, Any], email: str | None) -> None:
    assert identity_of({"sub": "1", **told}, replace(DEFINITION, domains=("own.example",))).email == email


@pytest.mark.parametrize(
    ("told", "path", "groups"),
    [
        ({"groups": ["a", "b", 5]}, "groups", {"a", "b"}),
        ({"groups": "a"}, "groups", {"a"}),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", {"a"}),
        ({"https://x.example/groups": ["a"]}, "https://x.example/groups", {"a"}),
        ({"groups": {"a": 1}}, "groups", set()),
        ({}, "a.b.c", set()),
    ],
)
def test_groups_are_found_wherever_the_provider_keeps_them(
    told: Mapping[str, Any], path: str, groups: set[str]
) -> None:
    assert identity_of({"sub": "1", **told}, replace(DEFINITION, groups_claim=path)).groups == groups


@pytest.mark.parametrize(
    ("told", "factor", "shown"),
    [
        ({"amr": ["mfa"]}, FactorTrust.CLAIMS, True),
        ({"amr": ["pwd", "otp"]}, FactorTrust.CLAIMS, True),
        ({"amr": ["pwd"]}, FactorTrust.CLAIMS, False),
        ({"amr": ["otp"]}, FactorTrust.CLAIMS, False),
        ({"amr": "mfa"}, FactorTrust.CLAIMS, False),
        ({"acr": "two"}, FactorTrust.CLAIMS, True),
        ({"acr": "one"}, FactorTrust.CLAIMS, False),
        ({}, FactorTrust.ALWAYS, True),
        ({"amr": ["mfa"], "acr": "two"}, FactorTrust.NEVER, False),
    ],
)
def test_what_counts_as_a_second_factor(told: Mapping[str, Any], factor: FactorTrust, shown: bool) -> None:
    definition = replace(DEFINITION, factor=factor, acr_values=("two",))
    assert identity_of({"sub": "1", **told}, definition).with_factor is shown


@pytest.mark.parametrize("subject", [None, "", 5, "x" * 256])
def test_somebody_without_an_id_is_nobody(subject: object) -> None:
    with pytest.raises(BadAnswer):
        identity_of({"sub": subject}, DEFINITION)


def test_rules_are_read_as_they_are_written() -> None:
    rules = parse_rules("support = agent: Orders, Returns\n\n  cn=leads,dc=shop = Supervisor \n* = reader")
    assert [(rule.group, rule.role, rule.teams) for rule in rules] == [
        ("support", Role.AGENT, ("Orders", "Returns")),
        ("cn=leads,dc=shop", Role.SUPERVISOR, ()),
        ("*", Role.READER, ()),
    ]
    assert parse_rules(format_rules(rules)) == rules


@pytest.mark.parametrize("line", ["support", "support = boss", " = agent", "support: agent"])
def test_a_line_that_is_no_rule_is_named(line: str) -> None:
    with pytest.raises(BadProvider, match="Line 2"):
        parse_rules(f"it = admin\n{line}")


def test_the_highest_role_counts_and_all_teams_do() -> None:
    rules = parse_rules("a = agent: Orders\nb = supervisor: Returns\n* = reader: Lobby")
    placed = placement(rules, {"a", "b"})
    assert placed is not None
    assert (placed.role, placed.teams) == (Role.SUPERVISOR, frozenset({"Orders", "Returns", "Lobby"}))
    assert placement(rules[:2], {"c"}) is None


def test_a_definition_is_read_as_it_was_written() -> None:
    whole = replace(DEFINITION, domains=("own.example",), acr_values=("two",), factor=FactorTrust.NEVER, creates=False)
    assert read_definition("Login", write_definition(whole)) == whole


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"issuer": "login.example.org"},
        {"issuer": "ftp://login.example.org"},
        {"issuer": "https://login.example.org?x=1"},
        {"client_id": ""},
        {"rules": ()},
        {"scopes": ("email",)},
        {"domains": ("@own.example",)},
    ],
)
def test_what_can_not_be_a_provider_is_refused(changes: Mapping[str, Any]) -> None:
    with pytest.raises(BadProvider):
        check_definition(replace(DEFINITION, **changes))


def test_a_ticket_is_good_for_its_answer_alone() -> None:
    vault, ticket = Vault("k" * 32), new_ticket("p", "/desk", AT)
    closed = close_ticket(vault, ticket)
    assert ticket.verifier not in closed
    assert open_ticket(vault, closed, provider_id="p", state=ticket.state, at=AT + timedelta(minutes=14)) == ticket
    for kept, provider, state, at in (
        (closed, "q", ticket.state, AT),
        (closed, "p", "other", AT),
        (closed, "p", ticket.state, AT + timedelta(minutes=15)),
        (close_ticket(Vault("x" * 32), ticket), "p", ticket.state, AT),
        (vault.close({"secret": "x"}), "p", ticket.state, AT),
        (None, "p", ticket.state, AT),
    ):
        with pytest.raises(StateLost):
            open_ticket(vault, kept, provider_id=provider, state=state, at=at)
