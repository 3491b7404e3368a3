"""What agents keep of the person a conversation is with."""

from helpdesk import log as lines
from helpdesk.contacts import same_person
from helpdesk.conversations.baton import Baton
from helpdesk.conversations.lookups import agent_of, owner_of
from helpdesk.models import Conversation
from helpdesk.status import Status


class Marking(Baton):
    """Marks contacts."""

    async def mark_important(self, conversation_id: str, agent_id: str, on: bool) -> Conversation:
        """The contact is important, or no longer, on every channel: says the owner, or anyone while nobody has it.

        Who waits moves in the queue at once. Raises `NotFound`, and `StaleEpoch` when a colleague has the conversation.
        """
        async with self._changing(conversation_id) as (session, conversation):
            agent = await agent_of(session, agent_id)
            if conversation.status == Status.ASSIGNED:
                await owner_of(session, conversation, agent_id)
            changed = [each for each in await same_person(session, conversation.contact_id) if each.important != on]
            for contact in changed:
                contact.important = on
            if changed:
                event = "marked_important" if on else "unmarked_important"
                await lines.append_activity(session, conversation, event, "", agent=agent, shown=False)
        return conversation
