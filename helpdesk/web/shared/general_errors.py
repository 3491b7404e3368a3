"""What can go wrong on any page, for staff and customers: these words stand in the catalogs of both."""

from i18n import N_

GENERAL_ERRORS = {
    "unexpected": N_(
        "Something went wrong on our side. Please try again. With the reference, the cause can be found in the log."
    ),
    "not_found": N_("There is nothing here – it may have moved, or the address has a typo."),
    "not_allowed": N_("You don't have permission for this."),
    "foreign_request": N_("The page has grown too old. Reload it and try again."),
    "method_not_allowed": N_("This address can't do that."),
    "too_large": N_("That is too large: 1 MB at most."),
    "bad_request": N_("This request could not be understood."),
    "invalid": N_("A value is missing or isn't of the expected form."),
    "slow_down": N_("That was too fast. Please wait a moment."),
    "unavailable": N_("The database can't be reached right now. Nothing was stored; please try again in a moment."),
    "conflict": N_("Something has changed in the meantime. The view now shows the current state."),
}
