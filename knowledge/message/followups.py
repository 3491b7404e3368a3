"""Messages that lean on the turn before: "und nach Österreich?", "how long?". Pure.

By its form a message may lean; by its confidence it is decided. What says enough by itself is never dragged to the old
topic.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from knowledge.articles.answers import ShortAnswer
from knowledge.message.clauses import clauses_of
from knowledge.normalization import words
from knowledge.search.expected_values import asks_how_to
from knowledge.search.library import SearchCandidate, SearchResult
from knowledge.search.ranking import ANSWER_FROM, CLARIFY_FROM, SearchOutcome

MAX_ELLIPSIS_WORDS = 4
"""Words; "und nach Österreich?" and "wie lange?" are no whole questions, "wie lange dauert die Lieferung?" is one."""
MAX_LEANING_WORDS = 9
"""A longer message says enough by itself, whatever it begins with."""
STANDS_ALONE = 0.8
"""From this confidence on a question that only begins with "und" is a question of its own."""
MAX_GOING_ON_WORDS = 20
"""A longer message that begins with "und wenn" tells a story of its own."""
MAX_ADDING_WORDS = 12
"""What is longer, and finds nothing, hardly only adds to the question before."""
MAX_ADDING_CONTENT = 4
"""Words that say anything, of a message that adds to it without a sign that it does."""
SAID_THERE_FROM = 0.3
"""Surplus of a sentence over the beginning of the article just shown from which it answers what follows."""
ASKED_THERE_FROM = 0.15
"""The same where it holds what is asked for, such as an amount after "how much?"."""
CLEARLY_SAID_THERE = 0.5
"""Surplus from which it answers "what about express?" although another article surely would."""
SURELY_SAID_THERE = 0.8
"""The same for what only has an "also" in it."""
GOES_ON_THERE_FROM = 0.1
"""The same for what begins with "and" and finds nothing by itself."""
MAX_AGREEING_WORDS = 6
"""Of a message that begins with yes or no, and goes on to say something."""
MIN_REST_WORDS = 3
"""Of a message that begins with what was done already, so many make a matter."""
MAX_BACK_WORDS = 4
FEW_BACK_WORDS = 2
"""The same where the article's beginning says it, which may as well be about something else."""
SAID_THERE = 0.9
"""Confidence of an answer that the article just shown gives: it is what the conversation is about."""
UNDISTURBED = 0.97
"""Confidence for the article just shown that its question keeps with what only goes on about it behind it."""
HARDLY_DISTURBED = 0.92
"""The same where the message points back by its words, too."""
HEARD_FROM = 0.1
"""Confidence from which a message by itself may mean an article that it surely means after another."""
AS_MANY_AS = 10
"""Over so many articles the doubt of a search is spread; that is how many candidates it names."""
_NEXT_TO_NOTHING = 0.001


def looks_like_followup(text: str) -> bool:
    """Whether the form of `text` allows that it goes on from the turn before: short, and elliptic or pointing back."""
    said = words(text)
    if not said or len(said) > MAX_LEANING_WORDS or _ANSWERING.fullmatch(text.strip()):
        return False
    return len(said) <= MAX_ELLIPSIS_WORDS or bool(_GOES_ON.match(text) or _POINTS_BACK.search(text))


def says_nothing_alone(text: str) -> bool:
    """Whether it can only be understood with what stands before it: "what now?", "wie läuft das?"."""
    return all(word in _OF_NO_MATTER for word in words(text)) or (
        looks_like_followup(text) and bool(_POINTS_BACK.search(text))
    )


def goes_on_at_length(text: str) -> bool:
    """Whether a longer message says that it goes on: "and if I bought it on 20 November, as a present?"."""
    return bool(_GOES_ON.match(text)) and len(words(text)) <= MAX_GOING_ON_WORDS


def reports_back(text: str) -> bool:
    """Whether a short message says how it went with an answer, and asks nothing: "klappt nicht, es kommt nichts"."""
    said = words(text)
    if len(said) > MAX_LEANING_WORDS or "?" in text:
        return False
    if _REPORTS.match(text) or _REPORTS_AT_THE_END.search(text):
        return True
    clauses = clauses_of(text)
    is_brief = MIN_REST_WORDS <= len(said) <= MAX_AGREEING_WORDS
    return is_brief and bool(_AGREES.match(text)) and not any(clause.asks for clause in clauses)


def behind_what_is_done(text: str) -> str:
    """What follows on "hab ich schon gemacht, …", which is a matter of its own; empty where nothing does."""
    done = _DONE.match(text)
    rest = text[done.end() :].strip() if done else ""
    return rest if len(words(rest)) >= MIN_REST_WORDS else ""


def may_go_on(text: str, alone: SearchResult, article: str) -> bool:
    """Whether the `article` just shown is looked into first: for its form, or as nothing else surely answers it."""
    if looks_like_followup(text) or goes_on_at_length(text):
        return True
    return may_lean(text) and (not _surely_another(alone, article) or _leans(text))


def is_said_there(text: str, short: ShortAnswer, alone: SearchResult, article: str) -> bool:
    """Whether the `article` just shown says what `text` goes on to ask. `alone` is what is found for it by itself.

    A value that it names further down decides, or what a question that points back asks for ("what does that cost?");
    else the sentence has to be clearly about the question. What surely finds another article is only held back by the
    form of a follow-up.
    """
    if short.missing:
        return False
    is_another = _surely_another(alone, article)
    back = _POINTS_BACK.search(text) or (not is_another and _GOES_ON.match(text))
    if back and short.is_expected and _says_at_most(text, MAX_BACK_WORDS if short.goes_first else FEW_BACK_WORDS):
        return True
    if not short.goes_first:
        return False
    if is_another:
        return _outweighs(text, short)
    first = best_candidate(alone)
    if short.decides or first is None or first.article == article:
        return True
    return short.surplus >= _needed_surplus(text, short, alone)


def _outweighs(text: str, short: ShortAnswer) -> bool:
    """Whether what the article says counts more than another one that surely answers."""
    if _GOES_ON.match(text):
        return short.decides or (short.surplus >= CLEARLY_SAID_THERE and not asks_how_to(text))
    return short.decides and short.surplus >= SURELY_SAID_THERE and _leans(text)


def _needed_surplus(text: str, short: ShortAnswer, alone: SearchResult) -> float:
    if asks_how_to(text):
        return CLEARLY_SAID_THERE
    if _GOES_ON.match(text) and alone.outcome is SearchOutcome.NONE:
        return GOES_ON_THERE_FROM
    if looks_like_followup(text) or _GOES_ON.match(text) or short.is_expected:
        return ASKED_THERE_FROM if short.is_expected else SAID_THERE_FROM
    return CLEARLY_SAID_THERE


def _surely_another(alone: SearchResult, article: str) -> bool:
    first = best_candidate(alone)
    is_sure = alone.outcome is SearchOutcome.ANSWER and first is not None and first.confidence >= STANDS_ALONE
    return is_sure and first is not None and first.article != article


def _leans(text: str) -> bool:
    """Whether it has a word that adds to what was said: "also on Sundays", "sonntags auch"."""
    return bool(_GOES_ON.match(text) or _POINTS_BACK.search(text) or _ADDS.search(text))


def _says_at_most(text: str, most: int) -> bool:
    """Whether it has at most so many words that say anything."""
    return len([word for word in words(text) if word not in _OF_NO_MATTER]) <= most


def answer_from(alone: SearchResult, article: str, question: str, confidence: float = ANSWER_FROM) -> SearchResult:
    """The search's result with this article as its answer, at least so sure, the others behind it."""
    known = {one.article: one for one in alone.candidates}
    mine = known.pop(article, SearchCandidate(article=article, confidence=0.0, question=question))
    first = replace(mine, confidence=max(mine.confidence, confidence))
    return replace(alone, outcome=SearchOutcome.ANSWER, candidates=(first, *known.values()))


def join_to_topic(topic: str, text: str) -> str:
    """What is searched for to see whether `text` goes on from `topic`, the question that was answered last."""
    return f"{topic.rstrip()} {_LINK.sub('', text.strip())}"


def resolve(alone: SearchResult, together: SearchResult, last: str | None) -> SearchResult:
    """The message by itself, or as it reads after its topic, whose article is `last`.

    The article that was just said is no news, so another one is looked for: the one that fits both readings best. Where
    there is none, the message stands for itself.
    """
    if stands_alone(alone):
        return alone
    fitting = intersect_candidates(alone, together, besides=() if last is None else (last,))
    if not fitting or fitting[0].confidence < CLARIFY_FROM:
        return alone
    outcome = SearchOutcome.ANSWER if fitting[0].confidence >= ANSWER_FROM else SearchOutcome.CLARIFY
    return replace(alone, outcome=outcome, candidates=fitting)  # what it is taken for, thanks say, is for itself to say


def may_add(text: str) -> bool:
    """Whether a message may only add to the question before: it is short or points back, and reports nothing."""
    if not 0 < len(words(text)) <= MAX_ADDING_WORDS or reports_back(text):
        return False
    points_back = _leans(text) or _SOMEBODY_TOLD_OF.search(text)
    return bool(points_back) or looks_like_followup(text) or _says_at_most(text, MAX_ADDING_CONTENT)


def goes_on_about(text: str, together: SearchResult, last: str) -> bool:
    """Whether a message that finds no answer by itself goes on about the article `last`.

    `together` is what is found for the question of that article and the message behind it. A matter of its own disturbs
    that search, whatever it is about; what only makes sense after the question leaves it as sure as it was.
    """
    first, needed = best_candidate(together), HARDLY_DISTURBED if _leans(text) else UNDISTURBED
    return first is not None and first.article == last and first.confidence >= needed


def may_lean(text: str) -> bool:
    """Whether a message is short enough to mean something else after another."""
    return len(words(text)) <= MAX_LEANING_WORDS


def leaves_room(alone: SearchResult) -> bool:
    """Whether another article than the first may be meant after all."""
    return len(alone.candidates) > 1 and alone.candidates[1].confidence >= HEARD_FROM


def meant_after(alone: SearchResult, together: SearchResult, last: str) -> SearchResult | None:
    """Another article than the message finds by itself, if after the question of `last` it means that; else None.

    "Who pays the postage?" is about delivery by itself, and about returns after a question on returns.
    """
    first = best_candidate(alone)
    after = next((one for one in together.candidates if one.article != last), None)
    mine = next((one for one in alone.candidates if after and one.article == after.article), None)
    if first is None or after is None or mine is None or mine.confidence < HEARD_FROM or first.article == last:
        return None
    before = next((one.confidence for one in together.candidates if one.article == first.article), 0.0)
    scores = mine.confidence * after.confidence, first.confidence * max(before, _NEXT_TO_NOTHING)
    if mine is first or scores[0] / sum(scores) < ANSWER_FROM:
        return None
    others = (one for one in alone.candidates if one is not mine)
    sure = replace(mine, confidence=round(min(first.confidence, scores[0] / sum(scores)), 4))
    return replace(alone, candidates=(sure, *others))


def stands_alone(found: SearchResult) -> bool:
    """Whether a message surely says enough by itself, or nothing was found that could be read otherwise."""
    first = best_candidate(found)
    return first is None or (found.outcome is SearchOutcome.ANSWER and first.confidence >= STANDS_ALONE)


def intersect_candidates(
    one: SearchResult, other: SearchResult, *, besides: Collection[str] = ()
) -> tuple[SearchCandidate, ...]:
    """The candidates of two searches for the same thing, by how well they fit both.

    Confidences are multiplied and shared out anew; none is surer than the surer search was of its first.
    """
    mine, theirs = _confidences(one), _confidences(other)
    known = {c.article: c for c in (*other.candidates, *one.candidates) if c.article not in besides}
    scores = {key: mine[key] * theirs[key] for key in known}
    total = sum(scores.values())
    sure = max((first.confidence for first in (best_candidate(one), best_candidate(other)) if first), default=0.0)
    ordered = sorted(known.values(), key=lambda c: -scores[c.article])
    return tuple(replace(c, confidence=round(min(sure, scores[c.article] / total), 4)) for c in ordered)


def best_candidate(found: SearchResult) -> SearchCandidate | None:
    """The likeliest article."""
    return found.candidates[0] if found.candidates else None


def _confidences(found: SearchResult) -> Mapping[str, float]:
    """By article; what the search is unsure of is spread over all, so that a vague search rules nothing out."""
    spread = _spread(found)
    return defaultdict(lambda: spread, {one.article: one.confidence + spread for one in found.candidates})


def _spread(found: SearchResult) -> float:
    first = best_candidate(found)
    return max((1 - (first.confidence if first else 0.0)) / AS_MANY_AS, _NEXT_TO_NOTHING)


_LINK = re.compile(r"^(?:(?:und|and|oder|or|auch|also|aber|but|then|dann)\b[\s,]*)+", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\W*(?:und|and|oder|or|auch|also|aber|but|was ist mit|wie ist es|wie siehts|wie sieht es|gilt das|geht das|"
    r"what about|how about|does (?:that|this|it)|is (?:that|it)|can (?:that|it))\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:dies|dafür|dafuer|damit|dabei|davon|dazu|daran|dorthin|dahin|dort|"
    r"it|that|this|those|them|there)\b"
    r"|\b(?:das|die|der|den|es|sie|one|ones|da)(?:\W*$|\s+(?:auch|denn|dann|so|noch|mit|für|bei|nach|in|an|aus|"
    r"überhaupt|eigentlich|jetzt|nun|normal|ok|okay|möglich|too|also|with)\b)",
    re.IGNORECASE,
)
_SOMEBODY_TOLD_OF = re.compile(
    r"\b(?:darf|kann|muss|soll|will|ist|hat|wird|braucht|bekommt) (?:sie|er|es)\b|\b(?:ihn|ihm|she|he|him|her)\b",
    re.IGNORECASE,
)
"""Of the polite "Sie" the verb has another form."""
_FIRST_WORD = (
    r"\W*(?:(?:nein|nee|nö|ne|ja|doch|hm+|leider|no|nope|nah|yes|yeah|well|sorry)\W+)?"
    r"(?:(?:das|es|bei mir|that|it|this)\W+)?"
)
_REPORTS = re.compile(
    _FIRST_WORD
    + r"(?:(?:klappt|geht|ging|funktioniert|hilft|bringt|läuft|hat)\b[^.!?,;]{0,20}\b(?:nicht|nichts|nix|ned|net)\b"
    r"|(?:noch|immer noch|weiterhin) (?:nicht|nichts|nix|kein\w*)\b"
    r"|(?:[\w-]+ ){0,2}hab(?:e|'|’)? ?ich (?:alles |auch |doch |das )*"
    r"(?:schon|bereits|probiert|versucht|gemacht|geguckt|geschaut|nachge\w+|geprüft|gecheckt|durchsucht|kontrolliert|gelesen)\b"
    r"|(?:does|did|is|was|has|wo)n['’]?t (?:work|help|help\w*|working|there|come|arrive\w*|change\w*)\b"
    r"|(?:does|did|is|has) not (?:work|help|working|there|come)\b"
    r"|(?:already|i(?:['’]ve| have)?(?: already)?) (?:tried|done|did|checked|looked)\b"
    r"|(?:still|not) (?:nothing|not|no|yet)\b|nothing (?:there|happens|happened|arrived|came|in)\b)",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"\W*(?:ja|jo|jep|genau|klar|nein|nee|nö|yes|yep|yeah|sure|right|no|nope|nah)\b\W*[,.!;–-]", re.IGNORECASE
)
_DONE = re.compile(
    _FIRST_WORD + r"(?:habe? ich (?:alles |auch |doch |das )*(?:(?:schon|bereits|probiert|versucht|gemacht)\b ?)+"
    r"|(?:already|i(?:['’]ve| have)?(?: already)?) (?:tried|done|did|checked|looked)\b[^,;.]{0,20})[,;.] *"
    r"(?:(?:aber|und|nur|but|and|only)\b *)?",
    re.IGNORECASE,
)
_REPORTS_AT_THE_END = re.compile(
    r"\b(?:auch|immer noch|trotzdem|aber|da|dort) (?:nichts|nix|nicht|leer)\W*$|\b(?:either|still nothing)\W*$",
    re.IGNORECASE,
)
_ADDS = re.compile(r"\b(?:auch|dann|da|dort|dabei|too|also|then|there|either|as well)\b", re.IGNORECASE)
_OF_NO_MATTER = frozenset(
    words(
        """
        was wie wo wann warum wieso wer nun jetzt dann denn da so auch und oder ja nein noch mal bitte das es geht gehts
        läuft läufts funktioniert ist soll sollte muss kann ich wir man tun machen tu mach passiert passierts möglich
        normal richtig ok okay echt wirklich stimmt ab bis zu welchem welcher welchen
        what whats how where when why who now then so also and or too please about up that thats it this does do did is
        are should can could must i we one happens happen work works next possible normal right ok okay real really
        true tell me up from till until by which
        """
    )
)
_ANSWERING = re.compile(
    r"\W*(?:(?:ja|jo|jep|nein|nee|nö|ne|ok|okay|passt|gut|super|prima|danke|genau|doch|klar|gern|gerne|yes|no|yep|yeah|"
    r"nope|sure|fine|great|thanks|right|good|perfect|hallo|hi|hey|hello|moin|tschüss|ciao|bye|bitte|please)\b\W*)+",
    re.IGNORECASE,
)
