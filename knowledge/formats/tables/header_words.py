"""Names of columns and what they mean, in German, English and French."""

import re
import unicodedata
from dataclasses import dataclass, replace

from knowledge.formats.tables.column_mapping import SPOKEN_ROLES, ColumnRole

MAX_HEADER_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderMeaning:
    """What a column's name says. `language` is one that it names, `own_language` the one that its word is in.

    `is_sure`: the name fits nothing else. "Title" may be a question, "Question" is one.
    """

    role: ColumnRole
    is_sure: bool
    language: str | None = None
    own_language: str | None = None


_SURE = {
    ColumnRole.QUESTION: "pregunta preguntas domanda domande vraag vragen pytanie pytania pergunta perguntas soru "
    "otazka frage fragen question questions q f kundenfrage faq hauptfrage standardfrage haeufige-frage "
    "faq-frage faq-question customer-question user-question frage-des-kunden "
    "question-text fragetext",
    ColumnRole.ANSWER: "antwort antworten answer answers a reponse reponses antworttext answer-text response "
    "respuesta respuestas risposta risposte antwoord antwoorden odpowiedz resposta respostas cevap svar odpoved "
    "faq-antwort faq-answer musterantwort standardantwort antwort-text unsere-antwort our-answer loesung "
    "solution reply",
    ColumnRole.PHRASINGS: "phrasings phrasing formulierungen formulierung varianten alternative-fragen "
    "alternative-frage alternativfragen andere-formulierungen weitere-fragen weitere-formulierungen aehnliche-fragen "
    "alternative-questions alternative-question other-questions similar-questions other-phrasings utterances utterance "
    "variations variants synonyme synonyms question-variants fragevarianten formulations autres-formulations "
    "questions-similaires umformulierungen beispielfragen examples",
    ColumnRole.CATEGORY: "kategorie kategorien category categories bereich section rubrik rubrique categorie gruppe "
    "group folder ordner themenbereich themengebiet unterkategorie subcategory collection sammlung",
    ColumnRole.LANGUAGE: "sprache language lang locale langue sprachcode language-code",
    ColumnRole.KEY: "key schluessel slug article-key kennung cle intent",
    ColumnRole.VISIBILITY: "status state sichtbarkeit visibility veroeffentlicht published intern internal draft "
    "entwurf oeffentlich public zugriff access berechtigung permission permissions statut visibilite nur-intern "
    "internal-only is-internal is-private private hidden is-hidden restricted is-restricted archived is-archived "
    "visible is-visible user-segment user-segment-id user-segment-ids access-level login-required members-only zugang "
    "nur-fuer-angemeldete is-draft is-public is-published freigabe freigegeben zielgruppe audience publication-status",
    ColumnRole.VALID_FROM: "valid-from gueltig-ab gueltig-von",
    ColumnRole.VALID_UNTIL: "valid-until gueltig-bis",
    ColumnRole.OWNER: "owner",
    ColumnRole.REVIEW_ON: "review-on",
    ColumnRole.ASK_AGAIN_AFTER: "ask-again-after",
}
_WEAK = {
    ColumnRole.QUESTION: "titel title titre ueberschrift headline heading betreff subject name anfrage anliegen "
    "problem "
    "sujet intitule artikel article article-title artikeltitel stichwort",
    ColumnRole.ANSWER: "text inhalt content body beschreibung description contenu html markdown erklaerung explanation "
    "details artikeltext article-body article-content texte corps hinweis info information",
    ColumnRole.CATEGORY: "thema topic theme themen topics tag tags label labels produkt product abteilung department",
    ColumnRole.IGNORE: "id nr nummer number no lfd-nr zeile row datum date created-at updated-at erstellt-am "
    "geaendert-am autor author views aufrufe url link votes",
}
_TABLES = ((True, _SURE), (False, _WEAK))
_WORDS = {
    word: (role, is_sure) for is_sure, table in _TABLES for role, words in table.items() for word in words.split()
}
_LANGUAGES = {
    "de": "de deu ger german deutsch allemand dt",
    "en": "en eng english englisch anglais gb us uk",
    "fr": "fr fra fre french franzoesisch francais",
    "es": "es spa spanish spanisch espagnol espanol",
    "it": "it ita italian italienisch italien italiano",
    "nl": "nl nld dutch niederlaendisch neerlandais nederlands",
    "pl": "pl pol polish polnisch polonais polski",
    "tr": "tr tur turkish tuerkisch turc",
    "pt": "pt por portuguese portugiesisch portugais",
    "cs": "cs ces czech tschechisch",
    "da": "da dan danish daenisch",
    "sv": "sv swe swedish schwedisch",
}
_LANGUAGE_OF = {word: code for code, words in _LANGUAGES.items() for word in words.split()}
_OWN = {
    "de": "frage fragen antwort antworten antworttext kundenfrage formulierungen varianten",
    "en": "answer answers phrasings utterances",
    "fr": "reponse reponses formulations",
    "es": "pregunta preguntas respuesta respuestas",
    "it": "domanda domande risposta risposte",
    "nl": "vraag vragen antwoord antwoorden",
    "pl": "pytanie pytania odpowiedz",
    "pt": "pergunta perguntas resposta respostas",
    "tr": "soru cevap",
    "cs": "otazka odpoved",
}
_OWN_LANGUAGE_OF = {word: code for code, words in _OWN.items() for word in words.split()}
_TELLING = {
    word: role
    for role, words in {
        ColumnRole.ANSWER: "antwort antworten answer reponse",
        ColumnRole.QUESTION: "frage question",
        ColumnRole.CATEGORY: "kategorie category rubrik",
        ColumnRole.LANGUAGE: "sprache language",
    }.items()
    for word in words.split()
}
_ABOUT_SOMETHING_ELSE = frozenset(
    {
        "id",
        "nr",
        "no",
        "nummer",
        "number",
        "date",
        "datum",
        "count",
        "anzahl",
        "url",
        "link",
        "by",
        "von",
        "author",
        "autor",
        "am",
        "at",
        "alternative",
        "similar",
        "aehnliche",
        "weitere",
        "andere",
        "other",
    }
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NUMBER = re.compile(r"-?\d+$")


def header_meaning(header: str) -> HeaderMeaning | None:
    """What a column of this name is; `None` where the name says nothing."""
    if not header.strip() or len(header) > MAX_HEADER_LENGTH:
        return None
    words = _fold(header)
    found = _look_up(words)
    if found:
        return found
    language, rest = _cut_language(words)
    inner = (_look_up(rest) or _contained(rest)) if rest else _contained(words)
    if inner and language and inner.role in SPOKEN_ROLES:
        return replace(inner, language=language)
    return inner or _contained(words)


def language_code(text: str) -> str | None:
    """The language that a cell names: "de", "de-AT", "Deutsch", "german"."""
    words = _fold(text)
    return _LANGUAGE_OF.get(words[0]) if words and len(words) <= 2 else None


def _cut_language(words: list[str]) -> tuple[str | None, list[str]]:
    """A language at the end or the beginning of a name, and the rest of it."""
    for cut, rest in ((words[-1:], words[:-1]), (words[:1], words[1:])):
        language = _LANGUAGE_OF.get("".join(cut))
        if language and rest:
            return language, rest
    return None, []


def _look_up(words: list[str]) -> HeaderMeaning | None:
    name = _NUMBER.sub("", "-".join(words)).strip("-")
    known = _WORDS.get(name)
    if known is None:
        return None
    role, is_sure = known
    return HeaderMeaning(role=role, is_sure=is_sure, own_language=_OWN_LANGUAGE_OF.get(name))


def _contained(words: list[str]) -> HeaderMeaning | None:
    """A longer name with a word in it that says enough: "Unsere Antwort an Kunden", but not "Datum der Antwort"."""
    if not _ABOUT_SOMETHING_ELSE.isdisjoint(words):
        return None
    role = next((_TELLING[word] for word in words if word in _TELLING), None)
    return None if role is None else HeaderMeaning(role=role, is_sure=False)


def _fold(text: str) -> list[str]:
    """Words in small letters without accents: "Häufige Frage (DE)" is haeufige, frage, de."""
    apart = re.sub(r"(?<=[a-zäöüß])(?=[A-Z])", " ", text).casefold().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain)
