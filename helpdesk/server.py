"""Serves helpdesk: `python -m helpdesk.server`."""

import signal
import sys
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from helpdesk.app import create_app
from helpdesk.observability import logs
from helpdesk.web.shared.connections import guarded_protocol, raise_file_limit
from helpdesk.web.shared.host_check import guard_host
from store.process_memory import share_arenas
from store.settings import Settings

MAX_FRAME_BYTES = 64 * 1024  # bytes; the web chat's own limit is lower, this one guards memory
STOP_WITHIN = 25  # seconds
MIN_SECRET_LENGTH = 32  # characters


def main() -> None:
    """Serve until told to stop."""
    share_arenas()
    settings = Settings()
    logs.set_up(settings.log_format)
    _check_secrets(settings)
    if problem := settings.proxy_problem:
        sys.exit(problem)
    raise_file_limit()
    app = create_app(settings)
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, _end)  # uvicorn drains, then raises the signal again
    _Server(_config(settings, app), app).run()


class _Server(uvicorn.Server):
    """Not ready from the moment it is told to stop, so that a load balancer looks elsewhere while it drains."""

    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self.app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.app.state.parts.health.draining = True
        super().handle_exit(sig, frame)


def _end(_signal: int, _frame: FrameType | None) -> None:
    """A stop that was asked for is no fault."""
    sys.exit(0)


def _config(settings: Settings, app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        guard_host(app, origin=settings.origin, host=settings.host),
        host=settings.host,
        port=settings.port,
        http=guarded_protocol(trusted_proxies=settings.trusted_proxies),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws_max_size=MAX_FRAME_BYTES,
        ws_max_queue=8,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        ws_per_message_deflate=False,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=STOP_WITHIN,
    )


def _check_secrets(settings: Settings) -> None:
    for name, secret in (("STAFFEL_BOT_SECRET", settings.bot_secret), ("STAFFEL_SECRET_KEY", settings.secret_key)):
        if len(secret.get_secret_value()) < MIN_SECRET_LENGTH:
            sys.exit(
                f"{name} is missing or shorter than {MIN_SECRET_LENGTH} characters. "
                "`./staffel up` makes one; otherwise set it in the environment."
            )


if __name__ == "__main__":
    main()
