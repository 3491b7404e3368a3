"""Changes the language of the conversation, and du and Sie."""

import re
from dataclasses import replace

from actions import words
from actions.answers import show
from actions.memory import ConversationMemory
from actions.reply import Reply, ReplyChoice, payload, say
from knowledge.articles.answers import AnswerSource

GERMAN = re.compile(r"\b(?:deutsch\w*|german)\b", re.IGNORECASE)
ENGLISH = re.compile(r"\b(?:englisch\w*|english|eng)\b", re.IGNORECASE)
UNWANTED = re.compile(
    r"\b(?:kein\w*|nicht|warum|wieso|weshalb|statt|no|not|don'?t|can'?t|cannot|why|instead of)\b", re.IGNORECASE
)
BACK_TO = re.compile(r"\b(?:into|to|nach|zu|auf)\s+(deutsch|englisch|german|english)\b", re.IGNORECASE)
FORMAL = re.compile(
    r"\bsiez|\bgesiezt|beim sie\b|\bdas sie\b|sie sagen|lieber sie|formal sie|use sie|sie zu mir", re.IGNORECASE
)
FORMAL_ENGLISH = re.compile(r"\bformal\b", re.IGNORECASE)
REFUSED_DU = re.compile(
    r"\b(?:nicht\s+(?:duz\w*|per du|du)|duzen\s+sie\s+mich\s+(?:bitte\s+)?nicht|nicht per du)\b", re.IGNORECASE
)
REFUSED_SIE = re.compile(r"\b(?:siez\w*\s+mich\s+(?:bitte\s+)?nicht|nicht\s+siezen|du als sie)\b", re.IGNORECASE)


async def switch_language(past: ConversationMemory, answers: AnswerSource) -> Reply:
    """Goes on in the wanted language and, if the last thing said was an answer, says it again in that language."""
    language = past.entities.get("language") or wanted_language(past.text)
    if language not in ("de", "en"):
        return _ask_language(past)
    switched = replace(past, language=language)
    change = {"language": language}
    last = past.last.article if past.last else None
    found = await answers.answer(last, language) if last and language != past.language else None
    if found is None or found.language != language:
        return Reply(text=say(switched, words.LANGUAGE_SWITCHED), custom=change, slots=change)
    shown = show(switched, found, before=say(switched, words.ANSWER_IN_LANGUAGE))
    return replace(shown, custom={**shown.custom, **change}, slots=change)


async def switch_formality(past: ConversationMemory, answers: AnswerSource) -> Reply:
    change = {"formality": wanted_formality(past.text)}
    text = say(replace(past, formality=change["formality"]), words.FORMALITY_SWITCHED)
    return Reply(text=text, custom=change, slots=change)


def wanted_language(text: str) -> str | None:
    """The language asked for: named, or the other one when the named one is not wanted. None if neither is named."""
    aim = BACK_TO.search(text)
    german, english = bool(GERMAN.search(text)), bool(ENGLISH.search(text))
    if german and english and aim:
        return "de" if GERMAN.search(aim[1]) else "en"
    if german == english:
        return None
    named, other = ("de", "en") if german else ("en", "de")
    return other if UNWANTED.search(text) else named


def wanted_formality(text: str) -> str:
    """ "sie" or "du"; du is what a question about the form of address mostly asks for."""
    if REFUSED_SIE.search(text):
        return "du"
    formal = FORMAL.search(text) or REFUSED_DU.search(text)
    informal = re.search(r"\binformal\b", text, re.IGNORECASE)
    return "sie" if formal or (FORMAL_ENGLISH.search(text) and not informal) else "du"


def _ask_language(past: ConversationMemory) -> Reply:
    choices = (
        ReplyChoice(title=say(past, words.GERMAN_TITLE), payload=payload("switch_language", language="de")),
        ReplyChoice(title=say(past, words.ENGLISH_TITLE), payload=payload("switch_language", language="en")),
    )
    return Reply(text=say(past, words.WHICH_LANGUAGE), choices=choices)
