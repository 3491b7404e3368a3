"""Words of the overview that its templates look up by key."""

from i18n import N_

WORDS = {
    "overview_answered": N_("answered"),
    "overview_asked_back": N_("asked back"),
    "overview_unanswered": N_("no answer"),
    "overview_handed_over": N_("to a person"),
    "overview_part_database": N_("Database"),
    "overview_part_bot": N_("Bot"),
    "overview_part_knowledge": N_("Knowledge base"),
    "overview_part_server": N_("Server"),
}
