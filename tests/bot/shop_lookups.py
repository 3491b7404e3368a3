"""A look-up as helpdesk would provide it, with three orders behind it and no network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from actions.lookups.lookup import AskedField, FieldKind, Lookup, LookupOutcome, LookupResult

ORDERS: Mapping[str, Mapping[str, str]] = {
    "LH-2024-88317": {"postcode": "79098", "email": "mara@example.org", "state": "unterwegs"},
    "LH-2024-88318": {"postcode": "79098", "email": "mara@example.org", "state": "zugestellt"},
    "LH-2024-70001": {"postcode": "10115", "email": "jon@example.org", "state": "in Bearbeitung"},
}
ORDER_STATE = Lookup(
    name="orders",
    title={"de": "Stand der Bestellung", "en": "Order status"},
    asked=(
        AskedField(
            name="order_number",
            kind=FieldKind.ORDER_NUMBER,
            label={"de": "Bestellnummer", "en": "order number"},
            question={"de": "Wie lautet die Bestellnummer?", "en": "What is the order number?"},
            hint={"de": "Sie steht in der Bestellbestätigung.", "en": "It is in the order confirmation."},
            forms=("LH-####-#####", "#####"),
        ),
        AskedField(
            name="postcode",
            kind=FieldKind.POSTCODE,
            label={"de": "Postleitzahl", "en": "postcode"},
            question={"de": "Wie lautet die Postleitzahl?", "en": "What is the postcode?"},
            is_proof=True,
        ),
        AskedField(
            name="email",
            kind=FieldKind.EMAIL,
            label={"de": "E-Mail-Adresse", "en": "e-mail address"},
            question={"de": "Wie lautet die E-Mail-Adresse?", "en": "What is the e-mail address?"},
            is_proof=True,
        ),
    ),
    found={
        "de": "Bestellung {number}: {state}. Sie kommt am {day}.",
        "en": "Order {number}: {state}. It comes on {day}.",
    },
    not_found={},
    unreachable={
        "de": "Ich komme gerade nicht an die Bestellungen.",
        "en": "I can't get at the orders right now.",
    },
    articles=("delivery",),
)


@dataclass
class ShopLookups:
    """A `LookupSource` that knows `ORDERS`; `is_away` while the service can't be reached."""

    is_away: bool = False
    vouched: str | None = None
    asked: list[Mapping[str, str]] = field(default_factory=list)

    async def switched_on(self) -> Sequence[Lookup]:
        """The one."""
        return (ORDER_STATE,)

    async def vouched_email(self, conversation_id: str) -> str | None:
        """Nobody is signed in, unless a test says so."""
        return self.vouched

    async def look_up(self, name: str, values: Mapping[str, str], language: str, conversation_id: str) -> LookupResult:
        """The order, if number and one proof are right."""
        self.asked.append(dict(values))
        if self.is_away:
            return LookupResult(outcome=LookupOutcome.UNREACHABLE)
        wanted = values["order_number"]
        found = next((number for number in ORDERS if number.endswith(wanted)), None)
        proofs = [name for name in ("postcode", "email") if name in values]
        if found is None or any(ORDERS[found][proof] != values[proof] for proof in proofs):
            return LookupResult(outcome=LookupOutcome.NOT_FOUND)
        told = {"number": found, "state": ORDERS[found]["state"]}
        return LookupResult(
            outcome=LookupOutcome.FOUND, values={key: {"de": text, "en": text} for key, text in told.items()}
        )
