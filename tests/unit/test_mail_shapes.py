"""Mail of twelve programs in three languages: only what was written new comes out."""

import pytest

from connectors.email.inbound.automatic_mail import MailPolicy
from connectors.email.inbound.parse import Mail, parse_mail, question_of
from connectors.email.inbound.signatures import without_signature
from tests.payloads.mail.shapes import US, MailShape, shapes

SHAPES = list(shapes())
POLICY = MailPolicy(own={US})


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])
def test_only_what_was_written_new_comes_out(shape: MailShape) -> None:
    mail = parse_mail(shape.raw, POLICY)

    assert isinstance(mail, Mail)
    assert "\n".join(mail.text.split("\n\n")) == "\n".join(shape.text.split("\n\n"))
    assert mail.sender == "anna@example.org"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("How long does it take?\n\nBest\nJohn", "How long does it take?"),
        ("Bitte um Rückruf.\n\nVielen Dank im voraus\nIda Muster\nMuster GmbH", "Bitte um Rückruf."),
        ("Thanks\n\nBut the parcel never came.", "Thanks\n\nBut the parcel never came."),
        ("Danke\nKundennummer 4711", "Danke\nKundennummer 4711"),
    ],
)
def test_a_farewell_is_left_out_where_only_a_name_follows(written: str, read: str) -> None:
    assert without_signature(written) == read


@pytest.mark.parametrize(
    ("subject", "text", "asked"),
    [
        ("Lieferung Österreich", "Wie lange dauert die Lieferung nach Österreich?", ""),
        ("Order 4711", "Where is it?", "Order 4711"),
        ("Kaputte Lampe", "Was nun?", "Kaputte Lampe"),
    ],
)
def test_a_subject_belongs_to_the_question_unless_the_words_say_it(subject: str, text: str, asked: str) -> None:
    raw = f"From: ida@example.org\nTo: support@muster.example\nSubject: {subject}\n\n{text}\n".encode()
    mail = parse_mail(raw, MailPolicy(own={"support@muster.example"}))

    assert isinstance(mail, Mail)
    assert question_of(mail) == f"{asked}\n\n{text}".strip()
