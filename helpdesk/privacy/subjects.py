"""Whose data: everything by which the rows of somebody, or of some conversations, are recognised."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Channel
from helpdesk.conversations.contacts.contact_details import is_email, left_email
from helpdesk.files.attaching import fetching_owner
from helpdesk.privacy.data_table import TableEntry, Whose
from store.models import (
    AttachmentRecord,
    Base,
    Contact,
    Conversation,
    ConversationEvent,
    Identity,
    MailDelivery,
    Message,
    MessageKind,
    StoredFile,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSubject:
    """Values by what they say: the rows that hold one of them in the column of that kind are the subject's."""

    values: Mapping[Whose, frozenset[str | int]]

    def rows(self, entry: TableEntry) -> ColumnElement[bool]:
        """Which rows of a table are the subject's."""
        columns = Base.metadata.tables[entry.table].columns
        held = ((columns[name], self.values.get(whose, frozenset())) for name, whose in entry.whose.items())
        return or_(false(), *(column.in_(sorted(values)) for column, values in held if values))

    def without(self, whose: Whose) -> "DataSubject":
        """The subject without the values of one kind."""
        return DataSubject(values={kind: found for kind, found in self.values.items() if kind is not whose})

    def ids(self, whose: Whose) -> list[str]:
        """The values of one kind, in order."""
        return sorted(map(str, self.values.get(whose, ())))


def subject_of(**values: Iterable[str | int]) -> DataSubject:
    """A subject of these values, by the names of `Whose`."""
    return DataSubject(values={Whose(name): frozenset(found) for name, found in values.items()})


async def load_conversations_subject(session: AsyncSession, conversation_ids: Collection[str]) -> DataSubject:
    """What belongs to conversations, and nothing else of their contacts."""
    return DataSubject(values=await _of_conversations(session, conversation_ids))


async def load_person_subject(session: AsyncSession, contacts: Sequence[Contact]) -> DataSubject:
    """All that belongs to these contacts, who are one person, with all conversations."""
    ids = [each.id for each in contacts]
    conversations = list(await session.scalars(select(Conversation.id).where(Conversation.contact_id.in_(ids))))
    values = await _of_conversations(session, conversations)
    values[Whose.CONTACT] = frozenset(ids)
    values[Whose.PERSON] = frozenset(each.person for each in contacts if each.person)
    values[Whose.MAIL_ADDRESS] = await _mail_addresses(session, contacts, conversations)
    return DataSubject(values=values)


async def _of_conversations(session: AsyncSession, ids: Collection[str]) -> dict[Whose, frozenset[str | int]]:
    found = list(await session.scalars(select(Conversation).where(Conversation.id.in_(ids))))
    lanes = frozenset(each.address.lane for each in found)
    events = select(ConversationEvent.number).where(ConversationEvent.conversation_id.in_(ids))
    attached = select(AttachmentRecord.file_key).where(
        AttachmentRecord.conversation_id.in_(ids), AttachmentRecord.file_key.is_not(None)
    )
    fetching = select(AttachmentRecord.id).where(
        AttachmentRecord.conversation_id.in_(ids), AttachmentRecord.file_key.is_(None)
    )
    owners = lanes | {fetching_owner(each) for each in await session.scalars(fetching)}
    unsent = select(StoredFile.key).where(StoredFile.owner.in_(owners) | StoredFile.draft_of.in_(ids))
    return {
        Whose.CONVERSATION: frozenset(ids),
        Whose.LANE: owners | {f"{lane}:minute" for lane in lanes},
        Whose.EVENT: frozenset(await session.scalars(events)),
        Whose.FILE: frozenset([key for key in await session.scalars(attached.union(unsent)) if key]),
    }


async def _mail_addresses(
    session: AsyncSession, contacts: Sequence[Contact], conversation_ids: Collection[str]
) -> frozenset[str | int]:
    """Every address they have had with us, in small letters: earlier ones stand in the mails and in their own lines."""
    ids = [each.id for each in contacts]
    found = {each.email for each in contacts}
    found |= {each.external_id for each in contacts if each.channel == Channel.EMAIL}
    found |= set(await session.scalars(select(Identity.email).where(Identity.contact_id.in_(ids))))
    to_them = MailDelivery.conversation_id.in_(conversation_ids) & MailDelivery.agent_id.is_(None)
    found |= set(await session.scalars(select(MailDelivery.recipient).where(to_them)))
    theirs = Message.conversation_id.in_(conversation_ids) & (Message.kind == MessageKind.INCOMING)
    written = await session.scalars(select(Message.text).where(theirs, Message.text.contains("@", autoescape=True)))
    found |= {left_email(text) for text in written}
    return frozenset(address.strip().lower() for address in found if address and is_email(address.strip()))
