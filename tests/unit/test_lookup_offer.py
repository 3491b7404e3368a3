"""A general question: the article, and under it the offer to look right away."""

from typing import Any

from actions import Actions
from actions.lookups.inquiry import ENDING_SLOT, INQUIRY_SLOT, LookupInquiry
from tests.bot.action_server import FixedAnswers
from tests.bot.shop_lookups import ShopLookups


def call() -> dict[str, Any]:
    candidates = [{"article": "delivery", "confidence": 0.9, "question": "Wo?"}]
    metadata = {"language": "de", "outcome": "answer", "candidates": candidates, "lookup": "orders"}
    user = {"event": "user", "text": "wo bleibt mein paket", "timestamp": 1.0, "metadata": metadata}
    slots = {"language": "de", INQUIRY_SLOT: LookupInquiry(lookup="orders", is_offer=True).to_slot()}
    tracker = {"slots": slots, "latest_message": user, "events": [user], "sender_id": "c1"}
    return {"next_action": "action_ask_lookup_form_lookup_value", "tracker": tracker}


async def test_the_buttons_on_the_article_stand_under_the_last_message() -> None:
    article, question = (await Actions(FixedAnswers(), lookups=ShopLookups()).run(call()))["responses"]

    assert (article["custom"]["article"], article["buttons"]) == ("delivery", [])
    assert question["text"].endswith("Wie lautet die Bestellnummer?")
    assert [one["title"] for one in question["buttons"]][:2] == ["Hat geholfen", "Hat nicht geholfen"]


async def test_whoever_is_signed_in_is_not_asked_for_a_proof() -> None:
    shop = ShopLookups(vouched="mara@example.org")
    call_ = {**call(), "next_action": "validate_lookup_form"}
    call_["tracker"]["slots"] = {"language": "de"}
    call_["tracker"]["latest_message"]["text"] = "Wo bleibt meine Bestellung LH-2024-88318?"

    events = (await Actions(FixedAnswers(), lookups=shop).run(call_))["events"]

    ending = next(event["value"] for event in events if event["name"] == ENDING_SLOT)
    assert ending == "found"
    assert shop.asked == [{"order_number": "LH-2024-88318", "email": "mara@example.org"}]
