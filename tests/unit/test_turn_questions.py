"""Which messages ask the articles something, for the admin's gaps and figures."""

import pytest

from bot_protocol import LOOKUP_INTENT, BotMessage
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.turns.turn_questions import is_for_no_article

ASKED = BotMessage(text="Wie lautet die Bestellnummer?")
ARTICLE = BotMessage(text="Das zeigt die Sendungsverfolgung.", article="parcel")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (BotReply(texts=(ASKED,), intent=LOOKUP_INTENT), True),
        (BotReply(texts=(ASKED,), intent="faq", answered="lookup_value"), True),
        (BotReply(texts=(ARTICLE, ASKED), intent=LOOKUP_INTENT), False),
        (BotReply(texts=(ASKED,), intent="faq"), False),
    ],
)
def test_what_is_looked_up_is_no_gap_unless_an_article_answered(reply: BotReply, expected: bool) -> None:
    assert is_for_no_article(reply) == expected
