"""Words of the admin page of the channels."""

CHANNELS: dict[str, tuple[str, str]] = {
    "channels_title": ("Kanäle", "Channels"),
    "channels_lead": (
        "Dieselbe Assistenz, dieselben Antworten, dasselbe Team: im Web-Chat, in Telegram und in Slack.",
        "The same assistant, the same answers, the same team: in web chat, in Telegram and in Slack.",
    ),
    "channels_name": ("Verbunden als", "Connected as"),
    "channels_channel": ("Kanal", "Channel"),
    "channels_state": ("Zustand", "State"),
    "channels_none": ("Noch kein weiterer Kanal verbunden.", "No other channel connected yet."),
    "channels_active": ("verbunden", "connected"),
    "channels_closed": ("getrennt", "disconnected"),
    "channels_problem": ("Es gibt ein Problem", "There is a problem"),
    "channels_by_webhook": ("Nachrichten kommen hierher", "messages come here"),
    "channels_by_http": ("Nachrichten kommen hierher", "messages come here"),
    "channels_by_polling": ("Nachrichten werden abgeholt", "messages are fetched"),
    "channels_by_socket": ("über eine stehende Verbindung", "through a socket"),
    "channels_check": ("Prüfen", "Check"),
    "channels_disconnect": ("Trennen", "Disconnect"),
    "channels_sure_disconnect": (
        "{name} trennen? Nachrichten dort bekommen dann keine Antwort mehr. Gespräche bleiben erhalten.",
        "Disconnect {name}? Messages there get no answer any more. Conversations stay.",
    ),
    "channels_telegram": ("Telegram verbinden", "Connect Telegram"),
    "channels_telegram_lead": (
        "In Telegram bei @BotFather /newbot eingeben, Namen wählen, und das Token hier einfügen. Alles Weitere "
        "richten wir ein: Adresse, Befehle, Beschreibung auf Deutsch und Englisch.",
        "In Telegram, write /newbot to @BotFather, choose a name, and paste the token here. We set up the rest: "
        "address, commands, descriptions in German and English.",
    ),
    "channels_token": ("Token des Bots", "The bot's token"),
    "channels_connect": ("Verbinden", "Connect"),
    "channels_connecting": ("Wird verbunden …", "Connecting …"),
    "channels_checking": ("Wird geprüft …", "Checking …"),
    "channels_slack": ("Slack verbinden", "Connect Slack"),
    "channels_slack_manifest": (
        "1. Auf api.slack.com/apps eine neue App „From a manifest“ anlegen und diesen Text einfügen:",
        "1. On api.slack.com/apps, create a new app “From a manifest” and paste this text:",
    ),
    "channels_slack_secrets": (
        "2. Die App im Workspace installieren und die Schlüssel hier einfügen:",
        "2. Install the app into the workspace and paste the keys here:",
    ),
    "channels_slack_bot_token": ("Bot User OAuth Token (beginnt mit xoxb-)", "Bot User OAuth Token (begins xoxb-)"),
    "channels_slack_signing_secret": ("Signing Secret", "Signing Secret"),
    "channels_slack_app_token": (
        "App-Level Token (beginnt mit xapp-), nur ohne öffentliche Adresse",
        "App-level token (begins xapp-), only without a public address",
    ),
    "channels_copy": ("Kopieren", "Copy"),
    "channels_copied": ("Kopiert", "Copied"),
    "channels_result": ("Ergebnis", "Result"),
    "channels_ok": ("in Ordnung", "fine"),
    "channels_note": ("bitte ansehen", "please look"),
    "channels_failed": ("geht nicht", "doesn't work"),
    "channels_webchat_hint": (
        "Der Web-Chat braucht keine Verbindung: Eine Zeile auf Ihrer Seite genügt.",
        "Web chat needs no connection: one line on your site is enough.",
    ),
}
