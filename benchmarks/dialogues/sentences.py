"""Which of our own sentences a reply is made of, in which language, and what each of them does to a conversation.

The catalogs say how a sentence reads in each language and form of address. So a sentence is known by its English id,
whatever words it has today; what is not known here is listed below the table of a run.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from babel.messages.pofile import read_po

from actions import words
from actions.acknowledgements import GENERAL, TROUBLES
from actions.callback import words as calls
from actions.lookups import words as lookups
from helpdesk.texts import Say
from i18n import available_languages, catalog, foreign_sentences
from i18n.catalogs import LOCALE_FOLDER

DOMAIN_FILE = Path(__file__).parents[2] / "domain.yml"
SHORTEST = 12  # characters; shorter ones stand on buttons and within other sentences
_VALUE = re.compile(r"\{\w+\}")
_PLACE = re.compile(r"\\\{\w+\\\}")
_FEELING = re.compile(
    r"\byou(?:'re| are| were| may well be)? (?:so |very |rightly )?"
    r"(?:upset|annoyed|angry|frustrated|furious|disappointed)\b"
    r"|your (?:annoyance|anger|frustration|disappointment|patience has run out)|you have the trouble",
    re.IGNORECASE,
)
"""Says of the customer what they feel. That something is a pity, or regret for a damage, does not."""

FOREIGN = "foreign"
"""Stands for what is said in languages that are not offered (locale/foreign.toml)."""
ASKED_FIELD = "asked field"
ASKED_FIELDS = {"de": "Wie lautet die Bestellnummer?", "en": "What is the order number?"}
"""What the sample shop's look-up asks first (helpdesk/lookups/sample_lookup.py)."""
LOOK_UPS = (
    *lookups.ASK_PROOF,
    *lookups.ASK_ONE_PROOF,
    *lookups.WRONG_FORM,
    *lookups.WRONG_VALUE,
    *lookups.CORRECTED,
    *lookups.NO_MATCH,
    *lookups.BACK_TO,
    *lookups.WITHOUT_VALUE,
    *lookups.LIMITED,
    *lookups.UNREACHABLE,
    *lookups.LOOK_RIGHT_AWAY,
)
CALLS = (*calls.ASK_TIME, *calls.ASK_HOUR, *calls.ASK_PHONE, *calls.NO_FIT, *calls.WRONG_TIME, *calls.AGREED)

OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "greeting": (Say.GREETING, "utter_greeting"),
    "thanks": (*words.GLAD, *words.NO_TO_NOTHING, Say.STILL_WAITING, Say.WELCOME, "utter_thanks", "utter_feedback"),
    "goodbye": (Say.RESOLVED, Say.CLOSED_UNANSWERED, "utter_goodbye"),
    "robot": (Say.STILL_BOT, *words.HERE, "utter_bot_challenge"),
    "ask-back": (
        *words.NO_PERSON_THEN,
        *words.YES_TO_NOTHING,
        *words.WHICH_DID_NOT_HELP,
        *words.WHAT_ABOUT_IT,
        *words.WHAT_IS_WRONG,
        *words.UNCLEAR,
        *words.WHAT_IS_MEANT,
        *words.STILL_HERE,
        *words.TAKE_TIME,
        *words.NO_SUCH_CHOICE,
        *lookups.CANCELLED,
        *calls.CANCELLED,
        Say.CANCELLED,
        Say.SETTLED,
        Say.NOTED,
        "utter_help",
    ),
    "choices": (*words.WHICH_ONE, *words.ONE_OF_THESE, *words.NO_SUCH_CHOICE),
    "not-understood": words.NOT_FOUND,
    "not-helpful": (
        *words.SAME_ANSWER,
        *words.ANOTHER_TRY,
        *words.PERSON_INSTEAD,
        *words.WHICH_DID_NOT_HELP,
        *words.WHAT_IS_WRONG,
        *words.UNCLEAR,
    ),
    "limit": words.OUTSIDE,
    "boundary": (Say.LIMIT,),
    "safety": (Say.CARE, Say.SAFETY),
    "person": (
        *words.HANDING_OVER,
        Say.HANDING_OVER,
        Say.HANDING_OVER_CALMLY,
        Say.UNAVAILABLE,
        Say.PASSING_ON,
    ),
    "person-offered": (
        *words.NOT_FOUND,
        *words.NOT_FOUND_AGAIN,
        *words.SAME_ANSWER,
        *words.PERSON_INSTEAD,
        *words.PERSON_FOR_THE_REST,
        *words.ONE_OF_THESE,
        *words.PERSON_LOOKS_UP,
        *words.UNCLEAR,
        *CALLS,
        Say.OFFER_PERSON,
    ),
    "lookup": (ASKED_FIELD, *words.NO_LOOK_UP, *LOOK_UPS),
    "no-person": (*words.NO_PERSON_THEN, Say.CANCELLED, *calls.CANCELLED),
    "unqueue": (Say.CANCELLED, Say.SETTLED),
    "company": (
        Say.ADDED,
        Say.ADDED_TOO,
        Say.CHANGED,
        Say.CORRECTED,
        Say.STILL_BOT,
        Say.MOVED_UP,
        Say.AT_THE_FRONT,
        Say.WITH_YOU,
        Say.SEEN,
        Say.UNSEEN,
        Say.MEANWHILE,
        Say.STILL_WAITING,
        Say.QUEUED,
        Say.QUEUED_NOBODY,
        Say.QUEUED_CLOSED,
        Say.USUAL_WAIT,
    ),
    "quiet": (Say.STILL_HOLDS,),
    "hours": (Say.QUEUED_CLOSED, Say.QUEUED_NOBODY),
    "language-note": (
        FOREIGN,
        *words.WHICH_LANGUAGE,
        *words.LANGUAGE_SWITCHED,
        Say.WHICH_LANGUAGE,
        Say.LANGUAGE_CHOSEN,
    ),
}
"""What each sentence does, by outcome. Responses of the bot (domain.yml) stand here by their names."""

NEUTRAL = frozenset(
    [
        *words.ALL_ANSWERED,
        Say.CONDOLENCE,
        *(said for trouble in (*TROUBLES, GENERAL) for said in (*trouble.felt, *trouble.calm)),
    ]
)
"""Sentences that do nothing by themselves."""

SIGNS = {
    "person-offered": re.compile(
        r"Shall (?:I (?:bring|connect|pass)|somebody|someone)\b|May I pass you on\?|Would you like that\?"
    ),
    "hours": re.compile(
        r"team here in the chat|\b(?:some|no)body is in\b|^(?:No, not|Yes,) until \{time\}", re.IGNORECASE
    ),
}
"""What is told by a sentence's words, also by one that is not in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencePattern:
    """How a sentence of ours reads in one language."""

    id: str
    language: str
    pattern: re.Pattern[str]


def sentences_in(text: str) -> list[SentencePattern]:
    """Every sentence of ours that stands in a text."""
    return [sentence for sentence in _patterns() if sentence.pattern.search(text)]


def outcomes_of(ids: Iterable[str]) -> frozenset[str]:
    """What sentences do."""
    found = set(ids)
    known = {outcome for outcome, members in OUTCOMES.items() if found & {str(each) for each in members}}
    named = {each.removeprefix("utter_").replace("_", "-") for each in found if _names(each)}
    told = {outcome for outcome, sign in SIGNS.items() if any(sign.search(each) for each in found)}
    return frozenset(known | named | told)


def is_known(id_: str) -> bool:
    """Whether it is told here what a sentence does."""
    return id_ in NEUTRAL or bool(outcomes_of([id_])) or claims_feeling([id_])


def claims_feeling(ids: Iterable[str]) -> bool:
    """Whether a sentence says what the customer feels."""
    return any(_FEELING.search(each) for each in ids)


def _names(id_: str) -> bool:
    """Responses that are named for an outcome need no place in the table."""
    return id_.startswith("utter_") and id_.removeprefix("utter_").replace("_", "-") in {*OUTCOMES, "small-talk"}


@cache
def _patterns() -> tuple[SentencePattern, ...]:
    foreign = (
        SentencePattern(id=FOREIGN, language=language, pattern=_pattern(sentence))
        for language, sentence in foreign_sentences().items()
    )
    asked = (
        SentencePattern(id=ASKED_FIELD, language=language, pattern=_pattern(question))
        for language, question in ASKED_FIELDS.items()
    )
    return (*_catalog_patterns(), *_response_patterns(), *foreign, *asked)


def _catalog_patterns() -> Iterator[SentencePattern]:
    with (LOCALE_FOLDER / "de" / "LC_MESSAGES" / "customer.po").open("rb") as file:
        ids = [message.id for message in read_po(file) if isinstance(message.id, str)]
    ids = [id_ for id_ in ids if len(_VALUE.sub("", id_)) >= SHORTEST]
    for language in available_languages("customer"):
        for informal in (False, True):
            voice = catalog("customer", language, informal=informal)
            for id_ in ids:
                yield SentencePattern(id=id_, language=language, pattern=_pattern(voice.gettext(id_)))


def _response_patterns() -> Iterator[SentencePattern]:
    responses = yaml.safe_load(DOMAIN_FILE.read_text("utf-8"))["responses"]
    for name, wordings in responses.items():
        for wording in wordings:
            conditions = {each["name"]: each["value"] for each in wording.get("condition", ())}
            if "text" in wording and "language" in conditions:
                pattern = _pattern(wording["text"])
                yield SentencePattern(id=name, language=conditions["language"], pattern=pattern)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r".+?", re.escape(text)), re.DOTALL)
