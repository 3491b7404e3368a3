"""What a question asks to be included: "does that also apply to sofas?", "gilt das auch für Matratzen?". Pure."""

import re

from knowledge.normalization import words

MIN_STEM = 4
"""Letters by which two forms of a word are known as one."""
_ENDING = 2


def applied_thing(question: str) -> str | None:
    """The thing, in the customer's words; None where a question asks anything else."""
    found = _APPLIES.match(question)
    thing = (found["german"] or found["english"]) if found else None
    return thing if thing and not _EVERYBODY.issuperset(words(thing)) else None


def is_named(thing: str, text: str) -> bool:
    """Whether `text` has a word of `thing`, in whatever form: "mattress" is named by "mattresses"."""
    stems = [word[: max(MIN_STEM, len(word) - _ENDING)] for word in words(thing) if len(word) >= MIN_STEM]
    there = words(text)
    return any(stem in word for stem in stems for word in there)


_EVERYBODY = frozenset(
    words(
        """
        mich mir uns alle alles allen jeden jedes dich euch sie ihn mein meine meinen meinem unser unsere diese diesen
        diesem dieses fall bestellung bestellungen artikel produkt produkte ware waren kunden kunde rest andere anderen
        me us you all them everyone everybody everything anything my our your this that these those it order orders
        item items product products case customer customers others rest other
        """
    )
)
"""Whom and what an article means without naming it."""
_APPLIES = re.compile(
    r"\W*(?:(?:und|aber|and|but|oder|or)\s+)?(?:"
    r"(?:gilt|ist|geht|stimmt)\s+(?:das|dies|es)(?:\s+(?:auch|genauso|ebenso|dann|so|denn))*\s+(?:für|bei)\s+"
    r"(?:die\s+|den\s+|das\s+|ein\w*\s+)?(?P<german>\w[\w -]*\w)"
    r"|(?:does|is|do)\s+(?:that|this|it|they)(?:\s+(?:also|too|then|the|same))*\s+"
    r"(?:(?:apply|go|count|hold|true|valid)\s+)?(?:also\s+)?(?:to|for|with)\s+(?:the\s+|an?\s+)?"
    r"(?P<english>\w[\w -]*?\w)"
    r"(?:\s+(?:too|as well))?)\W*$",
    re.IGNORECASE,
)
