"""Words of setting up that are looked up by key."""

from i18n import N_, NP_

WORDS = {
    "setup_company": N_("Company and languages"),
    "setup_knowledge": N_("What the bot can answer"),
    "setup_hours": N_("When your people are there"),
    "setup_colleagues": N_("Your colleagues"),
    "setup_channel": N_("Your channels"),
    "setup_trial": N_("Try it out"),
    "setup_state_open": NP_("step", "open"),
    "setup_state_done": NP_("step", "done"),
    "setup_state_skipped": NP_("step", "skipped"),
}
