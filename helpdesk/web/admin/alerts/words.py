"""Words of the page about alerts for the team that are looked up by key."""

from i18n import N_

REASONS = {
    "alert_waits": N_("Somebody waits longer than this for a person"),
    "alert_nobody": N_("Somebody waits and nobody is online"),
    "alert_promise": N_("A promise is overdue"),
}
WORDS = {
    "alert_sent": N_("Sent. It should stand in the chat now."),
    "alert_not_sent": N_("It did not arrive: {reason}"),
}
