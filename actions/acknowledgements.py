"""Acknowledges what went wrong, by name, before anything else is said. Pure.

"Es tut mir leid für die Unannehmlichkeiten" fits everything and so consoles nobody. What the customer wrote decides.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from actions.words import Wordings
from i18n import N_, all_catalogs


def acknowledgement_of(text: str, *, felt: bool) -> Wordings:
    """What is said of the trouble named in `text`, in general if none is named.

    Only where a feeling was shown (`felt`) is one named; who reports calmly reads that we are sorry for the trouble.
    """
    found = next((trouble for trouble in TROUBLES if trouble.words.search(text)), GENERAL)
    return found.felt if felt else found.calm


def shows_feeling(text: str) -> bool:
    """Whether the customer's own words, faces or marks show annoyance or sadness; a calm "still not" doesn't."""
    return bool(_FEELING.search(_NO_FEELING.sub(" ", text)))


def names_trouble(text: str) -> bool:
    """Whether a kind of trouble is named, such as damage, a wrong article, or a parcel that doesn't come."""
    return any(trouble.words.search(text) for trouble in TROUBLES)


def reports_damage(text: str) -> bool:
    """Whether it is told, and not only asked what would be if, that something is broken."""
    told = (sentence for sentence in _SENTENCE.findall(text) if not sentence.endswith("?"))
    return any(_DAMAGE.search(sentence) and not _IN_THEORY.search(sentence) for sentence in told)


def was_shown(texts: Iterable[str]) -> bool:
    """Whether one of `texts` acknowledged trouble already."""
    said = tuple(texts)
    every = [wording for trouble in (*TROUBLES, GENERAL) for wording in (*trouble.felt, *trouble.calm)]
    return any(
        voice.gettext(wording) in text for text in said for voice in all_catalogs("customer") for wording in every
    )


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A kind of trouble by its words; what is said of it to somebody who shows a feeling, and to somebody calm."""

    words: re.Pattern[str]
    felt: Wordings
    calm: Wordings


_BROKEN = (
    r"kaputt|defekt|beschädigt|(?:zer|ge|durchge|abge)broch|zersprung|gesprungen|(?:zer|ge|einge)rissen|\brisse?\b|"
    r"\bsprung\b|"
    r"kratzer|zerkratzt|abgestoßen|\bmacken?\b|\bdellen?\b|eingedellt|eingedrückt|"
    r"verbeult|\bbeulen?\b|verbogen|undicht|wackel|klemmt|"
    r"\bbroken?\b|damaged|faulty|smashed|\bcrack(?:ed|s)?\b|chipped|"
    r"\b(?:has|with|got) a (?:chip|dent|crack|tear|scratch)\b|scratch(?:ed|es)?\b|\btorn\b|dented|"
    r"shattered|in pieces|"
    r"wobbl|jammed|snapped|abîmé|cassé|endommagé|fissur"
)
TROUBLES = (
    Trouble(
        words=_words(rf"{_BROKEN}|schrott|rubbish"),
        felt=(
            N_("You look forward to something and then it's broken: that is disappointing. I'm sorry."),
            N_("Damaged goods are the last thing anyone wants to unpack. I understand that you're upset."),
        ),
        calm=(N_("I'm sorry that something is broken."), N_("I'm sorry about the damage.")),
    ),
    Trouble(
        words=_words(r"falsche[sn]?\b.*(?:geschickt|geliefert|artikel|bekommen)|wrong (?:thing|item|order|size|one)"),
        felt=(
            N_("Getting the wrong thing and then having the work with it is annoying. I'm sorry."),
            N_("What arrived isn't what you ordered. That shouldn't happen."),
        ),
        calm=(N_("I'm sorry that the wrong thing came."), N_("What arrived isn't what you ordered. I'm sorry.")),
    ),
    Trouble(
        words=_words(r"\bgeld|erstatt|gutschrift|abgebucht|money|refund|charged|overcharged"),
        felt=(
            N_("Having to wait for your own money is really unpleasant. I'm sorry."),
            N_("This is about your money, so I understand why you're upset."),
        ),
        calm=(N_("I'm sorry that something is wrong with the money."), N_("I'm sorry, this is about your money.")),
    ),
    Trouble(
        words=_words(
            r"(?:niemand|keiner|nicht|nie)\b.{0,20}(?:antwort|meld)|"
            r"(?:antwort|meld)\w*.{0,20}\b(?:nicht|niemand|keiner|nie)\b|"
            r"keine (?:antwort|rückmeldung)|\b(?:no(?:body| ?one)?|never|not|n't|any)\b.{0,20}\b(?:answer|repl|respon)"
        ),
        felt=(
            N_("Nobody answering although you got in touch is annoying. I'm sorry."),
            N_("You're waiting for an answer and getting none; that isn't right."),
        ),
        calm=(
            N_("I'm sorry you haven't had an answer yet."),
            N_("You should have had an answer by now. I'm sorry."),
        ),
    ),
    Trouble(
        words=_words(r"paket|lieferung|geliefert|liefer|sendung|päckchen|parcel|package|deliver|shipping"),
        felt=(
            N_("Waiting for a parcel that doesn't come is wearing. I'm sorry it is going like this."),
            N_("The delivery is letting you down; I understand your annoyance."),
        ),
        calm=(
            N_("I'm sorry the delivery isn't going as it should."),
            N_("I'm sorry you're having to wait for your parcel."),
        ),
    ),
)
"""The first whose words are found counts."""
GENERAL = Trouble(
    words=_words(r""),
    felt=(
        N_("I can see that you're upset, and I take that seriously."),
        N_("This isn't how it should go. I'm sorry you have the trouble."),
        N_("I understand that your patience has run out."),
    ),
    calm=(N_("I'm sorry about that."), N_("That isn't how it should be. I'm sorry.")),
)
OFFER_PERSON = (
    N_("Shall I bring in someone from our team to look after it?"),
    N_("It's best if a person looks at this. May I pass you on?"),
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_DAMAGE = _words(_BROKEN)
_IN_THEORY = _words(
    r"\b(?:wenn|falls|sollte|was passiert|ob|if|in case|should|what happens|whether|si)\b|\bkaputte[rn]? \w+n\b"
)
_NO_FEELING = _words(
    r"\b(?:nicht|keineswegs|gar nicht|not|n't|never) (?:\w+ )?(?:sauer|böse|verärgert|wütend|enttäuscht|"
    r"unzufrieden|angry|"
    r"upset|annoyed|disappointed|unhappy)\b|\bsaure?[nrs]? (?:gurken?|sahne|drops)|\bkein(?:e|en)? (?:ärger|vorwurf)\b"
)
_FEELING = _words(
    r"!{3,}|[😠😡🤬😤👿💢😭😢😞😩]|"
    r"\b(?:unverschämt|frech|saftladen|sauladen|lächerlich|stinksauer|stocksauer|genervt|verärgert|"
    r"ärger(?:lich|e mich|t mich)|wütend|zornig|enttäusch|frustrier|fassungslos|empör|unfassbar|"
    r"inakzeptabel|zumutung|katastroph|unterirdisch|miserabel|"
    r"verarsch|veräppel|schlamperei|sauerei|schweinerei|skandal|schrott|scheiß|verdammt|unzufrieden|"
    r"beschämend|armutszeugnis|"
    r"luschen|idiot|unmöglich)\w*|\b(?:bin|werde|so|echt|richtig) sauer\b|\bnervt\b|"
    r"\bmir reicht(?:'?s|\s+(?:es|das|jetzt|langsam|echt))?\s*(?:[!.,]|$|\bjetzt|\blangsam)|"
    r"\b(?:jetzt|langsam) reicht\b|"
    r"\bes reicht mir\b|\breicht(?:'?s| es) mir\b|\breicht(?:'?s| es)? (?:mir )?(?:jetzt|langsam)\b|"
    r"\b(?:schnauze|nase|faxen)\b.{0,8}\b(?:voll|dicke)|\bmeine geduld|"
    r"\bzum (?:kotzen|heulen)\b|\bnicht (?:wahr sein|(?:euer|ihr|dein) ernst)\b|\bgeht (?:ja |mal )?gar nicht\b|"
    r"\bfür dumm\b|"
    r"\b(?:ridiculous|disgrac|unacceptable|fed up|sick of|joke of|appalling|furious|angry|annoy|upset|"
    r"disappoint|frustrat|"
    r"pathetic|outrag|shambles|disgusting|livid|unhappy|dissatisf|scandal)\w*|\b(?:terrible|awful|useless|worst)\b|"
    r"\b(?:had enough|kidding me|not cool|shame on|a joke|this (?:rubbish|crap)|so cross)\b|"
    r"\b(?:my|losing|out of|lost) patience\b|\b(?:damn|bloody)\b|"
    r"\b(?:inadmissible|scandaleux|énervée?|déçue?|furieu[xs]e?|en colère|ras le bol|honteux|inacceptable)\b"
)
