"""Trials of rules as the page shows them: on past conversations, and on a message or a pasted dialogue."""

import re
from collections.abc import Sequence
from dataclasses import replace
from gettext import NullTranslations
from typing import Any

from helpdesk.handoff.dialogue import AGENT, BOT, CONTACT, DialogueLine
from helpdesk.handoff.mood import judge_moods
from helpdesk.handoff.rules import Circumstances, Rules, decide_each
from helpdesk.rule_admin.explanation import explain_decision
from helpdesk.rule_admin.rule_trial import TrialProgress, TrialResult, Verdict, VerdictChange, VerdictComparison
from i18n import catalog
from knowledge.articles.masking import mask
from knowledge.search.embedder import e5_alone
from knowledge.search.vector_cache import CachedEmbedder

_MAX_SHOWN = 100  # conversations of one kind; their number is always said
_MAX_LINES = 40  # of a pasted dialogue
_MAX_PREVIEW_LENGTH = 160  # characters of the deciding line
_AUTHOR = re.compile(r"\s*(kunde|kundin|customer|contact|bot|staffel|agent|agentin|mensch)\s*:\s*", re.IGNORECASE)
_AUTHORS = {"bot": BOT, "staffel": BOT, "agent": AGENT, "agentin": AGENT, "mensch": AGENT}


def show_progress(step: TrialProgress) -> dict[str, Any]:
    """How far a trial is, for the page."""
    return {"stage": "waiting" if step.waiting else "reading", "done": step.done, "total": step.total}


def show_outcome(outcome: TrialResult, language: str) -> dict[str, Any]:
    """What came of a trial, for the page: sentences, and the conversations by what changes about them."""
    kinds = (VerdictChange.NEW, VerdictChange.GONE, VerdictChange.MOVED, VerdictChange.SAME)
    groups = [[one for one in outcome.compared if one.change is kind] for kind in kinds]
    return {
        "verdict": say_outcome(outcome, catalog("staff", language)),
        "kinds": [
            {"kind": kind, "count": len(group), "conversations": [_shown(one, language) for one in group[:_MAX_SHOWN]]}
            for kind, group in zip(kinds, groups, strict=True)
            if group
        ],
    }


def say_outcome(outcome: TrialResult, messages: NullTranslations) -> list[str]:
    """What an admin has to know, in two or three sentences."""
    if not outcome.looked_at:
        return [messages.gettext("There are no conversations yet.")]
    new, gone, moved = (outcome.count(kind) for kind in (VerdictChange.NEW, VerdictChange.GONE, VerdictChange.MOVED))
    same = outcome.count(VerdictChange.SAME)
    first = messages.ngettext(
        "With these rules {after} of the last {count} conversation would have gone to a person; "
        "with those in force it is {before}.",
        "With these rules {after} of the last {count} conversations would have gone to a person; "
        "with those in force it is {before}.",
        outcome.looked_at,
    ).format(after=new + moved + same, before=gone + moved + same, count=outcome.looked_at)
    changes = messages.gettext("{new} new, {gone} gone, {moved} elsewhere.").format(new=new, gone=gone, moved=moved)
    before, after = outcome.offers
    offers = messages.ngettext(
        "A person would only be offered in {after} conversation; now it is {before}.",
        "A person would only be offered in {after} conversations; now it is {before}.",
        after,
    ).format(before=before, after=after)
    return [
        first,
        changes if new or gone or moved else messages.gettext("Nothing changes in any of these conversations."),
        *([offers] if before or after else []),
    ]


def _shown(one: VerdictComparison, language: str) -> dict[str, Any]:
    """The deciding line and why; where both sets of rules hand over, also why today."""
    deciding = one.after or one.before
    assert deciding is not None  # noqa: S101 - one of the two is what makes it a `Compared`
    before = explain_decision(one.before.decision, language) if one.before and one.change is VerdictChange.MOVED else ""
    return {
        "conversation": one.conversation_id,
        "seq": deciding.line.seq,
        "text": _preview(deciding),
        "language": deciding.line.language,
        "words": [trigger.text for trigger in deciding.decision.triggers if trigger.text != deciding.line.text],
        "sentence": mask(explain_decision(deciding.decision, language)),
        "before": mask(before),
    }


def _preview(verdict: Verdict) -> str:
    text = " ".join(mask(verdict.line.text).split())
    return text if len(text) <= _MAX_PREVIEW_LENGTH else text[:_MAX_PREVIEW_LENGTH].rsplit(" ", 1)[0] + " …"


def read_lines(text: str) -> list[DialogueLine]:
    """A pasted dialogue: one message a line; who wrote it stands before a colon, or it is the customer."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][:_MAX_LINES]
    return [_line(number, line) for number, line in enumerate(lines, start=1)]


def _line(number: int, line: str) -> DialogueLine:
    found = _AUTHOR.match(line)
    author = _AUTHORS.get(found.group(1).lower(), CONTACT) if found else CONTACT
    return DialogueLine(seq=number, author=author, text=line[found.end() :] if found else line)


def judge_lines(
    said: Sequence[DialogueLine], rules: Rules, recent: CachedEmbedder, *, important: bool, language: str
) -> list[dict[str, Any]]:
    """Each line with its mood and what would be done; meanings are compared as in a live turn."""
    texts = list(dict.fromkeys(line.text for line in said if line.is_contacts_words))
    meanings = dict(zip(texts, e5_alone(recent.embed_queries(texts)).tolist(), strict=True)) if texts else {}
    said = [replace(line, meaning=meanings.get(line.text)) for line in said]
    moods = judge_moods(said)
    felt = {mood.seq: mood for mood in moods}
    decided = {
        line.seq: decision for line, decision in decide_each(said, moods, rules, Circumstances(important=important))
    }
    shown: list[dict[str, Any]] = []
    for line in said:
        one: dict[str, Any] = {"author": line.author, "text": line.text}
        if (decision := decided.get(line.seq)) is not None:
            one |= {"act": decision.act, "sentence": explain_decision(decision, language)}
        if (mood := felt.get(line.seq)) is not None:
            signs = list(dict.fromkeys(sign.text for sign in mood.shown_by if sign.seq == line.seq and sign.text))
            one |= {"frustration": round(mood.frustration, 2), "abuse": round(mood.abuse, 2), "signs": signs}
        shown.append(one)
    return shown
