"""How the C library hands out memory to threads, and gives it back to the system. Only glibc on Linux can be told."""

import ctypes
import sys
from contextlib import suppress

_M_ARENA_MAX = -8  # malloc.h


def share_arenas(most: int = 2) -> None:
    """Have all threads share a few pools of memory instead of keeping one each: 60 MB less with helpdesk's dozen."""
    _call("mallopt", _M_ARENA_MAX, most)


def give_back_memory() -> None:
    """Give back to the system what is free: 55 MB after a model was loaded, 30 after learning."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # musl has no such thing
            getattr(ctypes.CDLL(None), name)(*arguments)
