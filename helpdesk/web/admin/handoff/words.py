"""Words of the page on handoff rules that are looked up by key. Its scripts fill in what stands in braces."""

from i18n import N_, NN_, NP_

#: What the scripts and templates say.
WORDS = {
    "rules_does_hand_over": N_("hand over"),
    "rules_does_offer": N_("offer"),
    "rules_topic_de": N_("Name in German"),
    "rules_topic_en": N_("Name in English"),
    "rules_topic_words_de": N_("Words in German"),
    "rules_topic_words_en": N_("Words in English"),
    "rules_topic_unless": N_("Except in"),
    "rules_topic_unless_hint": N_("Phrases in which the word means something else (cancellation policy)."),
    "rules_topic_active": N_("Switched on"),
    "rules_topic_over": N_("Hand over at once"),
    "rules_topic_over_no": N_("Only offer"),
    "rules_topic_does": N_("What happens"),
    "rules_topic_remove": N_("Remove the topic"),
    "rules_topic_sure": N_('Remove the topic "{name}" with its words?'),
    "rules_topic_care": N_("With this topic the bot first says a caring sentence with a crisis line."),
    "rules_topic_is_off": N_("off"),
    "rules_touch_found": N_("Found: {topics}"),
    "rules_touch_none": N_("Touches no topic."),
    "rules_saved": N_("Saved. In force everywhere in a few seconds."),
    "rules_unsaved": N_("Changed, but not in force"),
    "rules_nothing_changed": N_("Nothing was changed."),
    "rules_rescued": N_("There are unsaved rules from {time}."),
    "rules_conflict": N_("{name} has changed the rules in the meantime. Yours are still here. Which ones shall hold?"),
    "rules_try_stopped": NP_("trial", "Stopped."),
    "rules_try_waiting": N_("Somebody else is trying rules right now …"),
    "rules_try_kind_new": N_("New"),
    "rules_try_kind_gone": N_("Gone"),
    "rules_try_kind_moved": N_("Elsewhere"),
    "rules_try_kind_same": N_("Unchanged"),
    "rules_try_hint_new": N_("go over only with these rules"),
    "rules_try_hint_gone": N_("no longer go over with these rules"),
    "rules_try_hint_moved": N_("go over earlier or later"),
    "rules_try_hint_same": N_("go over either way"),
    "rules_try_open": N_("Line {seq} of the conversation"),
    "rules_try_now": N_("now: {sentence}"),
    "rules_try_more": N_("… and {count} more"),
    "rules_sentence_nothing": N_("Nothing: the bot goes on answering."),
    "rules_sentence_frustration": N_("Frustration"),
    "rules_sentence_abuse": N_("Abuse"),
    "rules_sentence_signs": N_("Signs"),
    "rules_act_hand_over": N_("handed over"),
    "rules_act_offer": N_("offered"),
    "rules_act_limit": N_("limit"),
    "rules_act_none": N_("bot answers"),
    "rules_author_contact": NP_("author", "Customer"),
    "rules_author_bot": N_("Bot"),
    "rules_author_agent": N_("Agent"),
    "rules_restore_sure": N_(
        "These rules then hold for all conversations again at once. Your unsaved changes are lost."
    ),
}

#: What scripts say of a number of things.
COUNTS = {
    "rules_topic_count": NN_("{count} word", "{count} words"),
    "rules_try_reading": NN_("{done} of {total} conversation", "{done} of {total} conversations"),
}

#: What is set in a rule, by its kind and the threshold's name.
THRESHOLDS = {
    "important_misses": N_("times the bot couldn't help"),
    "frustration_level": N_("frustration from"),
    "frustration_lines": N_("in this many lines"),
    "frustration_at_once": N_("or in one line from"),
    "repetition_times": N_("at time number"),
    "repetition_similarity": N_("the same question from similarity"),
    "not_helpful_times": N_("how often"),
    "not_found_times": N_("how often in a row"),
    "low_confidence_times": N_("how often in a row"),
    "low_confidence_confidence": N_("confidence below"),
    "complexity_story": N_("a story from"),
    "complexity_questions": N_("open questions from"),
    "complexity_back_and_forth": N_("back and forth from"),
    "complexity_contradictions": N_("contradictions from"),
    "abuse_level": N_("an insult from"),
    "abuse_after_limits": N_("more after the limit"),
}

#: What can't be kept, by the part of the rules.
PROBLEMS = {
    "sensitive": N_("A topic needs a name of 1 to 128 characters, and each name is in the list only once."),
    "loop": N_("Back with the bot: expected 1 to 5 tries and a similarity from 0.5 to 1."),
    "person_categories": N_("A category has 1 to 128 characters; there can be 200 at most."),
}
