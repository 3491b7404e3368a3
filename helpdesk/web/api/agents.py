"""The members of staff, for programs that accept and answer in their name."""

from fastapi import APIRouter
from pydantic import BaseModel

from helpdesk.accounts.agents import list_agents
from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.keys import EnteredRoute, Scope, needs


class AgentFacts(BaseModel):
    """One member of staff. `skills` are topics, none meaning all; `capacity` is how many conversations are offered."""

    id: str
    name: str
    email: str
    role: str
    availability: str
    active: bool
    skills: list[str]
    languages: list[str]
    capacity: int


agent_api = APIRouter(prefix="/agents", route_class=EnteredRoute, tags=["agents"])


@agent_api.get("", dependencies=[needs(Scope.AGENTS)])
async def show_agents(parts: ApiParts) -> list[AgentFacts]:
    return [
        AgentFacts(
            id=agent.id,
            name=agent.name,
            email=agent.email,
            role=str(agent.role),
            availability=str(agent.availability),
            active=agent.active,
            skills=list(agent.skills),
            languages=list(agent.languages),
            capacity=agent.capacity,
        )
        for agent in await list_agents(parts.db)
    ]
