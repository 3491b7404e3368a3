"""Reading how a customer can be reached: e-mail addresses and telephone numbers, out of what they wrote."""

import re

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


def read_phone(text: str) -> str | None:
    """The first valid telephone number in `text`, in its international form."""
    import phonenumbers  # sixty modules, for customers who leave a number

    for match in phonenumbers.PhoneNumberMatcher(text, _HOME, leniency=phonenumbers.Leniency.VALID):
        return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return None
