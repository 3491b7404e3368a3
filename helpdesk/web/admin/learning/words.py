"""Words of the page about what work teaches that are looked up by key. Its script fills in what stands in braces."""

from i18n import N_, NN_

WORDS = {
    "learning_learning": N_("Learning from the phrasings …"),
    "learning_waiting": N_("Waiting for another trial to end …"),
    "learning_stopped": N_("Stopped; nothing was kept."),
    "learning_switched": N_("Saved."),
    "learning_none": N_("Nothing was kept."),
    "learning_evidence_picked": N_("picked by customers"),
    "learning_evidence_sent": N_("sent by an agent"),
}

#: What the script says of a number of things.
COUNTS = {
    "learning_asking": NN_("{done} of {count} question tried", "{done} of {count} questions tried"),
    "learning_kept": NN_(
        "{count} phrasing stands in a draft now. Read it, then publish.",
        "{count} phrasings stand in drafts now. Read them, then publish.",
    ),
    "learning_changed": NN_(
        "{count} question of the period would get another answer then:",
        "{count} questions of the period would get another answer then:",
    ),
    "learning_harmful": NN_(
        "{count} phrasing was left out: it would have taken other questions' answers.",
        "{count} phrasings were left out: they would have taken other questions' answers.",
    ),
    "learning_left": NN_(
        "{count} phrasing was left out: somebody has just changed the article.",
        "{count} phrasings were left out: somebody has just changed the article.",
    ),
}
