"""The look-up of the sample shop: where an order is, asked of the demo order service; docs/lookups.md explains it."""

from actions.lookups.lookup import AskedField, FieldKind, Lookup
from helpdesk.lookups.definition import LookupDefinition, ShownField, ShownKind
from helpdesk.lookups.demo_orders import DEMO_HOST
from helpdesk.lookups.lookup_store import LookupStore

_PHRASINGS = """
Wo ist meine Bestellung?
Wo bleibt mein Paket?
Wann kommt meine Bestellung an?
Wie ist der Stand meiner Bestellung?
Meine Bestellung ist noch nicht da.
Ich warte immer noch auf meine Lieferung.
Wurde meine Bestellung schon verschickt?
Wann wird mein Paket geliefert?
Können Sie nachsehen, wo meine Sendung ist?
Was ist mit meiner Bestellung?
Ist mein Paket unterwegs?
Kannst du mal schauen, wie weit meine Bestellung ist?
Where is my order?
Where is my parcel?
When will my order arrive?
What is the status of my order?
My order hasn't arrived yet.
I'm still waiting for my delivery.
Has my order been shipped yet?
Can you check where my package is?
What happened to my order?
Any news on my order?
I'd like to track my order.
"""
_ASKED = (
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
        label={"de": "Postleitzahl der Lieferadresse", "en": "postcode of the delivery address"},
        question={
            "de": "Wie lautet die Postleitzahl der Lieferadresse?",
            "en": "What is the postcode of the delivery address?",
        },
        is_proof=True,
    ),
    AskedField(
        name="email",
        kind=FieldKind.EMAIL,
        label={"de": "E-Mail-Adresse der Bestellung", "en": "e-mail address of the order"},
        question={
            "de": "Mit welcher E-Mail-Adresse wurde bestellt?",
            "en": "Which e-mail address was used for the order?",
        },
        is_proof=True,
    ),
)
_STATES = {
    "received": {"de": "ist eingegangen", "en": "has been received"},
    "packed": {"de": "wird gerade gepackt", "en": "is being packed"},
    "shipped": {"de": "ist unterwegs", "en": "is on its way"},
    "delivered": {"de": "ist zugestellt", "en": "has been delivered"},
}
SAMPLE_LOOKUP = LookupDefinition(
    lookup=Lookup(
        name="orders",
        title={"de": "Stand der Bestellung", "en": "Order status"},
        asked=_ASKED,
        found={
            "de": "Die Bestellung {number} {state}. Voraussichtliche Lieferung: {expected}. Geliefert am {delivered}.",
            "en": "Order {number} {state}. Expected delivery: {expected}. Delivered on {delivered}.",
        },
        not_found={
            "de": "Unter diesen Angaben ist keine Bestellung zu finden, oder sie passen nicht zusammen.",
            "en": "There is no order under these details, or they don't belong together.",
        },
        unreachable={
            "de": "Ich komme gerade nicht an die Bestellungen.",
            "en": "I can't get at the orders right now.",
        },
        articles=("order-status", "delivery-status"),
    ),
    phrasings=tuple(filter(None, _PHRASINGS.splitlines())),
    address=f"https://{DEMO_HOST}/orders/{{order_number}}?postcode={{postcode}}&email={{email}}",
    shown=(
        ShownField(name="number", path="number"),
        ShownField(name="state", path="state", said_as=_STATES),
        ShownField(name="expected", path="expected_on", kind=ShownKind.DATE),
        ShownField(name="delivered", path="delivered_on", kind=ShownKind.DATE),
        ShownField(name="total", path="total.amount", kind=ShownKind.MONEY, currency="EUR"),
    ),
)


async def connect_demo(store: LookupStore) -> None:
    """Enter the sample look-up and switch it on, where none has been entered yet."""
    if await store.list_all():
        return
    view = await store.add(SAMPLE_LOOKUP, secret="", by="Staffel")
    await store.note_trial(view.id, SAMPLE_LOOKUP.fingerprint)
    await store.switch(view.id, is_on=True, by="Staffel")
