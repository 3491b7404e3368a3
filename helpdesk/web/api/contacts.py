"""Contacts, for a CRM that knows who is important."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from helpdesk.conversations.contacts import ContactFacts, find_contacts, mark_important
from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.keys import Scope, needs
from store.errors import Invalid

Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The contact's id")]


class ImportanceInput(BaseModel):
    """Whether the contact is important."""

    model_config = ConfigDict(extra="forbid")

    important: Annotated[bool, Field(strict=True)]


class Contacts(BaseModel):
    """Contacts; one person may be several, one on each channel."""

    contacts: list[ContactFacts]


contact_api = APIRouter(prefix="/contacts", tags=["contacts"], dependencies=[needs(Scope.CONVERSATIONS)])


@contact_api.get("")
async def show_contacts(
    parts: ApiParts,
    email: Annotated[str | None, Query(min_length=3, max_length=320)] = None,
    conversation: Annotated[str | None, Query(pattern="^[0-9a-f]{32}$")] = None,
) -> Contacts:
    """By e-mail address or conversation."""
    if (email is None) is (conversation is None):
        raise Invalid("Give either 'email' or 'conversation'.")
    return Contacts(contacts=await find_contacts(parts.db, email=email, conversation=conversation))


@contact_api.patch("/{id}")
async def mark(parts: ApiParts, id: Id, form: ImportanceInput) -> Contacts:
    """Mark as important, or no longer; counts on every channel where it is the same person."""
    return Contacts(contacts=await mark_important(parts.db, id, form.important))
