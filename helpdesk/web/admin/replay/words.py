"""Words of the page on which a draft is tried that are looked up by key. Its scripts fill in what stands in braces."""

from i18n import N_, NN_

#: What the scripts and templates say.
WORDS = {
    "try_what_draft": N_("the draft of this article"),
    "try_what_all": N_("all drafts together ({count})"),
    "try_what_archive": N_("archiving this article"),
    "try_now": N_("Now"),
    "try_then": N_("Then"),
    "try_same": N_("The same answer as now."),
    "try_outcome_answer": N_("The bot answers"),
    "try_outcome_clarify": N_("The bot asks which one"),
    "try_outcome_none": N_("The bot finds nothing"),
    "try_candidates": N_("Candidates"),
    "try_person": N_("Talk to a person"),
    "try_learning": N_("The bot is learning the draft …"),
    "replay_waiting": N_("Somebody else is at it; starting soon …"),
    "replay_kind_worse": N_("Worse"),
    "replay_kind_unclear": N_("Newly unclear"),
    "replay_kind_different": N_("Different"),
    "replay_kind_better": N_("Better"),
    "replay_kind_reworded": N_("New text"),
    "replay_hint_worse": N_("The old answer helped, or there would be none any more."),
    "replay_hint_unclear": N_("There was an answer; then the bot would ask which one."),
    "replay_hint_different": N_("Something else than before; nobody has said yet which is better."),
    "replay_hint_better": N_("So far without an answer, with one that didn't help, or handed over."),
    "replay_hint_reworded": N_("The same article with its new text."),
    "replay_more": N_("… and {count} more"),
    "replay_nothing": N_("nothing"),
    "replay_clashes": N_("New clashes"),
    "replay_clash": N_("{first} or {second}: {count}"),
    "replay_asks": N_("asks: {articles}"),
    "replay_or": N_(" or "),
    "replay_question": N_("Question"),
    "replay_customers": N_("Customers"),
    "replay_stopped": N_("Stopped."),
}

#: What scripts say of a number of things.
COUNTS = {
    "replay_asking": NN_("{done} of {total} question", "{done} of {total} questions"),
    "replay_questions": NN_("{count} question", "{count} questions"),
}

#: The parts of the verdict, by effect.
PARTS = {
    "better": N_("{count} better"),
    "worse": N_("{count} worse"),
    "unclear": N_("{count} newly unclear"),
    "different": N_("{count} different"),
}
