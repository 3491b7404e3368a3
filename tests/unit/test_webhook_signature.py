"""Signatures as Standard Webhooks wants them, and the lines of docs/webhooks.md that check them."""

import base64
import hmac
import json
import re
import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk.webhooks.signature import new_secret, sign

BODY = '{"type":"conversation.opened","data":{"text":"Päckchen"}}'.encode()
PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def lines_in(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_example_of_the_specification() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    signed = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), body)
    assert signed["webhook-timestamp"] == "1614265330"
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_long_and_never_the_same() -> None:
    made = {new_secret() for _ in range(20)}
    assert len(made) == 20
    assert all(len(base64.b64decode(secret.removeprefix("whsec_"))) == 32 for secret in made)


def run_python(secret: str, headers: dict[str, str], body: bytes) -> bool:
    names: dict[str, Any] = {"base64": base64, "hmac": hmac, "time": time}
    try:
        exec(lines_in("python"), names | {"secret": secret, "headers": headers, "body": body})  # noqa: S102 - our page
    except PermissionError:
        return False
    return True


def run_node(secret: str, headers: dict[str, str], body: bytes) -> bool:
    program = (
        "const crypto = require('crypto');"
        f"const secret = {json.dumps(secret)}, request = {{headers: {json.dumps(headers)}}};"
        f"const body = Buffer.from({json.dumps(base64.b64encode(body).decode())}, 'base64');"
        "const response = {writeHead: (status) => ({end: () => process.exit(status === 401 ? 4 : 5)})};"
        f"(() => {{{lines_in('js')}}})()"
    )
    node = shutil.which("node") or pytest.skip("Node.js is not here")
    ended = subprocess.run([node, "-e", program], check=False, capture_output=True)
    assert ended.returncode in {0, 4}, ended.stderr
    return ended.returncode == 0


@pytest.mark.parametrize("check", [run_python, run_node])
def test_the_lines_of_the_page_take_what_is_ours_and_nothing_else(check: Any) -> None:
    secret, at = new_secret(), datetime.now(UTC)
    headers = sign(secret, "1f" * 16, at, BODY)
    old = sign(secret, "1f" * 16, datetime.fromtimestamp(at.timestamp() - 600, UTC), BODY)

    assert check(secret, headers, BODY)
    assert check(secret, headers | {"webhook-signature": f"v1,other {headers['webhook-signature']}"}, BODY)
    assert not check(secret, headers, BODY + b" ")
    assert not check(new_secret(), headers, BODY)
    assert not check(secret, headers | {"webhook-id": "2e" * 16}, BODY)
    assert not check(secret, old, BODY)
