"""Words of the pages for import and export that are looked up by key. Scripts fill in what stands in braces."""

from i18n import N_

#: What the page of the export says.
EXPORT_WORDS = {
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
}
