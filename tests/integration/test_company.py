"""The bot beside a contact who waits for a person: nothing that they write stays without a word."""

import pytest
from sqlalchemy import select

from connectors.contract import Author
from helpdesk.app import AppComponents
from helpdesk.conversations.waiting.handoff_requests import CANCEL_HANDOFF
from knowledge.articles.content import ArticleWording, Content
from store.errors import UnreadLine
from store.models import Handoff, Message, Turn, TurnStatus
from store.status import Status
from tests.conversation_driver import drive
from tests.harness import conversation_of, eventually, hire, inbound_message, log_of
from tests.sample_articles import fill
from tests.waiting_contact import asked, handoff_of


async def says_while_waiting(parts: AppComponents, conversation_id: str, text: str, id_: str) -> list[Message]:
    """What the contact reads after writing something while they wait; there has to be something."""
    received = await parts.inbox.receive(inbound_message(text, id_=id_))

    async def lines_after() -> list[Message]:
        log = await log_of(parts, conversation_id)
        return [line for line in log if line.seq > received.seq and line.author in {Author.BOT, Author.SYSTEM}]

    await eventually(lines_after, f"a word on {text!r}")
    return await lines_after()


async def test_whatever_a_waiting_contact_writes_has_a_visible_effect_and_they_keep_their_place(
    parts: AppComponents,
) -> None:
    await hire(parts, "Mia")
    conversation_id = await asked(parts)
    before = await handoff_of(parts, conversation_id)

    (place,) = await says_while_waiting(parts, conversation_id, "hallo??", "2")
    assert "an 1. Stelle" in place.text
    (added,) = await says_while_waiting(parts, conversation_id, "Der Bezug ist auch zerrissen.", "3")
    assert "dazugelegt" in added.text
    (welcome,) = await says_while_waiting(parts, conversation_id, "danke", "4")
    assert "behält" in welcome.text

    for line in (place, added, welcome):
        assert [choice.payload for choice in line.choices][-1] == CANCEL_HANDOFF
    after = await handoff_of(parts, conversation_id)
    assert (after.id, after.asked_at, after.ended_at) == (before.id, before.asked_at, None)
    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED


async def test_a_question_that_says_what_the_wait_is_for_is_answered_and_kept(parts: AppComponents) -> None:
    await hire(parts, "Mia")
    content = ArticleWording(question="Was kostet der Versand?", answer="Der Versand kostet 4,90 Euro.")
    await fill(parts, {"versand": Content(variants={"de": content})})

    conversation_id, (line,) = await _asks_as_matter(parts, "Was kostet der Versand?")

    assert "4,90" in line.text
    assert (await handoff_of(parts, conversation_id)).correction == "Was kostet der Versand?"


async def test_a_question_that_says_what_the_wait_is_for_is_passed_on_where_nothing_is_known(
    parts: AppComponents,
) -> None:
    await hire(parts, "Mia")

    conversation_id, (line,) = await _asks_as_matter(parts, "Habt ihr den Tisch auch in Grün?")

    assert "So gebe ich es weiter: „Habt ihr den Tisch auch in Grün?“" in line.text
    assert (await handoff_of(parts, conversation_id)).correction == "Habt ihr den Tisch auch in Grün?"


async def _asks_as_matter(parts: AppComponents, question: str) -> tuple[str, list[Message]]:
    """Somebody who has only asked for a person asks this; the conversation, and what they read."""
    await parts.inbox.receive(inbound_message("Einen Menschen bitte", id_="a"))

    async def is_queued() -> bool:
        async with parts.db.read() as session:
            return await session.scalar(select(Handoff.id)) is not None

    await eventually(is_queued, "the queue")
    received = await parts.inbox.receive(inbound_message(question, id_="b"))
    lines = await eventually(lambda: _ours(parts, received.conversation_id, received.seq), "words")
    return received.conversation_id, lines


async def _ours(parts: AppComponents, conversation_id: str, after: int) -> list[Message]:
    log = await log_of(parts, conversation_id)
    return [line for line in log if line.seq > after and line.author in {Author.BOT, Author.SYSTEM}]


async def test_a_waiting_contact_is_told_what_an_article_surely_says(parts: AppComponents) -> None:
    await hire(parts, "Mia")
    answer = "Der Versand kostet 4,90 Euro."
    await fill(
        parts, {"versand": Content(variants={"de": ArticleWording(question="Was kostet der Versand?", answer=answer)})}
    )
    conversation_id = await asked(parts)

    (meanwhile,) = await says_while_waiting(parts, conversation_id, "Was kostet der Versand?", "2")

    assert "Solange Sie warten" in meanwhile.text
    assert "4,90 Euro" in meanwhile.text
    assert meanwhile.article == "versand"
    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED


async def test_what_was_only_added_to_a_request_is_not_taken_for_answered(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    (added,) = await says_while_waiting(parts, conversation_id, "Der Bezug ist auch zerrissen.", "2")
    assert (await conversation_of(parts, conversation_id)).answered_seq < added.seq - 1
    await drive(parts.conversations).accept(conversation_id, mia)

    with pytest.raises(UnreadLine):
        await drive(parts.conversations).resolve(conversation_id, mia, read_seq=added.seq - 2)


async def test_once_a_person_has_taken_over_the_bot_keeps_silent(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    received = await parts.inbox.receive(inbound_message("Der Bezug ist auch zerrissen.", id_="2"))
    await drive(parts.conversations).accept(conversation_id, mia)

    async def is_ended() -> bool:
        async with parts.db.read() as session:
            turn = await session.scalar(select(Turn).where(Turn.first_seq == received.seq))
            return turn is not None and turn.status == TurnStatus.WITHHELD

    await eventually(is_ended, "the turn's end")
    said = [line for line in await log_of(parts, conversation_id) if line.seq > received.seq]
    assert not [line for line in said if line.author == Author.BOT]
