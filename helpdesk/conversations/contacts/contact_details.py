"""Reading how a customer can be reached: e-mail addresses and telephone numbers, out of what they wrote."""

import re

from connectors.contract.mail import is_mail_address
from store.models import ExpectedInput

_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}\.[^\s@<>\".]{2,63}")
_WORD = re.compile(r"[^\W\d_]+")
#: What stands around an address that somebody leaves: "meine Mail ist …", "you can reach me at …".
_AROUND_ADDRESS = """
meine mein die das e mail email adresse anschrift lautet ist wäre hier unter an auf bin ich mich man erreichbar
erreichen sie ihr du kann können könnt kannst schreiben schreibt schreib antworten antwort bitte gern gerne auch
danke am besten per und ja ok okay my the address is it s here at to on me you can reach write reply answer send
please thanks best by and yes mon ma adresse mél courriel est voici à me joindre merci oui
"""
_SAY_NOTHING_ELSE = frozenset(_AROUND_ADDRESS.split())
_HOME = "DE"  # numbers without a country code are read as German ones


def read_email(text: str) -> str | None:
    """The e-mail address in `text`, if there is exactly one."""
    found = {word.strip(".,;:!?()<>") for word in text.split() if "@" in word}
    address = found.pop() if len(found) == 1 else ""
    return address if is_email(address) else None


def left_email(text: str) -> str | None:
    """The address of a text that leaves one and says nothing else: "ida@example.org", "meine Mail: ida@example.org"."""
    address = read_email(text)
    rest = text.replace(address, " ") if address else text
    is_left = "?" not in rest and all(word in _SAY_NOTHING_ELSE for word in _WORD.findall(rest.lower()))
    return address if is_left else None


def is_email(text: str) -> bool:
    """Whether `text` is an e-mail address and nothing else, and a mail can go there."""
    return bool(_EMAIL.fullmatch(text)) and is_mail_address(text)


def is_attempt(text: str, expected: ExpectedInput) -> bool:
    """Whether a text that holds no address or number is all the same a try at giving the one that was asked for."""
    if expected == ExpectedInput.EMAIL:
        return "@" in text and len(text) < 100
    digits = sum(letter.isdigit() for letter in text)
    return digits >= 4 and sum(letter.isalpha() for letter in text) <= 2 * digits


def read_phone(text: str) -> str | None:
    """The first valid telephone number in `text`, in its international form."""
    import phonenumbers  # sixty modules, for customers who leave a number

    for match in phonenumbers.PhoneNumberMatcher(text, _HOME, leniency=phonenumbers.Leniency.VALID):
        return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return None
