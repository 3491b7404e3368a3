"""Conversations from outside, end to end: open, write, read, ask for a person, accept, answer, resolve."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from connectors.contract import Address, Attachment, AttachmentKind, Channel, InboundMessage, Introduction, Tap
from helpdesk.accounts.keys import KeyHolder
from helpdesk.conversations import Audience, ownership
from helpdesk.conversations.answers import agent_answers
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.contacts.facts import load_sender
from helpdesk.conversations.waiting.handoff_requests import request_handoff
from helpdesk.files.attaching import MAX_FILES
from helpdesk.views.timeline import DeskView
from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.key_views import card_for_key, detail_for_key
from helpdesk.web.api.keys import EnteredRoute, Scope, acting, needs
from store.errors import Invalid
from store.models import Conversation, Message
from store.triggers import Trigger, TriggerKind

ACCOUNT = "api"
Lister = Annotated[KeyHolder, needs(Scope.CONVERSATIONS)]
Speaker = Annotated[KeyHolder, needs(Scope.MESSAGES)]
Passer = Annotated[KeyHolder, needs(Scope.HANDOFF)]
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The conversation's id")]
ClientId = Annotated[str, Field(min_length=1, max_length=64, pattern="^[^:]+$")]
FileIds = Annotated[list[Annotated[str, Field(pattern="^[0-9a-f]{32}$")]], Field(max_length=MAX_FILES)]


class ApiInput(BaseModel):
    """What a program sends: nothing beyond the fields that are described."""

    model_config = ConfigDict(extra="forbid")


class NewConversation(ApiInput):
    """`contact` is the program's own id of the person; the same one gets the same conversation."""

    contact: Annotated[str, Field(min_length=1, max_length=128)]
    language: Annotated[str | None, Field(pattern="^(de|en)$")] = None


class NewMessage(ApiInput):
    """What the contact wrote, or button `choice` (from 0) of message `seq`. A repeated `client_id` is harmless.

    `files` were handed in before, with `POST /conversations/{id}/files`."""

    client_id: ClientId
    text: Annotated[str, Field(max_length=4000)] = ""
    files: FileIds = []
    seq: Annotated[int | None, Field(ge=1)] = None
    choice: Annotated[int | None, Field(ge=0)] = None


class NewAnswer(ApiInput):
    """What an agent writes. `epoch` is the one that `accept` returned; an agent's own key may leave `agent` out.

    `files` were handed in before by this agent, with `POST /conversations/{id}/files?use=answer`."""

    agent: Annotated[str | None, Field(max_length=32)] = None
    epoch: int
    text: Annotated[str, Field(max_length=10_000)] = ""
    client_id: ClientId
    files: FileIds = []


class AgentInput(ApiInput):
    """Who does it: an agent's id, from `GET /agents`. An agent's own key may leave it out, and name nobody else."""

    agent: Annotated[str | None, Field(max_length=32)] = None


class ResolveInput(AgentInput):
    """`seq` is the last line that the agent has read: a line of the contact's that came after it is answered with 409
    and the code `new_line`. Without `seq` the bot answers what came after the agent's last action."""

    seq: Annotated[int | None, Field(ge=0)] = None


class TransferInput(ResolveInput):
    """`to`: a colleague's id; `team`: a team's, for its queue; neither: back to the queue."""

    to: Annotated[str | None, Field(max_length=32)] = None
    team: Annotated[str | None, Field(max_length=32)] = None


class ReturnInput(ResolveInput):
    """`done` says in a sentence what was done; the customer reads it, and the bot knows it."""

    done: Annotated[str, Field(max_length=1_000)] = ""


class MessageReceipt(BaseModel):
    """The receipt: stored for good as line `seq`."""

    conversation: str
    seq: int
    at: datetime
    repeated: bool


class ConversationState(BaseModel):
    """Who answers now; `epoch` rises with every change of owner."""

    id: str
    status: str
    epoch: int
    last_seq: int
    language: str
    agent: str | None


class LogLines(BaseModel):
    """Lines of the log, in order."""

    lines: list[dict[str, Any]]


conversation_api = APIRouter(prefix="/conversations", route_class=EnteredRoute, tags=["conversations"])


@conversation_api.post("", status_code=201, dependencies=[needs(Scope.CONVERSATIONS)])
async def open_conversation(parts: ApiParts, form: NewConversation) -> ConversationState:
    introduction = Introduction(language=form.language)
    async with parts.conversations.open_at(_address(form.contact), form.contact, introduction) as c:
        c.audience = Audience.NOBODY  # nobody has anything to do before the first message
    return _state(c.conversation)


@conversation_api.get("")
async def list_conversations(
    parts: ApiParts, holder: Lister, view: DeskView = DeskView.OPEN, agent: str = ""
) -> list[dict[str, Any]]:
    """What was said is in them with the scope `messages`, who said it with `contacts`."""
    cards = await parts.timeline.overview(view, agent, program=holder.agent_id)
    return [card_for_key(holder, asdict(card)) for card in cards]


@conversation_api.get("/{id}")
async def show_conversation(parts: ApiParts, holder: Lister, id: Id) -> dict[str, Any]:
    """What was said is in it with the scope `messages`, who said it with `contacts`."""
    return detail_for_key(holder, asdict(await parts.timeline.conversation(id, program=holder.agent_id)))


@conversation_api.get("/{id}/messages")
async def read_messages(
    parts: ApiParts,
    _holder: Speaker,
    id: Id,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
) -> LogLines:
    await parts.timeline.conversation(id)
    return LogLines(lines=[asdict(line) for line in await parts.timeline.lines(id, after=after, limit=limit)])


@conversation_api.post("/{id}/messages", status_code=201, dependencies=[needs(Scope.MESSAGES)])
async def write_message(parts: ApiParts, id: Id, form: NewMessage) -> MessageReceipt:
    sender = await load_sender(parts.db, id)
    received = await parts.inbox.receive(
        InboundMessage(
            address=sender.address,
            contact_id=sender.contact_id,
            external_id=f"{id}:{form.client_id}",
            text=form.text,
            tap=_tap(form),
            attachments=tuple(Attachment(kind=AttachmentKind.DOCUMENT, upload=key) for key in form.files),
        )
    )
    return MessageReceipt(conversation=id, seq=received.seq, at=received.stored_at, repeated=received.repeated)


@conversation_api.post("/{id}/handoff", dependencies=[needs(Scope.HANDOFF)])
async def request_person(parts: ApiParts, id: Id) -> ConversationState:
    trigger = Trigger(kind=TriggerKind.ASKED, turns=())
    async with parts.conversations.open(id) as c:
        await request_handoff(c, HandoffRequest(triggers=(trigger,)))
    return _state(c.conversation)


@conversation_api.post("/{id}/accept")
async def accept(parts: ApiParts, holder: Passer, id: Id, form: AgentInput) -> ConversationState:
    async with parts.conversations.open(id) as c:
        c.log.program = holder.name
        await ownership.accept(c, acting(holder, form.agent))
    return _state(c.conversation)


@conversation_api.post("/{id}/answers", status_code=201)
async def answer(parts: ApiParts, holder: Speaker, id: Id, form: NewAnswer) -> MessageReceipt:
    async with parts.conversations.open(id) as c:
        c.log.program = holder.name
        message = await agent_answers.answer(
            c, acting(holder, form.agent), form.epoch, form.text, form.client_id, form.files
        )
    return _stored(message)


@conversation_api.post("/{id}/transfer")
async def transfer(parts: ApiParts, holder: Passer, id: Id, form: TransferInput) -> ConversationState:
    async with parts.conversations.open(id) as c:
        c.log.program = holder.name
        await ownership.transfer(c, acting(holder, form.agent), form.to, form.team, read_seq=form.seq)
    return _state(c.conversation)


@conversation_api.post("/{id}/return")
async def return_to_bot(parts: ApiParts, holder: Passer, id: Id, form: ReturnInput) -> ConversationState:
    async with parts.conversations.open(id) as c:
        c.log.program = holder.name
        await ownership.return_to_bot(c, acting(holder, form.agent), form.done, read_seq=form.seq)
    return _state(c.conversation)


@conversation_api.post("/{id}/resolve")
async def resolve(parts: ApiParts, holder: Passer, id: Id, form: ResolveInput) -> ConversationState:
    async with parts.conversations.open(id) as c:
        c.log.program = holder.name
        await ownership.resolve(c, acting(holder, form.agent), read_seq=form.seq)
    return _state(c.conversation)


def _address(contact: str) -> Address:
    return Address(channel=Channel.WEBCHAT, account=ACCOUNT, chat_id=contact)


def _tap(form: NewMessage) -> Tap | None:
    if form.seq is None and form.choice is None:
        return None
    if form.seq is None or form.choice is None or form.text or form.files:
        raise Invalid("A message is either 'text' and 'files', or 'seq' with 'choice'.")
    return Tap(seq=form.seq, choice=form.choice)


def _state(conversation: Conversation) -> ConversationState:
    return ConversationState(
        id=conversation.id,
        status=str(conversation.status),
        epoch=conversation.epoch,
        last_seq=conversation.last_seq,
        language=conversation.language,
        agent=conversation.agent_id,
    )


def _stored(message: Message) -> MessageReceipt:
    return MessageReceipt(conversation=message.conversation_id, seq=message.seq, at=message.created_at, repeated=False)
