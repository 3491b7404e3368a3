"""Words of the pages about privacy that are looked up by key."""

from i18n import N_

WORDS = {
    "privacy_status_waiting": N_("waits for another admin"),
    "privacy_status_done": N_("erased"),
    "privacy_status_refused": N_("not erased"),
    "privacy_status_expired": N_("not confirmed in time"),
    "privacy_problem_not_sure": N_("Tick the box first: what is erased can't be brought back."),
    "privacy_problem_erasure_waits": N_("This erasure waits for another admin already."),
    "privacy_problem_reference_named": N_("No address in the reference: the receipt stays when the person is gone."),
    "privacy_problem_reference_too_long": N_("The reference is too long."),
    "privacy_problem_same_admin": N_("Somebody else has to confirm this: you asked for it."),
    "privacy_problem_erasure_decided": N_("This has been decided already."),
    "privacy_problem_erasure_expired": N_("The time to confirm this is over. Ask anew."),
    "privacy_problem_not_found": N_("Nothing is kept of this person any more."),
    "privacy_problem_privacy_address": N_("The address begins with https:// and is at most 500 characters long."),
    "privacy_problem_privacy_text": N_("The sentence is longer than 300 characters."),
    "privacy_channel_": N_("All channels"),
    "privacy_channel_webchat": N_("Web chat"),
    "privacy_channel_telegram": N_("Telegram"),
    "privacy_channel_slack": N_("Slack"),
    "privacy_channel_email": N_("E-mail"),
}
