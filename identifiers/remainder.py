"""What a message says beside its identifiers: the question is in it, and the language is its."""

import re
from collections.abc import Sequence, Set

from identifiers.identifier import NAME, NUMBER, ORDER_NUMBER, TRACKING_NUMBER, VALUES, Identifier


def _words(listed: str) -> "frozenset[str]":
    return frozenset(listed.split())


ENOUGH_CONTENT = 2
"""Words of a message that name its matter, from which on a number that is told beside it leaves nothing behind."""
WHOLE_WORDS = 4
"""Words of a sentence that has lost a number, from which on it still says something by itself."""
_NEEDS_A_THING = re.compile(
    r"\b(?P<german>ist|bleibt|von|zu|zur|mit|für|wegen|zum thema|storniere\w*|ändere?|bezüglich|bzgl\.?|betreff\w*)\s+$"
    r"|\b(?P<english>is|are|of|for|about|with|to|on|regarding|re|cancel|return|track|where's|wheres|change)\s+$",
    re.IGNORECASE,
)
_HOLES = (
    (re.compile(r"[(\[„“\"]\s*[)\]“”\"]"), " "),
    (re.compile(r"\s+([,.;:!?)])"), r"\1"),
    (re.compile(r"([(\[])\s+"), r"\1"),
    (re.compile(r"[,;:–-]\s*(?=[,.;:!?])"), ""),
    (re.compile(r"(?m)^[\s,.;:)–-]+(?=\w)"), ""),
    (re.compile(r"[ \t]{2,}"), " "),
    (re.compile(r"(?m)[\s,;:(–-]+$"), ""),
)
_SAYS_NOTHING = _words(
    """
    hier ist sind das die der den mein meine meiner meinen ich habe hab hätte es und nummer nr no number lautet war
    noch mal
    nochmal also ja bitte danke hallo hi hey guten tag moin bestellung bestellnummer auftrag sendung paket rechnung
    sendungsnummer trackingnummer rechnungsnummer kundennummer artikel ähm äh so dann betreff betr bezüglich zu zur
    mit der
    here is are its it's it s thats that the my this order parcel invoice item and i have got hello please thanks
    thank you
    tracking ordernumber regarding about for with of re sorry ok okay number's ref sure name heiße
    voici c'est la le ma mon commande numéro colis et
    dhl ups dpd hermes gls
    """
)
_NAMES_NO_MATTER = _SAYS_NOTHING | _words(
    """
    wo wann wie was wieso warum bleibt kommt kommen dauert lange sie er ihn ihr denn jetzt nun da an gerade wird los
    passiert
    stand status steht seit tagen wochen immer nicht kann können sagen
    where when how long what why does do did it's come coming arrive has have been now still not going on happened
    to there
    can could will would be say tell me know
    """
)
_DATIVE = re.compile(r"von|zu|zur|mit|zum|bezüglich|bzgl|betreff", re.IGNORECASE)
_ENDS_HERE = re.compile(r"(?:^|[,.;:!?()\n–-]|\b(?:und|and|ist|is))\s*$", re.IGNORECASE)
_BEGINS_HERE = re.compile(r"\s*(?:$|[,.;:!?()\n–-]|\b(?:und|and)\b)", re.IGNORECASE)
_HOLE = "\ufffc"
_SENTENCE = re.compile(r"[^,.;:!?\n]*(?:[,.;:!?\n]+|$)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def without_identifiers(text: str, found: Sequence[Identifier], *, values: bool = False) -> str:
    """`text` without what was `found` in it, and readable: "meine Bestellnummer lautet 4711, wo ist sie" asks of "meine
    Bestellung". Dates and amounts stay, unless `values` are to go, too.
    """
    said, position = "", 0
    for each in found:
        start, end = each.span
        if (each.kind in VALUES and not values) or start < position:
            continue
        said += text[position:start]
        said += _thing(each, said.replace(_HOLE, " "), text[end:]) or _HOLE
        position = end
    things = {each.thing.split()[-1] for each in found if each.thing}
    return _close_holes(_without_stumps(said + text[position:], things)) if position else text


def _without_stumps(text: str, things: Set[str]) -> str:
    """Without sentences of which only "I ordered" is left, where there are others; what names a thing stays."""
    sentences = _SENTENCE.findall(text)
    kept = [each for each in sentences if not _is_stump(each) or things & set(_WORD.findall(each))]
    return "".join(kept if any(_WORD.search(each) for each in kept) else sentences).replace(_HOLE, " ")


def _is_stump(sentence: str) -> bool:
    return _HOLE in sentence and "?" not in sentence and len(_WORD.findall(sentence)) < WHOLE_WORDS


def is_nothing_else(text: str, found: Sequence[Identifier]) -> bool:
    """Whether `text` holds an identifier and nothing that could be a question, such as "hier die Nr.: 4711"."""
    told = [each for each in found if each.kind not in VALUES and each.kind != NAME]
    if not told:
        return False
    rest = without_identifiers(text, found, values=True)
    return all(word.lower() in _SAYS_NOTHING for word in _WORD.findall(rest))


def _thing(each: Identifier, before: str, behind: str) -> str:
    """What stands in its place: the thing that was named along with it, or that the sentence lacks now."""
    if each.thing:
        return "" if _is_told_aside(each.thing, before, behind) else f" {each.thing} "
    needs = _NEEDS_A_THING.search(before) if each.kind in (ORDER_NUMBER, NUMBER, TRACKING_NUMBER) else None
    if needs is None:
        return ""
    if needs["english"]:
        return "my order"
    return "meiner Bestellung" if _DATIVE.match(needs["german"]) else "meine Bestellung"


def _is_told_aside(thing: str, before: str, behind: str) -> bool:
    """Whether it stands by itself between commas or lines, and the rest of the message names its matter without it."""
    alone = bool(_ENDS_HERE.search(before) and _BEGINS_HERE.match(behind))
    said = _WORD.findall(f"{before} {behind}")
    if alone and thing.split()[-1].lower() in (word.lower() for word in said):
        return True
    content = [word for word in said if word.lower() not in _NAMES_NO_MATTER]
    return alone and len(content) >= ENOUGH_CONTENT


def _close_holes(text: str) -> str:
    for hole, instead in _HOLES:
        text = hole.sub(instead, text)
    return text.strip()
