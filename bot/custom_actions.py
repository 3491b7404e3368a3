"""One's own actions, `actions/custom/`: ordinary rasa_sdk classes, run inside the bot as Rasa's action server would.

rasa_sdk is there as a part of Rasa. It is loaded when the folder holds any code, and no server is started for it: what
an action is handed, gives back and raises is rasa_sdk's own, `ActionExecutor`'s.
"""

import ast
import asyncio
import importlib
import inspect
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path("actions/custom")
PACKAGE = "actions.custom"

Run = Callable[[Any, Any, Any], Any]


class CustomActionError(Exception):
    """An action of one's own can't be used or has failed; the message names file and line, never a customer's words."""


class CustomActions:
    """The actions found, by name. They run on a loop of their own, and those that block in threads."""

    def __init__(self, executor: Any) -> None:
        self._executor = executor
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="custom-actions", daemon=True).start()

    @property
    def names(self) -> frozenset[str]:
        """What may stand under `actions` in domain.yml."""
        return frozenset(self._executor.actions)

    async def run(self, call: dict[str, Any]) -> dict[str, Any]:
        """Answers one call as an action server: events and responses.

        Raises what the action raises: rasa_sdk's `ActionExecutionRejection`, else `CustomActionError`.
        """
        from rasa_sdk.interfaces import ActionExecutionRejection

        try:
            running = asyncio.run_coroutine_threadsafe(self._executor.run(call), self._loop)
            return dict(await asyncio.wrap_future(running))
        except ActionExecutionRejection:
            raise
        except Exception as error:
            raise CustomActionError(_place_of(error)) from None

    def close(self) -> None:
        """Ends the loop; what still runs on it is left."""
        self._loop.call_soon_threadsafe(self._loop.stop)


def load(root: Path) -> CustomActions | None:
    """The actions in `root`, None where there are none. Raises `CustomActionError` for code that can't be loaded."""
    modules = list(_modules_in(root))
    if not modules:
        return None
    _stand_in_for_ours(root)
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as error:
            raise CustomActionError(_place_of(error)) from None
    return CustomActions(_executor())


def _modules_in(root: Path) -> Iterator[str]:
    for file in sorted((root / FOLDER).rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        if parts[-1] != "__init__":
            yield ".".join(parts)
        elif _has_code(file):
            yield ".".join(parts[:-1])


def _has_code(file: Path) -> bool:
    """Whether there is more in a file than words."""
    try:
        found = ast.parse(file.read_text(encoding="utf-8")).body
    except SyntaxError:
        return True
    return any(not isinstance(statement, ast.Expr) for statement in found)


def _stand_in_for_ours(root: Path) -> None:
    """`actions` itself runs in helpdesk, on a later Python; here it is only the folder that `custom` lies in."""
    if "actions" not in sys.modules:
        package = ModuleType("actions")
        package.__path__ = [str(root / "actions")]
        sys.modules["actions"] = package


def _executor() -> Any:
    """rasa_sdk's executor with every concrete `Action` class of the folder."""
    from rasa_sdk import Action, utils
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    for kind in utils.all_subclasses(Action):
        if f"{kind.__module__}.".startswith(f"{PACKAGE}.") and not inspect.isabstract(kind):
            action = kind()
            executor.register_function(action.name(), _beside_the_loop(action.run))
    return executor


def _beside_the_loop(run: Run) -> Run:
    """An action that isn't `async` may block: other customers' actions go on meanwhile."""
    if inspect.iscoroutinefunction(run):
        return run

    async def in_thread(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        events = await asyncio.to_thread(run, dispatcher, tracker, domain)
        return await events if isinstance(events, Awaitable) else events

    return in_thread


def _place_of(error: BaseException) -> str:
    """Where in the folder an error arose, and of which kind: its words may be a customer's."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_shown(error.filename)}:{error.lineno}: {error.msg}"
    mine = [frame for frame in traceback.extract_tb(error.__traceback__) if FOLDER.as_posix() in frame.filename]
    place = f"{_shown(mine[-1].filename)}:{mine[-1].lineno}: " if mine else ""
    missing = f" ({error.name})" if isinstance(error, ImportError) and error.name else ""
    return f"{place}{type(error).__name__}{missing}"


def _shown(filename: str) -> str:
    """The path from the project's root on."""
    _, found, rest = filename.rpartition(FOLDER.as_posix())
    return found + rest
