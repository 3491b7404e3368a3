"""What a mail's first answer is: what an article surely says, and always a person. Pure."""

from dataclasses import replace

from bot_protocol import BotMessage
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.handoff.rules import Act
from helpdesk.texts import say
from helpdesk.turns.handoff_check import Assessment
from helpdesk.turns.reply_policy import FELT, FIRST, handoff_request, stored_moods
from store.triggers import Trigger, TriggerKind


def mail_reply(
    reply: BotReply, judged: Assessment, *, seqs: tuple[int, ...], language: str, formality: str
) -> BotReply:
    """The reply to a mail. An article is said where no rule keeps it back; buttons and questions back make no sense."""
    decision = judged.decision
    kinds = {trigger.kind for trigger in decision.triggers}
    is_kept_back = decision.act is Act.HAND_OVER and not kinds <= FELT
    answers = () if is_kept_back else tuple(replace(each, choices=()) for each in reply.texts if each.article)
    own = Trigger(kind=TriggerKind.MAIL if answers else TriggerKind.NOT_FOUND, turns=seqs)
    first = (
        (BotMessage(text=say(FIRST[decision.first], reply.language or language, reply.formality or formality)),)
        if decision.first in FIRST
        else ()
    )
    return replace(
        reply,
        texts=(*first, *answers),
        handoff=None,
        degraded=False,
        act=str(decision.act),
        felt=stored_moods(judged.moods, seqs),
        request=handoff_request(decision, decision.triggers or (own,)),
    )
