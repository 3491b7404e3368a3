"""What the bot's memory drops of a conversation changes nothing of the state that Rasa would go on with."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
PROGRAM = '''
"""Random conversations, kept whole and kept as the bot keeps them: after every turn both are in the same state."""
import random, sys, warnings
warnings.simplefilter("ignore")
from bot import startup
startup.begin()
from rasa.shared.core.events import *
from rasa.shared.core.slots import AnySlot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from bot.tracker_window import last_turns

def slots():
    requested = TextSlot("requested_slot", mappings=[])
    return [TextSlot("a", mappings=[]), AnySlot("b", mappings=[], initial_value=1), requested]

def turn(rnd, number):
    """A message of the customer and what Rasa makes of it, with all that it keeps in events."""
    yield UserUttered(f"text {number}", parse_data={"text": f"text {number}", "intent": {"name": rnd.choice("xyz")}})
    for _ in range(rnd.randrange(4)):
        yield rnd.choice([
            lambda: SlotSet("a", rnd.choice(["1", "2", None])),
            lambda: SlotSet("b", rnd.choice([1, [2], None])),
            lambda: SlotSet("requested_slot", rnd.choice(["a", None])),
            lambda: ActionExecuted(rnd.choice(["form", "other_form", "action_answer"])),
            lambda: ActiveLoop(rnd.choice(["form", "form", "other_form", None])),
            lambda: LoopInterrupted(rnd.random() < 0.5),
            lambda: ActionExecutionRejected(rnd.choice(["form", "other_form"])),
            lambda: FollowupAction("action_answer"),
            lambda: rnd.choice([ConversationPaused, ConversationResumed])(),
            lambda: AllSlotsReset() if rnd.random() < 0.2 else BotUttered("text"),
            lambda: Restarted() if rnd.random() < 0.1 else BotUttered("text"),
        ])()
    if rnd.random() < 0.05:
        yield UserUtteranceReverted()
    yield BotUttered(f"answer {number}")
    yield ActionExecuted("action_listen")

def state(tracker):
    known = tracker.current_state()
    return {name: known[name] for name in
            ("slots", "latest_message", "followup_action", "paused", "active_loop", "latest_action_name")} | {
            "said": tracker.latest_bot_utterance.text}

for seed in range(int(sys.argv[1])):
    rnd = random.Random(seed)
    whole, kept = (DialogueStateTracker("s", slots()) for _ in range(2))
    for tracker in (whole, kept):
        tracker.update(ActionExecuted("action_listen"))
    for number in range(rnd.randrange(1, 14)):
        for event in turn(rnd, number):
            whole.update(event)
            kept.update(event)
        window = last_turns(list(kept.events), 3, DialogueStateTracker("s", slots()))
        kept = DialogueStateTracker("s", slots())
        for name, value in window.slots.items():
            kept.update(SlotSet(name, value))
        for event in window.events:
            kept.update(event)
        assert state(kept) == state(whole), (seed, number, state(kept), state(whole))
        assert len(kept.events) < 60, len(kept.events)
print("same")
'''

pytestmark = [pytest.mark.bot, pytest.mark.timeout(300)]


def test_a_conversation_goes_on_as_if_all_of_it_had_been_kept() -> None:
    ran = subprocess.run(
        [PYTHON, "-c", PROGRAM, "400"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )

    assert ran.stdout.strip() == "same", ran.stderr[-2000:]
