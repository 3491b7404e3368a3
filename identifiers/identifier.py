"""One identifier or value of a message, and what kinds there are."""

from dataclasses import dataclass

ORDER_NUMBER = "order_number"
TRACKING_NUMBER = "tracking_number"
INVOICE_NUMBER = "invoice_number"
CUSTOMER_NUMBER = "customer_number"
ARTICLE_NUMBER = "article_number"
VOUCHER_CODE = "voucher_code"
CARD_NUMBER = "card_number"
NUMBER = "number"
"""Five digits and more of which nothing says what they number."""
EMAIL = "email"
PHONE = "phone"
IBAN = "iban"
URL = "url"
NAME = "name"
DATE = "date"
AMOUNT = "amount"

VALUES = frozenset({DATE, AMOUNT})
"""Kinds that a question may be about: "am 24.12. offen?", "ab 50 Euro?"."""


@dataclass(frozen=True)
class Identifier:
    """What is recognised: its `kind` as in domain.yml, where it stands, and its value in one normal form.

    IBAN, phone and card number are unspaced. `start` and `end` are the value's; `outset` and `close` are those of all
    that is said of it: "meine Bestellnummer lautet 4711". `thing` is what that leaves behind in a sentence
    ("Bestellung", "order"), empty where nothing.
    """

    kind: str
    start: int
    end: int
    value: str
    outset: int = -1
    close: int = -1
    thing: str = ""

    @property
    def span(self) -> "tuple[int, int]":
        """Where all that is said of it stands."""
        return (self.start if self.outset < 0 else self.outset, self.end if self.close < 0 else self.close)

    def overlaps(self, other: "Identifier") -> bool:
        """Whether both stand, in part, on the same characters."""
        return self.start < other.end and other.start < self.end
