"""Push messages as RFC 8291 and RFC 8292 want them, and whom a line of the log concerns."""

from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from helpdesk.delivery.web_push import derive_key, encrypt
from helpdesk.notifications.devices import NotificationWishes, PushSubscription
from helpdesk.notifications.kinds import mentioned
from tests.fakes.push_service import PushBrowser, packed, unpacked

NAMES = {"m": "Mia Berg", "n": "Mia Nowak", "j": "Jan", "a": "Anna-Lena Öz"}


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    """RFC 8291, section 5."""
    sender = ec.derive_private_key(
        int.from_bytes(unpacked("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), ec.SECP256R1()
    )
    to = PushSubscription(
        endpoint="https://push.example.net/push/x",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
    )
    salt = unpacked("DGv6ra1nlYgDCS1FRnbzlw")
    sealed = encrypt(b"When I grow up, I want to be a watermelon", to, salt=salt, sender=sender)
    assert packed(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6"
        "cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_browser_reads_what_was_encrypted_for_it_and_no_other_does() -> None:
    browser, other = (PushBrowser(name=name, origin="https://push.example") for name in ("a", "b"))
    sealed = encrypt(b"Gast 417 hat geschrieben", browser.subscription)
    assert browser.decrypt(sealed).decode() == "Gast 417 hat geschrieben"
    with pytest.raises(Exception, match=r"^$"):
        other.decrypt(sealed)


def test_the_key_pair_is_the_same_for_all_instances_and_another_for_another_secret() -> None:
    first, second, other = derive_key("k" * 40), derive_key("k" * 40), derive_key("l" * 40)
    assert first.private_numbers() == second.private_numbers() != other.private_numbers()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Jan kannst du?", "j"),
        ("frag @mia berg, sie weiß es", "m"),
        ("@Mia, bitte", "mn"),
        ("(@Jan) und @Anna-Lena", "aj"),
        ("@Jan. Danke", "j"),
        ("jan@mia.example", ""),
        ("@Janosch", ""),
        ("@ Jan", ""),
        ("@@Jan", ""),
    ],
)
def test_who_is_named_in_a_note(text: str, meant: str) -> None:
    assert mentioned(text, NAMES) == set(meant)


@pytest.mark.parametrize(
    ("quiet", "clock", "is_quiet"),
    [
        (("20:00", "07:00"), "23:10", True),
        (("20:00", "07:00"), "06:59", True),
        (("20:00", "07:00"), "07:00", False),
        (("20:00", "07:00"), "12:00", False),
        (("12:00", "13:00"), "12:30", True),
        (("12:00", "13:00"), "13:00", False),
        (("", ""), "03:00", False),
    ],
)
def test_quiet_hours_may_pass_midnight(quiet: tuple[str, str], clock: str, is_quiet: bool) -> None:
    wishes = NotificationWishes(quiet_from=quiet[0], quiet_until=quiet[1])
    assert wishes.is_quiet(datetime.fromisoformat(f"2026-03-02T{clock}:00+01:00")) is is_quiet
