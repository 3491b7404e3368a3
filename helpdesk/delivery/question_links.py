"""What a question by mail has for buttons: signed links that ask for a press, and one that ends such questions."""

from dataclasses import replace

from connectors.contract import OutboundMessage
from helpdesk.conversations.follow_up_register import FOLLOW_UP
from helpdesk.conversations.ratings import RATED, REPLACED_WITHIN
from helpdesk.mail.links import STOP_FOR, MailLinks
from store.models import Conversation, Message


def with_mail_links(
    outbound: OutboundMessage, message: Message, conversation: Conversation, links: MailLinks
) -> OutboundMessage:
    """The message with its links, the same on every attempt; as it is where it asks nothing or is no mail."""
    ratings = [RATED[choice.payload] for choice in message.choices if choice.payload in RATED]
    if conversation.channel.is_live or not (ratings or message.facts.aside == FOLLOW_UP):
        return outbound
    until = message.created_at + REPLACED_WITHIN
    return replace(
        outbound,
        choice_links=tuple(links.rating_link(conversation.id, until, helped=helped) for helped in ratings),
        stop_link=links.stop_link(conversation.contact_id, message.created_at + STOP_FOR),
    )
