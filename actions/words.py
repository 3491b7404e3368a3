"""Every sentence the actions say, in three voices: German with Sie, German with du, English. And how one is chosen.

The first wording of each kind is said first; after that always the one that was said longest ago.
"""

from collections.abc import Sequence
from enum import StrEnum


class Voice(StrEnum):
    SIE = "de-sie"
    DU = "de-du"
    ENGLISH = "en"


type Wordings = dict[Voice, tuple[str, ...]]


def voice_of(language: str, formality: str) -> Voice:
    """German is Sie unless du was agreed."""
    if language == "en":
        return Voice.ENGLISH
    return Voice.DU if formality == "du" else Voice.SIE


def choose(wordings: Wordings, voice: Voice, said: Sequence[str]) -> str:
    """The first wording not yet said, else the one said longest ago. `said` is what the bot said, oldest first."""
    return min(wordings[voice], key=lambda wording: _last_said(wording, said))


def _last_said(wording: str, said: Sequence[str]) -> int:
    return max((position for position, text in enumerate(said) if wording in text), default=-1)


def _german(both: tuple[str, ...], english: tuple[str, ...]) -> Wordings:
    """For sentences that address nobody, so that Sie and du read the same."""
    return {Voice.SIE: both, Voice.DU: both, Voice.ENGLISH: english}


PERSON_TITLE = _german(("Mit einem Menschen sprechen",), ("Talk to a person",))
HELPED_TITLE = _german(("Hat geholfen",), ("That helped",))
NOT_HELPED_TITLE = _german(("Hat nicht geholfen",), ("Didn't help",))
YES_TITLE = _german(("Ja, alles",), ("Yes, everything",))
NO_TITLE = _german(("Nein",), ("No",))
REPHRASE_TITLE = _german(("Anders beschreiben",), ("Put it another way",))
GERMAN_TITLE = _german(("Deutsch",), ("Deutsch",))
ENGLISH_TITLE = _german(("English",), ("English",))

ALL_ANSWERED: Wordings = {
    Voice.SIE: ("Ist damit alles beantwortet?", "Sind Ihre Fragen damit geklärt?", "Hilft Ihnen das weiter?"),
    Voice.DU: ("Ist damit alles beantwortet?", "Sind deine Fragen damit geklärt?", "Hilft dir das weiter?"),
    Voice.ENGLISH: ("Is everything answered?", "Does that answer your questions?", "Does that help?"),
}
STILL_OPEN = _german(("Offen bleibt: {}", "Noch offen ist: {}"), ("Still open: {}", "What remains open: {}"))
ONE_OF_THESE: Wordings = {
    Voice.SIE: ("Meinen Sie damit eine dieser Fragen? Sonst hole ich gern einen Menschen dazu.",),
    Voice.DU: ("Meinst du damit eine dieser Fragen? Sonst hole ich gern einen Menschen dazu.",),
    Voice.ENGLISH: ("Do you mean one of these questions? If not, I'll gladly bring in a person.",),
}
PERSON_FOR_THE_REST: Wordings = {
    Voice.SIE: (
        "Darauf habe ich keine sichere Antwort. Soll ich einen Menschen dazuholen, der es für Sie herausfindet?",
        "Das weiß unser Team besser als ich. Soll ich die Frage weitergeben?",
    ),
    Voice.DU: (
        "Darauf habe ich keine sichere Antwort. Soll ich einen Menschen dazuholen, der es für dich herausfindet?",
        "Das weiß unser Team besser als ich. Soll ich die Frage weitergeben?",
    ),
    Voice.ENGLISH: (
        "I have no reliable answer to that. Shall I bring in a person who finds out for you?",
        "Our team knows that better than I do. Shall I pass the question on?",
    ),
}
WHICH_DID_NOT_HELP: Wordings = {
    Voice.SIE: ("Danke für die Rückmeldung. Welche Antwort hat Ihnen nicht geholfen?",),
    Voice.DU: ("Danke für die Rückmeldung. Welche Antwort hat dir nicht geholfen?",),
    Voice.ENGLISH: ("Thank you for telling me. Which answer didn't help?",),
}
ONLY_IN_OTHER_LANGUAGE: Wordings = {
    Voice.SIE: ("Diese Antwort gibt es bisher nur auf Englisch:",),
    Voice.DU: ("Diese Antwort gibt es bisher nur auf Englisch:",),
    Voice.ENGLISH: ("So far this answer is only available in German:",),
}
WHICH_ONE: Wordings = {
    Voice.SIE: (
        "Damit ich die richtige Antwort gebe: Was davon meinen Sie?",
        "Das könnte mehreres heißen. Welche Frage trifft es?",
        "Welche dieser Fragen kommt Ihrer am nächsten?",
    ),
    Voice.DU: (
        "Damit ich die richtige Antwort gebe: Was davon meinst du?",
        "Das könnte mehreres heißen. Welche Frage trifft es?",
        "Welche dieser Fragen kommt deiner am nächsten?",
    ),
    Voice.ENGLISH: (
        "So that I give the right answer: which of these do you mean?",
        "That could mean several things. Which question is it?",
        "Which of these questions is closest to yours?",
    ),
}
NOT_FOUND: Wordings = {
    Voice.SIE: (
        "Darauf habe ich noch keine sichere Antwort. Ein Mensch aus unserem Team kann es für Sie herausfinden – "
        "oder Sie beschreiben es mir mit anderen Worten.",
        "Dazu finde ich nichts, was sicher stimmt, und raten möchte ich nicht. Unser Team weiß mehr; "
        "vielleicht hilft mir auch ein zweiter Satz von Ihnen.",
        "Das steht noch in keiner meiner Antworten. Jemand aus dem Team kann sich darum kümmern, "
        "oder wir versuchen es mit anderen Worten.",
    ),
    Voice.DU: (
        "Darauf habe ich noch keine sichere Antwort. Ein Mensch aus unserem Team kann es für dich herausfinden – "
        "oder du beschreibst es mir mit anderen Worten.",
        "Dazu finde ich nichts, was sicher stimmt, und raten möchte ich nicht. Unser Team weiß mehr; "
        "vielleicht hilft mir auch ein zweiter Satz von dir.",
        "Das steht noch in keiner meiner Antworten. Jemand aus dem Team kann sich darum kümmern, "
        "oder wir versuchen es mit anderen Worten.",
    ),
    Voice.ENGLISH: (
        "I don't have a reliable answer to that yet. Someone from our team can find out for you – "
        "or you can put it another way.",
        "I can't find anything on that I'm sure of, and I'd rather not guess. Our team knows more; "
        "a second sentence from you may help me, too.",
        "None of my answers covers that yet. Someone from the team can look after it, or we try other words.",
    ),
}
NOT_FOUND_AGAIN: Wordings = {
    Voice.SIE: (
        "Ich komme hier allein nicht weiter und möchte Sie nicht aufhalten. Soll ich einen Menschen dazuholen?",
        "Das klären Sie am schnellsten mit jemandem aus unserem Team. Soll ich Sie verbinden?",
        "Hier braucht es einen Menschen. Soll ich Ihr Anliegen weitergeben?",
    ),
    Voice.DU: (
        "Ich komme hier allein nicht weiter und möchte dich nicht aufhalten. Soll ich einen Menschen dazuholen?",
        "Das klärst du am schnellsten mit jemandem aus unserem Team. Soll ich dich verbinden?",
        "Hier braucht es einen Menschen. Soll ich dein Anliegen weitergeben?",
    ),
    Voice.ENGLISH: (
        "I'm not getting any further on my own and don't want to hold you up. Shall I bring in a person?",
        "You'll settle this fastest with someone from our team. Shall I connect you?",
        "This needs a person. Shall I pass your request on?",
    ),
}
SAME_ANSWER: Wordings = {
    Voice.SIE: (
        "Dazu kenne ich nur die Antwort, die ich gerade geschrieben habe. Wenn sie nicht passt, "
        "hole ich gern einen Menschen dazu. Möchten Sie das?",
        "Mehr als die Antwort von eben habe ich dazu nicht. Soll jemand aus dem Team es sich ansehen?",
    ),
    Voice.DU: (
        "Dazu kenne ich nur die Antwort, die ich gerade geschrieben habe. Wenn sie nicht passt, "
        "hole ich gern einen Menschen dazu. Möchtest du das?",
        "Mehr als die Antwort von eben habe ich dazu nicht. Soll jemand aus dem Team es sich ansehen?",
    ),
    Voice.ENGLISH: (
        "On this I only know the answer I've just given. If it doesn't fit, I'll gladly bring in a person. "
        "Would you like that?",
        "I have nothing beyond the answer above. Shall someone from the team take a look?",
    ),
}
OUTSIDE: Wordings = {
    Voice.SIE: (
        "Damit kenne ich mich nicht aus. Was ich gut kann: Fragen zu unserem Angebot und Service beantworten. "
        "Was möchten Sie wissen?",
        "Da bin ich der Falsche. Bei Fragen an uns als Anbieter helfe ich sofort, oder ich hole einen Menschen dazu.",
        "Dazu kann ich nichts Brauchbares sagen, zu unserem Service schon. Worum geht es Ihnen?",
    ),
    Voice.DU: (
        "Damit kenne ich mich nicht aus. Was ich gut kann: Fragen zu unserem Angebot und Service beantworten. "
        "Was möchtest du wissen?",
        "Da bin ich der Falsche. Bei Fragen an uns als Anbieter helfe ich sofort, oder ich hole einen Menschen dazu.",
        "Dazu kann ich nichts Brauchbares sagen, zu unserem Service schon. Worum geht es dir?",
    ),
    Voice.ENGLISH: (
        "That's outside what I know. What I do well is answer questions about our products and service. "
        "What would you like to know?",
        "I'm the wrong one for that. With questions to us I can help right away, or bring in a person.",
        "I have nothing useful to say on that, but on our service I have. What is it about?",
    ),
}
GLAD: Wordings = {
    Voice.SIE: (
        "Das freut mich. Ist damit alles beantwortet, oder gibt es noch etwas?",
        "Sehr schön! Schreiben Sie mir, wenn noch etwas offen ist.",
        "Prima. Was kann ich sonst noch für Sie tun?",
    ),
    Voice.DU: (
        "Das freut mich. Ist damit alles beantwortet, oder gibt es noch etwas?",
        "Sehr schön! Schreib mir, wenn noch etwas offen ist.",
        "Prima. Was kann ich sonst noch für dich tun?",
    ),
    Voice.ENGLISH: (
        "I'm glad. Is everything answered, or is there anything else?",
        "Very good! Write to me if anything is still open.",
        "Great. What else can I do for you?",
    ),
}
RELATED = _german(
    ("Dazu gehört oft auch:", "Das könnte auch passen:"),
    ("Often asked along with it:", "This may be of interest, too:"),
)
ANOTHER_TRY = _german(
    ("Danke, dann vielleicht diese Antwort:", "Gut zu wissen. Passt das hier besser?"),
    ("Thank you, then perhaps this answer:", "Good to know. Does this fit better?"),
)
PERSON_INSTEAD: Wordings = {
    Voice.SIE: (
        "Danke für die Rückmeldung. Dann sollte sich ein Mensch das ansehen. Soll ich jemanden dazuholen?",
        "Schade, dass es nicht gepasst hat. Soll ich Ihre Frage an unser Team geben?",
    ),
    Voice.DU: (
        "Danke für die Rückmeldung. Dann sollte sich ein Mensch das ansehen. Soll ich jemanden dazuholen?",
        "Schade, dass es nicht gepasst hat. Soll ich deine Frage an unser Team geben?",
    ),
    Voice.ENGLISH: (
        "Thank you for telling me. Then a person should look at this. Shall I bring someone in?",
        "A pity it didn't fit. Shall I pass your question to our team?",
    ),
}
HANDING_OVER: Wordings = {
    Voice.SIE: (
        "Gern. Ich hole einen Menschen dazu und gebe weiter, was Sie mir geschrieben haben.",
        "Ich gebe Ihr Anliegen jetzt an unser Team weiter. Sie müssen nichts wiederholen.",
    ),
    Voice.DU: (
        "Gern. Ich hole einen Menschen dazu und gebe weiter, was du mir geschrieben hast.",
        "Ich gebe dein Anliegen jetzt an unser Team weiter. Du musst nichts wiederholen.",
    ),
    Voice.ENGLISH: (
        "Gladly. I'm bringing in a person and passing on what you wrote to me.",
        "I'm passing your request to our team now. You won't have to repeat anything.",
    ),
}
NO_PERSON_THEN: Wordings = {
    Voice.SIE: (
        "In Ordnung. Beschreiben Sie mir gern noch einmal, was Sie brauchen, dann suche ich weiter.",
        "Gut, dann bleiben wir beide dran. Was genau möchten Sie wissen?",
    ),
    Voice.DU: (
        "In Ordnung. Beschreib mir gern noch einmal, was du brauchst, dann suche ich weiter.",
        "Gut, dann bleiben wir beide dran. Was genau möchtest du wissen?",
    ),
    Voice.ENGLISH: (
        "All right. Tell me once more what you need, and I'll keep looking.",
        "Fine, then the two of us will keep at it. What exactly would you like to know?",
    ),
}
YES_TO_NOTHING: Wordings = {
    Voice.SIE: ("Gut. Was kann ich für Sie tun?", "Schön. Worum geht es Ihnen?"),
    Voice.DU: ("Gut. Was kann ich für dich tun?", "Schön. Worum geht es dir?"),
    Voice.ENGLISH: ("Good. What can I do for you?", "Fine. What is it about?"),
}
NO_TO_NOTHING: Wordings = {
    Voice.SIE: (
        "Alles klar. Schreiben Sie mir einfach, wenn noch etwas ist.",
        "In Ordnung. Ich bin da, wenn Sie mich brauchen.",
    ),
    Voice.DU: (
        "Alles klar. Schreib mir einfach, wenn noch etwas ist.",
        "In Ordnung. Ich bin da, wenn du mich brauchst.",
    ),
    Voice.ENGLISH: (
        "All right. Just write if anything comes up.",
        "Okay. I'm here when you need me.",
    ),
}
LANGUAGE_SWITCHED: Wordings = {
    Voice.SIE: ("Gern, wir schreiben auf Deutsch weiter. Was kann ich für Sie tun?",),
    Voice.DU: ("Gern, wir schreiben auf Deutsch weiter. Was kann ich für dich tun?",),
    Voice.ENGLISH: ("Sure, let's continue in English. What can I do for you?",),
}
ANSWER_IN_LANGUAGE = _german(("Gern. Hier noch einmal auf Deutsch:",), ("Sure. Here it is in English:",))
WHICH_LANGUAGE: Wordings = {
    Voice.SIE: ("Ich kann Deutsch und Englisch. Was ist Ihnen lieber?",),
    Voice.DU: ("Ich kann Deutsch und Englisch. Was ist dir lieber?",),
    Voice.ENGLISH: ("I can write German and English. Which do you prefer?",),
}
FORMALITY_SWITCHED: Wordings = {
    Voice.SIE: ("Gern, dann bleiben wir beim Sie. Was kann ich für Sie tun?",),
    Voice.DU: ("Gern, dann sagen wir du. Was kann ich für dich tun?",),
    Voice.ENGLISH: ("Noted: I'll use that form when we write German. What can I do for you?",),
}
