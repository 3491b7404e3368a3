"""What agents keep of the person a conversation is with."""

from helpdesk.conversations.contacts import load_same_person
from helpdesk.conversations.lookups import load_agent, load_owner
from helpdesk.conversations.unit_of_work import OpenConversation
from store.models import Activity
from store.status import Status


async def mark_important(c: OpenConversation, agent_id: str, on: bool) -> None:
    """The contact is important, or no longer, on every channel: says the owner, or anyone while nobody has it.

    Who waits moves in the queue at once. Raises `NotFound`, and `StaleEpoch` when a colleague has the conversation.
    """
    agent = await load_agent(c.session, agent_id)
    if c.conversation.status == Status.ASSIGNED:
        await load_owner(c.session, c.conversation, agent_id)
    changed = [one for one in await load_same_person(c.session, c.conversation.contact_id) if one.important != on]
    for contact in changed:
        contact.important = on
    if changed:
        event = "marked_important" if on else "unmarked_important"
        await c.log.append_activity(Activity(event=event, shown=False), agent=agent)
