"""The story so far, for the person who takes over.

Nothing is in a summary that isn't in the log: words are quoted, titles are the articles', everything else is fixed
wording in the reader's language, and each line names the `seq`s it rests on.
"""

from helpdesk.handoff.summary.inputs import Corrected, Fitting, MoodOfLine, MoodSign, Promised
from helpdesk.handoff.summary.lines import MOST_WORDS, Label, Summary, SummaryLine
from helpdesk.handoff.summary.masks import mask_personal, masked
from helpdesk.handoff.summary.phrases import fixed_words
from helpdesk.handoff.summary.restating import LONGEST as LONGEST_RESTATED
from helpdesk.handoff.summary.restating import Restated, restate
from helpdesk.handoff.summary.telling import summarise

__all__ = [
    "LONGEST_RESTATED",
    "MOST_WORDS",
    "Corrected",
    "Fitting",
    "Label",
    "MoodOfLine",
    "MoodSign",
    "Promised",
    "Restated",
    "Summary",
    "SummaryLine",
    "fixed_words",
    "mask_personal",
    "masked",
    "restate",
    "summarise",
]
