"""The story so far, for the person who takes over.

Nothing is in a summary that isn't in the log: words are quoted, titles are the articles', everything else is fixed
wording in the reader's language, and each line names the `seq`s it rests on.
"""

from helpdesk.handoff.summary.composer import summarise
from helpdesk.handoff.summary.inputs import Correction, MoodOfLine, RegisteredPromise, SuggestedArticle
from helpdesk.handoff.summary.lines import MAX_WORDS, Label, Summary, SummaryLine
from helpdesk.handoff.summary.masks import mask_payment, mask_personal, masked
from helpdesk.handoff.summary.phrases import SummaryPhrases
from helpdesk.handoff.summary.requests import MAX_LENGTH as MAX_RESTATED_LENGTH
from helpdesk.handoff.summary.restatement import Restatement, restate

__all__ = [
    "MAX_RESTATED_LENGTH",
    "MAX_WORDS",
    "Correction",
    "Label",
    "MoodOfLine",
    "RegisteredPromise",
    "Restatement",
    "SuggestedArticle",
    "Summary",
    "SummaryLine",
    "SummaryPhrases",
    "mask_payment",
    "mask_personal",
    "masked",
    "restate",
    "summarise",
]
