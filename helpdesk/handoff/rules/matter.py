"""The loop budget: how often the bot may try one matter, and who gets it when it comes back."""

from dataclasses import dataclass

from helpdesk.handoff.dialogue import Said
from helpdesk.handoff.rules.decision import Earlier
from helpdesk.handoff.rules.likeness import are_alike
from helpdesk.handoff.rules.scene import Scene, has_substance


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What the contact's line is about, as far as it was with a person before.

    `handoffs` are the earlier ones on it, oldest first; `tries` the contact's lines about it that the bot has answered
    since the last of them.
    """

    handoffs: tuple[Earlier, ...] = ()
    tries: tuple[Said, ...] = ()

    @property
    def agent(self) -> str | None:
        """Who had it last."""
        return next((handoff.agent for handoff in reversed(self.handoffs) if handoff.agent), None)


def matter_of(scene: Scene) -> Matter:
    """The matter of the scene's last line."""
    if not scene.circumstances.earlier:
        return Matter()
    subject = _subject(scene)
    if subject is None:
        return Matter()
    handoffs = tuple(each for each in scene.circumstances.earlier if _is_about(each, subject, scene))
    if not handoffs:
        return Matter()
    tried = (line for line in scene.substance if line.seq in scene.replies and line is not scene.last)
    return Matter(handoffs=handoffs, tries=tuple(line for line in tried if _is_same(line, subject, scene)))


def _subject(scene: Scene) -> Said | None:
    """The last line that says what it is about."""
    if has_substance(scene.last):
        return scene.last
    return scene.substance[-1] if scene.substance else None


def _is_about(handoff: Earlier, subject: Said, scene: Scene) -> bool:
    if handoff.article and handoff.article == subject.article:
        return True
    request = Said(seq=handoff.ended_seq, author="contact", text=handoff.text, meaning=handoff.meaning)
    return are_alike(request, subject, scene.rules.loop.similarity)


def _is_same(line: Said, subject: Said, scene: Scene) -> bool:
    same_article = line.article is not None and line.article == subject.article
    return same_article or are_alike(line, subject, scene.rules.loop.similarity)
