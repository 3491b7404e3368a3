"""A handful of patterns: those that decide (a command, a sigh, a clause that says no), and those that are only signs.

But for the command and the sigh they are about the classes of `words`, each followed by a space: "ich brauche keinen
Menschen" reads "I WANT NOT PERSON ".
"""

import re

COMMAND = re.compile(
    r"^\s*/(?:mensch|person|human|agent|mitarbeiter|support|handoff|operator|rückruf|callback)\b", re.IGNORECASE
)
_BETWEEN = r"(?:REAL|ART|WANT|SPEAK|CAN|YOU|I|PLEASE|WITH|to|GIVE|single|be|BE|mehr|need|zu|auf) "
DENIALS = tuple(
    re.compile(r"(?:^|(?<= ))" + pattern)
    for pattern in (
        # no person, no callback, to nobody
        rf"(?:NOT|no) (?:{_BETWEEN}){{0,5}}(?:PERSON|SOMEONE|CALLBACK|CONNECT|PASSED|CALL|RING) ",
        r"NOBODY (?:\S+ ){0,2}(?:SPEAK|PHONE|CALL|CONNECT|PASSED) ",
        # no need of one
        r"(?:PERSON|CALLBACK|DEPT|CALL|anymore) (?:\S+ ){0,2}(?:NOT|unnecessary|unnötig|no longer) ",
        r"(?:RING|CALL|CONNECT) (?:\S+ ){0,3}NOT ",
        # without one, rather than one
        r"(?:WITHOUT|than|als) (?:ART |REAL |any |WITH |to )*(?:PERSON|DEPT|SOMEONE) ",
    )
)
EXCLAMATION = re.compile(
    r"\b(?:oh|ach|och|na|boah|man) mensch\b[ ,!]*|^\W*mensch (?:leute|kinder|meier)\b[ ,!]*"
    r"|^\W*mensch, *(?!bitte|jetzt|sofort|kein|nicht|pls|please|aber)(?=\w)",
    re.IGNORECASE,
)
"""German "Mensch, …!" and "oh Mensch" call nobody."""
WHY_NOT = re.compile(r"^(?:PLEASE )*(?:warum|wieso|weshalb|why|how come|CAN|can't|cannot|gibt|gibts|BE|habt) ")
"""Who asks why not, or whether not, wants one."""
_FILL = r"(?:(?:ART|REAL|PLEASE|WITH|I|YOU|AGAIN|to|hier|here|noch|lieber|rather|also|auch|have) )*"
_WHO = r"(?:PERSON|SOMEONE|DEPT|TEAM|TITLE \S+|REAL PEOPLE) "
_TALK = r"(?:SPEAK|PHONE|CONNECT|PASSED) "
_NO_QUESTION = "".join(rf"(?<!\b{word} )" for word in ("HOW", "WHERE", "wohin", "was", "what", "wem"))
"""Who asks "wie stelle ich das an" puts something somewhere, and is not put through."""
SIGNS = {
    name: re.compile(r"(?:^|(?<= ))(?:" + "|".join(forms) + ")")
    for name, forms in {
        "only": (rf"^{_FILL}(?:WANT )?{_FILL}(?:PERSON|DEPT|TEAM|CALLBACK) (?:(?:PLEASE|REAL|AGAIN|SPEAK|CALL) )*$",),
        "want": (rf"(?:WANT|GIVE|PLEASE) {_FILL}(?:PERSON|SOMEONE|DEPT) ",),
        "speak": (rf"{_TALK}{_FILL}{_WHO}", rf"WITH {_FILL}{_WHO}{_FILL}{_TALK}"),
        "connect": (
            rf"{_NO_QUESTION}(?:CONNECT|put|stell\S*) (?:YOU |PLEASE )*I ",
            r"I (?:\S+ ){0,2}(?:CONNECT|PASSED) ",
        ),
        "call": (
            r"(?:CALL|PHONE) (?:PLEASE )*I ",
            r"RING (?:YOU |PLEASE )*I (?:\S+ ){0,6}(?:ART|zurück) ",
            r"I (?:\S+ ){0,3}CALL ",
            rf"(?:WANT|um) {_FILL}(?:CALLBACK|CALL) ",
        ),
        "no bot": (rf"(?:NOT|no|WITHOUT) {_FILL}(?:SPEAK |WANT )?{_FILL}BOT ",),
        "care": (rf"CAN {_FILL}(?:PERSON|SOMEONE|TEAM) (?:\S+ ){{0,5}}CARE ",),
    }.items()
}
"""What many wishes have; the classifier has learnt what each is worth."""
