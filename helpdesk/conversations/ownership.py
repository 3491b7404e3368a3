"""Who answers: every change of a conversation's owner.

The epoch rises with every change, and what was written under an older one is withheld.
"""

from sqlalchemy import select

from connectors.contract import Channel
from helpdesk.conversations.answers.given_answers import is_answered_by_person
from helpdesk.conversations.answers.held_answers import send_held_answers
from helpdesk.conversations.answers.unread_lines import check_read_seq, hand_unread_to_bot, load_unread
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.log.message_text import clean
from helpdesk.conversations.lookups import load_agent, load_owner, load_signed_name, load_team, refuse_second_owner
from helpdesk.conversations.promises.own_promises import withdraw_own_promises
from helpdesk.conversations.ratings import ask_how_it_was
from helpdesk.conversations.transfer_offers import is_offered_to, offer_transfer
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.conversations.waiting.handoff_requests import LIMBO, open_handoff, wait_again
from helpdesk.handoff.states import next_status
from helpdesk.texts import Say
from store.errors import Conflict
from store.failpoints import Failpoint, failpoint
from store.models import Agent, Message, MessageKind, PromiseKind, Team, now
from store.status import Event, Status
from store.triggers import Trigger, TriggerKind

MAX_DONE_LENGTH = 1_000  # characters of what an agent says was done


async def accept(c: OpenConversation, agent_id: str) -> None:
    """Make `agent_id` the owner. Raises `Conflict` naming the owner when somebody was first.

    A colleague's conversation that is offered to the agent is passed on now, and the contact told.
    """
    agent = await load_agent(c.session, agent_id)
    if c.conversation.status == Status.ASSIGNED:
        if await is_offered_to(c, agent_id):
            await _take_over(c, agent)
            return
        await refuse_second_owner(c.session, c.conversation, agent)
        return
    if c.conversation.status == Status.BOT:
        trigger = Trigger(kind=TriggerKind.AGENT_TOOK, turns=())
        await open_handoff(c, HandoffRequest(triggers=(trigger,)))
    handoff = await c.pass_baton(Event.ACCEPT, await _say_accepted(c, agent), agent=agent, owner=agent)
    if handoff is not None:
        handoff.accepted_at, handoff.accepted_by = now(), agent.id
    c.after_commit = Failpoint.ACCEPT_AFTER_COMMIT
    failpoint(Failpoint.ACCEPT_BEFORE_COMMIT)


async def _say_accepted(c: OpenConversation, agent: Agent) -> str:
    """Who is there now. A customer whom the web site has signed in is greeted by name, by the first person."""
    name = await load_signed_name(c.session, c.conversation.id) if c.conversation.channel is Channel.WEBCHAT else None
    before = select(Message.id).where(
        Message.conversation_id == c.conversation.id,
        Message.kind == MessageKind.ACTIVITY,
        Message.event == str(Event.ACCEPT),
    )
    if name is None or await c.session.scalar(before.limit(1)) is not None:
        return c.say(Say.ACCEPTED, agent=agent.name)
    return c.say(Say.ACCEPTED_BY_NAME, name=name, agent=agent.name)


async def release(c: OpenConversation, agent_id: str, *, lost: bool = False, because: Say = Say.RELEASED) -> None:
    """Give a conversation back to the queue; the contact is told. `lost`: the agent has vanished."""
    agent = await load_owner(c.session, c.conversation, agent_id)
    await send_held_answers(c, agent_id)
    event = Event.AGENT_LOST if lost else Event.RELEASE
    await _give_back(c, agent, event, c.say(because, agent=agent.name))


async def transfer(
    c: OpenConversation, agent_id: str, to: str | None = None, team: str | None = None, *, read_seq: int | None = None
) -> None:
    """Offer a conversation to the colleague `to`, pass it to the queue of a `team`, or with neither back to the queue.

    With the colleague's `accept` it becomes theirs; until then nothing changes, and the contact is told nothing.

    A line that came after `read_seq`, the last that the agent has read, stays unanswered for whoever is next.
    """
    check_read_seq(c, read_seq)
    agent = await load_owner(c.session, c.conversation, agent_id)
    if to is not None:
        await _offer_to_colleague(c, agent, to)
        return
    await send_held_answers(c, agent_id)
    if team:
        await _pass_to_team(c, agent, team)
    else:
        await _give_back(c, agent, Event.TRANSFER_TO_QUEUE, c.say(Say.RELEASED, agent=agent.name))


async def return_to_bot(c: OpenConversation, agent_id: str, done: str = "", *, read_seq: int | None = None) -> None:
    """The agent is done; the bot answers again and knows that somebody helped.

    `done` says in a sentence what was done; the contact reads it, and it is part of the story from then on. `read_seq`
    as in `load_unread`, which may raise `UnreadLine`.
    """
    agent = await load_owner(c.session, c.conversation, agent_id)
    unread = await load_unread(c, agent, read_seq)
    await send_held_answers(c, agent_id)
    done = clean(done, MAX_DONE_LENGTH)
    text = c.say(Say.RETURNED_DONE, agent=agent.name, done=done) if done else c.say(Say.RETURNED)
    await c.pass_baton(Event.RETURN_TO_BOT, text, agent=agent, done=done or None)
    await hand_unread_to_bot(c, unread)


async def resolve(c: OpenConversation, agent_id: str, *, read_seq: int | None = None) -> None:
    """Close a conversation: its owner, or anyone while it waits. The contact may write again at any time.

    `read_seq` as in `load_unread`, which may raise `UnreadLine`; a line that the bot takes up opens it again.
    """
    agent = await load_agent(c.session, agent_id)
    was_assigned = c.conversation.status == Status.ASSIGNED
    if was_assigned:
        await load_owner(c.session, c.conversation, agent_id)
    unread = await load_unread(c, agent, read_seq)
    await send_held_answers(c, agent_id)
    is_answered = await is_answered_by_person(c)
    text = c.say(Say.RESOLVED if is_answered else Say.CLOSED_UNANSWERED, agent=agent.name)
    await withdraw_own_promises(c, PromiseKind.ANSWER)
    handoff = await c.pass_baton(Event.RESOLVE, text, agent=agent)
    if was_assigned and is_answered and not unread:
        await ask_how_it_was(c, agent, handoff)
    c.conversation.resolved_at = now()
    await hand_unread_to_bot(c, unread)


async def reopen(c: OpenConversation, agent_id: str) -> None:
    """Take up a closed conversation again, as its owner. Raises `InvalidTransition` when it is not closed."""
    agent = await load_agent(c.session, agent_id)
    next_status(c.conversation.status, Event.REOPEN)
    await open_handoff(c, HandoffRequest(triggers=(Trigger(kind=TriggerKind.AGENT_TOOK, turns=()),)))
    handoff = await c.pass_baton(Event.REOPEN, c.say(Say.REOPENED, agent=agent.name), agent=agent, owner=agent)
    if handoff is not None:
        handoff.accepted_at, handoff.accepted_by = now(), agent.id


async def _offer_to_colleague(c: OpenConversation, agent: Agent, to: str) -> None:
    colleague = await load_agent(c.session, to)
    if colleague.id == agent.id:
        raise Conflict("The conversation is yours already; choose a colleague.")
    await offer_transfer(c, agent, colleague)


async def _take_over(c: OpenConversation, colleague: Agent) -> None:
    """The colleague has accepted: only now does the contact hear of them."""
    agent = await c.session.get_one(Agent, c.conversation.agent_id)
    await send_held_answers(c, agent.id)
    text = c.say(Say.TRANSFERRED, agent=agent.name, colleague=colleague.name)
    handoff = await c.pass_baton(Event.TRANSFER, text, agent=agent, owner=colleague, to=colleague.id)
    if handoff is not None:
        handoff.accepted_at, handoff.accepted_by = now(), colleague.id


async def _pass_to_team(c: OpenConversation, agent: Agent, team_id: str) -> None:
    team = await load_team(c.session, team_id)
    text = c.say(Say.TO_TEAM, agent=agent.name, team=team.name)
    await _give_back(c, agent, Event.TRANSFER_TO_QUEUE, text, team)


async def _give_back(c: OpenConversation, agent: Agent, event: Event, text: str, team: Team | None = None) -> None:
    """Into the queue again, where it stood, of `team` if one is named, and to anybody but the agent whose it was.

    The contact reads `text` with their place or the time of an answer as it is now.
    """
    handoff = await c.pass_baton(event, agent=agent, shown=False) or await open_handoff(c, LIMBO)
    handoff.accepted_at = handoff.accepted_by = None
    handoff.preferred_agent = None
    handoff.declined_by = (*handoff.declined_by, agent.id)
    handoff.team_id = team.id if team else handoff.team_id
    await c.retell_summary()
    await wait_again(c, handoff, text)
