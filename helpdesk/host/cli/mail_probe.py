"""What `staffel doctor` asks the mail server and the mailbox."""

from connectors.email.mailbox_check import examine_mailbox
from connectors.email.smtp import SmtpTransport
from connectors.email.smtp_url import parse_smtp_url
from helpdesk.host.cli.checks import Check, check_of, failed, skipped
from helpdesk.mail.mail_server import check_mail_server
from store.settings import Settings


async def check_mail(chosen: Settings) -> list[Check]:
    """Whether it can be reached and lets us in."""
    if not (url := chosen.smtp_url.get_secret_value()):
        return [skipped("e-mail", "no mail server; STAFFEL_SMTP_URL sets one, see docs/email.md")]
    try:
        server = parse_smtp_url(url, chosen.mail_from)
    except ValueError as error:
        return [failed("e-mail", str(error), "docs/email.md shows how they look.")]
    return [check_of(await check_mail_server(SmtpTransport(server)))]


async def check_mailbox(chosen: Settings) -> list[Check]:
    """Whether the mailbox can be read; it stays as it is."""
    if not (url := chosen.imap_url.get_secret_value()):
        return [skipped("mailbox", "none is read; STAFFEL_IMAP_URL names one, see docs/email.md")]
    return [check_of(await examine_mailbox(url))]
