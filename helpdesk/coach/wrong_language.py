"""A draft in another language than the conversation's. Not pure to the letter: it reads the model of languages once."""

from helpdesk.coach.draft import WORD, Draft
from helpdesk.coach.hint import CoachHint, HintKind
from helpdesk.coach.signs import shortened
from knowledge.search.language import LANGUAGES, detect

MIN_WORDS = 4
_SURE = 0.95


def find_wrong_language(draft: Draft) -> CoachHint | None:
    """Only between German and English, only where there are enough words, only when it is clear."""
    if draft.language not in LANGUAGES or len(WORD.findall(draft.body)) < MIN_WORDS:
        return None
    guess = detect(draft.body, draft.language)
    if guess.language in {None, draft.language} or guess.confidence < _SURE:
        return None
    return CoachHint(kind=HintKind.LANGUAGE, found=shortened(draft.body, 40), instead=draft.language)
