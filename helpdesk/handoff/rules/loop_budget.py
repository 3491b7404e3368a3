"""The loop budget: how often the bot may try one matter, and who gets it when it comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.rules.context import RuleContext, has_substance
from helpdesk.handoff.rules.decision import PastHandoff
from helpdesk.handoff.rules.similarity import are_alike

#: How long a handoff on the same topic counts as the same matter, whatever the words.
SAME_TOPIC_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedMatter:
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


def matter_of(scene: RuleContext) -> RepeatedMatter:
    """The matter of the scene's last line."""
    subject, circumstances = _subject(scene), scene.circumstances
    similarity = scene.rules.loop.similarity
    handoffs = find_same_matter(
        subject, circumstances.topic, circumstances.earlier, at=scene.last.at, similarity=similarity
    )
    if not handoffs or subject is None:
        return RepeatedMatter(handoffs=handoffs)
    tried = (line for line in scene.substance if line.seq in scene.replies and line is not scene.last)
    return RepeatedMatter(
        handoffs=handoffs, tries=tuple(line for line in tried if _asks_the_same(line, subject, similarity))
    )


def find_same_matter(
    subject: DialogueLine | None,
    topic: str | None,
    earlier: Sequence[PastHandoff],
    *,
    at: datetime | None,
    similarity: float,
) -> tuple[PastHandoff, ...]:
    """Was this matter with a person before? The handoffs that were about it, in the order of `earlier`.

    A handoff that no person accepted doesn't count. It was about the same when its words or its article are those of
    `subject`, and for `SAME_TOPIC_FOR` before `at` when it had the same `topic`. Who says nothing of what it is about
    means what was handed over in that time. `similarity` is the cosine from which on meanings may be the same.
    """
    is_unsaid = subject is None and topic is None
    return tuple(
        handoff
        for handoff in earlier
        if handoff.accepted
        and (
            (subject is not None and _is_about(handoff, subject, similarity))
            or (_is_recent(handoff, at) and (is_unsaid or (topic is not None and handoff.topic == topic)))
        )
    )


def _subject(scene: RuleContext) -> DialogueLine | None:
    """The last line that says what it is about."""
    if has_substance(scene.last):
        return scene.last
    return scene.substance[-1] if scene.substance else None


def _is_recent(handoff: PastHandoff, at: datetime | None) -> bool:
    return at is not None and handoff.ended_at is not None and handoff.ended_at > at - SAME_TOPIC_FOR


def _is_about(handoff: PastHandoff, subject: DialogueLine, similarity: float) -> bool:
    request = DialogueLine(
        seq=handoff.ended_seq, author=CONTACT, text=handoff.text, meaning=handoff.meaning, article=handoff.article
    )
    return _asks_the_same(request, subject, similarity)


def _asks_the_same(line: DialogueLine, subject: DialogueLine, similarity: float) -> bool:
    same_article = line.article is not None and line.article == subject.article
    return same_article or are_alike(line, subject, similarity)
