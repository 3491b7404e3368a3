"""What presses, shortcuts, modals and `/staffel` mean to us: pure functions of the payload and our own names.

Shapes as at https://docs.slack.dev/reference/interaction-payloads. Nothing in them carries Slack's id of an event, so
each makes one of its own that a repeat would carry again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.contract import ASK_PERSON, CHOOSE_LANGUAGE, InboundMessage, Tap
from connectors.slack import home
from connectors.slack.buttons import CHOICES, Buttons
from connectors.slack.parse import COMMANDS, Json, WorkspaceIdentity, command_of, direct, person_of, to_text
from connectors.slack.words import SlackWords

FORGED, FOREIGN, EXPIRED = "forged", "foreign", "expired"
SHORTCUTS = ("ask_staffel", "ask_about_message")
"""The callback ids of our shortcuts: everywhere in Slack, and at a message."""

_MAX_ID_LENGTH = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePress:
    """A choice under a message of ours was pressed; `blocks` are the message's, `channel` and `ts` name it."""

    inbound: InboundMessage
    title: str
    channel: str
    ts: str
    text: str
    blocks: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PressRejection:
    """A button that isn't ours, isn't this person's, or is too old. `response_url` is where to say so."""

    why: str
    user_id: str
    place: str
    response_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSearch:
    """Words were typed into the search of the App Home."""

    user_id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutCall:
    """A shortcut asks for the modal; `text` is the message that it is about."""

    user_id: str
    trigger_id: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionMessage:
    """A question or wish of a person that goes to the conversation with them; `at_home` when the App Home asked."""

    inbound: InboundMessage
    at_home: bool = False


Interaction = ChoicePress | PressRejection | HomeSearch | ShortcutCall | InteractionMessage


def offering_account(payload: Json, buttons: Buttons, time: datetime) -> str:
    """The workspace whose message offered what was pressed; empty when nothing of ours was."""
    pressed: Json = next(iter(payload.get("actions") or ()), {})
    offered = buttons.read(pressed.get("value"), time)
    return offered.address.account if offered else ""


def parse_interaction(
    payload: Json, us: WorkspaceIdentity, buttons: Buttons, say: SlackWords, time: datetime
) -> Interaction | None:
    """What an interaction means, `None` when it doesn't concern us. Raises KeyError, TypeError, ValueError."""
    user_id = payload["user"]["id"]
    match payload["type"]:
        case "block_actions":
            return _action(payload, payload["actions"][0], us, buttons, say, time)
        case "shortcut" | "message_action" if payload["callback_id"] in SHORTCUTS:
            about = to_text((payload.get("message") or {}).get("text") or "", us)
            return ShortcutCall(user_id=user_id, trigger_id=payload["trigger_id"], text=about)
        case "view_submission" if payload["view"]["callback_id"] == home.QUESTION_CALLBACK:
            return _submitted(payload, us)
        case _:
            return None


def _action(
    payload: Json, action: Json, us: WorkspaceIdentity, buttons: Buttons, say: SlackWords, time: datetime
) -> Interaction | None:
    user_id, name = payload["user"]["id"], str(action["action_id"])
    if name == home.SEARCH:
        return HomeSearch(user_id=user_id, words=str(action.get("value") or "").strip())
    if name == home.PERSON:
        return InteractionMessage(inbound=_wish(us, payload, action, text=say.person, wish=ASK_PERSON), at_home=True)
    if name == home.LANGUAGE:
        return InteractionMessage(
            inbound=_wish(us, payload, action, text=say.language, wish=CHOOSE_LANGUAGE), at_home=True
        )
    if name.startswith(home.ASK):
        return _ask_again(payload, action, us, buttons, time)
    if str(action.get("block_id", "")).startswith(CHOICES):
        return _choice(payload, action, us, buttons, time)
    return None


def _choice(
    payload: Json, action: Json, us: WorkspaceIdentity, buttons: Buttons, time: datetime
) -> ChoicePress | PressRejection:
    offered = buttons.read(action.get("value"), time)
    user_id, message = payload["user"]["id"], payload.get("message") or {}
    channel = str((payload.get("channel") or payload.get("container") or {}).get("id", ""))
    if offered is None or offered.question:
        return _rejected(FORGED, payload)
    own = offered.address
    in_channel = own.thread is not None and own.chat_id != channel
    if own.account != us.account or person_of(own) != user_id or in_channel:
        return _rejected(FOREIGN, payload)
    if offered.expired:
        return _rejected(EXPIRED, payload)
    inbound = InboundMessage(
        address=own,
        contact_id=user_id,
        external_id=_id("choice", channel, message.get("ts", ""), str(offered.choice), user_id),
        tap=Tap(seq=offered.seq, choice=offered.choice, mark=offered.mark),
    )
    return ChoicePress(
        inbound=inbound,
        title=str((action.get("text") or {}).get("text", "")),
        channel=channel,
        ts=str(message.get("ts", "")),
        text=str(message.get("text", "")),
        blocks=list(message.get("blocks") or ()),
    )


def _ask_again(
    payload: Json, action: Json, us: WorkspaceIdentity, buttons: Buttons, time: datetime
) -> InteractionMessage | PressRejection:
    offered = buttons.read(action.get("value"), time)
    if offered is None or not offered.question:
        return _rejected(FORGED, payload)
    if offered.address != direct(us, payload["user"]["id"]):
        return _rejected(FOREIGN, payload)
    if offered.expired:
        return _rejected(EXPIRED, payload)
    return InteractionMessage(inbound=_wish(us, payload, action, text=offered.question), at_home=True)


def _rejected(why: str, payload: Json) -> PressRejection:
    container = payload.get("container") or {}
    place = ":".join(str(container.get(name, "")) for name in ("channel_id", "message_ts"))
    return PressRejection(
        why=why, user_id=payload["user"]["id"], place=place, response_url=str(payload.get("response_url") or "")
    )


def _wish(us: WorkspaceIdentity, payload: Json, action: Json, *, text: str, wish: str | None = None) -> InboundMessage:
    user_id = payload["user"]["id"]
    return InboundMessage(
        address=direct(us, user_id),
        contact_id=user_id,
        external_id=_id("action", str(action["action_id"]), str(action.get("action_ts", "")), user_id),
        text=text,
        payload=wish,
    )


def _submitted(payload: Json, us: WorkspaceIdentity) -> InteractionMessage | None:
    user_id, view = payload["user"]["id"], payload["view"]
    text = str(view["state"]["values"][home.QUESTION_BLOCK][home.QUESTION_FIELD].get("value") or "").strip()
    if not text:
        return None
    inbound = InboundMessage(
        address=direct(us, user_id), contact_id=user_id, external_id=_id("view", str(view["id"])), text=text
    )
    return InteractionMessage(inbound=inbound)


def parse_command(form: Mapping[str, str], us: WorkspaceIdentity) -> InteractionMessage:
    """What `/staffel …` asks: one of our commands, or a question in free words. Raises KeyError."""
    typed, user_id = to_text(form.get("text", ""), us), form["user_id"]
    payload, link = COMMANDS.get(typed.lower()), None
    if payload is None:
        _, link = command_of(f"/staffel {typed}")
    inbound = InboundMessage(
        address=direct(us, user_id),
        contact_id=user_id,
        external_id=_id("command", form["trigger_id"]),
        text=f"/staffel {typed}".strip() if payload or link else typed,
        payload=payload,
        link=link,
    )
    return InteractionMessage(inbound=inbound)


def is_in_direct_message(form: Mapping[str, str]) -> bool:
    """Whether a command was typed where its answer appears."""
    return form.get("channel_name") == "directmessage"


def _id(*parts: str) -> str:
    return ":".join(parts)[:_MAX_ID_LENGTH]
