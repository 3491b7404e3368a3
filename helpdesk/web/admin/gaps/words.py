"""Words of the page of the gaps that are looked up by key. Its scripts fill in what stands in braces."""

from i18n import N_, NN_

WORDS = {
    "gaps_fate_unanswered": N_("no answer: {count}"),
    "gaps_fate_unhelped": N_("didn't help: {count}"),
    "gaps_fate_handed_over": N_("to a person: {count}"),
    "gaps_answered": N_("Answered by now ({count})"),
    "gaps_dismissed": N_("Dismissed ({count})"),
}

#: What scripts say of a number of things.
COUNTS = {
    "gaps_reading_of": NN_("{done} of {total} question read", "{done} of {total} questions read"),
}
