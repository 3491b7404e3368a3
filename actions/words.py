"""Every sentence the actions say, and how one of several wordings is chosen. English here; `locale/` has the rest.

The first wording of each kind is said first; after that always the one that was said longest ago.
"""

from collections.abc import Sequence
from gettext import NullTranslations

from i18n import N_, catalog

#: What is said in one place, in several wordings that mean the same.
type Wordings = tuple[str, ...]


def voice_of(language: str, formality: str) -> NullTranslations:
    """The catalog for a customer. German is Sie unless du was agreed."""
    return catalog("customer", language, informal=formality == "du")


def choose(wordings: Wordings, voice: NullTranslations, said: Sequence[str]) -> str:
    """The first wording not yet said, else the one said longest ago. `said` is what the bot said, oldest first."""
    return min(map(voice.gettext, wordings), key=lambda wording: _last_said(wording, said))


def _last_said(wording: str, said: Sequence[str]) -> int:
    return max((position for position, text in enumerate(said) if wording in text), default=-1)


PERSON_TITLE = (N_("Talk to a person"),)
HELPED_TITLE = (N_("That helped"),)
NOT_HELPED_TITLE = (N_("Didn't help"),)
YES_TITLE = (N_("Yes, everything"),)
NO_TITLE = (N_("No"),)
REPHRASE_TITLE = (N_("Put it another way"),)
ALL_ANSWERED = (
    N_("Is everything answered?"),
    N_("Does that answer your questions?"),
    N_("Does that help?"),
)
STILL_OPEN = (
    N_("Still open: {questions}"),
    N_("What remains open: {questions}"),
)
ONE_OF_THESE = (N_("Do you mean one of these questions? If not, I'll gladly bring in a person."),)
PERSON_FOR_THE_REST = (
    N_("I have no reliable answer to that. Shall I bring in a person who finds out for you?"),
    N_("Our team knows that better than I do. Shall I pass the question on?"),
)
WHICH_DID_NOT_HELP = (N_("Thank you for telling me. Which answer didn't help?"),)
ONLY_IN_OTHER_LANGUAGE = (N_("So far this answer is only available in {language}:"),)
NOT_NAMED = (N_("“{value}” isn't mentioned here. This only says:"),)
NO_LOOK_UP = (
    N_("I can't look into single orders or parcels myself."),
    N_("I can't see how a single order or parcel is doing."),
)
PERSON_LOOKS_UP = (N_("Someone from our team can. Shall I bring them in?"),)
WHAT_ABOUT_IT = (N_("Thank you. What would you like to know about it?"),)
WHICH_ONE = (
    N_("So that I give the right answer: which of these do you mean?"),
    N_("That could mean several things. Which question is it?"),
    N_("Which of these questions is closest to yours?"),
)
NOT_FOUND = (
    N_(
        "I don't have a reliable answer to that yet. Someone from our team can find out for you – or you can "
        "put it another way."
    ),
    N_(
        "I can't find anything on that I'm sure of, and I'd rather not guess. Our team knows more; a second "
        "sentence from you may help me, too."
    ),
    N_("None of my answers covers that yet. Someone from the team can look after it, or we try other words."),
)
NOT_FOUND_AGAIN = (
    N_("I'm not getting any further on my own and don't want to hold you up. Shall I bring in a person?"),
    N_("You'll settle this fastest with someone from our team. Shall I connect you?"),
    N_("This needs a person. Shall I pass your request on?"),
)
SAME_ANSWER = (
    N_(
        "On this I only know the answer I've just given. If it doesn't fit, I'll gladly bring in a person. "
        "Would you like that?"
    ),
    N_("I have nothing beyond the answer above. Shall someone from the team take a look?"),
)
OUTSIDE = (
    N_(
        "That's outside what I know. What I do well is answer questions about our products and service. What "
        "would you like to know?"
    ),
    N_("I'm the wrong one for that. With questions to us I can help right away."),
    N_("I have nothing useful to say on that, but on our service I have. What is it about?"),
)
GLAD = (
    N_("I'm glad. Is everything answered, or is there anything else?"),
    N_("Very good! Write to me if anything is still open."),
    N_("Great. What else can I do for you?"),
)
RELATED = (
    N_("Often asked along with it:"),
    N_("This may be of interest, too:"),
)
ANOTHER_TRY = (
    N_("Thank you, then perhaps this answer:"),
    N_("Good to know. Does this fit better?"),
)
PERSON_INSTEAD = (
    N_("Thank you for telling me. Then a person should look at this. Shall I bring someone in?"),
    N_("A pity it didn't fit. Shall I pass your question to our team?"),
)
WHAT_IS_WRONG = (
    N_("That shouldn't be. What is it about, and what happens?"),
    N_("Let's look at that. What isn't working, and what did you try?"),
)
UNCLEAR = (
    N_("Then I didn't put that well. Which part isn't clear? Someone from our team can explain it, too."),
    N_("Sorry, that was hard to follow. What exactly would you like to know about it?"),
)
WHAT_IS_MEANT = (
    N_("What do you mean? Put it in a sentence, and I'll look for the answer."),
    N_("I didn't follow. What would you like to know?"),
)
STILL_HERE = (
    N_("I'm here. Is something still open?"),
    N_("Take your time. What else would you like to know?"),
)
TAKE_TIME = (N_("Take your time, I'm here."),)
NO_SUCH_CHOICE = (N_("There is no number {number} here. Which of these do you mean?"),)
HERE = (
    N_("Yes, I'm here: a digital assistant, around the clock."),
    N_("I'm still here. I'm a digital assistant and answer at any hour."),
)
NO_KNOWN_HOURS = (
    N_(
        "I'm here around the clock. I don't know any fixed hours of our team; if you leave a message, someone will "
        "answer it."
    ),
)
HOURS_IN_ARTICLE = (N_("Our answer to “{question}” says:"),)
LEAVE_MESSAGE_TITLE = (N_("Leave a message"),)
HANDING_OVER = (
    N_("Gladly. I'm bringing in a person and passing on what you wrote to me."),
    N_("I'm passing your request to our team now. You won't have to repeat anything."),
)
NO_PERSON_THEN = (
    N_("All right. Tell me once more what you need, and I'll keep looking."),
    N_("Fine, then the two of us will keep at it. What exactly would you like to know?"),
)
YES_TO_NOTHING = (
    N_("Good. What can I do for you?"),
    N_("Fine. What is it about?"),
)
NO_TO_NOTHING = (
    N_("All right. Just write if anything comes up."),
    N_("Okay. I'm here when you need me."),
)
LANGUAGE_SWITCHED = (N_("Sure, let's continue in English. What can I do for you?"),)
ANSWER_IN_LANGUAGE = (N_("Sure. Here it is in English:"),)
WHICH_LANGUAGE = (N_("I can write {languages}. Which do you prefer?"),)
FORMALITY_SWITCHED = (N_("Noted: I'll use that form when we write German. What can I do for you?"),)
IN_QUOTATION_MARKS = (N_("“{text}”"),)
