"""Asks the program of this container how it is: `health.py helpdesk|ready|bot` ends with 0 when it is well.

`helpdesk` is well as long as it runs at all; `ready` when database, bot and knowledge are as they should be, too.
"""

import os
import sys
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 4.0


def request_for(what: str, environ: dict[str, str]) -> urllib.request.Request:
    """The request that tells. Raises `KeyError` for what isn't there."""
    helpdesk = f"http://127.0.0.1:{environ.get('STAFFEL_PORT') or 8765}"
    bot = f"http://{environ.get('STAFFEL_BOT_HOST') or '127.0.0.1'}:{environ.get('STAFFEL_BOT_PORT') or 5005}"
    url = {
        "helpdesk": f"{helpdesk}/healthz",
        "ready": f"{helpdesk}/readyz",
        "bot": f"{bot}/webhooks/staffel/health",
    }[what]
    headers = {"X-Staffel-Secret": environ.get("STAFFEL_BOT_SECRET", "")} if what == "bot" else {}
    return urllib.request.Request(url, headers=headers)  # noqa: S310 - always http


def main() -> int:
    """The exit status; what is wrong goes to standard output, which health checks keep."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request_for(sys.argv[1], dict(os.environ)), timeout=TIMEOUT_SECONDS) as response:
            return 0 if response.status == 200 else 1
    except urllib.error.HTTPError as error:
        sys.stdout.write(f"{error.code}: {error.read(500).decode(errors='replace')}\n")
    except OSError as error:
        sys.stdout.write(f"{error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
