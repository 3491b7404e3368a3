"""The question itself: the words, and the buttons that answer it."""

from connectors.contract import Choice
from helpdesk.conversations.log.article_titles import load_article_titles
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.texts import Say
from helpdesk.texts.quotation import quoted
from store.models import Agent, FollowUp

YES, NO, NEVER = "/follow_up_yes", "/follow_up_no", "/follow_up_never"
FOLLOW_UP_COMMANDS = frozenset({YES, NO, NEVER})


async def say_question(c: OpenConversation, *, agent: str | None, article: str | None) -> str:
    """Our own words for it: about the article's question, or in the name of the agent who wants to know."""
    if article is not None:
        titles = await load_article_titles(c.session, {article}, c.conversation.language)
        if article in titles:
            title = quoted(titles[article], c.conversation.language, "customer")
            return c.say(Say.FOLLOW_UP_ARTICLE, question=title)
    return c.say(Say.FOLLOW_UP_AGENT, agent=agent) if agent else c.say(Say.FOLLOW_UP)


async def compose_question(c: OpenConversation, follow_up: FollowUp) -> str:
    """What the contact reads: the question, how to answer it where there are no buttons, and that it comes once."""
    agent = await c.session.get(Agent, follow_up.agent_id) if follow_up.agent_id else None
    name = agent.name if agent and agent.active else None
    words = follow_up.text or await say_question(c, agent=name, article=follow_up.article)
    how = [] if c.conversation.channel.is_live else [c.say(Say.FOLLOW_UP_BY_MAIL)]
    return "\n\n".join([words, " ".join([*how, c.say(Say.FOLLOW_UP_ONCE)])])


def answer_choices(c: OpenConversation) -> tuple[Choice, ...]:
    """The buttons; a mail has none."""
    if not c.conversation.channel.is_live:
        return ()
    titles = ((Say.FOLLOW_UP_YES, YES), (Say.FOLLOW_UP_NO, NO), (Say.FOLLOW_UP_NEVER, NEVER))
    return tuple(Choice(title=c.say(title), payload=payload) for title, payload in titles)
