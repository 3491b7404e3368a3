"""Words of the pages of figures that their templates and scripts look up by key."""

from i18n import N_

#: What is told apart by, as tabs and as heads of tables.
WORDS = {
    "numbers_by_agent": N_("By agent"),
    "numbers_by_team": N_("By team"),
    "numbers_by_topic": N_("By topic"),
    "numbers_by_channel": N_("By channel"),
    "numbers_by_language": N_("By language"),
    "numbers_by_article": N_("By article"),
    "numbers_inquiries": N_("Inquiries"),
    "numbers_handoffs": N_("Requests for a person"),
    "numbers_solved": N_("Solved by the bot"),
    "numbers_returned": N_("Came back within 72 hours"),
    "numbers_abandoned": N_("Left without an answer"),
    "numbers_person": N_("To a person"),
    "numbers_median": N_("half at most"),
    "numbers_ninetieth": N_("nine in ten at most"),
    "numbers_questions": N_("Questions"),
    "numbers_gaps": N_("Gaps"),
    "numbers_upset_start": N_("Upset at the start"),
    "numbers_upset_end": N_("Upset at the end"),
    "numbers_minutes": N_("{count} min"),
    "numbers_day": N_("Day"),
}
