"""Words of the pages about webhooks that are looked up by key."""

from i18n import N_

KINDS = {
    "webhook_kind_conversation.opened": N_("A customer begins to write, or writes again after closing"),
    "webhook_kind_conversation.handed_over": N_("A conversation goes to a person, or on to another"),
    "webhook_kind_conversation.accepted": N_("An agent accepts"),
    "webhook_kind_conversation.answered": N_("The bot or an agent has answered"),
    "webhook_kind_conversation.resolved": N_("A conversation is closed"),
    "webhook_kind_conversation.rated": N_("A customer says whether it helped"),
    "webhook_kind_conversation.follow_up": N_("Asking again on a day: planned, asked, answered, ended"),
}
WORDS = {
    **KINDS,
    "webhook_test_taken": N_("It was taken: status {status}."),
    "webhook_test_refused": N_("It was refused: status {status}. Expected is one from 200 to 299."),
    "webhook_status_pending": N_("waits"),
    "webhook_status_sending": N_("is being sent"),
    "webhook_status_sent": N_("taken"),
    "webhook_status_failed": N_("given up"),
    "webhook_status_unknown": N_("unknown"),
    "webhook_reason_too_late": N_("No answer within ten seconds."),
    "webhook_reason_unreachable": N_("Nobody answers at this address."),
    "webhook_reason_broken": N_("The connection broke, or what came was no HTTP."),
    "webhook_reason_forbidden_address": N_(
        "Nothing is sent to this address: it is in your own network and not in STAFFEL_WEBHOOK_HOSTS, or without https."
    ),
    "webhook_reason_lost_key": N_("The secret can't be read with the present STAFFEL_SECRET_KEY. Make a new one."),
    "webhook_reason_switched_off": N_("The webhook was switched off."),
    "webhook_reason_private_team": N_("Not told: a private team has the conversation."),
    "webhook_problem_gone": N_("Switched off: the receiver said that it wants no more (status 410)."),
    "webhook_problem_failing": N_("Switched off: for three days every call failed."),
}
