"""Which language a message is in. Short messages often belong to several; then the conversation's language counts."""

import math
from dataclasses import dataclass
from functools import cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from knowledge.normalization import tidy, words

LANGUAGES = ("de", "en")

_SURE_ENOUGH = 0.7
_SURE_ENOUGH_TO_LEAVE = 0.8
_MAX_BY_LETTERS = 0.99
_WORTH_OF_A_WORD = 2.0
_WORTH_OF_A_SHIBBOLETH = 4.0
_WORTH_OF_THE_CONVERSATION = 1.0
_LOOKED_AT = 200

_GERMAN = frozenset(
    words(
        """
        aber als am an auf aus bei bin bis bitte bräuchte brauche danke dann das dass dein dem den denn der des deutsch
        dir doch du ein eine einem einen einer er es euch euer eure für geht gibt guten habe haben hast hat hätte
        hilfe ich ihr ihre ihren im ist ja jemand kann kannst kein keine können könnt mal man mehr mein meine meinem
        meinen meiner mich mir mit möchte muss nach nein nicht nichts noch nur oder ohne sie sind soll tag
        über um und uns vom von wann warum weil welche wenn wer werden wie wieso will wir wird wo wurde zu zum
        zur zurück
        """
    )
)
_ENGLISH = frozenset(
    words(
        """
        about and any are at be been by can cannot cant could did didnt do does doesnt dont english for from get give
        got had has have havent hello help how i id if im is isnt it its ive me my need no not of on or order our please
        should someone still than thank thanks that the their them there these they this to us wasnt we were what whats
        when where wheres which who why will with wont would yes you your
        """
    )
)
_ONLY_GERMAN = frozenset(
    words("hallo moin servus tschüss storno stornieren retoure versand bestellung paket lieferung rechnung konto")
)
_EVERYWHERE = frozenset(words("ok okay hi hey paypal visa mastercard e mail email sms app pin status code login test"))


_CODES = {language.iso_code_639_1.name.lower(): language.iso_code_639_1 for language in Language.all()}


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageGuess:
    """`language` is `None` when the message could be in either; `confidence` is that of the likelier one."""

    language: str | None
    confidence: float


def detect(text: str, spoken: str | None = None) -> LanguageGuess:
    """The language of `text`, where `spoken` is what the conversation was in so far. Some 0.1 ms.

    Letters (lingua's n-grams) and a short list of everyday words are added up as log-odds; the conversation tips the
    scales when they are even. A conversation in a third language stays in it unless the text is clearly in one of ours.
    """
    said = [word for word in words(tidy(text)[:_LOOKED_AT]) if word not in _EVERYWHERE and not word.isdigit()]
    if not said:
        return LanguageGuess(language=None, confidence=0.5)
    if spoken and spoken not in LANGUAGES:
        return _leave(spoken, text)
    odds = _letters(text) + _everyday_words(said) + _conversation(spoken)
    confidence = 1 / (1 + math.exp(-abs(odds)))
    language = "de" if odds > 0 else "en"
    return LanguageGuess(language=language if confidence >= _SURE_ENOUGH else None, confidence=confidence)


def _leave(spoken: str, text: str) -> LanguageGuess:
    """Whether the text is in one of our languages rather than in `spoken`, by its letters alone."""
    likeliest = _detector(spoken).compute_language_confidence_values(tidy(text)[:_LOOKED_AT])[0]
    code = likeliest.language.iso_code_639_1.name.lower()
    is_clear = code in LANGUAGES and likeliest.value >= _SURE_ENOUGH_TO_LEAVE
    return LanguageGuess(language=code if is_clear else None, confidence=likeliest.value)


def _letters(text: str) -> float:
    values = _detector().compute_language_confidence_values(tidy(text)[:_LOOKED_AT])
    german = next((value.value for value in values if value.language == Language.GERMAN), 0.5)
    if not any(value.value for value in values):
        return 0.0
    german = min(max(german, 1 - _MAX_BY_LETTERS), _MAX_BY_LETTERS)
    return math.log(german / (1 - german))


def _everyday_words(said: list[str]) -> float:
    everyday = sum((word in _GERMAN) - (word in _ENGLISH) for word in said)
    return _WORTH_OF_A_WORD * everyday + _WORTH_OF_A_SHIBBOLETH * sum(word in _ONLY_GERMAN for word in said)


def _conversation(spoken: str | None) -> float:
    return {"de": _WORTH_OF_THE_CONVERSATION, "en": -_WORTH_OF_THE_CONVERSATION}.get(spoken or "", 0.0)


@cache
def _detector(third: str | None = None) -> LanguageDetector:
    languages = {Language.GERMAN, Language.ENGLISH}
    if third in _CODES:
        languages.add(Language.from_iso_code_639_1(_CODES[third]))
    return LanguageDetectorBuilder.from_languages(*languages).with_preloaded_language_models().build()
