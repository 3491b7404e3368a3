"""What an agent takes: topics, languages, how many conversations at once, and in which teams they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.accounts.errors import BadCapacity, BadLanguages, BadTopics, NoSuchAgent
from helpdesk.schedule.teams import BadTeam, check_topics, store_teams_of
from i18n import available_languages
from store.db import Database
from store.models import Agent

MAX_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWorkload:
    """Only what is given is changed. No `skills` means every topic; `teams` are ids, none means all teams."""

    skills: Sequence[str] | None = None
    languages: Sequence[str] | None = None
    capacity: int | None = None
    teams: Sequence[str] | None = None


async def set_work(db: Database, agent_id: str, work: AgentWorkload) -> Agent:
    """Change what an agent takes, from the next offer on; conversations they have stay theirs.

    Raises `NoSuchAgent`, `BadTopics`, `BadLanguages`, `BadCapacity`, and `NotFound` for a team that isn't there.
    """
    async with db.write() as session:
        agent = await session.get(Agent, agent_id, with_for_update=True)
        if agent is None:
            raise NoSuchAgent("There is no such agent.")
        if work.skills is not None:
            agent.skills = tuple(_checked_skills(work.skills))
        if work.languages is not None:
            agent.languages = _checked_languages(work.languages)
        if work.capacity is not None:
            agent.capacity = _checked_capacity(work.capacity)
        if work.teams is not None:
            await store_teams_of(session, agent_id, work.teams)
    return agent


def _checked_skills(skills: Sequence[str]) -> Sequence[str]:
    try:
        return check_topics(skills)
    except BadTeam as error:
        raise BadTopics(f"Expected at most 50 topics of at most 128 characters each; {error}.") from None


def _checked_languages(languages: Sequence[str]) -> tuple[str, ...]:
    offered = available_languages("customer")
    known = tuple(language for language in offered if language in languages)
    if not known or len(known) != len(set(languages)):
        raise BadLanguages(f"Expected one or more of {', '.join(offered)}; came {', '.join(languages) or 'nothing'}.")
    return known


def _checked_capacity(capacity: int) -> int:
    if not 1 <= capacity <= MAX_AT_ONCE:
        raise BadCapacity(f"Expected 1 to {MAX_AT_ONCE} conversations at once; came {capacity}.")
    return capacity
