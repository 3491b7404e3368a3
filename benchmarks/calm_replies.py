"""Every reply that a calm message may get: in three places of a conversation, whatever the bot takes it for."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from actions import REACTIONS, ArticleAnswer
from actions.acknowledgements import GENERAL, TROUBLES
from actions.memory import ConversationMemory
from bot_protocol import ArticleCandidate, BotMessage
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.conversations.log.transcript import Transcript
from helpdesk.handoff.dialogue import BOT, CONTACT, DialogueLine
from helpdesk.handoff.own_questions import mark_answers
from helpdesk.handoff.rules import DEFAULT_RULES, Act
from helpdesk.turns.handoff_check import Assessment, circumstances_of, judged
from helpdesk.turns.reply_policy import apply_decision
from i18n import all_catalogs
from store.triggers import TriggerKind

ACTIONS = {
    "faq": "action_answer",
    "complaint": "action_complaint",
    "feedback_not_helpful": "action_not_helpful",
    "deny": "action_deny",
    "waive": "action_waive",
    "out_of_scope": "action_fallback",
}
"""What the bot may take a message for, and what it does then."""
OUTCOMES = ("answer", "none")
QUESTIONS = {"de": "Wie lange dauert die Lieferung?", "en": "How long does delivery take?"}
ANSWERS = {"de": "Die Lieferung dauert drei bis fünf Tage.", "en": "Delivery takes three to five days."}
MISSES = {"de": "Dazu habe ich noch keine verlässliche Antwort.", "en": "I don't have a reliable answer to that yet."}

type Meanings = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class OneArticle:
    """A knowledge base with one article."""

    async def answer(self, key: str, language: str, question: str = "") -> ArticleAnswer | None:
        """The article, whatever is asked for."""
        return ArticleAnswer(key=key, language=language, question=QUESTIONS[language], answer=ANSWERS[language])


def claims(said: Sequence[str], language: str, meanings: Meanings) -> Iterator[str]:
    """Each reply to the calm lines `said` that claims a feeling or hands over for one, with where and why."""
    for before, intent, outcome in product(_places(language), ACTIONS, OUTCOMES):
        lines = [
            *before,
            *(
                DialogueLine(
                    seq=len(before) + n, author=CONTACT, text=text, language=language, intent=intent,
                    outcome=outcome, meaning=meanings[text],
                )
                for n, text in enumerate(said)
            ),
        ]  # fmt: skip
        reply = BotReply(texts=_bot_says("\n".join(said), language, intent, outcome), intent=intent, outcome=outcome)
        fault = _fault(mark_answers(lines), reply, language, len(said))
        if fault:
            yield f"{intent}/{outcome} after {len(before)} lines: {fault}"


def _places(language: str) -> Iterator[list[DialogueLine]]:
    """At the beginning, after an answer, after a miss."""
    yield []
    for outcome, text, article in (("answer", ANSWERS, "delivery"), ("none", MISSES, None)):
        question = DialogueLine(seq=0, author=CONTACT, text=QUESTIONS[language], intent="faq", outcome=outcome)
        yield [question, DialogueLine(seq=1, author=BOT, text=text[language], article=article)]


def _bot_says(text: str, language: str, intent: str, outcome: str) -> tuple[BotMessage, ...]:
    found = ArticleCandidate(key="delivery", question=QUESTIONS[language], confidence=0.8)
    past = ConversationMemory(
        text=text, language=language, formality="sie", written=(text,), outcome=outcome, candidates=(found,)
    )
    said = asyncio.run(REACTIONS[ACTIONS[intent]](past, OneArticle()))  # type: ignore[arg-type]
    return said if isinstance(said, tuple) else (said,)


def _fault(lines: Sequence[DialogueLine], reply: BotReply, language: str, count: int) -> str:
    heard = Transcript(said=tuple(lines))
    moods, decision = judged(heard.said, DEFAULT_RULES, circumstances_of(heard, {}, None, bot_failed=False))
    text = "\n".join(line.text for line in lines[-count:])
    assessment = Assessment(decision=decision, moods=moods, spoken=())
    seqs = tuple(line.seq for line in lines[-count:])
    told = apply_decision(replace(reply), assessment, text=text, seqs=seqs, language=language, formality="sie")
    if decision.act is Act.HAND_OVER and TriggerKind.FRUSTRATION in {each.kind for each in decision.triggers}:
        return "handed over for a feeling"
    claimed = [wording for wording in FELT if any(wording in each.text for each in told.texts)]
    return f"says {claimed[0]!r}" if claimed else ""


FELT = tuple(
    voice.gettext(wording)
    for voice in all_catalogs("customer")
    for trouble in (*TROUBLES, GENERAL)
    for wording in trouble.felt
)
"""Every wording that claims a feeling, in every voice."""
