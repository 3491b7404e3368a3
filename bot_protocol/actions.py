"""Which actions helpdesk runs for the bot; `actions/` has what each of them does."""

ACTIONS = frozenset(
    {
        "action_answer",
        "action_fallback",
        "action_complaint",
        "action_helpful",
        "action_not_helpful",
        "action_affirm",
        "action_deny",
        "action_waive",
        "action_handoff",
        "action_switch_language",
        "action_switch_formality",
        "validate_callback_form",
        "action_ask_callback_time",
        "action_ask_callback_phone",
        "action_callback",
        "action_lookup",
        "validate_lookup_form",
        "action_ask_lookup_form_lookup_value",
        "action_opening_hours",
        "action_presence",
        "action_unclear",
        "action_nudge",
        "action_pick",
    }
)
