"""A conversation as Rasa hands it to the actions, and the articles that they answer with."""

import asyncio
from dataclasses import replace
from typing import Any

from actions import Actions, ArticleAnswer, RelatedArticle
from knowledge.articles.answers import ShortAnswer
from tests.fixed_hours import FixedHours

DELIVERY = ArticleAnswer(
    key="delivery",
    language="de",
    question="Wo ist mein Paket?",
    answer="Im Konto.",
    related=(RelatedArticle(key="returns", question="Wie sende ich etwas zurück?"),),
)


RETURNS = ArticleAnswer(key="returns", language="de", question="Wie sende ich etwas zurück?", answer="Mit dem Etikett.")


IN_ENGLISH = ArticleAnswer(key="delivery", language="en", question="Where is my parcel?", answer="In your account.")


RELATED_RETURNS = {"article": "returns", "question": "Wie sende ich etwas zurück?"}


LONG = ArticleAnswer(
    key="long",
    language="de",
    question="Wie geht das?",
    answer="Das geht in drei Schritten und dauert ein paar Minuten.\n\n" + "1. Ein Schritt von vielen.\n" * 20,
)


FOUND = (("delivery", 0.9), ("returns", 0.4), ("gone", 0.3))


class Articles:
    """Delivery in both languages, returns in German, and a long one, whose short answer is `short`."""

    def __init__(self, short: ShortAnswer | None = None) -> None:
        self.short = short
        self.asked: list[tuple[str, str]] = []

    async def answer(self, key: str, language: str, question: str = "") -> ArticleAnswer | None:
        self.asked.append((key, question))
        found = {("delivery", "de"): DELIVERY, ("delivery", "en"): IN_ENGLISH}.get((key, language))
        long = replace(LONG, short=self.short if question else None)
        return found or {"returns": RETURNS, "long": long}.get(key)


class RasaConversation:
    """Plays Rasa: keeps slots and events, and runs one action for each message."""

    def __init__(self, short: ShortAnswer | None = None, **slots: str) -> None:
        self.slots: dict[str, Any] = slots
        self.events: list[dict[str, Any]] = []
        self.articles = Articles(short)
        self._actions = Actions(self.articles, hours=FixedHours())

    def run(self, action: str, text: str = "frage", outcome: str = "none", found: Any = (), **entities: str) -> Any:
        """The one message that the action said, in Rasa's form."""
        (message,) = self.run_all(action, text, outcome, found, (), goes_on=False, **entities)
        return message

    def run_all(
        self,
        action: str,
        text: str,
        outcome: str = "none",
        found: Any = (),
        parts: Any = (),
        *,
        goes_on: bool = False,
        **entities: str,
    ) -> list[Any]:
        """All that the action said. `parts` are the questions of the message: text, outcome, what was found."""
        latest = {
            "text": text,
            "intent": {"name": "any"},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "metadata": {
                "outcome": outcome,
                "candidates": rows(found),
                "goes_on": goes_on,
                "parts": [{"text": asked, "outcome": came, "candidates": rows(what)} for asked, came, what in parts],
            },
        }
        self.events.append({"event": "user", **latest})
        tracker = {"sender_id": "c", "slots": self.slots, "latest_message": latest, "events": self.events}
        call = {"next_action": action, "tracker": tracker, "domain": {}}
        result = asyncio.run(self._actions.run(call))
        for event in result["events"]:
            self.slots[event["name"]] = event["value"]
        for message in result["responses"]:
            metadata = {key: message[key] for key in ("asked", "because", "missed", "told") if message[key]}
            data = {"custom": message["custom"], "buttons": message["buttons"]}
            self.events.append({"event": "bot", "text": message["text"], "data": data, "metadata": metadata})
        return list(result["responses"])


def rows(found: Any) -> list[dict[str, Any]]:
    """Candidates as helpdesk sends them."""
    return [{"article": key, "confidence": sure, "question": f"{key}?"} for key, sure in found]


def titles(message: Any) -> list[str]:
    return [button["title"] for button in message["buttons"]]


def payloads(message: Any) -> list[str]:
    return [button["payload"] for button in message["buttons"]]
