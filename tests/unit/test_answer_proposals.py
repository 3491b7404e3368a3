"""An agent's message to one customer, as the answer of an article for all."""

import pytest

from knowledge.articles.answer_proposals import propose_answer


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("Gutscheine gibt es im Laden.", "Gutscheine gibt es im Laden."),
        ("Hallo Frau Weber, gutscheine gibt es im Laden.", "Gutscheine gibt es im Laden."),
        ("Guten Tag,\n\nvielen Dank für Ihre Mail. Es gibt welche.\n\nViele Grüße\nMia", "Es gibt welche."),
        ("Hi Tom! Thanks for writing. We do.\n\nIn three sizes.\n\nBest regards,\nJo", "We do.\n\nIn three sizes."),
        ("Ihre Bestellung 4711007 kommt am 3.12.", "Ihre Bestellung … kommt am 3.12."),
        ("Hallo!", ""),
        ("Liebe Grüße bestellen Sie mit der Karte.", "Liebe Grüße bestellen Sie mit der Karte."),
        ("Danke! Das Boot hat ein Ruder.", "Danke! Das Boot hat ein Ruder."),
    ],
)  # fmt: skip
def test_what_is_for_one_customer_goes(message: str, answer: str) -> None:
    assert propose_answer(message) == answer
