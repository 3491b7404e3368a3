"""What agents write: answers that go out, and notes that stay in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from connectors.contract import Author
from helpdesk.canned_replies.reply_text import refuse_gaps
from helpdesk.conversations.answers.agent_drafts import sent_as
from helpdesk.conversations.answers.mentions import keep_mentions
from helpdesk.conversations.log.message_text import clean
from helpdesk.conversations.lookups import load_agent
from helpdesk.conversations.promises.register import keep_answers
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.files.attaching import attach_files
from store.errors import Conflict, Invalid, StaleEpoch
from store.models import Agent, Conversation, Message, MessageFacts, MessageKind
from store.status import Status

MAX_ANSWER_LENGTH = 10_000  # characters an agent may write in one message


def owner_of_uploads(agent_id: str) -> str:
    """Whose files are those that an agent has handed in."""
    return f"agent:{agent_id}"


async def answer(
    c: OpenConversation,
    agent_id: str,
    epoch: int,
    text: str,
    client_id: str,
    files: Sequence[str] = (),
    *,
    read_seq: int | None = None,
) -> Message:
    """Store an agent's answer and send it, with files that they handed in; a repeated `client_id` changes nothing.

    It answers what came up to `read_seq`, by default everything. Raises `StaleEpoch` when the conversation is no longer
    theirs, `Invalid` for a text that is too long or when there is neither text nor file, `GapLeft` when something of a
    canned reply is still to be filled in, `FileGone`, and `Conflict` when other words were sent under the same id.
    """
    words = _clean_answer(text, files)
    earlier = await find_sent(c, agent_id, client_id, words)
    if earlier is not None:
        return earlier
    agent = await _load_writer(c, agent_id, epoch)
    read_seq = c.conversation.last_seq if read_seq is None else read_seq
    is_read = read_seq == c.conversation.last_seq
    message = await c.log.append_outgoing(Author.AGENT, words, **_signature(c.conversation, agent, client_id))
    if files:
        await c.session.flush()
        owner, days = owner_of_uploads(agent_id), c.settings.file_days
        kinds = dict.fromkeys(await attach_files(c.session, message, files, owner=owner, days=days))
        message.facts = replace(message.facts, attached=tuple(map(str, kinds)))
    if is_read:
        c.conversation.answered_seq = c.conversation.agent_seen_seq = c.conversation.last_seq
    else:
        c.conversation.answered_seq = max(c.conversation.answered_seq, read_seq)
    await keep_answers(c)
    return message


async def check_answer(
    c: OpenConversation, agent_id: str, epoch: int, text: str, files: Sequence[str], client_id: str
) -> tuple[Message | None, str]:
    """What was sent under `client_id` already, and the words of what could be sent now. Raises as `answer` does."""
    words = _clean_answer(text, files)
    sent = await find_sent(c, agent_id, client_id, words)
    if sent is None:
        await _load_writer(c, agent_id, epoch)
    return sent, words


async def find_sent(c: OpenConversation, agent_id: str, client_id: str, words: str) -> Message | None:
    """What an agent has sent under `client_id` before. Raises `Conflict` when that were other words."""
    earlier = await _find_earlier(c, agent_id, client_id)
    if earlier is not None and not earlier.facts.withdrawn and not _said_once(earlier, words):
        raise Conflict("This draft was sent from another window, with other words.", code="sent_elsewhere")
    return earlier


def _said_once(message: Message, words: str) -> bool:
    """Whether these are the message's words, or were before it was corrected."""
    edits = message.facts.edits
    return message.text == words or edits == () or any(edit.before == words for edit in edits or ())


async def note(c: OpenConversation, agent_id: str, text: str, client_id: str, *, whisper: bool = False) -> Message:
    """Store a note between agents; the contact never sees it. Raises `Invalid` for a text that is too long.

    A `whisper` is one that a supervisor has left for the agent who has the conversation.
    """
    words = clean(text, MAX_ANSWER_LENGTH)
    earlier = await find_sent(c, agent_id, client_id, words)
    if earlier is not None:
        return earlier
    agent = await load_agent(c.session, agent_id)
    facts = MessageFacts(whisper=whisper)
    signature = _signature(c.conversation, agent, client_id)
    message = c.log.append(MessageKind.NOTE, Author.AGENT, words, facts=facts, **signature)
    await c.session.flush()
    await keep_mentions(c, message)
    return message


def _clean_answer(text: str, files: Sequence[str]) -> str:
    words = clean(text, MAX_ANSWER_LENGTH)
    refuse_gaps(words)
    if not words and not files:
        raise Invalid("The answer is empty.", code="empty")
    return words


async def _load_writer(c: OpenConversation, agent_id: str, epoch: int) -> Agent:
    agent = await load_agent(c.session, agent_id)
    if not _has_baton(c.conversation, agent, epoch):
        raise StaleEpoch("The conversation is no longer yours; your text was not sent and stays in the field.")
    return agent


def _has_baton(conversation: Conversation, agent: Agent, epoch: int) -> bool:
    is_owner = conversation.status == Status.ASSIGNED and conversation.agent_id == agent.id
    return is_owner and conversation.epoch == epoch


def _signature(conversation: Conversation, agent: Agent, client_id: str) -> dict[str, Any]:
    """Who wrote it, and the id that keeps a repeat out."""
    return {
        "author_name": agent.name,
        "agent_id": agent.id,
        "external_id": sent_as(conversation.id, agent.id, client_id),
        "channel": conversation.channel,
        "account": conversation.account,
    }


async def _find_earlier(c: OpenConversation, agent_id: str, client_id: str) -> Message | None:
    return await c.session.scalar(
        select(Message).where(
            Message.conversation_id == c.conversation.id,
            Message.external_id == sent_as(c.conversation.id, agent_id, client_id),
        )
    )
