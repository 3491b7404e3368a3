"""Answers from the knowledge base, and what is said when there is nothing to answer with.

The bot never says what no article says: without one it asks, or offers a person.
"""

import re
from dataclasses import replace

from actions import acknowledgements, number_replies, words
from actions.lookups.filled_answers import filled
from actions.memory import ConversationMemory
from actions.reply import (
    article,
    offer_person,
    only_in_other_language,
    paragraphs,
    person,
    quoted,
    rephrase,
    say,
    was_it_helpful,
)
from bot_protocol import AnswerJudgement, ArticleCandidate, BotMessage, Choice
from bot_protocol.turn_answer import MAX_RELATED
from knowledge.articles.answers import AnswerSource, ArticleAnswer, ShortAnswer
from knowledge.articles.fold import fold
from knowledge.message.clauses import asked_in, asks

MAX_CHOICES = 4
MIN_MORE = 20
"""Characters that an article says beyond its short answer to be worth a fold."""
WORTH_NAMING = 0.05
"""A candidate below this confidence is no choice worth reading, unless there would be only one."""
LIKELY_DAMAGE = 0.25
"""Confidence of the first candidate from which whoever reports a damage is asked which one is meant."""
MAX_CONTENT_WORDS = 9
_CONTENT = re.compile(
    r"\b(?:danke\w*|merci|perfekt|super|prima|klasse|toll|spitze|wunderbar|passt|alles klar|gefunden|geschafft|"
    r"(?:geht|klappt|läuft|funktioniert) (?:jetzt|wieder|nun)|(?:hat|jetzt) (?:geklappt|funktioniert)|erledigt|"
    r"thanks?|cheers|perfect|great|lovely|brilliant|wonderful|found|sorted|solved|works? now|worked)\b",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"\b(?:aber|nur|leider|nicht|nichts|nix|kein\w*|noch|trotzdem|but|only|not|no|never|still|\w+n['’]t|un\w+)\b",
    re.IGNORECASE,
)


async def answer(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """The article that was asked for by button, else what the search found."""
    wanted = past.entities.get("article")
    if wanted:
        return await _show(past, answers, (wanted,), question=_asked_before(past))
    if number_replies.is_number_alone(past):
        return await _answer_number(past, answers)
    before = paragraphs((acknowledged(past), number_replies.cannot_look_up(past)))
    if past.outcome == "answer":
        keys = tuple(candidate.key for candidate in past.candidates[:2])
        return await _show(past, answers, keys, before, question=asked_in(past.text))
    if past.last_answers and _is_content(past.text):
        judgement = AnswerJudgement(article=past.last_answers[-1], helpful=True)
        return BotMessage(text=say(past, words.GLAD), judgement=judgement)
    if past.goes_on and past.last_article:
        return await _show(past, answers, (past.last_article,), before, question=asked_in(past.text))
    reply = ask_which(past) if past.candidates and _may_be_one_of_them(past) else miss(past)
    return replace(reply, text=paragraphs((before, reply.text)))


def _may_be_one_of_them(past: ConversationMemory) -> bool:
    """Whether what was found is worth asking back about: less sure will do for who tells of a damage."""
    is_likely = past.candidates[0].confidence >= LIKELY_DAMAGE and acknowledgements.reports_damage(past.text)
    return past.outcome == "clarify" or is_likely


async def _answer_number(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """A number and nothing else: that it can't be looked up here, and where it can, if an article says so."""
    if past.outcome != "answer" or not number_replies.LOOKED_UP & past.entities.keys():
        return number_replies.ask_about_number(past)
    keys = tuple(candidate.key for candidate in past.candidates[:1])
    return await _show(past, answers, keys, before=say(past, words.NO_LOOK_UP))


def _asked_before(past: ConversationMemory) -> str:
    """The question that was asked back and is cleared up by a tapped article; empty for any other tap."""
    was_asked_back = past.last is not None and past.last.asked == "clarify"
    return asked_in(past.written[0]) if was_asked_back and past.written else ""


def acknowledged(past: ConversationMemory) -> str:
    """A word on the annoyance or the damage that a question tells of, unless the last turn had one; else empty."""
    felt = acknowledgements.shows_feeling(past.text)
    if not (felt or acknowledgements.reports_damage(past.text)):
        return ""
    if acknowledgements.was_shown(said.text for said in past.last_said):
        return ""
    return say(past, acknowledgements.acknowledgement_of(past.text, felt=felt))


async def fallback(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """Something that is no question to us, with a friendly limit: it says so, and what is possible instead.

    It is no miss: however often somebody asks for poems, nobody has to come for that. After a question to us that
    found nothing it may well be more of that question.
    """
    if past.misses:
        return miss(past)
    return BotMessage(text=say(past, words.OUTSIDE), choices=(person(past),))


def acknowledgement(past: ConversationMemory) -> str:
    """What is said first to a complaint. A feeling is named only if the words show one."""
    felt = acknowledgements.shows_feeling(past.text)
    return say(past, acknowledgements.acknowledgement_of(past.text, felt=felt))


async def complain(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """First the acknowledgement of this trouble, then a solution: the article that fits, or a person."""
    if _only_asks(past):
        return await answer(past, answers)
    acknowledged = acknowledgement(past)
    found = (
        await first_of(answers, [c.key for c in past.candidates[:1]], past.language, asked_in(past.text))
        if past.outcome == "answer"
        else None
    )
    if found is None or found.key in past.shown:
        return offer_person(past, acknowledgements.OFFER_PERSON, because="complaint", before=acknowledged)
    return show(past, found, before=acknowledged)


def _only_asks(past: ConversationMemory) -> bool:
    """Whether what was taken for a complaint asks something and shows neither a feeling nor a damage."""
    is_trouble = acknowledgements.shows_feeling(past.text) or acknowledgements.names_trouble(past.text)
    return not is_trouble and asks(past.text)


def _is_content(text: str) -> bool:
    """Whether a few words after an answer say that all is well, and nothing against it."""
    is_short = len(text.split()) <= MAX_CONTENT_WORDS
    return is_short and bool(_CONTENT.search(text)) and not _BUT.search(text) and not asks(text)


async def _show(
    past: ConversationMemory, answers: AnswerSource, keys: tuple[str, ...], before: str = "", question: str = ""
) -> BotMessage:
    found = await first_of(answers, keys, past.language, question)
    if found is None:
        return miss(past)
    if found.key in past.last_answers and not past.entities.get("article"):
        if found.short and _says_more(past, found.key, found.short):
            return replace(_short_message(past, found, found.short, before), choices=was_it_helpful(past, found.key))
        return _same_answer(past, found, before)
    return show(past, found, before)


def _same_answer(past: ConversationMemory, found: ArticleAnswer, before: str) -> BotMessage:
    """A person, since the article above says no more; the sentence once more that holds what is asked for now."""
    if found.short is None or not found.short.is_expected:
        return offer_person(past, words.SAME_ANSWER, because="not_helpful", before=before)
    before = paragraphs((before, found.short.text))
    return replace(offer_person(past, words.SAME_ANSWER, because="not_helpful", before=before), article=found.key)


async def first_of(
    answers: AnswerSource, keys: tuple[str, ...] | list[str], language: str, question: str = ""
) -> ArticleAnswer | None:
    """The first article that is still published (it may have gone since the search), with what answers `question`."""
    for key in keys:
        found = await answers.answer(key, language, question)
        if found is not None:
            return filled(found, {})  # what a conversation has looked up is in it already
    return None


def show(past: ConversationMemory, found: ArticleAnswer, before: str = "") -> BotMessage:
    """An article's answer, and by its buttons the question whether it helped."""
    foreign = only_in_other_language(past, found.language) if found.language != past.language else ""
    preface = paragraphs((before, foreign))
    return replace(article_message(past, found, preface), choices=was_it_helpful(past, found.key))


def article_message(past: ConversationMemory, found: ArticleAnswer, preface: str) -> BotMessage:
    """An article's answer below `preface`, with its fold and what else belongs to it that was not shown yet.

    The sentence that the question is about stands before it, if that is better read first.
    """
    if found.short and found.short.goes_first:
        return _short_message(past, found, found.short, preface, whole=True)
    text = paragraphs((preface, found.answer))
    lead = fold(found.answer)
    return BotMessage(
        text=text,
        article=found.key,
        lead=None if lead is None else lead + len(text) - len(found.answer),
        related=_related(past, found),
        asked="helpful",
    )


def _short_message(
    past: ConversationMemory, found: ArticleAnswer, short: ShortAnswer, preface: str, *, whole: bool = False
) -> BotMessage:
    """The sentence of an article that answers; with the `whole` article's rest behind the fold, unless it is little."""
    missing = say(past, words.NOT_NAMED).format(value=quoted(short.missing)) if short.missing else ""
    shown = paragraphs((preface, missing, short.text))
    rest = found.answer if short.rest is None else short.rest
    has_more = whole and bool(rest) and len(found.answer) - len(short.text) >= MIN_MORE
    return BotMessage(
        text=paragraphs((shown, rest)) if has_more else shown,
        article=found.key,
        lead=len(shown) if has_more else None,
        short=len(short.text),
        related=_related(past, found) if whole else (),
        asked="helpful",
    )


def _says_more(past: ConversationMemory, key: str, short: ShortAnswer) -> bool:
    """Whether a sentence of the article that was just shown answers what follows.

    It does if it speaks of the value that is asked for now, or says that none does; and if it is surely better than the
    beginning, holds what is asked for, or stands where nobody has read it yet, unless it was said last.
    """
    if short.decides or short.missing:
        return True
    said = [message for message in past.last_said if message.article == key]
    if any(message.text.endswith(short.text) for message in said):
        return False
    return short.goes_first or short.is_expected or all(short.text not in one.text[: one.lead] for one in said)


def _related(past: ConversationMemory, found: ArticleAnswer) -> tuple[tuple[str, str], ...]:
    related = [(one.key, one.question) for one in found.related if one.key not in past.shown | {found.key}]
    return tuple(related[:MAX_RELATED])


def ask_which(past: ConversationMemory) -> BotMessage:
    """One question and the likeliest articles as choices; where that led nowhere a moment ago, a person."""
    likely = likely_choices(past.candidates)
    if past.last is not None and past.last.asked == "clarify" and _offered_before(past, likely):
        return offer_person(past, words.NOT_FOUND_AGAIN, because="not_found", missed=True)
    choices = (*(article(one.question, one.key) for one in likely), person(past))
    return BotMessage(text=say(past, words.WHICH_ONE), choices=choices, asked="clarify", missed=True)


def likely_choices(
    candidates: tuple[ArticleCandidate, ...], most: int = MAX_CHOICES - 1
) -> tuple[ArticleCandidate, ...]:
    """Two at least, if there are two; more only when they are worth reading."""
    return tuple(one for n, one in enumerate(candidates[:most]) if n < 2 or one.confidence >= WORTH_NAMING)


def _offered_before(past: ConversationMemory, likely: tuple[ArticleCandidate, ...]) -> bool:
    before = {one.key for one in next((found for found in past.earlier if found), ())[: MAX_CHOICES - 1]}
    return {one.key for one in likely} <= before


def miss(past: ConversationMemory) -> BotMessage:
    """The first time an invitation to say it differently, from the second in a row on the offer of a person."""
    if past.misses:
        return offer_person(past, words.NOT_FOUND_AGAIN, because="not_found", missed=True)
    if past.last_answers and not asks(past.text):  # it says how it went with the answer
        return offer_person(past, words.PERSON_INSTEAD, because="not_helpful", missed=True)
    choices: tuple[Choice, ...] = (person(past), rephrase(past))
    return BotMessage(text=say(past, words.NOT_FOUND), choices=choices, missed=True, because="not_found")
