"""What agents keep of the person a conversation is with."""

from helpdesk.conversations.contacts.contact_edits import load_editor
from helpdesk.conversations.contacts.people import load_same_person
from helpdesk.conversations.unit_of_work import OpenConversation
from store.models import Activity


async def mark_important(c: OpenConversation, agent_id: str, on: bool) -> None:
    """The contact is important, or no longer, on every channel: says the owner, or anyone while nobody has it.

    Who waits moves in the queue at once. Raises `NotFound`, and `StaleEpoch` when a colleague has the conversation.
    """
    agent = await load_editor(c, agent_id)
    changed = [one for one in await load_same_person(c.session, await c.load_contact()) if one.important != on]
    for contact in changed:
        contact.important = on
    if changed:
        event = "marked_important" if on else "unmarked_important"
        await c.log.append_activity(Activity(event=event, shown=False), agent=agent)
