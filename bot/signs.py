"""What a message without a word means: faces, thumbs, "???", "…", "+1". Pure, no Rasa.

The classifier knows words; of an emoji alone its embedding says anything. What a sign means depends on what came
before: after an answer a thumb is about the answer.
"""

import re

NUDGE = "nudge"
"""The intent of somebody who waits, thinks or looks for something."""
_ANGRY = frozenset("😠😡🤬👿😤💢🖕😾")
_SAD = frozenset("😢😭😞😔😟🙁☹😣😖😫😩😥😰😓😒🙄😑💔😿😪🥺😨😱🤦")
_DOWN = frozenset("👎")
_YES = frozenset("👍👌✅✔☑💪🤝🫡")
_GLAD = frozenset("🙏❤🧡💛💚💙💜🖤🤍💕😊😆😍🥰😘🥳👏🎉✨😉🤗😇🌟⭐💯🫶☺")
_SMILING = frozenset("🙂😀😃😄😁😉😊☺")
_THANKING = _GLAD - _SMILING
_WAVING = frozenset("👋🙋")
_CALLING = frozenset("🆘")
_PUZZLED = frozenset("🤔😕🤷❓❔⁉🧐🤨😵?؟")
_SMILEYS = (
    (re.compile(r"(?:>[:;=]|[:;=]-?@)['’]?[-^o]?[(\[{/|]?"), "😠"),
    (re.compile(r"[:;=]['’]?[-^o]?[(\[{/|]|D:|:['’]\("), "😞"),
    (re.compile(r"[:;=8xX][-^o]?[)\]D*]|\^\^"), "🙂"),
    (re.compile(r"<3"), "❤"),
    (re.compile(r"^\s*\+\s?1\W*$"), "👍"),
    (re.compile(r"^\s*[-–]\s?1\W*$"), "👎"),
)
_WITHOUT_MEANING = re.compile("[\u200d\u20e3\ufe0e\ufe0f\u2640\u2642\U0001f3fb-\U0001f3ff]")


_WAIT = (
    r"(?:(?:nur |noch |einen |nen |kleinen |kurzen |eine )*"
    r"(?:moment|augenblick|sekunde|sek|minute)(?: mal| noch| bitte)*|"
    r"warten sie(?: mal| kurz| bitte)*|warte(?:t)?(?: mal| kurz| bitte)*|(?:ich )?bin gleich (?:wieder )?da|"
    r"hang on|hold on|(?:just |give me )?(?:a|one) (?:moment|sec(?:ond)?|minute)|bear with me|brb|"
    r"un (?:instant|moment))"
)
_LOOK = (
    r"(?:(?:ich )?(?:muss|such|schau|guck|hol|sehe?)\w*(?: (?!wo|wie|was|wann|ob)[^\W\d]+){0,6}?"
    r" (?:raus\w*|heraus\w*|nach\w*|suchen|holen|gucken|schauen)|"
    r"(?:(?:(?:i['’]?m|i have to|i need to|i['’]?ll|let me|just) (?:just |go and )*)+"
    r"(?:look(?:ing)? (?:for|up)|look|find|fetch|get|check|dig out)|(?:looking (?:for|up)|finding|fetching|checking))"
    r"(?: (?:it|that|them|my|the|order|number|e-?mail|mail|confirmation|postcode|zip|code|receipt|invoice|out|up))*)"
)
_ASKS_FOR_TIME = re.compile(
    rf"\W*(?:(?:ok|okay|ja|yes|sorry|äh|uh|oh)\W+)?(?:{_WAIT}\W*(?:{_LOOK})?|{_LOOK})"
    r"(?: (?:bitte|please|first|kurz|mal))?\W*",
    re.IGNORECASE,
)


def asks_for_time(text: str) -> bool:
    """Whether a message only says that its writer looks for something first: "moment, muss die Mail raussuchen"."""
    return "?" not in text and bool(_ASKS_FOR_TIME.fullmatch(text))


def intent_of_signs(text: str, *, has_answered: bool) -> str | None:
    """The intent of a message that has no letter and no digit; None for any other.

    `has_answered`: the bot has given an answer before.
    """
    signs = _WITHOUT_MEANING.sub("", text)
    for smiley, face in _SMILEYS:
        signs = smiley.sub(face, signs)
    if not signs.strip() or any(sign.isalnum() for sign in signs):
        return None
    seen = frozenset(signs)
    if seen & _THANKING:  # a thumb beside folded hands or a heart is thanks, and no yes
        seen -= _YES
    first, later = next((meant for known, *meant in _MEANINGS if seen & known), ("help", "nudge"))
    return later if has_answered else first


_MEANINGS = (
    (_ANGRY, "complaint", "complaint"),
    (_SAD, "feedback_not_helpful", "feedback_not_helpful"),
    (_DOWN, "feedback_not_helpful", "deny"),
    (_CALLING, "help", "help"),
    (_PUZZLED, "help", "unclear"),
    (_YES, "affirm", "affirm"),
    (_WAVING, "greeting", "goodbye"),
    (_SMILING, "greeting", "feedback_helpful"),
    (_GLAD, "thanks", "feedback_helpful"),
)
"""Of the signs found, the first: what they mean before an answer, and after one."""
