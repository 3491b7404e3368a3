"""A promise in the draft: one without a time is worth a hint, one with a time is worth recording. Pure."""

from helpdesk.coach.draft import Draft
from helpdesk.coach.hint import CoachHint, HintKind
from helpdesk.coach.signs import SignTable, any_of, shortened
from helpdesk.handoff.due_dates import find_due
from helpdesk.handoff.promise_detection import find_promise

_SOON_DE = r"(?:so schnell wie möglich|schnellstmöglich|baldmöglichst|bald|demnächst|in kürze|zeitnah|umgehend|asap)"
_SOON_EN = (
    r"(?:as soon as (?:possible|we can|I can)|asap|soon|shortly|in due course|in the near future|once it|when it)"
)
#: What the promises of `helpdesk.handoff` leave out, since without a time they may be meant for right now.
_WITHOUT_TIME: SignTable = {
    "de": any_of(
        rf"\b(?:bekommen|bekommst|erhalten|erhältst|schick\w*|send\w*|überw\w+|erstatt\w*|kümmer\w*|klär\w*|"
        rf"prüf\w*|wird|"
        rf"werden)\b[^.!?\n]{{0,60}}\b{_SOON_DE}\b",
        rf"\b{_SOON_DE}\b[^.!?\n]{{0,50}}\b(?:bescheid|rückmeldung|nachricht|antwort|geliefert|überwiesen|"
        rf"verschickt|erstattet)",
        r"\bkomme?n? (?:\w+ ){0,3}auf (?:sie|dich) zu\b|\b(?:sag|gib|geb)e? (?:dir|ihnen)\b[^.!?\n]{0,30}\bbescheid\b",
        r"\bruf(?:t|en) (?:sie|dich)\b[^.!?\n]{0,40}\b(?:an|zurück)\b",
        r"\bwird (?:sich|ihnen|dir|sie|dich)\b[^.!?\n]{0,40}\b(?:melden|anrufen|zurückrufen|schreiben|kontaktieren)\b",
        r"\bmeldet sich (?:bei|wieder|dann)\b|\bhalte? (?:sie|dich) auf dem laufenden\b",
    ),
    "en": any_of(
        rf"\b(?:will|['’]ll)\b[^.!?\n]{{0,60}}\b{_SOON_EN}\b",
        r"\b(?:get|come) back to you\b|\bkeep you (?:posted|updated|informed|in the loop)\b",
        r"\b(?:will|['’]ll) (?:then )?(?:call|ring|phone|contact) you(?: back)?\b",
        r"\b(?:I|we)(?:['’]ll| will) let you know\b|\byou(?:['’]ll| will) hear (?:back )?from\b|\bwill be in touch\b",
    ),
}
_ONLY_IF: SignTable = {
    "de": any_of(r"^\W*(?:falls|wenn|sobald (?:sie|du))\b", r"\bautomatisch\b"),
    "en": any_of(r"^\W*(?:if|in case|when you|once you|as soon as (?:you|I have it))\b", r"\bautomatically\b"),
}


def find_open_promise(draft: Draft) -> CoachHint | None:
    """The first promise; `due` is set when it names a time."""
    language = draft.language if draft.language in _WITHOUT_TIME else "de"
    found = find_promise(draft.own_words, language, draft.now, draft.zone)
    if found is not None:
        return CoachHint(kind=HintKind.PROMISE, found=shortened(found.words, 200), due=found.due)
    if find_due(draft.body, language, draft.now, draft.zone):
        return None
    for sentence in draft.sentences:
        if sentence.endswith("?") or _ONLY_IF[language].search(sentence):
            continue
        if sign := _WITHOUT_TIME[language].search(sentence):
            return CoachHint(kind=HintKind.PROMISE, found=shortened(sign[0], 200))
    return None
