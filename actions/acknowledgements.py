"""Acknowledges what went wrong, by name, before anything else is said. Pure.

"Es tut mir leid für die Unannehmlichkeiten" fits everything and so consoles nobody. What the customer wrote decides.
"""

import re
from collections.abc import Iterable

from actions.words import Voice, Wordings


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
    every = [*(wordings for _, wordings in TROUBLES), GENERAL]
    return any(
        wording in text for text in said for wordings in every for voice in wordings.values() for wording in voice
    )


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


NO_REPLY: Wordings = {
    Voice.SIE: (
        "Dass Ihnen niemand antwortet, obwohl Sie sich gemeldet haben, ist ärgerlich. Das tut mir leid.",
        "Sie warten auf eine Antwort und bekommen keine, das ist nicht in Ordnung.",
    ),
    Voice.DU: (
        "Dass dir niemand antwortet, obwohl du dich gemeldet hast, ist ärgerlich. Das tut mir leid.",
        "Du wartest auf eine Antwort und bekommst keine, das ist nicht in Ordnung.",
    ),
    Voice.ENGLISH: (
        "Nobody answering although you got in touch is annoying. I'm sorry.",
        "You're waiting for an answer and getting none; that isn't right.",
    ),
}
MONEY: Wordings = {
    Voice.SIE: (
        "Auf das eigene Geld warten zu müssen ist wirklich unangenehm. Das tut mir leid.",
        "Es geht um Ihr Geld, da verstehe ich Ihren Ärger.",
    ),
    Voice.DU: (
        "Auf das eigene Geld warten zu müssen ist wirklich unangenehm. Das tut mir leid.",
        "Es geht um dein Geld, da verstehe ich deinen Ärger.",
    ),
    Voice.ENGLISH: (
        "Having to wait for your own money is really unpleasant. I'm sorry.",
        "This is about your money, so I understand why you're upset.",
    ),
}
DAMAGED: Wordings = {
    Voice.SIE: (
        "Sie freuen sich auf etwas, und dann ist es kaputt: Das ist enttäuschend. Es tut mir leid.",
        "Defekte Ware ist das Letzte, was man auspacken möchte. Ich verstehe, dass Sie verärgert sind.",
    ),
    Voice.DU: (
        "Du freust dich auf etwas, und dann ist es kaputt: Das ist enttäuschend. Es tut mir leid.",
        "Defekte Ware ist das Letzte, was man auspacken möchte. Ich verstehe, dass du verärgert bist.",
    ),
    Voice.ENGLISH: (
        "You look forward to something and then it's broken: that is disappointing. I'm sorry.",
        "Damaged goods are the last thing anyone wants to unpack. I understand that you're upset.",
    ),
}
WRONG_ITEM: Wordings = {
    Voice.SIE: (
        "Das Falsche zu bekommen und dann noch Arbeit damit zu haben, ist ärgerlich. Das tut mir leid.",
        "Sie haben etwas anderes bestellt, als angekommen ist. Das darf nicht passieren.",
    ),
    Voice.DU: (
        "Das Falsche zu bekommen und dann noch Arbeit damit zu haben, ist ärgerlich. Das tut mir leid.",
        "Du hast etwas anderes bestellt, als angekommen ist. Das darf nicht passieren.",
    ),
    Voice.ENGLISH: (
        "Getting the wrong thing and then having the work with it is annoying. I'm sorry.",
        "What arrived isn't what you ordered. That shouldn't happen.",
    ),
}
DELIVERY: Wordings = {
    Voice.SIE: (
        "Auf ein Paket zu warten, das nicht kommt, kostet Nerven. Es tut mir leid, dass es so läuft.",
        "Die Lieferung lässt Sie im Stich, da verstehe ich Ihren Ärger.",
    ),
    Voice.DU: (
        "Auf ein Paket zu warten, das nicht kommt, kostet Nerven. Es tut mir leid, dass es so läuft.",
        "Die Lieferung lässt dich im Stich, da verstehe ich deinen Ärger.",
    ),
    Voice.ENGLISH: (
        "Waiting for a parcel that doesn't come is wearing. I'm sorry it is going like this.",
        "The delivery is letting you down; I understand your annoyance.",
    ),
}
GENERAL: Wordings = {
    Voice.SIE: (
        "Ich merke, dass Sie verärgert sind, und das nehme ich ernst.",
        "So sollte es nicht laufen. Es tut mir leid, dass Sie sich ärgern müssen.",
        "Ich verstehe, dass Ihre Geduld zu Ende ist.",
    ),
    Voice.DU: (
        "Ich merke, dass du verärgert bist, und das nehme ich ernst.",
        "So sollte es nicht laufen. Es tut mir leid, dass du dich ärgern musst.",
        "Ich verstehe, dass deine Geduld zu Ende ist.",
    ),
    Voice.ENGLISH: (
        "I can see that you're upset, and I take that seriously.",
        "This isn't how it should go. I'm sorry you have the trouble.",
        "I understand that your patience has run out.",
    ),
}
OFFER_PERSON: Wordings = {
    Voice.SIE: (
        "Soll ich einen Menschen aus unserem Team dazuholen, der sich darum kümmert?",
        "Am besten sieht sich das ein Mensch an. Darf ich Sie weitergeben?",
    ),
    Voice.DU: (
        "Soll ich einen Menschen aus unserem Team dazuholen, der sich darum kümmert?",
        "Am besten sieht sich das ein Mensch an. Darf ich dich weitergeben?",
    ),
    Voice.ENGLISH: (
        "Shall I bring in someone from our team to look after it?",
        "It's best if a person looks at this. May I pass you on?",
    ),
}
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
