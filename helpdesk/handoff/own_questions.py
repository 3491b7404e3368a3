"""What the contact writes because we asked for it: a value, a choice, yes or no. It is no mood, no miss, no matter."""

import re
from collections.abc import Sequence
from dataclasses import replace

from helpdesk.handoff.dialogue import BOT, CONTACT, DialogueLine
from helpdesk.handoff.wish import find_wish

MAX_BRIEF_WORDS = 3
"""Words of an answer to a question that we only recognise by its question mark."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_VALUE = re.compile(
    r"\W*(?:(?:(?:meine|die|das|es|mein|my|the|it|that)\s+)?(?:(?:order|bestell|auftrags|kunden|rechnungs|telefon|"
    r"phone|e-?mail|customer|invoice)\w*\W+){0,2}(?:ist|lautet|is|nr\.?|no\.?|number|nummer)?\W*)?"
    r"(?:[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|\+?[\d(][\d\s()/.-]{3,}"  # a phone number, a date
    r"|(?=[\w-]*\d)[\w-]+(?:[/.][\w-]+)*"  # a code
    r"|\d{4,5}\s+[A-ZÄÖÜ]\w+)\W*",  # a postcode with its town
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"\W*(?:(?:oh|ach|äh|ähm|um|uh)\W+)?(?:ja|jo|jep|jawohl|nein|nee|nö|nope|no|yes|yep|yeah|yup|sure|klar|genau|richtig|"
    r"stimmt|korrekt|correct|right|exactly|vielleicht|maybe|perhaps|egal|weiß (?:ich )?nicht|keine ahnung|"
    r"i don'?t (?:know|mind)|no idea|not sure|(?:keine?s?|nichts) (?:davon|von (?:denen|beiden))|"
    r"none(?: of (?:those|them|these))?|"
    r"(?:the|die|der|das|den) (?:erste|zweite|dritte|letzte|first|second|third|last)\w*(?: one)?)"
    r"(?:\W+(?:bitte|please|danke|thanks|gern|gerne))?\W*",
    re.IGNORECASE,
)


def mark_answers(said: Sequence[DialogueLine]) -> tuple[DialogueLine, ...]:
    """The lines; marked are also those of the contact that answer us by their form, where no slot says so."""
    marked: list[DialogueLine] = []
    asked: DialogueLine | None = None
    for line in said:
        if line.author == CONTACT:
            marked.append(replace(line, answers_question=line.answers_question or _is_answer(line, asked)))
        else:
            marked.append(line)
            asked = line
    return tuple(marked)


def _is_answer(line: DialogueLine, asked: DialogueLine | None) -> bool:
    """Whether it is a value or a yes or no, or a few words after a line of ours that ends with a question."""
    text = line.text.strip()
    if not text or line.tapped:
        return False
    if _VALUE.fullmatch(text) or _YES_OR_NO.fullmatch(text):
        return True
    if asked is None or "?" in text or find_wish(text) is not None:
        return False
    is_brief = len(_WORD.findall(text)) <= MAX_BRIEF_WORDS
    return is_brief and asked.author == BOT and asked.article is None and _ends_asking(asked.text)


def _ends_asking(text: str) -> bool:
    return text.rstrip(" \"'”“)*").endswith("?")
