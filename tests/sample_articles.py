"""A small knowledge base for tests of what customers see of it, and a bot that answers from it."""

import json
from typing import Any

from helpdesk.app import AppComponents
from knowledge.articles.content import ArticleWording, Content
from knowledge.articles.publishing import publish_all
from tests.fakes.bot import FakeBot

RETURNS = Content(
    category="returns",
    variants={
        "de": ArticleWording(
            question="Wie schicke ich etwas zurück?",
            answer="Sie melden die Rücksendung im Konto an.\n\n1. Öffnen Sie **Mein Konto**.\n2. Wählen Sie etwas aus.",
            phrasings=("etwas zurückschicken", "Rücksendung anmelden"),
        ),
        "en": ArticleWording(
            question="How do I return something?",
            answer="You register the return in your account.\n\n1. Open **My account**.\n2. Choose the item.",
            phrasings=("send something back", "register a return"),
        ),
    },
)
RETURN_COST = Content(
    category="returns",
    variants={
        "de": ArticleWording(question="Was kostet die Rücksendung?", answer="Innerhalb Deutschlands nichts."),
        "en": ArticleWording(question="How much does a return cost?", answer="Nothing within Germany."),
    },
)
PARCEL = Content(
    category="delivery",
    variants={"de": ArticleWording(question="Wo bleibt mein Paket?", answer="Das zeigt die *Sendungsverfolgung*.")},
)
VISA = Content(variants={"en": ArticleWording(question="Do you take credit cards?", answer="Yes, all of them.")})
SHELF = {"returns": RETURNS, "return-cost": RETURN_COST, "parcel": PARCEL, "cards": VISA}


async def fill(parts: AppComponents, contents: dict[str, Content] = SHELF) -> None:
    """Publish these articles, and have the library know them."""
    async with parts.db.write() as session:
        await publish_all(session, contents, "test")
    await parts.library.refresh()


def reading_bot() -> FakeBot:
    """Answers a button's article with its first sentence before the fold, and everything else with nothing."""

    def answer(turn: dict[str, Any]) -> list[dict[str, Any]]:
        payload = turn["payload"] or ""
        if not payload.startswith("/faq"):
            return [{"text": "Danke."}]
        key = json.loads(payload.removeprefix("/faq"))["article"]
        _, wording = SHELF[key].in_language(turn["metadata"]["language"])
        custom = {
            "article": key,
            "lead": wording.answer.find("\n\n"),
            "related": [{"article": "return-cost", "question": "Was kostet die Rücksendung?"}],
        }
        return [{"text": wording.answer, "custom": custom}]

    return FakeBot(answering=answer)
