"""Words that the script of the canned replies' page says by key."""

from i18n import N_

WORDS = {
    "replies_imported": N_("Read in: {added} new, {changed} changed."),
    "replies_refused": N_("Nothing was read in. Please put these rows right:"),
    "replies_row": N_("Row {row}: {reason}"),
}
