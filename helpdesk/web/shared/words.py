"""Words that several pages look up by key: by scripts or by templates."""

from i18n import N_

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
    "trigger_late": N_("Message arrived late"),
    "trigger_rated_bad": N_("Said afterwards that it did not help"),
}

#: What channels are called.
CHANNELS = {
    "channel_webchat": N_("Web chat"),
    "channel_telegram": N_("Telegram"),
    "channel_slack": N_("Slack"),
}

#: Whether an agent is there.
AVAILABILITY = {
    "desk_online": N_("Online"),
    "desk_paused": N_("Paused"),
    "desk_offline": N_("Offline"),
}
