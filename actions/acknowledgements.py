"""Acknowledges what went wrong, by name, before anything else is said. Pure.

"Es tut mir leid für die Unannehmlichkeiten" fits everything and so consoles nobody. What the customer wrote decides.
"""

import re
from collections.abc import Iterable

from actions.words import Wordings
from i18n import N_, all_catalogs


def acknowledgement_of(text: str) -> Wordings:
    """The acknowledgement that fits the trouble named in `text`; the general one if none is named."""
    for words, wordings in TROUBLES:
        if words.search(text):
            return wordings
    return GENERAL


def shows_annoyance(text: str) -> bool:
    """Whether a question carries annoyance, by plain signs: exclamation marks, faces, "endlich", "zum dritten Mal"."""
    return bool(_ANNOYED.search(text))


def was_shown(texts: Iterable[str]) -> bool:
    """Whether one of `texts` acknowledged annoyance already."""
    said = tuple(texts)
    every = [wording for wordings in (*(wordings for _, wordings in TROUBLES), GENERAL) for wording in wordings]
    return any(
        voice.gettext(wording) in text for text in said for voice in all_catalogs("customer") for wording in every
    )


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


NO_REPLY = (
    N_("Nobody answering although you got in touch is annoying. I'm sorry."),
    N_("You're waiting for an answer and getting none; that isn't right."),
)
MONEY = (
    N_("Having to wait for your own money is really unpleasant. I'm sorry."),
    N_("This is about your money, so I understand why you're upset."),
)
DAMAGED = (
    N_("You look forward to something and then it's broken: that is disappointing. I'm sorry."),
    N_("Damaged goods are the last thing anyone wants to unpack. I understand that you're upset."),
)
WRONG_ITEM = (
    N_("Getting the wrong thing and then having the work with it is annoying. I'm sorry."),
    N_("What arrived isn't what you ordered. That shouldn't happen."),
)
DELIVERY = (
    N_("Waiting for a parcel that doesn't come is wearing. I'm sorry it is going like this."),
    N_("The delivery is letting you down; I understand your annoyance."),
)
GENERAL = (
    N_("I can see that you're upset, and I take that seriously."),
    N_("This isn't how it should go. I'm sorry you have the trouble."),
    N_("I understand that your patience has run out."),
)
OFFER_PERSON = (
    N_("Shall I bring in someone from our team to look after it?"),
    N_("It's best if a person looks at this. May I pass you on?"),
)
TROUBLES: tuple[tuple[re.Pattern[str], Wordings], ...] = (
    (_words(r"kaputt|defekt|beschädigt|zerbroch|schrott|broken|damaged|faulty|smashed|rubbish"), DAMAGED),
    (
        _words(r"falsche[sn]?\b.*(?:geschickt|geliefert|artikel|bekommen)|wrong (?:thing|item|order|size|one)"),
        WRONG_ITEM,
    ),
    (_words(r"\bgeld|erstatt|gutschrift|abgebucht|money|refund|charged|overcharged"), MONEY),
    (
        _words(
            r"(?:niemand|keiner|nicht|nie)\b.{0,20}(?:antwort|meld)|(?:antwort|meld)\w*.{0,20}\b(?:nicht|niemand|keiner|nie)\b|"
            r"keine (?:antwort|rückmeldung)|\b(?:no(?:body| ?one)?|never|not|n't|any)\b.{0,20}\b(?:answer|repl|respon)"
        ),
        NO_REPLY,
    ),
    (_words(r"paket|lieferung|geliefert|liefer|sendung|päckchen|parcel|package|deliver|shipping"), DELIVERY),
)
_ANNOYED = re.compile(
    r"!{3,}|\?!|!\?|[😠😡🤬😤👿💢]|\bendlich\b|\bschon wieder\b|\b(?:zum|das) (?:dritte|vierte|x|hundertste)\w* mal\b|"
    r"\bimmer noch (?:nicht|kein)|\b(?:unverschämt|frechheit|saftladen|unmöglich|lächerlich|stinksauer|nervt)\w*|"
    r"\b(?:third|fourth|hundredth) time\b|\bfor the (?:third|umpteenth)|\bstill (?:no|not|nothing|waiting)\b|"
    r"\b(?:ridiculous|disgrace\w*|unacceptable|fed up|sick of|joke of a|appalling|furious)\b|\bnot cool\b",
    re.IGNORECASE,
)
