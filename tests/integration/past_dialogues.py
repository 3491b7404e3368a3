"""Conversations of the past, stored line by line, and rules to try on them."""

from typing import Any

from connectors.contract import Author, Channel
from helpdesk.handoff.rules import DEFAULT_RULES, Rules, read_rules
from store.db import Database
from store.models import Contact, Conversation, Message, MessageFacts, MessageKind

CONTACT, BOT = Author.CONTACT, Author.BOT


async def keep(db: Database, name: str, *lines: tuple[Author, str], **facts: MessageFacts) -> str:
    """A stored conversation with lines from 1 on; `line_2=…` is kept with the second."""
    async with db.write() as session:
        contact = Contact(channel=Channel.WEBCHAT, account="main", external_id=name)
        session.add(contact)
        await session.flush()
        conversation = Conversation(
            contact_id=contact.id, channel=Channel.WEBCHAT, account="main", chat_id=name, last_seq=len(lines)
        )
        session.add(conversation)
        await session.flush()
        session.add_all(
            Message(
                conversation_id=conversation.id,
                seq=seq,
                epoch=1,
                kind=MessageKind.INCOMING if author == CONTACT else MessageKind.OUTGOING,
                author=author,
                text=text,
                facts=facts.get(f"line_{seq}", MessageFacts()),
            )
            for seq, (author, text) in enumerate(lines, start=1)
        )
        return conversation.id


def without(*kinds: str, **sections: Any) -> Rules:
    """The built-in rules with some switched off."""
    given = DEFAULT_RULES.as_json() | sections
    return read_rules(
        given | {"rules": given["rules"] | {kind: given["rules"][kind] | {"on": False} for kind in kinds}}
    )
