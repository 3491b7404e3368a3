"""What is kept of a person: found, exported and erased by a program, with the same receipts as an admin's."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from helpdesk.accounts.keys import KeyHolder
from helpdesk.privacy.erasure_requests import MAX_REFERENCE_LENGTH
from helpdesk.privacy.export import export_contact
from helpdesk.privacy.people_search import FoundPerson, find_people
from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.keys import EnteredRoute, Scope, enter, needs
from store.errors import NotFound
from store.models import ErasureStatus

PersonId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of one of the person's contacts")]
ReceiptId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The receipt's id")]


class PersonQuery(BaseModel):
    """Whom to look for; in a body, so that it stands in no log of addresses."""

    model_config = ConfigDict(extra="forbid")

    wanted: Annotated[str, Field(min_length=1, max_length=200)]


class PeopleFound(BaseModel):
    """People, the surest first; `contact_id` is the contact by which one is exported or erased."""

    people: list[FoundPerson]


class ErasureInput(BaseModel):
    """What the receipt says it was for, such as the number of a letter: no name, no address."""

    model_config = ConfigDict(extra="forbid")

    reference: Annotated[str, Field(max_length=MAX_REFERENCE_LENGTH)] = ""


privacy_api = APIRouter(
    prefix="/privacy", route_class=EnteredRoute, tags=["privacy"], dependencies=[needs(Scope.PRIVACY)]
)


@privacy_api.post("/search")
async def search_people(parts: ApiParts, request: Request, form: PersonQuery) -> PeopleFound:
    """People by whatever they name: name, mail in any case, phone in any form, a channel's id, an order's number."""
    await enter(request, "privacy.search", "")
    found = await find_people(parts.db, form.wanted)
    if not found:
        raise NotFound("Nothing is kept of anybody who fits.")
    return PeopleFound(people=found)


@privacy_api.get("/people/{id}")
async def export_person(parts: ApiParts, request: Request, id: PersonId) -> dict[str, Any]:
    """Everything that is kept of a person, on every channel."""
    exported = await export_contact(parts.db, id)
    await enter(request, "privacy.people.export", id)
    return exported


@privacy_api.post("/people/{id}/erasure")
async def erase_person(
    parts: ApiParts, request: Request, id: PersonId, form: ErasureInput, answer: Response
) -> dict[str, Any]:
    """Erase a person on every channel: 200 with the receipt, 202 where an admin has to confirm it."""
    key: KeyHolder = request.state.api_key
    receipt = await parts.erasures.ask(id, f"API: {key.name}"[:200], reference=form.reference)
    await enter(request, "privacy.people.erase", id, receipt=receipt.id, status=str(receipt.status))
    answer.status_code = 200 if receipt.status is ErasureStatus.DONE else 202
    return receipt.as_json()


@privacy_api.get("/receipts/{id}")
async def show_receipt(parts: ApiParts, id: ReceiptId) -> dict[str, Any]:
    """What became of an erasure: counts, never what was erased."""
    return (await parts.erasures.load(id)).as_json()
