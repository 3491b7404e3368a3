"""What the steps of macros are called, and what is chosen for them."""

from i18n import N_

STEP_NAMES = {
    "answer": N_("Answer the customer"),
    "insert": N_("Put a text into the answer"),
    "note": N_("Write a note"),
    "add_tag": N_("Add a tag"),
    "remove_tag": N_("Take a tag away"),
    "snooze": N_("Put off"),
    "team": N_("Hand to a team"),
    "agent": N_("Offer to a colleague"),
    "resolve": N_("Resolve"),
}
SNOOZE_NAMES = {
    "hours": N_("for three hours"),
    "tomorrow": N_("until tomorrow, 9:00"),
    "monday": N_("until Monday, 9:00"),
    "answer": N_("until the customer answers"),
}
REASON_NAMES = {
    "": N_("only if the customer has an answer"),
    "settled": N_("It has settled itself"),
    "elsewhere": N_("Answered elsewhere"),
    "spam": N_("Spam or a mistake"),
    "other": N_("Another reason"),
}
