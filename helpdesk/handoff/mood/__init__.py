"""How the contact feels: frustration and abuse of each line, with the words that show them.

`frustration` and `abuse` are probabilities. What we recommend to a rule for handing over:

- frustration that builds up: `BUILDS_UP` or more on two of the contact's last three lines;
- frustration at once: `AT_ONCE` or more on one line;
- abuse: `ABUSIVE_FROM` or more; set limits politely the first time, act the second time. A threat counts at once.

Of our own single lines (the weights were learnt from them), 1 % of the neutral, 62 % of the annoyed and 93 % of the
furious ones reach `BUILDS_UP`, hardly any neutral one `AT_ONCE`.
A line in a conversation that goes badly scores higher than the same line alone.

Annoyance is not abuse: "scheiße, das Paket ist weg" swears at a thing; abuse is aimed at somebody.
"""

from helpdesk.handoff.mood.classifier import MoodClassifier, judge_moods
from helpdesk.handoff.mood.evidence import shows_feeling
from helpdesk.handoff.mood.moods import ABUSIVE, Mood, Sign, SignKind

BUILDS_UP = 0.5
AT_ONCE = 0.75
ABUSIVE_FROM = 0.7

__all__ = [
    "ABUSIVE",
    "ABUSIVE_FROM",
    "AT_ONCE",
    "BUILDS_UP",
    "Mood",
    "MoodClassifier",
    "Sign",
    "SignKind",
    "judge_moods",
    "shows_feeling",
]
