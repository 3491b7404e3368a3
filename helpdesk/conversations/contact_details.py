"""Reading how a customer can be reached: e-mail addresses and telephone numbers, out of what they wrote."""

import re

from store.models import ExpectedInput

_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}\.[^\s@<>\".]{2,63}")
_HOME = "DE"  # numbers without a country code are read as German ones


def read_email(text: str) -> str | None:
    """The e-mail address in `text`, if there is exactly one."""
    found = {word.strip(".,;:!?()<>") for word in text.split() if "@" in word}
    address = found.pop() if len(found) == 1 else ""
    return address if _EMAIL.fullmatch(address) else None


def is_email(text: str) -> bool:
    """Whether `text` is an e-mail address and nothing else."""
    return bool(_EMAIL.fullmatch(text))


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
