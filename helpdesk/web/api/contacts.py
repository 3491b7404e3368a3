"""Contacts, for a CRM that knows who somebody is and who is important."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from helpdesk.accounts.keys import KeyHolder
from helpdesk.conversations.contacts.contact_edits import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, ContactEdit, write_down
from helpdesk.conversations.contacts.facts import ContactFacts, find_contacts, mark_important
from helpdesk.conversations.contacts.people import BY_PROGRAM, join_people, load_contact_by_id, undo_merge
from helpdesk.views.timeline.contact_panel import load_contact_panel
from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.keys import EnteredRoute, Scope, needs
from store.errors import Conflict, Invalid

Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The contact's id")]


MergeId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The merge's id")]


class ContactInput(BaseModel):
    """What is known of the contact from now on; what is missing stays, an empty text takes it away."""

    model_config = ConfigDict(extra="forbid")

    important: Annotated[bool | None, Field(strict=True)] = None
    name: Annotated[str | None, Field(max_length=MAX_NAME_LENGTH)] = None
    email: Annotated[str | None, Field(max_length=254)] = None
    phone: Annotated[str | None, Field(max_length=40)] = None
    note: Annotated[str | None, Field(max_length=MAX_NOTE_LENGTH)] = None


class MergeInput(BaseModel):
    """The contact that is the same person; name and note are those of the contact in the address."""

    model_config = ConfigDict(extra="forbid")

    contact: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


class MergeReceipt(BaseModel):
    """A merge, by which it can be undone."""

    id: str


class Contacts(BaseModel):
    """Contacts; one person may be several, one on each channel."""

    contacts: list[ContactFacts]


contact_api = APIRouter(
    prefix="/contacts", route_class=EnteredRoute, tags=["contacts"], dependencies=[needs(Scope.CONTACTS)]
)


@contact_api.get("")
async def show_contacts(
    parts: ApiParts,
    holder: Annotated[KeyHolder, needs(Scope.CONTACTS)],
    email: Annotated[str | None, Query(min_length=3, max_length=320)] = None,
    conversation: Annotated[str | None, Query(pattern="^[0-9a-f]{32}$")] = None,
) -> Contacts:
    """By e-mail address or conversation."""
    if (email is None) is (conversation is None):
        raise Invalid("Give either 'email' or 'conversation'.")
    return Contacts(
        contacts=await find_contacts(parts.db, email=email, conversation=conversation, program=holder.agent_id)
    )


@contact_api.get("/{id}")
async def show_contact(parts: ApiParts, id: Id) -> dict[str, Any]:
    """One contact: name and note of agents, what the web site has signed (with its attributes), who is the same."""
    async with parts.db.read() as session:
        contact = await load_contact_by_id(session, id)
        known = {"channel": contact.channel, "name": contact.name, "email": contact.email, "phone": contact.phone}
        return asdict(await load_contact_panel(session, contact)) | known | {"important": contact.important}


@contact_api.patch("/{id}")
async def change_contact(parts: ApiParts, id: Id, form: ContactInput) -> Contacts:
    """Write down who it is, or mark as important; counts on every channel where it is the same person."""
    edit = ContactEdit(name=form.name, email=form.email, phone=form.phone, note=form.note)
    async with parts.db.write() as session:
        await write_down(session, await load_contact_by_id(session, id), edit)
    return Contacts(contacts=await mark_important(parts.db, id, form.important))


@contact_api.post("/{id}/merges", status_code=201)
async def merge_contacts(parts: ApiParts, id: Id, form: MergeInput) -> MergeReceipt:
    """Say that another contact is the same person; 409 `same_person` when that is known."""
    async with parts.db.write() as session:
        kept = await load_contact_by_id(session, id)
        joined = await load_contact_by_id(session, form.contact)
        merge = await join_people(session, kept, joined, reason=BY_PROGRAM)
    if merge is None:
        raise Conflict("These contacts are one person already.", code="same_person")
    return MergeReceipt(id=merge.id)


@contact_api.delete("/merges/{merge}", status_code=204)
async def undo_contact_merge(parts: ApiParts, merge: MergeId) -> None:
    """Put every contact that a merge moved back to whom it was of."""
    async with parts.db.write() as session:
        await undo_merge(session, merge)
