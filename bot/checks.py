"""What must be so before the bot may start, each as a plain sentence when it is not. Standard library only."""

import ipaddress
import os
import socket
from collections.abc import Mapping
from pathlib import Path

from bot.model_file import complaint_about_model

MIN_SECRET_LENGTH = 32
"""Bytes."""
REFUSED_OPTIONS = {
    "--enable-api": "Rasa's own API would let anyone who reaches it load a model and read conversations",
    "--cors": "browsers have no business with the bot; they talk to helpdesk",
    "--auth-token": "Rasa takes it from the address line; the bot's channel has its own secret",
}


def complaints(arguments: list[str], host: str, port: int, model: Path, environment: Mapping[str, str]) -> list[str]:
    """Everything that speaks against starting `rasa run` this way."""
    found = [
        complaint_about_options(arguments),
        complaint_about_secret(environment.get("STAFFEL_BOT_SECRET")),
        complaint_about_host(host),
        complaint_about_port(host, port),
        complaint_about_model(model),
    ]
    return [complaint for complaint in found if complaint]


def complaint_about_options(arguments: list[str]) -> str | None:
    for option, reason in REFUSED_OPTIONS.items():
        if any(argument.partition("=")[0] == option for argument in arguments):
            return f"The bot does not start with {option}: {reason}."
    return None


def complaint_about_secret(secret: str | None) -> str | None:
    if not secret:
        return (
            "STAFFEL_BOT_SECRET is not set. helpdesk and bot need the same secret of at least 32 bytes; "
            "./staffel up makes one."
        )
    if len(secret.encode()) < MIN_SECRET_LENGTH:
        return f"STAFFEL_BOT_SECRET has {len(secret.encode())} bytes; at least {MIN_SECRET_LENGTH} are needed."
    return None


def complaint_about_host(host: str) -> str | None:
    """The bot is for helpdesk only: loopback, or an address of a private network, never all addresses at once."""
    try:
        address = ipaddress.ip_address(socket.gethostbyname(host))
    except OSError:
        return f"The bot can not listen on {host!r}: no such address. Set STAFFEL_BOT_HOST to 127.0.0.1."
    if address.is_unspecified or not (address.is_loopback or address.is_private):
        return (
            f"The bot must not listen on {host}: only helpdesk may reach it. "
            "Set STAFFEL_BOT_HOST to 127.0.0.1, or to this machine's address in a private network."
        )
    return None


def complaint_about_port(host: str, port: int) -> str | None:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        return f"The bot can not listen on {host}:{port} ({reason}). Set STAFFEL_BOT_PORT to a free port."
    return None
