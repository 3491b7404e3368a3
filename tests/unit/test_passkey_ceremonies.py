"""What a browser answers for a passkey: taken when it is right, refused when it isn't, and never an error of ours."""

import json
import random
from collections.abc import Callable

import pytest

from helpdesk.second_factor.ceremonies import (
    PasskeyAnswer,
    authentication_options,
    read_answer,
    registration_options,
    verify_authentication,
    verify_registration,
)
from helpdesk.second_factor.errors import PasskeyRefused
from helpdesk.second_factor.relying_party import RelyingParty
from tests.passkey_device import PasskeyDevice, decode, encode

RP = RelyingParty(id="desk.example.org", origin="https://desk.example.org", name="Lampi")
AGENT = "a" * 32
CHALLENGE = b"c" * 32


def registered() -> tuple[PasskeyDevice, str]:
    """A device, and its answer to being asked for a passkey."""
    device = PasskeyDevice(origin=RP.origin, rp_id=RP.id)
    asked = registration_options(RP, CHALLENGE, agent_id=AGENT, email="mia@example.org", name="Mia", existing=[])
    return device, device.create(json.loads(asked))


def test_what_is_asked_is_a_passkey_that_is_found_by_itself_and_verifies_its_owner() -> None:
    asked = json.loads(
        registration_options(RP, CHALLENGE, agent_id=AGENT, email="mia@example.org", name="Mia", existing=[])
    )
    assert decode(asked["user"]["id"]) == AGENT.encode()
    assert (asked["rp"]["id"], asked["attestation"]) == (RP.id, "none")
    wanted = asked["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")


def test_a_registration_and_an_authentication_fit_together() -> None:
    device, made = registered()
    new = verify_registration(RP, read_answer(made))
    assert (new.credential_id, new.sign_count) == (encode(device.credential), 1)
    assert new.transports == ("hybrid", "internal"), "what no browser of today names is left out"
    answer = read_answer(device.get(json.loads(authentication_options(RP, CHALLENGE))))
    assert (answer.user_handle, answer.challenge) == (AGENT, CHALLENGE)
    assert verify_authentication(RP, answer, new.public_key) == 2


@pytest.mark.parametrize("kind", ["registration", "authentication"])
def test_broken_answers_are_refused_and_nothing_else(kind: str) -> None:
    device, made = registered()
    key = verify_registration(RP, read_answer(made)).public_key

    def check(answer: PasskeyAnswer) -> object:
        is_new = kind == "registration"
        return verify_registration(RP, answer) if is_new else verify_authentication(RP, answer, key)

    text = made if kind == "registration" else device.get({"challenge": encode(CHALLENGE)})
    dice, refused = random.Random(16), 0
    for _ in range(1500):
        refused += _is_refused(_broken(json.loads(text), dice), check)
    assert refused > 1000, "most of what is broken is noticed; a flag more or less in what nobody signed may not be"


def _broken(answer: dict[str, object], dice: random.Random) -> str:
    response = answer["response"]
    assert isinstance(response, dict)
    part = dice.choice([name for name, value in response.items() if isinstance(value, str)])
    value = bytearray(decode(response[part]))
    for _ in range(dice.choice([1, 1, 2, 8])):
        value[dice.randrange(len(value))] = dice.randrange(256)
    cut = dice.choice([len(value)] * 3 + [dice.randrange(len(value))])
    return json.dumps({**answer, "response": {**response, part: encode(bytes(value[:cut]))}})


def _is_refused(text: str, check: Callable[[PasskeyAnswer], object]) -> bool:
    try:
        check(read_answer(text))
    except PasskeyRefused:
        return True
    return False
