"""Lets the bot serve without the libraries of channels, stores and brokers that it doesn't have.

Rasa 3.6 imports them all at the top of its modules: SDKs of ten channels, drivers of three databases, plots of its
tests, and through the data of TensorFlow's models scikit-learn and SciPy's statistics. Together they are half of the
start and a third of the memory. Where credentials and endpoints name only what is ours, empty
modules stand in for them.
"""

import re
import sys
from pathlib import Path

from bot.stand_in import StandIn

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


def leave_out() -> None:
    """From now on the libraries are empty modules in this process."""
    sys.meta_path.insert(0, StandIn(UNUSED, _refusal))


def _refusal(wanted: str) -> Exception:
    return RuntimeError(
        f"{wanted} is not loaded, because credentials.yml and endpoints.yml name only what is Staffel's own."
        " Start Rasa itself, bot/.venv/bin/rasa, to use it."
    )
