"""What agents keep of the person a conversation is with."""

from helpdesk.conversations import message_log as lines
from helpdesk.conversations.contacts import load_same_person
from helpdesk.conversations.lookups import load_agent, load_owner
from helpdesk.conversations.ownership import Ownership
from store.models import Conversation
from store.status import Status


class ContactMarks(Ownership):
    """Marks contacts."""

    async def mark_important(self, conversation_id: str, agent_id: str, on: bool) -> Conversation:
        """The contact is important, or no longer, on every channel: says the owner, or anyone while nobody has it.

        Who waits moves in the queue at once. Raises `NotFound`, and `StaleEpoch` when a colleague has the conversation.
        """
        async with self._changing(conversation_id) as (session, conversation):
            agent = await load_agent(session, agent_id)
            if conversation.status == Status.ASSIGNED:
                await load_owner(session, conversation, agent_id)
            changed = [
                each for each in await load_same_person(session, conversation.contact_id) if each.important != on
            ]
            for contact in changed:
                contact.important = on
            if changed:
                event = "marked_important" if on else "unmarked_important"
                await lines.append_activity(session, conversation, event, "", agent=agent, shown=False)
        return conversation
