"""Which sensitive topics a line touches: by the words of the list, and harm by whatever words."""

from collections.abc import Sequence

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.harm import find_harm
from helpdesk.handoff.rules.topics import TOPICS
from helpdesk.handoff.sensitive_topics import SensitiveTopic, TopicMatch, find_topics


def touched_topics(line: DialogueLine, topics: Sequence[SensitiveTopic]) -> tuple[TopicMatch, ...]:
    """The topics of the list that a line touches by their words, and harm that it tells of without them.

    A table that was saved before a kind of harm was known has it all the same.
    """
    named = find_topics(line.text, topics)
    harm = find_harm(line.text, line.meaning)
    if harm is None or harm.kind in {match.topic.name for match in named}:
        return named
    topic = next((each for each in (*topics, *TOPICS) if each.name == harm.kind), None)
    return (*named, TopicMatch(topic=topic, text=harm.text)) if topic is not None and topic.on else named
