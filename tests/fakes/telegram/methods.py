"""The Bot API's methods: what each checks, does and answers."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.telegram.rules import (
    TelegramRefusal,
    bad,
    check_commands,
    check_keyboard,
    check_photo,
    check_text,
    units,
)
from tests.fakes.telegram.state import SentFile, SentMessage, TelegramState

Json = Mapping[str, Any]
PRESS_LASTS = 150.0  # seconds
SIGNS = frozenset({"👍", "👎", "❤", "👀", "👌", "🙏"})  # of those that bots may put on a message


class TelegramMethods:
    """Everything but updates; those are `Updates`' own."""

    def __init__(self, state: TelegramState) -> None:
        self._state = state
        self.table: Mapping[str, Callable[[Json], Any]] = {
            "getMe": self.get_me,
            "sendMessage": self.send_message,
            "sendPhoto": lambda params: self.send_file(params, "photo", 10_000_000),
            "sendDocument": lambda params: self.send_file(params, "document", 50_000_000),
            "sendChatAction": self.send_chat_action,
            "setMessageReaction": self.set_message_reaction,
            "answerCallbackQuery": self.answer_callback_query,
            "editMessageReplyMarkup": self.edit_message_reply_markup,
            "editMessageText": self.edit_message_text,
            "deleteMessage": self.delete_message,
            "getFile": self.get_file,
            "setMyCommands": self.set_my_commands,
            "setMyDescription": self.set_my_description,
            "setMyShortDescription": self.set_my_short_description,
        }

    def get_me(self, params: Json) -> Json:
        return {
            "id": self._state.bot_id,
            "is_bot": True,
            "first_name": "Staffel",
            "username": self._state.username,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def send_message(self, params: Json) -> Json:
        chat_id = self._chat(params)
        text, entities = str(params.get("text", "")), params.get("entities") or ()
        if "parse_mode" in params:
            raise bad("can't parse entities: this fake takes entities only")
        check_text(text, entities)
        check_keyboard(params.get("reply_markup"))
        thread = params.get("message_thread_id")
        if thread is not None and thread not in self._state.topics:
            raise bad("message thread not found")
        self._state.count(chat_id)
        message = SentMessage(
            id=self._state.next_message_id(),
            chat_id=chat_id,
            text=text,
            entities=entities,
            keyboard=(params.get("reply_markup") or {}).get("inline_keyboard", ()),
            thread_id=thread,
            reply_to=(params.get("reply_parameters") or {}).get("message_id"),
        )
        self._state.sent.append(message)
        return self.shown(message)

    def send_file(self, params: Json, kind: str, most: int) -> Json:
        """A photo of 10 MB at most whose sides make 10,000 at most, or a document of 50 MB."""
        chat_id = self._chat(params)
        name, content = params[kind]
        caption, entities = str(params.get("caption", "")), params.get("caption_entities") or ()
        if len(content) > most:
            raise TelegramRefusal(413, "Request Entity Too Large")
        if units(caption) > 1024:
            raise bad("message caption is too long")
        if caption:
            check_text(caption, entities)
        if kind == "photo":
            check_photo(content)
        thread = params.get("message_thread_id")
        if thread is not None and thread not in self._state.topics:
            raise bad("message thread not found")
        self._state.count(chat_id)
        message = SentMessage(
            id=self._state.next_message_id(),
            chat_id=chat_id,
            text=caption,
            entities=entities,
            file=SentFile(kind=kind, name=name, content=content),
            thread_id=thread,
        )
        self._state.sent.append(message)
        return self.shown(message)

    def shown(self, message: SentMessage) -> Json:
        """The message as the API shows it."""
        kind = "private" if message.chat_id > 0 else "supergroup"
        found: dict[str, Any] = {
            "message_id": message.id,
            "date": int(time.time()),
            "chat": {"id": message.chat_id, "type": kind},
            "from": self.get_me({}),
            "text": message.text,
        }
        if message.keyboard:
            found["reply_markup"] = {"inline_keyboard": message.keyboard}
        return found

    def _chat(self, params: Json) -> int:
        chat_id = int(params["chat_id"])
        if chat_id in self._state.migrated:
            new = self._state.migrated[chat_id]
            raise TelegramRefusal(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=new
            )
        if chat_id in self._state.blocked:
            raise TelegramRefusal(403, "Forbidden: bot was blocked by the user")
        if chat_id not in self._state.chats:
            raise bad("chat not found")
        return chat_id

    def send_chat_action(self, params: Json) -> bool:
        self._chat(params)
        if params.get("action") != "typing":
            raise bad("wrong parameter action in request")
        return True

    def set_message_reaction(self, params: Json) -> bool:
        signs = [each["emoji"] for each in params.get("reaction") or ()]
        if len(signs) > 1 or not set(signs) <= SIGNS:
            raise bad("REACTION_INVALID")
        self._state.reactions[self._chat(params), int(params["message_id"])] = signs[0] if signs else ""
        return True

    def answer_callback_query(self, params: Json) -> bool:
        pressed = self._state.presses.pop(str(params["callback_query_id"]), None)
        if pressed is None or time.monotonic() - pressed > PRESS_LASTS:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        text = params.get("text")
        if text is not None and len(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self._state.press_answers.append((str(params["callback_query_id"]), text))
        return True

    def edit_message_reply_markup(self, params: Json) -> Json:
        chat_id, message_id = int(params["chat_id"]), int(params["message_id"])
        found = next((one for one in self._state.sent if (one.chat_id, one.id) == (chat_id, message_id)), None)
        if found is None:
            raise bad("message to edit not found")
        check_keyboard(params.get("reply_markup"))
        keyboard = (params.get("reply_markup") or {}).get("inline_keyboard", ())
        if keyboard == found.keyboard:
            raise bad("message is not modified")
        found.keyboard = keyboard
        return self.shown(found)

    def edit_message_text(self, params: Json) -> Json:
        found = self._find(params, "message to edit not found")
        text, entities = str(params.get("text", "")), params.get("entities") or ()
        check_text(text, entities)
        if (text, list(entities)) == (found.text, list(found.entities)):
            raise bad("message is not modified")
        found.text, found.entities = text, entities
        return self.shown(found)

    def delete_message(self, params: Json) -> bool:
        self._state.sent.remove(self._find(params, "message to delete not found"))
        return True

    def _find(self, params: Json, missing: str) -> SentMessage:
        chat_id, message_id = self._chat(params), int(params["message_id"])
        found = next((one for one in self._state.sent if (one.chat_id, one.id) == (chat_id, message_id)), None)
        if found is None:
            raise bad(missing)
        return found

    def get_file(self, params: Json) -> Json:
        file_id = str(params["file_id"])
        if file_id in self._state.large_files:
            raise bad("file is too big")
        if file_id not in self._state.files:
            raise bad("wrong file_id or the file is temporarily unavailable")
        size = len(self._state.files[file_id])
        return {"file_id": file_id, "file_unique_id": file_id[:8], "file_size": size, "file_path": f"files/{file_id}"}

    def set_my_commands(self, params: Json) -> bool:
        check_commands(params["commands"])
        self._state.commands[params.get("language_code", "")] = params["commands"]
        return True

    def set_my_description(self, params: Json) -> bool:
        if len(params.get("description", "")) > 512:
            raise bad("description is too long")
        self._state.descriptions[params.get("language_code", "")] = params.get("description", "")
        return True

    def set_my_short_description(self, params: Json) -> bool:
        if len(params.get("short_description", "")) > 120:
            raise bad("short description is too long")
        self._state.short_descriptions[params.get("language_code", "")] = params.get("short_description", "")
        return True
