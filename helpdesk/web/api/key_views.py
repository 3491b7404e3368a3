"""What a key shows: words with the scope `messages`, contacts' data with `contacts`, the figures of its agent."""

from typing import Any

from helpdesk.accounts.agents import find_agent
from helpdesk.accounts.keys import KeyHolder
from helpdesk.accounts.roles import Capability, has_capability
from helpdesk.handoff.summary import mask_personal
from helpdesk.insights.numbers.report import FigureReader
from helpdesk.views.masking import mask_document
from store.db import Database

#: Fields of a card and of a conversation that hold what was said, with what stands there instead.
_WORDS: dict[str, Any] = {
    "preview": "",
    "request": "",
    "reason": {},
    "triggers": (),
    "confirmation": None,
    "decision": {},
    "summary": {},
    "promises": (),
    "mood": (),
}
#: Fields that hold who somebody is.
_CONTACTS: dict[str, Any] = {
    "contact_name": None,
    "contact_email": None,
    "contact_phone": None,
    "contact": None,
    "page": None,
}


def card_for_key(holder: KeyHolder, card: dict[str, Any]) -> dict[str, Any]:
    """A card of a list as the key may see it."""
    return _shown(holder, card)


def detail_for_key(holder: KeyHolder, detail: dict[str, Any]) -> dict[str, Any]:
    """A conversation as the key may see it."""
    shown = _shown(holder, detail) | {"card": _shown(holder, detail["card"])}
    if "messages" not in holder.scopes:
        elsewhere = shown["elsewhere"]
        others = [one | {"preview": ""} for one in elsewhere["conversations"]]
        shown["elsewhere"] = elsewhere | {"conversations": others}
    return shown


async def load_figure_reader(db: Database, holder: KeyHolder) -> FigureReader:
    """Whose figures a key shows: those that its agent sees; a program that is nobody's sees all."""
    if holder.agent_id is None:
        return FigureReader(agent_id="", sees_all=True)
    agent = await find_agent(db, holder.agent_id)
    return FigureReader(agent_id=agent.id, sees_all=has_capability(agent.role, Capability.FIGURES))


def _shown(holder: KeyHolder, fields: dict[str, Any]) -> dict[str, Any]:
    hidden: dict[str, Any] = {}
    if "messages" not in holder.scopes:
        hidden |= _WORDS
    if "contacts" not in holder.scopes:
        hidden |= _CONTACTS
    if not {"messages", "contacts"} & set(holder.scopes):
        fields = mask_document(mask_personal, fields)
    return fields | {name: value for name, value in hidden.items() if name in fields}
