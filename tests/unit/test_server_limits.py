"""What the running server allows a socket, as uvicorn is told."""

from starlette.applications import Starlette

from helpdesk.server import _config
from store.settings import Settings

CONFIG = _config(Settings(_env_file=None), Starlette())


def test_f73_a_socket_whose_other_end_is_gone_is_noticed_within_forty_seconds() -> None:
    assert (CONFIG.ws_ping_interval or 40) + (CONFIG.ws_ping_timeout or 40) <= 40


def test_f74_frames_are_small_and_never_packed() -> None:
    assert CONFIG.ws_max_size <= 64 * 1024
    assert not CONFIG.ws_per_message_deflate


def test_f12_running_requests_get_25_seconds_to_finish() -> None:
    assert CONFIG.timeout_graceful_shutdown == 25
