"""The loop budget: how often the bot may try one matter, and who gets it when it comes back."""

from dataclasses import dataclass

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.rules.context import RuleContext, has_substance
from helpdesk.handoff.rules.decision import PastHandoff
from helpdesk.handoff.rules.similarity import are_alike


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedTopic:
    """What the contact's line is about, as far as it was with a person before.

    `handoffs` are the earlier ones on it, oldest first; `tries` the contact's lines about it that the bot has answered
    since the last of them.
    """

    handoffs: tuple[PastHandoff, ...] = ()
    tries: tuple[DialogueLine, ...] = ()

    @property
    def agent(self) -> str | None:
        """Who had it last."""
        return next((handoff.agent for handoff in reversed(self.handoffs) if handoff.agent), None)


def matter_of(scene: RuleContext) -> RepeatedTopic:
    """The matter of the scene's last line."""
    if not scene.circumstances.earlier:
        return RepeatedTopic()
    subject = _subject(scene)
    if subject is None:
        return RepeatedTopic()
    handoffs = tuple(each for each in scene.circumstances.earlier if _is_about(each, subject, scene))
    if not handoffs:
        return RepeatedTopic()
    tried = (line for line in scene.substance if line.seq in scene.replies and line is not scene.last)
    return RepeatedTopic(handoffs=handoffs, tries=tuple(line for line in tried if _is_same(line, subject, scene)))


def _subject(scene: RuleContext) -> DialogueLine | None:
    """The last line that says what it is about."""
    if has_substance(scene.last):
        return scene.last
    return scene.substance[-1] if scene.substance else None


def _is_about(handoff: PastHandoff, subject: DialogueLine, scene: RuleContext) -> bool:
    if handoff.article and handoff.article == subject.article:
        return True
    request = DialogueLine(seq=handoff.ended_seq, author="contact", text=handoff.text, meaning=handoff.meaning)
    return are_alike(request, subject, scene.rules.loop.similarity)


def _is_same(line: DialogueLine, subject: DialogueLine, scene: RuleContext) -> bool:
    same_article = line.article is not None and line.article == subject.article
    return same_article or are_alike(line, subject, scene.rules.loop.similarity)
