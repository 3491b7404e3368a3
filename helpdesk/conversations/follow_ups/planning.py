"""Planning, changing and calling off: by an agent, or because the article that helped wants it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from helpdesk.conversations.follow_up_register import (
    ContactReach,
    end_follow_up,
    load_live_follow_up,
    log_follow_up,
    reach_of,
)
from helpdesk.conversations.follow_ups.ask_times import ask_time
from helpdesk.conversations.follow_ups.question import say_question
from helpdesk.conversations.lookups import load_agent
from helpdesk.conversations.unit_of_work import Audience, OpenConversation
from helpdesk.schedule.company_hours import load_shared_hours
from store.errors import Conflict, Invalid, NotAllowed, NotFound
from store.models import Agent, Article, ArticleState, FollowUp, FollowUpReason, FollowUpState, Role, now
from store.status import Status

MAX_TEXT_LENGTH = 500
FARTHEST_DAYS = 180
#: So much later than planned it may be asked; the conversation must still be there then.
SHIFTED_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpPlan:
    """The day on which to ask, and the question; an empty one is ours."""

    day: date
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpOutlook:
    """What would come of planning one: how the contact is reached, when they are asked, and in which words."""

    reach: ContactReach
    asks_at: datetime
    question: str


async def load_outlook(c: OpenConversation, agent_id: str, day: date) -> FollowUpOutlook:
    """What an agent is shown before it is planned. Raises `Invalid`."""
    agent = await load_agent(c.session, agent_id)
    reach = reach_of(c.conversation, await c.load_contact(), sends_mails=c.sends_mails)
    live = await load_live_follow_up(c)
    question = await say_question(c, agent=agent.name, article=live.article if live else None)
    return FollowUpOutlook(reach=reach, asks_at=await _ask_time(c, day), question=question)


async def plan_follow_up(c: OpenConversation, agent_id: str, plan: FollowUpPlan) -> FollowUp:
    """Plan to ask the contact, or change what is planned.

    Raises `Invalid`, `NotAllowed`, and `Conflict` where the contact can't be reached or has just been asked.
    """
    agent = await load_agent(c.session, agent_id)
    _check_may_plan(c, agent)
    text = _checked_text(plan.text)
    reach = reach_of(c.conversation, await c.load_contact(), sends_mails=c.sends_mails)
    if reach.problem:
        raise Conflict("The contact can't be reached.", code="follow_up_unreachable")
    due_at = await _ask_time(c, plan.day)
    live = await load_live_follow_up(c)
    if live is None:
        return await _add(c, FollowUp(agent_id=agent.id, day=plan.day, text=text, due_at=due_at), agent)
    if live.state == FollowUpState.ASKED:
        raise Conflict("The contact has been asked already.", code="follow_up_asked")
    if (live.day, live.text, live.due_at) == (plan.day, text, due_at):
        c.audience = Audience.NOBODY
        return live
    live.day, live.text, live.due_at, live.agent_id = plan.day, text, due_at, agent.id
    await log_follow_up(c, live, "follow_up_changed", agent=agent)
    return live


async def call_off_follow_up(c: OpenConversation, agent_id: str) -> FollowUp:
    """Nobody is asked, or an answer is no longer waited for. Raises `NotAllowed`, `NotFound`."""
    agent = await load_agent(c.session, agent_id)
    _check_may_plan(c, agent)
    live = await load_live_follow_up(c)
    if live is None:
        raise NotFound("Nothing is planned here.")
    await end_follow_up(c, live, FollowUpState.CALLED_OFF, FollowUpReason.AGENT, agent=agent)
    return live


async def plan_by_article(c: OpenConversation, key: str | None) -> None:
    """The article `key` has helped: plan what it wants. Each conversation is asked by articles once at most."""
    if key is None or c.conversation.follow_up is not None:
        return
    days = await c.session.scalar(
        select(Article.ask_again_after).where(Article.key == key, Article.state == ArticleState.PUBLISHED)
    )
    if days is None or await _was_asked(c):
        return
    if reach_of(c.conversation, await c.load_contact(), sends_mails=c.sends_mails).problem:
        return
    day = _today(c) + timedelta(days=days)
    await _add(c, FollowUp(article=key, day=day, due_at=await _ask_time(c, day)), None)


async def _add(c: OpenConversation, follow_up: FollowUp, agent: Agent | None) -> FollowUp:
    follow_up.conversation_id = c.conversation.id
    c.session.add(follow_up)
    await c.session.flush()
    c.conversation.follow_up = FollowUpState.PLANNED
    await log_follow_up(c, follow_up, "follow_up_planned", agent=agent)
    return follow_up


async def _was_asked(c: OpenConversation) -> bool:
    asked = select(FollowUp.id).where(FollowUp.conversation_id == c.conversation.id, FollowUp.asked_at.is_not(None))
    return await c.session.scalar(asked.limit(1)) is not None


async def _ask_time(c: OpenConversation, day: date) -> datetime:
    today = _today(c)
    kept = max(1, c.settings.retention_days - SHIFTED_DAYS)
    farthest = today + timedelta(days=min(FARTHEST_DAYS, kept))
    if not today <= day <= farthest:
        raise Invalid("A follow-up is asked on a day from today on that is not too far.", code="follow_up_day")
    hours = await load_shared_hours(c.session, ZoneInfo(c.settings.time_zone))
    found = ask_time(hours, day, now())
    if found is None:
        raise Invalid("The company is not there on any day after that.", code="follow_up_day")
    return found


def _today(c: OpenConversation) -> date:
    return now().astimezone(ZoneInfo(c.settings.time_zone)).date()


def _check_may_plan(c: OpenConversation, agent: Agent) -> None:
    """Who has the conversation, an admin; where nobody has it, anyone."""
    is_anothers = c.conversation.status == Status.ASSIGNED and c.conversation.agent_id != agent.id
    if is_anothers and agent.role != Role.ADMIN:
        raise NotAllowed("Who has the conversation decides when the customer is asked.")


def _checked_text(text: str) -> str:
    tidy = " ".join(text.replace("\x00", "").encode("utf-8", "replace").decode().split())
    if len(tidy) > MAX_TEXT_LENGTH:
        raise Invalid(f"The question takes at most {MAX_TEXT_LENGTH} characters.")
    return tidy
