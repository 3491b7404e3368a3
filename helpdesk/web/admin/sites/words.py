"""Words of the pages about web sites that are looked up by key. Their scripts fill in what stands in braces."""

from i18n import N_

WORDS = {
    "sites_waiting": N_("is about to be read"),
    "sites_switched": N_("Saved."),
}
