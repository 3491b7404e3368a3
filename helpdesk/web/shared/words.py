"""Words that several pages look up by key: by scripts or by templates."""

from i18n import N_, language_name

#: Why a conversation goes to a person, by the kind of the trigger.
TRIGGERS = {
    "trigger_asked": N_("Wants a person"),
    "trigger_not_found": N_("No answer found"),
    "trigger_not_helpful": N_("Answer didn't help"),
    "trigger_frustration": N_("Increasingly annoyed"),
    "trigger_repetition": N_("Keeps asking the same"),
    "trigger_low_confidence": N_("The bot was unsure"),
    "trigger_complexity": N_("The request is complex"),
    "trigger_sensitive": N_("Sensitive topic"),
    "trigger_abuse": N_("Abusive"),
    "trigger_important": N_("Important contact"),
    "trigger_rule": N_("Topic always goes to a person"),
    "trigger_limbo": N_("Had been left behind"),
    "trigger_complaint": N_("Complaint"),
    "trigger_bot_unavailable": N_("Bot unavailable"),
    "trigger_agent_took": N_("Taken over by the team"),
    "trigger_mail": N_("Came by e-mail"),
    "trigger_late": N_("Message arrived late"),
    "trigger_follow_up": N_("Asked again: still needs help"),
    "trigger_rated_bad": N_("Said afterwards that it did not help"),
}

#: What channels are called.
CHANNELS = {
    "channel_webchat": N_("Web chat"),
    "channel_email": N_("E-mail"),
    "channel_telegram": N_("Telegram"),
    "channel_slack": N_("Slack"),
}

#: Whether an agent is there.
#: What the command palette says (`palette.js`).
PALETTE = {
    "palette_title": N_("Commands"),
    "palette_placeholder": N_("What would you like to do, or whom do you look for?"),
    "palette_actions": N_("Actions"),
    "palette_conversations": N_("Conversations"),
    "palette_pages": N_("Pages"),
    "palette_none": N_("Nothing found."),
    "palette_list": N_("List: {name}"),
    "palette_availability": N_("I am: {name}"),
    "palette_answer": N_("Write an answer"),
    "palette_ask_colleague": N_("Ask a colleague"),
    "palette_change_answer": N_("Correct or take back the last answer"),
    "palette_send_resolve": N_("Send and resolve"),
    "palette_note": N_("Write a note"),
    "palette_promise": N_("Record a promise"),
    "palette_macros": N_("Run a macro"),
    "palette_macro": N_("Macro: {name}"),
    "palette_find": N_("Search all conversations"),
    "palette_next": N_("Next conversation"),
    "palette_previous": N_("Previous conversation"),
}

AVAILABILITY = {
    "desk_online": N_("Online"),
    "desk_paused": N_("Paused"),
    "desk_looking": N_("Only looking"),
    "desk_offline": N_("Offline"),
}

#: What canned replies may say that differs from conversation to conversation, by variable.
REPLY_VARIABLES = {
    "name": N_("customer's name"),
    "first_name": N_("customer's first name"),
    "agent": N_("your name"),
    "company": N_("company"),
    "number": N_("number the customer gave"),
}

#: What a form of address is called.
_FORMS = {"de": "Sie", "de@informal": "du"}


def text_name(key: str, reader: str) -> str:
    """What a text of a canned reply is called in the reader's language: "Englisch", "Deutsch (du)"."""
    name, form = language_name(key.partition("@")[0], reader), _FORMS.get(key)
    return f"{name} ({form})" if form else name
