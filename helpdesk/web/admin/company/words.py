"""Words of the page about the company that are looked up by key."""

from i18n import N_

WORDS = {
    "profile_company": N_("The name of the company is longer than 80 characters."),
    "profile_bot_name": N_("The name of the bot is longer than 40 characters."),
    "profile_language": N_("That language isn't offered."),
    "profile_foreign_language": N_("That language isn't offered."),
    "profile_formality": N_("Customers are addressed as Sie or as du."),
    "profile_accent": N_("The colour looks like #0f766e."),
}
