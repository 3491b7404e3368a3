"""Takes the steps of a macro in one conversation, each as it is done by hand, until one is refused."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from helpdesk.canned_replies.reply_store import CannedReplies
from helpdesk.conversations import Audience, Conversations, held_resolutions, ownership
from helpdesk.conversations.answers import agent_answers
from helpdesk.conversations.answers.held_answers import hold_answer
from helpdesk.conversations.answers.unread_lines import load_unread
from helpdesk.conversations.lookups import load_agent
from helpdesk.conversations.snooze import snooze
from helpdesk.conversations.tags import add_tag, find_tag, remove_tag
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.macros.macro import MacroStep, StepKind
from helpdesk.macros.macro_store import Macros, MacroView
from helpdesk.macros.plan import PlannedStep, Surroundings, plan_step, plan_steps
from helpdesk.macros.situation import Runner, load_situation, load_surroundings
from store.errors import Conflict, HelpdeskError, NotFound
from store.models import HeldAction, now

#: What is not done when the customer has written since: they would read an answer to something else.
_READS_FIRST = frozenset({StepKind.ANSWER, StepKind.SNOOZE, StepKind.RESOLVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroStart:
    """What an agent saw when they started a macro: its `revision`, the conversation's `epoch`, the last line that they
    had read. `run` is an id of theirs: the same one again sends nothing twice."""

    run: str
    revision: int
    epoch: int
    read_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroOutcome:
    """How many steps were taken, the words for the agent's field, and why it stopped, if it did."""

    done: int
    insert: str = ""
    refusal: HelpdeskError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroPreview:
    """A macro with what it would do in a conversation now."""

    view: MacroView
    steps: tuple[PlannedStep, ...]


@dataclass(frozen=True, slots=True)
class MacroRuns:
    """Previews macros and runs them."""

    macros: Macros
    replies: CannedReplies
    conversations: Conversations

    async def preview(self, conversation_id: str, runner: Runner) -> list[MacroPreview]:
        """Every macro of the agent's with what it would do. Changes nothing."""
        views = await self.macros.list_for(runner.agent_id)
        if not views:
            return []
        known = await load_surroundings(self.macros.db, self.replies, runner.agent_id)
        async with self.conversations.open(conversation_id) as c:
            c.audience = Audience.NOBODY
            situation = await load_situation(c, runner)
        return [MacroPreview(view=view, steps=plan_steps(view.draft.steps, situation, known)) for view in views]

    async def run(self, conversation_id: str, macro_id: str, runner: Runner, start: MacroStart) -> MacroOutcome:
        """Take the steps one after the other, each in a transaction of its own; the first that is refused is the last.

        Raises `NotFound` for a macro that isn't the agent's to run, `Conflict` when it isn't what they saw.
        """
        view = next((one for one in await self.macros.list_for(runner.agent_id) if one.id == macro_id), None)
        if view is None:
            raise NotFound("There is no such macro.")
        if view.revision != start.revision:
            raise Conflict("The macro was changed since it was shown.", code="macro_changed")
        known = await load_surroundings(self.macros.db, self.replies, runner.agent_id)
        insert, done, refusal = "", 0, None
        for step in view.draft.steps:
            try:
                planned = await self._take(conversation_id, step, runner, start, known, place=done)
            except HelpdeskError as error:
                refusal = error
                break
            done += 1
            insert = planned.text if step.kind is StepKind.INSERT else insert
            if step.kind in {StepKind.ANSWER, StepKind.INSERT} and step.choice:
                await self.replies.count_use(step.choice)
        if done:
            await self.macros.count_use(macro_id)
            self.conversations.live.agent_work_changed(runner.agent_id, conversation_id)
        return MacroOutcome(done=done, insert=insert, refusal=refusal)

    async def _take(
        self,
        conversation_id: str,
        step: MacroStep,
        runner: Runner,
        start: MacroStart,
        known: Surroundings,
        *,
        place: int,
    ) -> PlannedStep:
        async with self.conversations.open(conversation_id) as c:
            if c.conversation.epoch != start.epoch:
                raise Conflict("The conversation has changed hands since.", code="macro_overtaken")
            agent = await load_agent(c.session, runner.agent_id)
            planned = plan_step(step, await load_situation(c, runner), known)
            if planned.problem is not None:
                raise Conflict("This step can't be taken now.", code=planned.problem)
            if step.kind in _READS_FIRST:
                await load_unread(c, agent, start.read_seq)
            await _TAKING[step.kind](
                _Moment(c=c, runner=runner, start=start, client_id=f"{start.run}-{place}"), planned
            )
        return planned


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """Where and by whom a step is taken."""

    c: OpenConversation
    runner: Runner
    start: MacroStart
    client_id: str


async def _answer(at: _Moment, planned: PlannedStep) -> None:
    stored = await hold_answer(at.c, at.runner.agent_id, at.start.epoch, planned.text, at.client_id)
    if isinstance(stored, HeldAction):
        at.c.audience = Audience.NOBODY


async def _insert(at: _Moment, planned: PlannedStep) -> None:
    """The agent's own page puts it into the field."""
    at.c.audience = Audience.NOBODY


async def _note(at: _Moment, planned: PlannedStep) -> None:
    await agent_answers.note(at.c, at.runner.agent_id, planned.text, at.client_id)


async def _add_tag(at: _Moment, planned: PlannedStep) -> None:
    await add_tag(at.c, at.runner.agent_id, planned.text)


async def _remove_tag(at: _Moment, planned: PlannedStep) -> None:
    tag_id = await find_tag(at.c.session, planned.text)
    if tag_id is not None:
        await remove_tag(at.c, at.runner.agent_id, tag_id)


async def _snooze(at: _Moment, planned: PlannedStep) -> None:
    await snooze(at.c, at.runner.agent_id, planned.until or now())


async def _hand_to_team(at: _Moment, planned: PlannedStep) -> None:
    team = planned.step.choice
    await ownership.transfer(at.c, at.runner.agent_id, team=team, read_seq=at.start.read_seq)


async def _offer_to_colleague(at: _Moment, planned: PlannedStep) -> None:
    await ownership.transfer(at.c, at.runner.agent_id, planned.step.choice, read_seq=at.start.read_seq)


async def _resolve(at: _Moment, planned: PlannedStep) -> None:
    """The reason is for colleagues, where the customer has no answer."""
    is_answered = (await load_situation(at.c, at.runner)).is_answered
    reason = "" if is_answered else at.runner.reasons.get(planned.step.choice, "")
    await held_resolutions.resolve(at.c, at.runner.agent_id, read_seq=at.start.read_seq, reason=reason)


_TAKING: Mapping[StepKind, Callable[[_Moment, PlannedStep], Awaitable[None]]] = {
    StepKind.ANSWER: _answer,
    StepKind.INSERT: _insert,
    StepKind.NOTE: _note,
    StepKind.ADD_TAG: _add_tag,
    StepKind.REMOVE_TAG: _remove_tag,
    StepKind.SNOOZE: _snooze,
    StepKind.TEAM: _hand_to_team,
    StepKind.AGENT: _offer_to_colleague,
    StepKind.RESOLVE: _resolve,
}
