"""Answers from the knowledge base, and what is said when there is nothing to answer with.

The bot never says what no article says: without one it asks, or offers a person.
"""

from actions import sympathy, words
from actions.past import Past
from actions.reply import Choice, Reply, article, offer_person, paragraphs, person, rephrase, say, was_it_helpful
from knowledge.answers import Answer, AnswerSource

MOST_CHOICES = 4


async def answer(past: Past, answers: AnswerSource) -> Reply:
    """The article that was asked for by button, else what the search found."""
    wanted = past.entities.get("article")
    if wanted:
        return await _show(past, answers, (wanted,))
    if past.outcome == "answer":
        return await _show(past, answers, tuple(candidate.key for candidate in past.candidates[:2]))
    if past.outcome == "clarify" and past.candidates:
        return ask_which(past)
    return miss(past)


async def fallback(past: Past, answers: AnswerSource) -> Reply:
    """Something that is no question to us. Says so, and what is possible instead; counts as a miss all the same."""
    return miss(past) if past.misses else Reply(text=say(past, words.OUTSIDE), choices=(person(past),), missed=True)


async def complain(past: Past, answers: AnswerSource) -> Reply:
    """First the acknowledgement of this trouble, then a solution: the article that fits, or a person."""
    acknowledged = say(past, sympathy.acknowledgement_of(past.text))
    found = (
        await _first(answers, [c.key for c in past.candidates[:1]], past.language) if past.outcome == "answer" else None
    )
    if found is None or found.key in past.shown:
        return offer_person(past, sympathy.OFFER_PERSON, because="complaint", before=acknowledged)
    return show(past, found, before=acknowledged)


async def _show(past: Past, answers: AnswerSource, keys: tuple[str, ...]) -> Reply:
    found = await _first(answers, keys, past.language)
    if found is None:
        return miss(past)
    if past.last is not None and past.last.article == found.key and not past.entities.get("article"):
        return offer_person(past, words.SAME_ANSWER, because="not_helpful")
    return show(past, found)


async def _first(answers: AnswerSource, keys: tuple[str, ...] | list[str], language: str) -> Answer | None:
    """The first article that is still published: it may have gone since the search."""
    for key in keys:
        found = await answers.answer(key, language)
        if found is not None:
            return found
    return None


def show(past: Past, found: Answer, before: str = "") -> Reply:
    """An article's answer, and whether it helped."""
    foreign = say(past, words.ONLY_IN_OTHER_LANGUAGE) if found.language != past.language else ""
    return Reply(
        text=paragraphs((before, foreign, found.answer, say(past, words.WAS_IT_HELPFUL))),
        choices=was_it_helpful(past, found.key),
        custom={"article": found.key},
        asked="helpful",
    )


def ask_which(past: Past) -> Reply:
    """One question and the likeliest articles as choices."""
    likely = tuple(article(candidate.question, candidate.key) for candidate in past.candidates[: MOST_CHOICES - 1])
    return Reply(text=say(past, words.WHICH_ONE), choices=(*likely, person(past)), asked="clarify")


def miss(past: Past) -> Reply:
    """The first time an invitation to say it differently, from the second in a row on the offer of a person."""
    if past.misses:
        return offer_person(past, words.NOT_FOUND_AGAIN, because="not_found", missed=True)
    choices: tuple[Choice, ...] = (person(past), rephrase(past))
    return Reply(text=say(past, words.NOT_FOUND), choices=choices, missed=True, because="not_found")
