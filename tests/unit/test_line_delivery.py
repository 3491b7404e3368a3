"""No state says of a line what isn't known: over all channels, every end of a delivery and of a mail, seen or not."""

from itertools import product

import pytest

from connectors.contract import Author, Channel
from helpdesk.views.timeline.line_delivery import LineState, SeenLog, delivery_of
from helpdesk.web.desk.words import WORDS
from i18n import all_catalogs
from store.models import DeliveryStatus, MailDelivery, MailKind, MailRefusal, Message, MessageKind, now
from store.models.message_facts import MessageFacts

LINE = Message(
    seq=5, kind=MessageKind.OUTGOING, author=Author.AGENT, text="Ihr Paket liegt in Köln.", facts=MessageFacts()
)
MAIL_ENDS = (None, *(each for each in DeliveryStatus if each is not DeliveryStatus.STORED))


def mail(status: DeliveryStatus, *, first: int = 5, last: int | None = 5, attempts: int = 1) -> MailDelivery:
    return MailDelivery(
        kind=MailKind.UNSEEN,
        status=status,
        first_seq=first,
        last_seq=last,
        attempts=attempts,
        due_at=now(),
        sent_at=now() if status == DeliveryStatus.SENT else None,
    )


def seen_log(
    seen: int = 0, *mails: MailDelivery, email: str | None = "a@b.example", no: MailRefusal | None = None
) -> SeenLog:
    return SeenLog(seen_seq=seen, email=email, refusal=no, mails=mails)


def state(log: SeenLog | None, status: DeliveryStatus = DeliveryStatus.STORED, author: Author = Author.AGENT) -> str:
    line = Message(seq=5, kind=MessageKind.OUTGOING, author=author, text="Text", facts=MessageFacts())
    return delivery_of(line, status, "reason", log).state


@pytest.mark.parametrize("channel", Channel)
def test_no_state_says_delivered_that_is_not(channel: Channel) -> None:
    for status, is_seen, end, author in product(DeliveryStatus, (False, True), MAIL_ENDS, Author):
        mails = (mail(end),) if end else ()
        log = seen_log(5 if is_seen else 4, *mails) if channel.shows_the_log else None
        said = state(log, status, author)
        assert f"delivery_{said}" in WORDS, "the desk has a word for it"
        if said == LineState.READ:
            assert is_seen
        if said == LineState.MAILED:
            assert end == DeliveryStatus.SENT
        if said == "sent":
            assert status == DeliveryStatus.SENT
            assert not channel.shows_the_log, "a log that nobody looks at has told nobody anything"


def test_no_word_of_the_desk_claims_more_than_sent_or_read() -> None:
    words = [words for key, words in WORDS.items() if key.startswith("delivery_")]
    assert len(words) > 15
    for catalog in all_catalogs("staff"):
        said = " | ".join(catalog.gettext(each) for each in words).lower()
        assert "delivered" not in said
        assert "zugestellt" not in said
        assert "angekommen" not in said


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (seen_log(5), LineState.READ),
        (seen_log(), LineState.UNSEEN),
        (seen_log(email=None), LineState.NO_ADDRESS),
        (seen_log(no=MailRefusal.STOPPED), LineState.REFUSED),
        (seen_log(no=MailRefusal.BOUNCED), LineState.MAIL_BOUNCES),
        (seen_log(0, mail(DeliveryStatus.PENDING, last=None, attempts=0)), LineState.MAIL_DUE),
        (seen_log(0, mail(DeliveryStatus.PENDING)), LineState.MAIL_TRYING),
        (seen_log(0, mail(DeliveryStatus.SENDING)), LineState.MAIL_TRYING),
        (seen_log(0, mail(DeliveryStatus.SENT)), LineState.MAILED),
        (seen_log(5, mail(DeliveryStatus.SENT)), LineState.READ),
        (seen_log(0, mail(DeliveryStatus.SENT, first=2, last=3)), LineState.MAILED_BEFORE),
        (seen_log(0, mail(DeliveryStatus.FAILED, first=2, last=3)), LineState.UNSEEN),
        (seen_log(0, mail(DeliveryStatus.SENT, first=2, last=3), no=MailRefusal.STOPPED), LineState.REFUSED),
        (seen_log(0, mail(DeliveryStatus.SENT, first=7, last=8)), LineState.UNSEEN),
        (seen_log(0, mail(DeliveryStatus.SENT), mail(DeliveryStatus.FAILED, first=7, last=8)), LineState.MAILED),
        (seen_log(0, mail(DeliveryStatus.UNKNOWN)), LineState.MAIL_UNKNOWN),
        (seen_log(0, mail(DeliveryStatus.BOUNCED)), LineState.MAIL_BOUNCED),
    ],
)
def test_what_is_said_of_an_agents_line_in_the_web_chat(log: SeenLog, expected: LineState) -> None:
    assert state(log) == expected
    assert state(log, DeliveryStatus.SENT) == expected, "which older versions called it"


def test_the_bots_lines_wait_for_nobody_unless_a_mail_brings_them() -> None:
    assert state(seen_log(email=None), author=Author.BOT) == LineState.UNSEEN
    assert state(seen_log(0, mail(DeliveryStatus.SENT)), author=Author.BOT) == LineState.MAILED
    assert state(seen_log(0, mail(DeliveryStatus.SENT)), author=Author.SYSTEM) == LineState.UNSEEN
