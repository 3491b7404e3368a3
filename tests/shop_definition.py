"""The definition of a look-up for tests: orders by number, with the postcode as proof."""

from dataclasses import replace
from typing import Any

from actions.lookups.lookup import AskedField, FieldKind, Lookup
from helpdesk.lookups.definition import LookupDefinition, ShownField, ShownKind

ORDER_NUMBER = AskedField(
    name="order_number",
    kind=FieldKind.ORDER_NUMBER,
    label={"de": "Bestellnummer", "en": "order number"},
    question={"de": "Wie lautet die Bestellnummer?", "en": "What is the order number?"},
)
POSTCODE = AskedField(
    name="postcode",
    kind=FieldKind.POSTCODE,
    label={"de": "Postleitzahl", "en": "postcode"},
    question={"de": "Wie lautet die Postleitzahl?", "en": "What is the postcode?"},
    is_proof=True,
)


def shop_definition(address: str, **changes: Any) -> LookupDefinition:
    """Orders at this address."""
    lookup = Lookup(
        name="orders",
        title={"de": "Stand der Bestellung", "en": "Order status"},
        asked=changes.pop("asked", (ORDER_NUMBER, POSTCODE)),
        found=changes.pop(
            "found", {"de": "Bestellung: {state}. Sie kommt am {expected}.", "en": "Order: {state}. Due {expected}."}
        ),
        not_found={},
        unreachable={"de": "Ich komme gerade nicht an die Bestellungen.", "en": "I can't get at the orders right now."},
    )
    shown = (
        ShownField(name="state", path="order.state", said_as={"shipped": {"de": "unterwegs", "en": "on its way"}}),
        ShownField(name="expected", path="order.expected_on", kind=ShownKind.DATE),
        ShownField(name="total", path="order.total", kind=ShownKind.MONEY, currency="EUR"),
        ShownField(name="item", path="order.items[0].name"),
        ShownField(name="tracking", path="order.tracking", kind=ShownKind.LINK),
        ShownField(name="paid", path="order.paid"),
    )
    definition = LookupDefinition(
        lookup=lookup,
        phrasings=("Wo ist meine Bestellung?", "Where is my order?"),
        address=address,
        header="Authorization",
        shown=shown,
    )
    return replace(definition, **changes)
