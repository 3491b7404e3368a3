"""What every Rasa process here starts with: stand-ins for TensorFlow and others, and no telemetry.

`bot/rasa` imports it. `python -m bot.startup` makes the environment's plain `rasa` import it as well, by a .pth file.
"""

import os
import sysconfig
import warnings
from pathlib import Path

from bot import tensorflow_stand_in, unused_libraries

PTH = "staffel.pth"


def begin() -> None:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"matplotlib\.")
    tensorflow_stand_in.install()
    unused_libraries.stand_in_for_missing()


def register() -> Path:
    """Writes the .pth file into the running environment; Python runs its import line whenever it starts there."""
    root = Path(__file__).resolve().parent.parent
    pth = Path(sysconfig.get_paths()["purelib"]) / PTH
    pth.write_text(f"{root}\nimport bot.startup; bot.startup.begin()\n", encoding="utf-8")
    return pth


if __name__ == "__main__":
    register()
