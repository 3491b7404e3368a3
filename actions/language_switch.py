"""Changes the language of the conversation, and du and Sie."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from actions import words
from actions.answers import show
from actions.memory import ConversationMemory
from actions.reply import payload, say
from bot_protocol import BotMessage, Choice
from i18n import available_languages, language_name, listed, own_name
from knowledge.articles.answers import AnswerSource

UNWANTED = re.compile(
    r"\b(?:kein\w*|nicht|warum|wieso|weshalb|statt|no|not|don'?t|can'?t|cannot|why|instead of)\b", re.IGNORECASE
)
BACK_TO = re.compile(r"\b(?:into|to|nach|zu|auf)\s+(\w+)", re.IGNORECASE)
#: What a language is called in chats beside its names.
SHORT_NAMES = {"en": "eng"}
#: The language that is meant by who does not want the other one: the bot understands these two.
OTHER_LANGUAGE = {"de": "en", "en": "de"}
FORMAL = re.compile(
    r"\bsiez|\bgesiezt|beim sie\b|\bdas sie\b|sie sagen|lieber sie|formal sie|use sie|sie zu mir", re.IGNORECASE
)
FORMAL_ENGLISH = re.compile(r"\bformal\b", re.IGNORECASE)
REFUSED_DU = re.compile(
    r"\b(?:nicht\s+(?:duz\w*|per du|du)|duzen\s+sie\s+mich\s+(?:bitte\s+)?nicht|nicht per du)\b", re.IGNORECASE
)
REFUSED_SIE = re.compile(r"\b(?:siez\w*\s+mich\s+(?:bitte\s+)?nicht|nicht\s+siezen|du als sie)\b", re.IGNORECASE)


async def switch_language(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """Goes on in the wanted language and, if the last thing said was an answer, says it again in that language."""
    language = past.entities.get("language") or wanted_language(past.text)
    if language not in available_languages("customer"):
        return _ask_language(past)
    switched = replace(past, language=language)
    last = past.last.article if past.last else None
    found = await answers.answer(last, language) if last and language != past.language else None
    if found is None or found.language != language:
        return BotMessage(text=say(switched, words.LANGUAGE_SWITCHED), language=language)
    shown = show(switched, found, before=say(switched, words.ANSWER_IN_LANGUAGE))
    return replace(shown, language=language)


async def switch_formality(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    formality = wanted_formality(past.text)
    text = say(replace(past, formality=formality), words.FORMALITY_SWITCHED)
    return BotMessage(text=text, formality=formality)


def wanted_language(text: str) -> str | None:
    """The language asked for: named, or the other one when the named one is not wanted. None if neither is named."""
    named = _named_languages(text)
    if len(named) > 1:
        aims = {language for aim in BACK_TO.findall(text) for language in _named_languages(aim)}
        return aims.pop() if len(aims) == 1 else None
    language = next(iter(named), None)
    return OTHER_LANGUAGE.get(language) if language and UNWANTED.search(text) else language


def wanted_formality(text: str) -> str:
    """ "sie" or "du"; du is what a question about the form of address mostly asks for."""
    if REFUSED_SIE.search(text):
        return "du"
    formal = FORMAL.search(text) or REFUSED_DU.search(text)
    informal = re.search(r"\binformal\b", text, re.IGNORECASE)
    return "sie" if formal or (FORMAL_ENGLISH.search(text) and not informal) else "du"


def _ask_language(past: ConversationMemory) -> BotMessage:
    languages = available_languages("customer")
    choices = tuple(
        Choice(title=own_name(each), payload=payload("switch_language", language=each)) for each in languages
    )
    names = listed((language_name(each, past.language) for each in languages), past.language)
    return BotMessage(text=say(past, words.WHICH_LANGUAGE).format(languages=names), choices=choices)


def _named_languages(text: str) -> tuple[str, ...]:
    return tuple(language for language, name in _language_names().items() if name.search(text))


@cache
def _language_names() -> Mapping[str, re.Pattern[str]]:
    """How each language of ours is named, in all of them; German names take endings: "auf der deutschen Seite"."""
    languages = available_languages("customer")
    names = {each: [re.escape(language_name(each, reader)) for reader in languages] for each in languages}
    for language, short in SHORT_NAMES.items():
        names[language].append(short)
    return {
        language: re.compile(rf"\b(?:{'|'.join(found)}|{language_name(language, 'de')}\w*)\b", re.IGNORECASE)
        for language, found in names.items()
    }
