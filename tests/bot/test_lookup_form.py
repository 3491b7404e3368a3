"""The form of look-ups, in whole dialogues with the real Rasa: what customers write is what decides."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from tests.bot.action_server import ActionServer
from tests.bot.process import Bot, encoded_embedding, texts

pytestmark = [pytest.mark.bot, pytest.mark.timeout(700)]

RETURNS = {"outcome": "answer", "candidates": [{"article": "returns", "confidence": 0.8, "question": "Zurück?"}]}
OUR_PROOF = "Postleitzahl oder E-Mail-Adresse"


class Customer:
    """Somebody in one conversation. `asks` is a message in which helpdesk recognised the look-up."""

    def __init__(self, bot: Bot, language: str = "de") -> None:
        self._bot = bot
        self._sender = uuid4().hex
        self._language = language
        self.last: dict[str, object] = {}

    def asks(self, text: str) -> str:
        return self._send(text, lookup="orders")

    def writes(self, text: str, **context: object) -> str:
        return self._send(text, **context)

    def presses(self, payload: str) -> str:
        self.last = self._bot.ask(sender=self._sender, payload=payload, metadata={"language": self._language})
        return self._said()

    def _send(self, text: str, **context: object) -> str:
        self.last = self._bot.ask(text, sender=self._sender, metadata={"language": self._language, **context})
        return self._said()

    def _said(self) -> str:
        assert self.last["status"] == "ok", self.last
        return texts(self.last)


@pytest.fixture
def customer(bot: Bot, actions: ActionServer) -> Iterator[Callable[..., Customer]]:
    actions.lookups.is_away = False
    actions.lookups.asked.clear()
    yield lambda language="de": Customer(bot, language)
    actions.lookups.is_away = False


type NewCustomer = Callable[..., Customer]


GENERAL = {"outcome": "answer", "candidates": [{"article": "delivery", "confidence": 0.9, "question": "Wo?"}]}


def test_a_general_question_gets_the_article_and_the_offer_to_look(customer: NewCustomer) -> None:
    mara = customer()

    reply = mara.writes("wo bleibt mein paket", lookup="orders", **GENERAL)
    assert "Meine Bestellungen" in reply
    assert "auch gleich selbst nachsehen. Wie lautet die Bestellnummer?" in reply
    assert OUR_PROOF in mara.writes("88317")


def test_whom_the_article_helped_is_not_asked_again(customer: NewCustomer) -> None:
    mara, jon = customer(), customer()
    mara.writes("wo bleibt mein paket", lookup="orders", **GENERAL)
    jon.writes("wo bleibt mein paket", lookup="orders", **GENERAL)

    assert "Bestellnummer" not in mara.presses('/feedback_helpful{"article": "delivery"}')
    assert "Es fehlt noch" not in jon.writes("wie kann ich etwas zurücksenden?", **RETURNS)


def test_a_yes_to_the_offer_is_one(customer: NewCustomer) -> None:
    mara = customer()
    mara.writes("wo bleibt mein paket", lookup="orders", **GENERAL)

    assert mara.writes("ja gerne") == "Wie lautet die Bestellnummer?"


def test_only_what_is_missing_is_asked_for(customer: NewCustomer) -> None:
    mara = customer()

    assert OUR_PROOF in mara.asks("Wo ist LH-2024-88317?")
    assert mara.writes("79098") == "Bestellung LH-2024-88317: unterwegs."


def test_nothing_personal_is_told_before_a_proof(customer: NewCustomer, actions: ActionServer) -> None:
    mara = customer()

    assert "Bestellnummer" in mara.asks("wo ist meine bestellung")
    assert OUR_PROOF in mara.writes("die 88317")
    assert actions.lookups.asked == []


def test_everything_at_once_is_answered_at_once(customer: NewCustomer) -> None:
    assert customer().asks("bestellung 88317, plz 79098, wo bleibt die?") == "Bestellung LH-2024-88317: unterwegs."


def test_the_question_says_which_slot_it_awaits_and_the_answer_which_it_was(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("wo ist meine bestellung")
    assert mara.last["messages"][-1]["custom"]["awaits"] == "lookup_value"  # type: ignore[index]

    mara.writes("88317")
    assert mara.last["answered"] == "lookup_value"


@pytest.mark.parametrize(
    "proof", ["79099, äh nein, 79098", "79099, sorry, 79098 meinte ich", "79099 Moment nein 79098"]
)
def test_a_proof_is_corrected_in_one_breath_and_the_number_stays(customer: NewCustomer, proof: str) -> None:
    mara = customer()
    mara.asks("wo ist bestellung 88317")

    assert mara.writes(proof) == "Bestellung LH-2024-88317: unterwegs."


def test_a_number_that_is_taken_back_in_one_breath_is_no_proof(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("wo ist meine bestellung")

    assert OUR_PROOF in mara.writes("88318, äh nein, 88317")
    assert mara.writes("79098") == "Bestellung LH-2024-88317: unterwegs."
    assert OUR_PROOF in customer().asks("wo ist bestellung 88318, ach nein, 88317")


@pytest.mark.parametrize(
    "correction",
    ["nein, 88318", "sorry, 88318 meinte ich", "ach falsch: LH-2024-88318", "Nee 88318", "ich meinte 88318"],
)
def test_a_value_is_corrected(customer: NewCustomer, correction: str) -> None:
    mara = customer()
    mara.asks("wo ist bestellung 88317")

    assert "88318" in mara.writes(correction)
    assert "zugestellt" in mara.writes("79098")


def test_a_value_of_another_form_is_explained_kindly(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("wo ist meine bestellung")

    reply = mara.writes("4711er")
    assert "LH-1234-56789" in reply
    assert "Bestellbestätigung" in reply
    assert OUR_PROOF in mara.writes("ah, 88317")


def test_another_question_is_answered_and_the_own_one_taken_up_again(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("wo ist bestellung 88317")

    reply = mara.writes("wie kann ich etwas zurücksenden?", **RETURNS)
    assert "Etikett drucken" in reply
    assert "Zurück zu „Stand der Bestellung“" in reply
    assert "unterwegs" in mara.writes("79098")


@pytest.mark.parametrize(
    "words", ["egal", "abbrechen", "vergiss es", "lassen wir das", "schon gut", "hat sich erledigt"]
)
def test_it_is_called_off(customer: NewCustomer, words: str) -> None:
    mara = customer()
    mara.asks("wo ist meine bestellung")

    assert "lassen wir das" in mara.writes(words) or "das lassen wir" in mara.last["messages"][0]["text"]  # type: ignore[index]
    assert "Guten Tag" in mara.writes("hallo")


def test_it_is_called_off_by_its_button(customer: NewCustomer) -> None:
    mara = customer("en")
    mara.asks("where's my order")
    mara.writes("hm what do you mean by that number thing")

    assert "leave it" in mara.presses("/cancel_lookup")
    assert "Hello" in mara.writes("hello")


def test_a_person_is_called_in_and_the_form_is_over(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("wo ist bestellung 88317")

    mara.writes("ich will mit einem menschen sprechen")
    said = mara.last["messages"]
    assert [one.get("custom", {}).get("handoff", {}).get("kind") for one in said] == ["asked"]  # type: ignore[attr-defined]
    assert OUR_PROOF not in mara.writes("danke")


def test_who_does_not_know_it_is_offered_a_person(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("wo ist meine bestellung")

    mara.writes("weiß ich leider nicht")
    assert any(one["payload"] == "/ask_person" for one in mara.last["messages"][-1]["choices"])  # type: ignore[index]
    mara.writes("ja")
    assert mara.last["messages"][0]["custom"]["handoff"]["kind"] == "asked"  # type: ignore[index]


def test_why_is_answered_and_the_question_stays(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("wo ist bestellung 88317")

    assert "nur Ihnen" in mara.writes("wozu brauchen Sie das?")
    assert "unterwegs" in mara.writes("na gut, 79098")


def test_an_unknown_number_and_a_wrong_proof_sound_the_same(customer: NewCustomer) -> None:
    wrong, unknown = customer(), customer()

    assert wrong.asks("bestellung 88317 plz 10115") == unknown.asks("bestellung 99999 plz 79098")


def test_after_three_failures_it_is_over_for_this_conversation(customer: NewCustomer, actions: ActionServer) -> None:
    mara = customer()
    for _ in range(3):
        mara.asks("bestellung 88317 plz 10115")
    asked = len(actions.lookups.asked)

    assert "zu oft" in mara.asks("bestellung 88317 plz 79098")
    assert len(actions.lookups.asked) == asked == 3


def test_a_form_outlives_many_turns(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("wo ist bestellung 88317")
    for _ in range(6):
        assert "Zurück zu" in mara.writes("wie kann ich etwas zurücksenden?", **RETURNS)

    assert "unterwegs" in mara.writes("79098")


def test_a_service_that_is_away_is_admitted(customer: NewCustomer, actions: ActionServer) -> None:
    actions.lookups.is_away = True
    mara = customer()

    assert mara.asks("bestellung 88317 plz 79098").startswith("Ich komme gerade nicht an die Bestellungen.")
    mara.writes("ja bitte")
    assert mara.last["messages"][0]["custom"]["handoff"]  # type: ignore[index]


def test_the_proof_serves_for_the_next_order_too(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("bestellung 88317 plz 79098")

    assert "88318: zugestellt" in mara.asks("und 88318?")


def test_in_another_language_it_is_asked_and_told_there(customer: NewCustomer) -> None:
    jon = customer("en")

    assert "postcode or e-mail address" in jon.asks("where is LH-2024-70001")
    assert jon.writes("jon@example.org") == "Order LH-2024-70001: in Bearbeitung."


def test_whoever_wants_a_person_is_not_asked_for_a_number(customer: NewCustomer) -> None:
    mara = customer()
    mara.writes("ich möchte mit einem mitarbeiter sprechen", lookup="orders", embedding=encoded_embedding())
    assert mara.last["messages"]


def test_whoever_looks_for_a_value_is_given_time_and_goes_on(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("wo ist meine bestellung")

    assert mara.writes("moment, muss die mail erst raussuchen") == "Lassen Sie sich Zeit, ich bin da."
    assert OUR_PROOF in mara.writes("88317")


def test_what_is_called_off_beside_another_question_is_not_come_back_to(customer: NewCustomer) -> None:
    mara = customer()
    mara.asks("wo ist bestellung 88317")

    reply = mara.writes("Egal. Wie sende ich etwas zurück?", **RETURNS)
    assert "Etikett drucken" in reply
    assert "Es fehlt noch" not in reply
