"""Words of the pages for import and export that are looked up by key. Scripts fill in what stands in braces."""

from i18n import N_, NN_

WORDS = {
    "export_xlsx": N_("Excel workbook"),
    "export_xlsx_hint": N_("Opens in Excel, LibreOffice and Numbers; edit it and import it again."),
    "export_csv": N_("CSV"),
    "export_csv_hint": N_("Opens in Excel with a double click, umlauts and line breaks included."),
    "export_jsonl": N_("JSONL"),
    "export_jsonl_hint": N_("For programs: one article a line."),
    "export_markdown": N_("Markdown folder"),
    "export_markdown_hint": N_("A ZIP archive with a text file for each article, for Git, Obsidian or a wiki."),
    "export_site": N_("Help centre as files"),
    "export_site_hint": N_("A ZIP archive of web pages that need no server: unpack it and open index.html."),
    "export_conversations": N_("Conversations"),
    "export_conversations_hint": N_(
        "When, on which channel, how many lines, which articles, handoffs, waiting time – without words and names."
    ),
    "export_ratings": N_("Ratings"),
    "export_ratings_hint": N_("Whether an answer, a help page or a person helped."),
    "export_figures": N_("Figures by day"),
    "export_figures_hint": N_("Conversations, questions, answers, handoffs and ratings of each day."),
    "export_period_30": N_("Last 30 days"),
    "export_period_90": N_("Last 90 days"),
    "export_period_365": N_("Last 365 days"),
    "export_period_all": N_("Everything that is kept"),
    "export_button_xlsx": N_("Excel"),
    "export_button_csv": N_("CSV"),
    "import_reading": N_("Reading the file …"),
    "import_stage_storing": N_("Storing: {done} of {total}"),
    "import_stage_preparing": N_("Getting ready to answer from it: {done} of {total}"),
    "import_stage_learning": N_("The bot is learning from it …"),
    "import_new": N_("New"),
    "import_changed": N_("Changed"),
    "import_unchanged": N_("Unchanged"),
    "import_held": N_("Only as drafts"),
    "import_archived": N_("Archived"),
    "import_refused": N_("Not taken"),
    "import_passed_over": N_("Passed over"),
    "import_too_big": N_("The file is larger than {megabytes} MB."),
    "import_one_file": N_("One file at a time. Several can be packed into a ZIP archive."),
    "import_unreadable": N_(
        "This can't be read. Is it a folder, or has the file been moved? Pack a folder into a ZIP archive."
    ),
    "import_what_is_needed": N_(
        "A table needs a column for the question and one for the answer; in a text every question needs its answer "
        "below it. Save the file as Excel or CSV, or paste its text."
    ),
    "import_changed_meanwhile": N_(
        "The articles have changed in the meantime. This is the preview of now; look at it once more."
    ),
    "import_publish_nothing_else": N_("Archive the others"),
    "import_pasted": N_("Pasted text"),
    "import_role_ignore": N_("not used"),
    "import_role_question": N_("Question"),
    "import_role_answer": N_("Answer"),
    "import_role_phrasings": N_("Other phrasings"),
    "import_role_category": N_("Category"),
    "import_role_language": N_("Language"),
    "import_role_key": N_("Key"),
    "import_role_visibility": N_("Who may see it"),
    "import_role_valid_from": N_("Valid from"),
    "import_role_valid_until": N_("Valid until"),
    "import_role_owner": N_("Owner"),
    "import_role_review_on": N_("Review on"),
    "import_role_ask_again_after": N_("Ask again after (days)"),
}

#: What the script says of a number of things.
COUNTS = {
    "import_publish": NN_("Publish {count} article", "Publish {count} articles"),
    "import_keep": NN_("Keep {count} as a draft", "Keep {count} as drafts"),
    "import_held_hint": NN_("{count} of them only as a draft.", "{count} of them only as drafts."),
}
