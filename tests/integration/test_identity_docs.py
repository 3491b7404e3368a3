"""The lines of docs/identity.md are run as they stand there, and what they make is shown to Staffel."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.identity.token import SigningKey, verify_identity
from store.models import now
from tests.services import missing

PAGE = Path(__file__).parents[2] / "docs" / "identity.md"
KEY = SigningKey(id="k", secret="Fz2-a_key-of-a-test-that-is-long-enough-1234")
RUNS = {
    "python": ([sys.executable, "-c"], "{code}\nprint(identity)"),
    "js": (["node", "-e"], "{code}\nconsole.log(identity);"),
    "php": (["php", "-r"], "{code}\necho $identity;"),
    "ruby": (["ruby", "-e"], "{code}\nputs identity"),
}


def lines_of(language: str) -> str:
    """The example that signs, in one language."""
    examples = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(next(example for example in examples if "STAFFEL_KEY" in example))


@pytest.mark.parametrize("language", list(RUNS))
def test_the_lines_of_the_page_sign_a_customer_in(language: str) -> None:
    command, frame = RUNS[language]
    if shutil.which(command[0]) is None:
        missing(command[0], "Install php-cli, ruby and nodejs.")
    code = lines_of(language)
    assert len([line for line in code.splitlines() if line.strip()]) == 5
    environment = {"STAFFEL_KEY": KEY.secret, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    ran = subprocess.run(
        [*command, frame.format(code=code)], capture_output=True, text=True, env=environment, timeout=60, check=True
    )
    customer = verify_identity(ran.stdout.strip(), [KEY], audience="https://help.example.org", at=now())
    assert (customer.customer_id, customer.name, customer.email) == ("K-4711", "Ida Muster", "ida@example.org")
    assert customer.attributes == {"plan": "pro"}
