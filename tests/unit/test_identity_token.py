"""Signed identities: both forms, and everything that is refused."""

import base64
import json
import secrets
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from helpdesk.identity import IdentityRefused, Refusal, VerifiedCustomer
from helpdesk.identity.claims import MAX_ATTRIBUTES
from helpdesk.identity.token import SigningKey, verify_identity
from store.models import now
from tests.integration.identity_site import Site

AUDIENCE = "https://help.example.org"
KEY = SigningKey(id="k1", secret=secrets.token_urlsafe(32))
OTHER = SigningKey(id="k2", secret=secrets.token_urlsafe(32))
SITE = Site(KEY, AUDIENCE)


def verify(token: str, *keys: SigningKey) -> VerifiedCustomer:
    return verify_identity(token, keys or (KEY,), audience=AUDIENCE, at=now())


def refusal(token: str, *keys: SigningKey) -> Refusal:
    with pytest.raises(IdentityRefused) as refused:
        verify(token, *keys)
    return refused.value.refusal


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("form", [SITE.jwt, SITE.hmac])
def test_what_was_signed_is_what_is_known(form: Any) -> None:
    claims = SITE.claims(phone="+49 89 1234567", attributes={"plan": "pro", "seats": 12, "vip": True, "score": 0.5})
    known = verify(form(claims))
    assert (known.customer_id, known.name, known.email) == ("K-1", "Ida Muster", "ida@example.org")
    assert known.phone == "+49 89 1234567"
    assert known.attributes == {"plan": "pro", "seats": 12, "vip": True, "score": 0.5}
    assert int(known.expires_at.timestamp()) == claims["exp"]


@pytest.mark.parametrize("name", ["Zoë Müller-Weiß", "王小明", "محمد", "Ида", "👩‍🚀 Ida", "O'Brien <b>x</b>"])
def test_names_of_all_scripts_come_as_they_are(name: str) -> None:
    assert verify(SITE.token(name=name)).name == name


def test_a_name_can_neither_break_the_line_nor_turn_it_round() -> None:
    assert verify(SITE.token(name=" Ida\n\x00\u202eretsuM\u2066 ")).name == "Ida retsuM"
    assert verify(SITE.token(name="\u202e")).name is None


def test_without_a_signature_nothing_is_taken() -> None:
    claims = SITE.claims()
    none = f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{encoded(claims)}."
    assert refusal(none) is Refusal.MALFORMED
    assert refusal(f"{encoded({'alg': 'none'})}.{encoded(claims)}.AAAA") is Refusal.ALGORITHM
    assert refusal(f"{encoded({'alg': 'NonE'})}.{encoded(claims)}.AAAA") is Refusal.ALGORITHM
    assert refusal(f"{encoded(claims)}.{'0' * 64}") is Refusal.SIGNATURE


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused_even_with_our_key(algorithm: str) -> None:
    secret = KEY.secret * 2  # long enough for PyJWT not to complain
    token = jwt.encode(SITE.claims(), secret, algorithm=algorithm)
    assert refusal(token, SigningKey(id="k1", secret=secret)) is Refusal.ALGORITHM


def test_a_public_key_is_no_secret() -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert refusal(jwt.encode(SITE.claims(), private, algorithm="RS256")) is Refusal.ALGORITHM


def test_a_changed_payload_or_a_foreign_key_is_refused() -> None:
    header, _, signature = SITE.token().split(".")
    assert refusal(f"{header}.{encoded(SITE.claims('K-2'))}.{signature}") is Refusal.SIGNATURE
    _, mac = SITE.hmac(SITE.claims()).split(".")
    assert refusal(f"{encoded(SITE.claims('K-2'))}.{mac}") is Refusal.SIGNATURE
    assert refusal(Site(OTHER, AUDIENCE).token()) is Refusal.SIGNATURE
    assert refusal(Site(OTHER, AUDIENCE).hmac(SITE.claims())) is Refusal.SIGNATURE


def test_one_form_does_not_pass_for_the_other() -> None:
    header, payload, _ = SITE.token().split(".")
    _, mac = SITE.hmac(SITE.claims()).split(".")
    assert refusal(f"{header}.{payload}.{mac}") is Refusal.SIGNATURE
    assert refusal(f"{payload}.{mac}") is Refusal.SIGNATURE


def test_while_keys_change_the_old_and_the_new_one_are_good() -> None:
    assert verify(SITE.token(), OTHER, KEY).key_id == "k1"
    assert verify(Site(OTHER, AUDIENCE).token(), OTHER, KEY).key_id == "k2"
    assert verify(SITE.jwt(SITE.claims(), kid="k1"), OTHER, KEY).key_id == "k1"
    assert refusal(SITE.jwt(SITE.claims(), kid="k2"), OTHER, KEY) is Refusal.SIGNATURE
    with pytest.raises(IdentityRefused) as refused:
        verify_identity(SITE.token(), (), audience=AUDIENCE, at=now())
    assert refused.value.refusal is Refusal.NO_KEY


@pytest.mark.parametrize(
    "audience", ["https://other.example.org", "", None, 7, ["https://a.example"], "help.example.org"]
)
def test_what_is_meant_for_somebody_else_is_refused(audience: object) -> None:
    assert refusal(SITE.jwt(SITE.claims() | {"aud": audience})) is Refusal.AUDIENCE


def test_one_audience_among_several_is_enough() -> None:
    assert verify(SITE.jwt(SITE.claims() | {"aud": ["https://x.example", f"{AUDIENCE}/"]})).customer_id == "K-1"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(-0.5, None), (-1.5, Refusal.EXPIRED), (24 * 60 + 0.5, None), (24 * 60 + 2, Refusal.TOO_LONG)],
)
def test_it_lasts_a_day_at_most_and_clocks_may_be_a_minute_off(minutes: float, expected: Refusal | None) -> None:
    token = SITE.token(minutes=minutes)
    if expected is None:
        assert verify(token).customer_id == "K-1"
    else:
        assert refusal(token) is expected


def test_who_an_expired_one_was_for_is_known_and_nobody_elses() -> None:
    with pytest.raises(IdentityRefused) as refused:
        verify(SITE.token("K-9", minutes=-10))
    assert refused.value.customer_id == "K-9"
    with pytest.raises(IdentityRefused) as refused:
        verify(Site(OTHER, AUDIENCE).token("K-9", minutes=-10))
    assert refused.value.customer_id is None


def test_one_from_the_future_is_refused() -> None:
    soon = int((now() + timedelta(minutes=5)).timestamp())
    assert refusal(SITE.token(nbf=soon)) is Refusal.NOT_YET
    assert refusal(SITE.token(iat=soon)) is Refusal.NOT_YET


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": None},
        {"sub": ""},
        {"sub": " "},
        {"sub": True},
        {"sub": "x" * 101},
        {"sub": "a\nb"},
        {"exp": None},
        {"exp": "1800000000"},
        {"exp": True},
        {"exp": -1},
        {"exp": 1e300},
        {"name": 7},
        {"name": "x" * 201},
        {"attributes": []},
        {"attributes": {f"a{number}": 1 for number in range(MAX_ATTRIBUTES + 1)}},
        {"attributes": {"plan": "x" * 201}},
        {"attributes": {"plan": ["pro"]}},
        {"attributes": {"plan": {"a": 1}}},
        {"attributes": {"big": 2**53}},
        {"attributes": {"x" * 41: 1}},
        {"attributes": {"": 1}},
        {"attributes": {"<b>": 1}},
    ],
)
def test_what_is_not_as_agreed_is_refused(claims: dict[str, Any]) -> None:
    assert refusal(SITE.jwt(SITE.claims() | claims)) is Refusal.CLAIMS
    assert refusal(SITE.hmac(SITE.claims() | claims)) is Refusal.CLAIMS


@pytest.mark.parametrize("email", ["nonsense", "a@b", 7, "x" * 300 + "@example.org", "a b@example.org"])
def test_a_broken_address_is_none(email: object) -> None:
    assert verify(SITE.jwt(SITE.claims() | {"email": email})).email is None


@pytest.mark.parametrize("token", ["", ".", "a", "a.b", "a.b.c", "a.b.c.d", "ä.b", "x" * 9_000, "\x00.\x00", "[].{}"])
def test_what_is_no_token_is_refused_without_ado(token: str) -> None:
    assert refusal(token) in {Refusal.MALFORMED, Refusal.SIGNATURE}


@pytest.mark.parametrize("payload", ["[]", "7", "null", "{", "[" * 100_000, '{"exp": NaN}', "\ud800"])
def test_a_signed_payload_that_is_no_object_is_refused(payload: str) -> None:
    token = jwt.api_jws.encode(payload.encode("utf-8", "surrogatepass")[:5_000], KEY.secret, algorithm="HS256")
    assert refusal(token) in {Refusal.MALFORMED, Refusal.CLAIMS}


def test_every_sign_in_has_a_name_of_its_own_however_its_signature_is_spelt() -> None:
    first, second = SITE.token(), SITE.token()
    assert verify(first).token_hash != verify(second).token_hash
    claims = SITE.claims()
    del claims["jti"]
    token = SITE.hmac(claims)
    payload, mac = token.split(".")
    assert verify(f"{payload}.{mac.upper()}").token_hash == verify(token).token_hash
