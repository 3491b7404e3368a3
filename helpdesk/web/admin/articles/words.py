"""Words of the pages about articles that are looked up by key. Its scripts fill in what stands in braces."""

from i18n import N_, NN_

#: What the scripts and templates say.
WORDS = {
    "ask_outcome_answer": N_("The bot answers"),
    "ask_outcome_clarify": N_("The bot asks which one"),
    "ask_outcome_none": N_("The bot finds nothing"),
    "ask_whole": N_("The whole answer"),
    "ask_certainty": N_("{percent}% certain"),
    "article_state_all": N_("Any state"),
    "article_state_new": N_("New"),
    "article_state_draft": N_("Draft"),
    "article_state_review": N_("In review"),
    "article_state_published": N_("Published"),
    "article_state_archived": N_("Archived"),
    "article_window_later": N_("not valid yet"),
    "article_window_over": N_("no longer valid"),
    "article_channel_webchat": N_("Web chat"),
    "article_channel_telegram": N_("Telegram"),
    "article_channel_slack": N_("Slack"),
    "article_preview_empty": N_("No answer written yet."),
    "article_preview_messages": N_("Too long for one message: it becomes {count}."),
    "article_saved": N_("Draft saved. Customers see nothing of it yet."),
    "article_published": N_("Published: live from the next question."),
    "article_submitted": N_("Handed in for review."),
    "article_returned": N_("Sent back."),
    "article_archived_done": N_("Archived: no longer given as an answer."),
    "article_restored": N_("Restored."),
    "article_reviewed_done": N_("Reviewed. Thank you!"),
    "article_noted_submit": N_("{name} asks for a review"),
    "article_noted_return": N_("{name} sent the draft back"),
    "article_unsaved": N_("Unsaved changes"),
    "article_rescued": N_("This device holds text of {time} that was not saved."),
    "article_others_here": N_("Also here right now: {names}"),
    "article_newer": N_("{name} has saved this article in the meantime."),
    "article_conflict_title": N_("{name} has changed this article in the meantime"),
    "article_conflict_lead": N_(
        "Nothing is lost: what only {name} changed is now in your text, too. Check it, then save again."
    ),
    "article_conflict_changes": N_("What {name} changed"),
    "article_conflict_taken": N_("Taken over: {fields}"),
    "article_conflict_clash": N_("{field}: both of you changed this"),
    "article_conflict_key": N_("Struck out is what only {name} wrote, underlined what only you wrote."),
    "article_keep_mine": N_("Keep mine"),
    "article_take_theirs": N_("Take {name}'s text"),
    "article_half": N_(
        "Each language needs a question and an answer – or stays empty. At least one language is needed."
    ),
    "article_no_key": N_("Please give a key."),
    "article_bad_window": N_("“Valid until” must come after “valid from”."),
    "article_bad_days": N_("“Ask again after” takes 1 to 90 days."),
    "article_rolled_back": N_("Rolled back: the old words are live from the next question."),
    "article_event_save": N_("Draft saved"),
    "article_event_submit": N_("Review asked for"),
    "article_event_return": N_("Sent back"),
    "article_event_publish": N_("Published"),
    "article_event_discard": N_("Draft discarded"),
    "article_event_archive": N_("Archived"),
    "article_event_restore": N_("Restored"),
    "article_event_reopen": N_("Opened again"),
    "article_event_rollback": N_("Back to an earlier version"),
    "article_event_import": N_("Imported"),
    "article_field_category": N_("Category"),
    "article_field_valid_from": N_("Valid from"),
    "article_field_valid_until": N_("Valid until"),
    "article_field_owner": N_("Owner"),
    "article_field_review_on": N_("Review on"),
    "article_field_ask_again_after": N_("Ask again after (days)"),
    "article_field_question": N_("Question"),
    "article_field_answer": N_("Answer"),
    "article_field_phrasings": N_("Other phrasings"),
    "article_removed": N_("removed:"),
    "article_added": N_("added:"),
    "article_figures": N_("Asked {asked} times, helped {helped}, did not {not_helped}, handed over {handed_over}"),
}

#: What scripts say of a number of things.
COUNTS = {
    "article_phrasings_count": NN_("{count} phrasing", "{count} phrasings"),
    "article_hints_more": NN_("{count} more hint", "{count} more hints"),
}

#: What could be said better in an answer, by the rule that found it; `…_with` where a better word is known.
HINTS = {
    "long_sentence": N_("{instead} words: few people read long sentences to their end. Make it two."),
    "late_answer": N_("The first sentence doesn't answer yet. Begin with the answer, the rest can follow."),
    "jargon": N_("Officialese. Plainer: {instead}."),
    "vague_time": N_("When exactly? Give a date or a limit that you surely keep, such as “5 working days at most”."),
    "bare_refusal": N_("This only says what doesn't work. Add what is possible."),
    "passive_refusal": N_("Nobody acts here. Say who does what, and what works instead: “We …, you can …”."),
    "address": N_("This addresses the reader in another way than elsewhere. The house says {instead}."),
    "language_missing": N_("This language is still missing. Whoever asks in it gets the answer in the other."),
    "figures": N_("This stands in this language only. Which one is right?"),
    "figures_with": N_("The other language says {instead}. Which is right?"),
    "older_twin": N_("This answer is of {found}, the other was changed on {instead}. Is it still right?"),
}
