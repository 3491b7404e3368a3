"""Words of the pages about web sites that are looked up by key. Their scripts fill in what stands in braces."""

from i18n import N_

WORDS = {
    "sites_waiting": N_("is about to be read"),
    "sites_imported": N_("Done: {new} new, {changed} changed."),
    "sites_drafted": N_("Kept as drafts: {new} new, {changed} changed."),
    "sites_left": N_("These have a draft already and stayed as they are: {keys}"),
    "sites_switched": N_("Saved."),
    "article_field_category": N_("Category"),
    "article_field_valid_from": N_("Valid from"),
    "article_field_valid_until": N_("Valid until"),
    "article_field_owner": N_("Owner"),
    "article_field_review_on": N_("Review on"),
    "article_field_question": N_("Question"),
    "article_field_answer": N_("Answer"),
    "article_field_phrasings": N_("Other phrasings"),
}
