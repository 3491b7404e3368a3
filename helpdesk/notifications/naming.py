"""What staff call a contact: the name they have given, the contact's own, or "Guest 417"."""

from gettext import NullTranslations

from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.notifications.words import GUEST
from i18n import translate
from store.models import Contact, Conversation, Person


async def load_name(session: AsyncSession, conversation: Conversation, messages: NullTranslations) -> str:
    """The name of a conversation's contact."""
    contact = await session.get_one(Contact, conversation.contact_id)
    person = await session.get(Person, contact.person) if contact.person else None
    given = person.name if person else None
    return given or contact.name or translate(messages, GUEST).format(number=contact.number)
