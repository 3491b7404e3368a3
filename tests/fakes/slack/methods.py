"""The methods of the Web API that an app like ours calls, each as picky as Slack's."""

from typing import Any

from tests.fakes.slack.rules import SlackMethodRefusal, check_message, check_view
from tests.fakes.slack.state import SlackPost, SlackState

NEEDED = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "files.delete": "files:write",
    "conversations.open": "im:write",
    "conversations.history": "im:history",
    "conversations.replies": "channels:history",
    "reactions.add": "reactions:write",
    "users.info": "users:read",
    "files.info": "files:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
JSON_ONLY_FORMS = frozenset(
    {
        "users.info",
        "conversations.history",
        "conversations.replies",
        "files.info",
        "files.getUploadURLExternal",
        "oauth.v2.access",
    }
)
"""SlackMethods that take no JSON. https://docs.slack.dev/apis/web-api#methods_supporting_json"""


class SlackMethods:
    """What each method does."""

    def __init__(self, state: SlackState, origin: str) -> None:
        self._state = state
        self._origin = origin

    def call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The answer, beside `ok`. Raises `SlackMethodRefusal`."""
        found = getattr(self, method.replace(".", "_"), None)
        if found is None:
            raise SlackMethodRefusal("unknown_method")
        answer: dict[str, Any] = found(arguments)
        return answer

    def auth_test(self, arguments: dict[str, Any]) -> dict[str, Any]:
        state = self._state
        return {"team": "Testfirma", "team_id": state.team, "user_id": state.bot_user, "bot_id": state.bot_id}

    def chat_postMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:
        check_message(arguments)
        state, thread = self._state, arguments.get("thread_ts")
        if thread in state.missing_threads:
            raise SlackMethodRefusal("thread_not_found")
        posted = SlackPost(
            channel=state.resolve(self._channel(arguments)),
            ts=state.ts(),
            text=arguments.get("text", ""),
            blocks=arguments.get("blocks") or [],
            thread_ts=thread,
            metadata=arguments.get("metadata"),
        )
        state.post(posted)
        return {"channel": posted.channel, "ts": posted.ts}

    def chat_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        check_message(arguments)
        found = self.find(arguments["channel"], arguments["ts"])
        found.text, found.blocks, found.updates = arguments["text"], arguments.get("blocks") or [], found.updates + 1
        return {"channel": found.channel, "ts": found.ts}

    def reactions_add(self, arguments: dict[str, Any]) -> dict[str, Any]:
        reaction = (arguments["channel"], arguments["timestamp"], arguments["name"])
        if reaction in self._state.reactions:
            raise SlackMethodRefusal("already_reacted")
        if reaction[2].startswith(":"):
            raise SlackMethodRefusal("invalid_name")
        self._state.reactions.append(reaction)
        return {}

    def chat_delete(self, arguments: dict[str, Any]) -> dict[str, Any]:
        found = self.find(arguments["channel"], arguments["ts"])
        self._state.posts.remove(found)
        return {"channel": found.channel, "ts": found.ts}

    def conversations_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments["users"] not in self._state.people:
            raise SlackMethodRefusal("user_not_found")
        return {"channel": {"id": self._state.people[arguments["users"]].dm}}

    def conversations_history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return self._listed(arguments, None)

    def conversations_replies(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return self._listed(arguments, arguments["ts"])

    def users_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        person = self._state.people.get(arguments["user"])
        if person is None:
            raise SlackMethodRefusal("user_not_found")
        user: dict[str, Any] = {
            "id": person.id,
            "team_id": person.team,
            "tz": person.tz,
            "profile": {"real_name": person.name, "display_name": person.name.split()[0]},
        }
        if arguments.get("include_locale") == "true":
            user["locale"] = person.locale
        return {"user": user}

    def files_info(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments["file"] not in self._state.files:
            raise SlackMethodRefusal("file_not_found")
        return {"file": self._state.files[arguments["file"]][0]}

    def files_getUploadURLExternal(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if not arguments.get("filename") or int(arguments.get("length") or 0) < 1:
            raise SlackMethodRefusal("invalid_arguments")
        file = f"F{len(self._state.uploads) + 1:08d}"
        self._state.uploads[file] = b""
        self._state.announced[file] = int(arguments["length"])
        return {"upload_url": f"{self._origin}/upload/{file}", "file_id": file}

    def files_completeUploadExternal(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """What was handed in whole is posted into the channel, or the thread."""
        [file] = arguments["files"]
        content = self._state.uploads.get(file["id"])
        if content is None or len(content) != self._state.announced[file["id"]]:
            raise SlackMethodRefusal("file_not_found")
        if not str(arguments["channel_id"]).startswith(("C", "D", "G")):
            raise SlackMethodRefusal("channel_not_found")
        posted = SlackPost(
            channel=arguments["channel_id"],
            ts=self._state.ts(),
            text="",
            blocks=[],
            thread_ts=arguments.get("thread_ts"),
            file=(file["title"], content),
        )
        self._state.post(posted)
        return {"files": [{"id": file["id"], "title": file["title"]}]}

    def views_publish(self, arguments: dict[str, Any]) -> dict[str, Any]:
        check_view(arguments["view"])
        self._state.views.append((arguments["user_id"], arguments["view"]))
        return {"view": {"id": f"V{self._state.number()}"}}

    def views_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        check_view(arguments["view"])
        self._state.views.append((arguments["trigger_id"], arguments["view"]))
        return {"view": {"id": f"V{self._state.number()}"}}

    def apps_connections_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"url": f"{self._origin.replace('http', 'ws', 1)}/socket"}

    def oauth_v2_access(self, arguments: dict[str, Any]) -> dict[str, Any]:
        state = self._state
        if (arguments.get("client_id"), arguments.get("client_secret")) != (state.client_id, state.client_secret):
            raise SlackMethodRefusal("bad_client_secret")
        if arguments.get("code") != state.code:
            raise SlackMethodRefusal("invalid_code")
        state.code = ""
        return {
            "access_token": state.bot_token,
            "token_type": "bot",
            "scope": state.scopes,
            "bot_user_id": state.bot_user,
            "app_id": state.app_id,
            "team": {"id": state.team, "name": "Testfirma"},
            "enterprise": None,
            "is_enterprise_install": False,
            **state.installed,
        }

    def find(self, channel: str, ts: str) -> SlackPost:
        found = next((post for post in self._state.posts if (post.channel, post.ts) == (channel, ts)), None)
        if found is None:
            raise SlackMethodRefusal("message_not_found")
        return found

    def _channel(self, arguments: dict[str, Any]) -> str:
        channel: str = arguments["channel"]
        if not channel or channel[0] not in "CDGU" or (channel[0] == "U" and channel not in self._state.people):
            raise SlackMethodRefusal("channel_not_found")
        return channel

    def _listed(self, arguments: dict[str, Any], thread: str | None) -> dict[str, Any]:
        if arguments["channel"][0] not in "CDG":
            raise SlackMethodRefusal("channel_not_found")
        listed = [
            post
            for post in reversed(self._state.posts)
            if post.channel == arguments["channel"] and (thread is None or post.thread_ts == thread)
        ][: int(arguments.get("limit", 100))]
        with_metadata = arguments.get("include_all_metadata") == "true"
        return {
            "messages": [
                {"ts": post.ts, "text": post.text, **({"metadata": post.metadata} if with_metadata else {})}
                for post in listed
            ]
        }
