"""The app as Slack is to make it. https://docs.slack.dev/reference/app-manifest"""

from typing import Any

BOT_SCOPES = (
    "app_mentions:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
)
"""What Staffel needs. It can't read channels: there only mentions reach it."""

COMFORT_SCOPES = ("reactions:write",)
"""What it asks for beside that, and goes without in a workspace that was connected before."""

EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")


def manifest(origin: str, *, socket_mode: bool, name: str = "Staffel") -> dict[str, Any]:
    """The manifest for an installation at `origin`, or for one without a public address, in Socket Mode."""
    settings: dict[str, Any] = {
        "event_subscriptions": {"bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": not socket_mode,
        "socket_mode_enabled": socket_mode,
        "token_rotation_enabled": False,
    }
    command: dict[str, Any] = {
        "command": "/staffel",
        "description": "Frage stellen, Mensch holen · Ask, or get a person · Poser une question, parler à une personne",
        "usage_hint": "help | human | language | connect | forget | your question",
        "should_escape": True,
    }
    oauth: dict[str, Any] = {"scopes": {"bot": [*BOT_SCOPES, *COMFORT_SCOPES]}}
    if not socket_mode:
        settings["event_subscriptions"]["request_url"] = f"{origin}/slack/events"
        settings["interactivity"]["request_url"] = f"{origin}/slack/interactive"
        command["url"] = f"{origin}/slack/commands"
        oauth["redirect_urls"] = [f"{origin}/slack/oauth"]
    return {
        "display_information": {
            "name": name,
            "description": (
                "Digitaler Assistent, kein Mensch · A digital assistant, not a person · Un assistant, pas une personne"
            ),
            "long_description": _LONG,
            "background_color": "#1f4d3f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "shortcuts": [
                _shortcut("Fragen / Ask / Demander", "global", "ask_staffel"),
                _shortcut("Dazu fragen/Ask/Demander", "message", "ask_about_message"),
            ],
            "slash_commands": [command],
        },
        "oauth_config": oauth,
        "settings": settings,
    }


def _shortcut(name: str, kind: str, callback: str) -> dict[str, str]:
    return {
        "name": name,
        "type": kind,
        "callback_id": callback,
        "description": "Antwort in der Direktnachricht · Answered in a direct message · Réponse en message direct",
    }


_LONG = (
    "Hier antwortet ein digitaler Assistent, kein Mensch. Häufige Fragen beantwortet er sofort, und auf Wunsch kommt "
    "jederzeit ein Mensch dazu. In Kanälen liest er nur, was ihn erwähnt.\n\n"
    "A digital assistant answers here, not a person. It answers common questions at once and brings a person in at any "
    "time. In channels it reads only what mentions it.\n\n"
    "Ici, c’est un assistant numérique qui répond, pas une personne. Il répond aussitôt aux questions courantes et "
    "fait venir une personne à tout moment. Dans les canaux, il ne lit que ce qui le mentionne."
)
