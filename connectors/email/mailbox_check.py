"""Whether a mailbox can be read, in words for an admin: `staffel doctor` and the page of the channels ask it."""

from connectors.contract.findings import Finding, failed_finding, ok_finding
from connectors.email.imap_client import FAULTS, SignInRefused
from connectors.email.imap_url import Mailbox, parse_imap_url
from connectors.email.mailbox import check_mailbox, problem_words

NAME = "mailbox"


async def examine_mailbox(url: str) -> Finding:
    """Sign in, open the folder, and count what is unread."""
    try:
        mailbox = parse_imap_url(url)
    except ValueError as error:
        return failed_finding(NAME, str(error), "docs/email.md shows how it looks.")
    try:
        unread = await check_mailbox(mailbox)
    except SignInRefused:
        found = f"{_place(mailbox)} doesn't accept user and password"
        return failed_finding(NAME, found, "STAFFEL_IMAP_URL; @ in the user is written %40.")
    except FAULTS as error:
        return failed_finding(NAME, problem_words(error, mailbox), "STAFFEL_IMAP_URL: server, port and folder.")
    return ok_finding(NAME, f"{_place(mailbox)} lets us in; {unread} unread in {mailbox.folder}")


def _place(mailbox: Mailbox) -> str:
    return f"{mailbox.host}:{mailbox.port}"
