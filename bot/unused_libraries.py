"""Lets Rasa start without the libraries of channels, stores and brokers that Staffel's bot doesn't have.

Rasa 3.6 imports them all at the top of its modules: SDKs of ten channels, drivers of three databases, plots of its
tests, and through the data of TensorFlow's models scikit-learn and SciPy's statistics. Most are not installed
(`excludes.txt`), and empty modules stand in for them. The others are half of the start and a third of the memory:
where credentials and endpoints name only what is ours, empty modules stand in for these, too.
"""

import importlib.util
import re
import sys
from pathlib import Path

from bot.stand_in import StandIn, standing_in

NOT_INSTALLED = (
    "aiogram",
    "boto3",
    "botocore",
    "fbmessenger",
    "google.auth",
    "google.oauth2",
    "matplotlib",
    "mattermostwrapper",
    "pymongo",
    "rocketchat_API",
    "twilio",
    "webexteamssdk",
)
"""What Rasa imports whether it is needed or not."""
UNUSED = (
    # channels
    "aiogram",
    "fbmessenger",
    "mattermostwrapper",
    "prompt_toolkit",
    "questionary",
    "rocketchat_API",
    "slack",
    "slack_sdk",
    "twilio",
    "webexteamssdk",
    # stores and brokers
    "aio_pika",
    "aiormq",
    "boto3",
    "botocore",
    "bson",
    "pymongo",
    # tests and TensorFlow's models
    "matplotlib",
    "rasa.utils.tensorflow.data_generator",
    "rasa.utils.tensorflow.model_data",
)
_CHANNEL = re.compile(r"^([\w.]+):", re.MULTILINE)
_TYPE = re.compile(r"^\s+type:\s*[\"']?([\w.]+)", re.MULTILINE)
_OURS = "bot."


def uses_ours_alone(credentials: Path, endpoints: Path) -> bool:
    """Whether every channel and every store named there is one of this repository's."""
    try:
        named = [
            *_CHANNEL.findall(credentials.read_text(encoding="utf-8")),
            *_TYPE.findall(endpoints.read_text(encoding="utf-8")),
        ]
    except (OSError, UnicodeError):
        return False
    return all(name.startswith(_OURS) for name in named)


def stand_in_for_missing() -> None:
    """Empty modules for what `excludes.txt` leaves out; whoever installs one after all gets the real one."""
    missing = frozenset(name for name in NOT_INSTALLED if not is_installed(name))
    if all(finder.names != missing for finder in standing_in()):
        sys.meta_path.append(StandIn(missing, _explanation))


def is_installed(name: str) -> bool:
    """Whether a library can be imported, without importing it; an empty module doesn't count."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:  # of what it is part of
        return False
    return spec is not None and not isinstance(spec.loader, StandIn)


def leave_out() -> None:
    """From now on the libraries are empty modules in this process."""
    sys.meta_path.insert(0, StandIn(UNUSED, _refusal))


def _refusal(wanted: str) -> Exception:
    return RuntimeError(
        f"{wanted} is not loaded, because credentials.yml and endpoints.yml name only what is Staffel's own."
        " Start Rasa itself, bot/.venv/bin/rasa, to use it."
    )


def _explanation(wanted: str) -> Exception:
    """Of a RasaException, Rasa's command line prints only the text."""
    error: Exception = importlib.import_module("rasa.shared.exceptions").RasaException(
        f"{wanted} is not installed here, because Staffel's own bot does not need it. To have all that Rasa brings:"
        " uv pip sync --python bot/.venv/bin/python bot/requirements-diet.txt"
    )
    return error
