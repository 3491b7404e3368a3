"""Starts Rasa's command line for this assistant: `bot/rasa train | run | shell | test | data validate …`.

It adds what every call here needs (the TensorFlow stand-in, no telemetry, the model's name and place, addresses from
the environment) and refuses to serve when something is not as it should be, before Rasa's long start.
"""

import os
import secrets
import socket
import sys
import time
import warnings
from pathlib import Path

from bot import checks, custom_actions, model_file, startup, unused_libraries
from bot.domain_check import check_domain
from bot_protocol.actions import ACTIONS

ROOT = Path(__file__).resolve().parent.parent
ACTIONS_URL = "http://127.0.0.1:8765/internal/actions/webhook"
HOST = "127.0.0.1"
PORT = 5005
NO_ACTION_SERVER = (
    "No action server is needed: the bot runs what lies in actions/custom/ itself,"
    " and helpdesk runs Staffel's own actions; ./staffel up starts both."
)
TRAINING_DATA = ("data/nlu", "data/rules.yml", "data/stories.yml")
OWN_DATA = "data/own"
"""What whoever runs Staffel adds to it (docs/assistant.md)."""


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    command = next((argument for argument in arguments if not argument.startswith("-")), "")
    os.environ.setdefault("STAFFEL_ACTIONS_URL", ACTIONS_URL)
    if command == "run" and "actions" in arguments:
        _say(NO_ACTION_SERVER)
        return 2
    if command == "run":
        return run(arguments)
    os.environ.setdefault("STAFFEL_BOT_SECRET", secrets.token_hex(32))
    if command == "train":
        return train(arguments)
    if command == "shell":
        arguments = _with_default(arguments, str(free_port()), "--port", "-p")
    if command in ("shell", "test"):
        arguments = _with_default(arguments, str(model_file.MODEL), "--model", "-m")
    if command in ("shell", "interactive") and not _run_custom_actions():
        return 2
    return call_rasa(arguments, draws=command != "test" or unused_libraries.is_installed("matplotlib"))


def run(arguments: list[str]) -> int:
    """Serves our channel, unless a check says no: then one sentence for each reason, and exit code 2."""
    arguments = _with_default(arguments, os.environ.get("STAFFEL_BOT_HOST") or HOST, "--interface", "-i")
    arguments = _with_default(arguments, os.environ.get("STAFFEL_BOT_PORT") or str(PORT), "--port", "-p")
    arguments = _with_default(arguments, str(model_file.MODEL), "--model", "-m")
    arguments = _with_default(arguments, "credentials.yml", "--credentials")
    arguments = _with_default(arguments, "endpoints.yml", "--endpoints")
    host, port, model = (
        str(_value(arguments, *names)) for names in (("--interface", "-i"), ("--port", "-p"), ("--model", "-m"))
    )
    found = checks.complaints(arguments, host, int(port), Path(model), os.environ)
    for complaint in found:
        _say(complaint)
    if found:
        return 2
    if unused_libraries.uses_ours_alone(
        Path(str(_value(arguments, "--credentials"))), Path(str(_value(arguments, "--endpoints")))
    ):
        unused_libraries.leave_out()
    return call_rasa(arguments)


def complaints_about_domain(root: Path) -> list[str]:
    """What in domain.yml and actions/custom/ can't work, each with file and line."""
    try:
        custom = custom_actions.load(root)
    except custom_actions.CustomActionError as error:
        return [str(error)]
    provided = ACTIONS | (custom.names if custom else frozenset())
    return [str(each) for each in check_domain((root / "domain.yml").read_text(encoding="utf-8"), provided)]


def train(arguments: list[str]) -> int:
    """Trains only when something the model depends on has changed (or with --force), then pins the model's hash."""
    own_way = any(
        option in arguments
        for option in ("nlu", "core", "--config", "-c", "--out", "--fixed-model-name", "--help", "-h")
    )
    if own_way:
        return call_rasa(arguments)
    found = complaints_about_domain(ROOT)
    for complaint in found:
        _say(complaint)
    if found:
        return 2
    if "--force" not in arguments and model_file.is_up_to_date(ROOT):
        _say(f"{model_file.MODEL} is up to date.")
        return 0
    began = time.monotonic()
    out = ["--fixed-model-name", model_file.NAME, "--out", str(model_file.FOLDER), "--data", *TRAINING_DATA]
    out += [OWN_DATA] if (ROOT / OWN_DATA).is_dir() else []
    code = call_rasa([*arguments, *out])
    if code == 0:
        digest = model_file.pin(ROOT)
        _say(f"{model_file.MODEL} trained in {time.monotonic() - began:.0f} s, SHA-256 {digest}.")
    return code


def _run_custom_actions() -> bool:
    """Has one's own actions run in this process; False, with a sentence, where they can't be loaded."""
    startup.begin()
    try:
        custom = custom_actions.load(ROOT)
    except custom_actions.CustomActionError as error:
        _say(str(error))
        return False
    if custom is not None:
        from rasa.shared.core.domain import Domain

        from bot.action_call import run_beside_rasas_own

        run_beside_rasas_own(custom, Domain.load("domain.yml").as_dict())
    return True


def call_rasa(arguments: list[str], *, draws: bool = True) -> int:
    startup.begin()
    _keep_old_warnings_quiet()
    if not draws:
        _leave_out_drawings()
    from rasa.__main__ import main as rasa_main

    sys.argv = ["rasa", *arguments]
    try:
        rasa_main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _keep_old_warnings_quiet() -> None:
    """Rasa pins libraries of 2023, whose deprecations nobody can mend here; Sanic asks to see them all."""
    import sanic.app  # noqa: F401 (its own filter comes before, and gives way)

    warnings.filterwarnings("ignore", category=DeprecationWarning)


def _leave_out_drawings() -> None:
    """Rasa draws what `rasa test core` found whatever --no-plot says; its reports hold all of it in numbers."""
    from rasa.utils import plotting

    for name in ("plot_confusion_matrix", "plot_paired_histogram", "plot_curve"):
        setattr(plotting, name, lambda *args, **kwargs: None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _with_default(arguments: list[str], default: str, *names: str) -> list[str]:
    return arguments if _value(arguments, *names) is not None else [*arguments, names[0], default]


def _value(arguments: list[str], *names: str) -> str | None:
    """The value of an option given as `--name value` or `--name=value`."""
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name in names:
            return value or next(iter(arguments[position + 1 :]), None)
    return None


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
