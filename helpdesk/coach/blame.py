"""Words that put the fault on the customer, or show that the agent is tired of them. Pure."""

from helpdesk.coach.draft import Draft
from helpdesk.coach.hint import CoachHint, HintKind
from helpdesk.coach.signs import SignTable, any_of, shortened, words_of

_WRONGLY_DE = (
    r"falsch\w*|nicht (?:richtig|korrekt|gelesen|beachtet|befolgt|angegeben|bestätigt|aufgepasst|geprüft|bezahlt)|"
    r"vergessen|versäumt|übersehen|verpasst|ignoriert|missachtet|zu spät|selbst (?:gelöscht|verschuldet|storniert|"
    r"beschädigt|verursacht|kaputt\w*)|verwechselt|verschlampt|zweimal auf"
)
_READ_DE = r"gelesen|beachtet|befolgt|gewusst|wüssten|aufgepasst|angegeben|gemeldet|bestätigt|geprüft|notiert|geschaut"
_SAID_DE = r"gesagt|geschrieben|erwähnt|erklärt|mitgeteilt|hingewiesen|beantwortet|erläutert"
_SIGNS: SignTable = {
    "de": words_of(
        r"(?:ihr|dein) (?:eigener |eigenes )?(?:fehler|verschulden|versäumnis)",
        r"(?:ihre|deine) (?:eigene )?schuld",
        r"selbst (?:dran |daran )?schuld",
        r"(?:liegt|lag) (?:\w+ ){0,2}an (?:ihnen|dir)",
        rf"wie (?:ich |wir )?(?:ihnen |dir )?(?:ja )?(?:schon|bereits|mehrfach|"
        rf"mehrmals)(?: \w+){{0,3}}? (?:{_SAID_DE})",
        rf"(?:ich|wir) (?:habe|haben|hatte|hatten) (?:es |das )?(?:ihnen|dir) (?:es |das )?(?:doch |ja )?"
        rf"(?:schon|bereits|doch)(?: \w+){{0,3}} (?:{_SAID_DE})",
        rf"(?:hätten sie|hättest du)(?: [\w,]+){{0,8}} (?:{_READ_DE})",
        r"(?:sie hätten|du hättest)(?: [\w,]+){0,10} (?:müssen|sollen)",
        rf"(?:sie haben|du hast|(?<=[\w,] )(?:haben sie|hast du))(?: [\w,]+){{0,7}}? (?:{_WRONGLY_DE})",
        r"(?:sie müssen|du musst) (?:schon|eben|halt|einfach)(?: \w+){0,3} (?:geduld|warten|lesen|aufpassen|genauer)",
        r"(?:das|so etwas|sowas) (?:kommt|passiert)(?: halt| eben| nun mal)? (?:davon|,? wenn man)",
        r"bei (?:allen )?anderen(?: kunden)? (?:geht|funktioniert|klappt)",
        r"wer lesen kann",
        r"lesen (?:sie |bitte )+(?:doch |erst |einfach |genau )+",
        r"(?:sie haben|du hast)(?: \w+){0,3} nicht (?:verstanden|zugehört|zugelesen)",
    ),
    "en": words_of(
        r"(?:your|ur) (?:own )?(?:fault|mistake|error)",
        r"(?:is|are|was) your (?:own )?(?:responsibility|problem|job)",
        r"(?:like|as) (?:I|we)(?:['’]ve| have| had)? (?:already |just |previously )?(?:said|explained|told|mentioned|"
        r"wrote|written|stated)(?: you)?",
        r"as (?:already |previously )?(?:said|explained|mentioned|stated) (?:before|already|above|earlier)",
        r"I(?:['’]ve| have) (?:already )?told you(?: \w+){0,2} (?:already|twice|before|times)",
        r"you (?:really |simply |just )?(?:should(?:['’]ve| have| of)|ought to have|could have (?:read|checked|asked))",
        r"(?:if you had|had you|if you['’]d)(?: only| just| actually)? (?:read|checked|followed|told|listened|"
        r"asked|paid|"
        r"looked|updated|entered|confirmed|sent|come|called)",
        r"you (?:clearly |obviously |simply |probably |just |must have |have )?(?:forgot|forgotten|failed|"
        r"neglected|ignored|"
        r"overlooked|misread|misused|mistyped)",
        r"you (?:clearly |obviously |simply |probably |just )?(?:did not|didn['’]?t|haven['’]?t|never) (?:bother|read|"
        r"follow|listen|check|pay attention|confirm|bother\w*|understand)",
        r"you (?:must have|have|clearly|obviously|probably)?\s?(?:\w+ ){0,2}(?:typed|entered|chose|chosen|picked|used|"
        r"selected|ordered|gave|given|put)(?: \w+){0,4} (?:wrong|wrongly|incorrectly|incorrect)",
        r"(?:that|this)(?:['’]s what)? happens (?:when|if) (?:you don|you do|one|people|the manual|"
        r"nobody)(?:\W+\w+){0,4}",
        r"you (?:have|need) to (?:be|learn to be) (?:more )?(?:patient|careful)",
        r"(?:works|fine) for everyone else",
        r"calm down",
    ),
}
#: What is reported, denied or forgiven blames nobody.
_HARMLESS: SignTable = {
    "de": any_of(
        r"\b(?:sie|du) (?:schreib\w+|sag\w+|mein\w+|erwähn\w+|berichte\w*|hatten geschrieben|haben geschrieben)\b",
        r"\b(?:kein problem|macht nichts|kein drama|nicht schlimm|halb so wild|passiert (?:jedem|allen|schnell))\b",
        r"\b(?:haben|hast) (?:völlig |absolut |ganz |vollkommen )?recht\b|\bunser\w* (?:fehler|versehen|schuld)\b|"
        r"\bbei uns\b",
        r"\bnicht (?:ihre|deine|an ihnen|an dir|ihr)\b|\bnichts falsch\b|\bfalls\b|\bwenn sie\b|\bwenn du\b",
        r"\bvielleicht\b|\bmöglicherweise\b|\bkann es sein\b|\beventuell\b",
    ),
    "en": any_of(
        r"\byou(?:['’]re| are| were)? (?:said|say|saying|mentioned|wrote|telling)\b",
        r"\b(?:no worries|no problem|not a problem|it happens|happens to)\b|\bour (?:fault|mistake|error)\b",
        r"\b(?:not|isn['’]t|wasn['’]t) your\b|\b(?:nothing|anything) wrong\b|\byou(?:['’]re| are) (?:quite |"
        r"totally )?right\b",
        r"\bin case\b|\bif you (?!had\b)|\bmaybe\b|\bperhaps\b|\bmay have\b|\bmight have\b",
    ),
}


def find_blame(draft: Draft) -> CoachHint | None:
    """The first words that blame. A question blames nobody: "did you perhaps …?", nor does a condition."""
    language = draft.language if draft.language in _SIGNS else "de"
    for sentence in draft.sentences:
        if sentence.endswith("?") or _HARMLESS[language].search(sentence):
            continue
        if found := _SIGNS[language].search(sentence):
            return CoachHint(kind=HintKind.BLAME, found=shortened(found[0]))
    return None
