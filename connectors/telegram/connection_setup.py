"""Connecting a bot: from a pasted token to updates that arrive, and what may be wrong afterwards, in plain words."""

import re
import secrets
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from telegram import Bot, User, WebhookInfo
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from connectors.contract import Account, Accounts, Channel
from connectors.contract.findings import ConnectionFailure, Finding, Report, failed_finding, note_finding, ok_finding
from connectors.telegram.api_client import PUBLIC_API, close_bot, make_bot, without_tokens
from connectors.telegram.parse import ALLOWED_UPDATES
from connectors.telegram.words import TelegramWords, words
from i18n import available_languages, language_name, listed

WEBHOOK, POLLING = "webhook", "polling"
MAX_CONNECTIONS = 8
"""Updates that Telegram sends at the same time; more of them wait for each other here instead of there."""
MAX_SKEW = 30.0  # seconds; more spoils the judgement of which messages are too old
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,64}")
_RECENT = 3600.0  # seconds after which an old complaint of Telegram's no longer worries


def mode_for(origin: str) -> str:
    """Telegram comes to us where it can, which takes https; elsewhere we ask it."""
    return WEBHOOK if origin.startswith("https://") else POLLING


def webhook_url(origin: str, account_id: str) -> str:
    """The address Telegram sends a bot's updates to."""
    return f"{origin.rstrip('/')}/telegram/{account_id}/webhook"


async def connect(
    token: str, accounts: Accounts, *, origin: str, report: Report, mode: str = "", api_url: str = ""
) -> Account:
    """Connect the bot of `token`; doing it again repairs what is broken. Raises `ConnectionFailure`.

    The account is stored before Telegram is told where to send updates, so that not even the first is refused.
    """
    token = token.strip()
    if not _TOKEN.fullmatch(token):
        raise ConnectionFailure(
            "This doesn't look like a bot's token, expected a number, a colon and about 35 signs. "
            "@BotFather shows it after /newbot, or after /token for a bot that exists."
        )
    bot = make_bot(token, api_url)
    try:
        me = await _who(bot)
        report(ok_finding("token", f"it belongs to @{me.username} ({me.full_name})"))
        account = await _account(accounts, me, token, mode or mode_for(origin))
        await accounts.save(account)
        report(ok_finding("secret", "made and stored, encrypted"))
        report(await _direct_updates(bot, account, origin))
        report(await _introduce(bot))
        if me.can_join_groups:
            report(ok_finding("groups", "it may be added to groups, and answers there only when it is addressed"))
        return account
    finally:
        await close_bot(bot)


async def _who(bot: Bot) -> User:
    try:
        return await bot.get_me()
    except InvalidToken:
        raise ConnectionFailure(
            "Telegram doesn't know this token. Copy it from @BotFather again, the whole line; "
            "if it was revoked there, /token gives a new one."
        ) from None
    except TelegramError as error:
        raise ConnectionFailure(
            f"Telegram can't be reached from here ({type(error).__name__}). Check that this machine may open "
            "https://api.telegram.org, or set STAFFEL_TELEGRAM_API_URL if you run a Bot API server of your own."
        ) from None


async def _account(accounts: Accounts, me: User, token: str, mode: str) -> Account:
    known = await accounts.find(Channel.TELEGRAM, str(me.id))
    secret = known.secrets.get("webhook_secret") if known else None
    return Account(
        channel=Channel.TELEGRAM,
        id=str(me.id),
        name=me.full_name,
        secrets={"token": token, "webhook_secret": secret or secrets.token_urlsafe(32)},
        settings={"mode": mode, "username": me.username or ""},
    )


async def _direct_updates(bot: Bot, account: Account, origin: str) -> Finding:
    try:
        if account.settings["mode"] == POLLING:
            await bot.delete_webhook(drop_pending_updates=False)
            return ok_finding("updates", "we ask Telegram for them (polling); no public address is needed")
        url = webhook_url(origin, account.id)
        await bot.set_webhook(
            url,
            secret_token=account.secrets["webhook_secret"],
            allowed_updates=ALLOWED_UPDATES,
            max_connections=MAX_CONNECTIONS,
            drop_pending_updates=False,
        )
    except RetryAfter:
        raise ConnectionFailure("Telegram asks for a moment's patience. Run this again in a few seconds.") from None
    except BadRequest as refused:
        raise ConnectionFailure(
            f"Telegram refuses the address {origin}: {without_tokens(refused.message)}. STAFFEL_PUBLIC_URL has to be "
            "https, on port 443, 80, 88 or 8443, and known on the internet. Without one, use --mode polling."
        ) from None
    except NetworkError:
        raise ConnectionFailure("The line to Telegram broke. Run this again; nothing is lost by doing so.") from None
    return ok_finding("updates", f"Telegram sends them to {url}")


async def _introduce(bot: Bot) -> Finding:
    """Commands and descriptions, in every language of ours; who reads another one gets English."""
    languages = available_languages("customer")
    try:
        await _introduce_in(bot, words(None), None)
        for language in languages:
            await _introduce_in(bot, words(language), language)
    except TelegramError as error:
        found = f"commands and descriptions aren't all set ({type(error).__name__})"
        return note_finding("introduction", found, "Customers can write all the same. Run this again in some minutes.")
    names = listed((language_name(each, "en") for each in languages), "en")
    return ok_finding("introduction", f"commands and descriptions set in {names}; they say that it is a bot")


async def _introduce_in(bot: Bot, said: TelegramWords, language: str | None) -> None:
    await bot.set_my_commands(said.commands, language_code=language)
    await bot.set_my_description(said.description, language_code=language)
    await bot.set_my_short_description(said.short_description, language_code=language)


async def examine(account: Account, *, origin: str, api_url: str = "") -> list[Finding]:
    """What is well and what isn't with a connected bot, for `staffel doctor`."""
    name = f"telegram @{account.settings.get('username', account.id)}"
    if not account.active or not account.secrets.get("token"):
        return [failed_finding(name, account.problem or "no longer connected", "./staffel connect telegram")]
    token = account.secrets["token"]
    bot = make_bot(token, api_url)
    try:
        await bot.get_me()
        findings = [ok_finding(name, f"the token is good, updates by {account.settings.get('mode')}")]
        findings += _judge(account, await bot.get_webhook_info(), origin)
    except InvalidToken:
        return [
            failed_finding(
                name, "Telegram doesn't accept the token any more", "Get it from @BotFather, then connect again."
            )
        ]
    except TelegramError as error:
        remedy = "Check that this machine may open https://api.telegram.org."
        return [failed_finding(name, f"Telegram can't be reached ({type(error).__name__})", remedy)]
    finally:
        await close_bot(bot)
    if account.problem:
        findings.append(failed_finding(f"{name} polling", account.problem, ""))
    if account.settings.get("mode") == WEBHOOK:
        findings.append(await look_at_origin(name, origin))
    return [*findings, await look_at_clock(token, api_url)]


def _judge(account: Account, info: WebhookInfo, origin: str) -> list[Finding]:
    name, wanted = "telegram webhook", webhook_url(origin, account.id)
    if account.settings.get("mode") == POLLING:
        if info.url:
            found = f"updates go to {_host(info.url)}, although they should be asked for here"
            return [failed_finding(name, found, "./staffel connect telegram takes them back.")]
        return []
    if info.url != wanted:
        found = f"updates go to {_host(info.url)}, not to {wanted}" if info.url else "Telegram has no address of ours"
        return [failed_finding(name, found, "./staffel connect telegram; another program may have taken the bot over.")]
    findings = [ok_finding(name, f"set, {info.pending_update_count} updates waiting")]
    missing = set(ALLOWED_UPDATES) - set(info.allowed_updates or ALLOWED_UPDATES)
    if missing:
        findings.append(
            note_finding(name, f"not sent to us: {', '.join(sorted(missing))}", "./staffel connect telegram")
        )
    complaint = _complaint(info)
    return [*findings, complaint] if complaint else findings


_COMPLAINTS = (
    ("403", "our door refuses it: the secret differs", "./staffel connect telegram sets it anew."),
    ("404", "the public address leads to something that isn't Staffel", "Check STAFFEL_PUBLIC_URL and the proxy."),
    ("503", "a message couldn't be stored", "See the log; Telegram goes on repeating it."),
    ("502", "the proxy doesn't reach Staffel", "Start Staffel, and check the proxy."),
    ("certificate", "the certificate isn't accepted", "Use one of a public authority, with its whole chain."),
    ("ssl", "the encrypted connection fails", "Check the certificate and its chain."),
    ("resolve", "the name of the public address isn't known", "Check STAFFEL_PUBLIC_URL and the DNS."),
    ("timed out", "no answer within a minute", "Check firewall and proxy."),
    ("timeout", "no answer within a minute", "Check firewall and proxy."),
    ("refused", "nobody listens at the public address", "Start Staffel, and check firewall and proxy."),
)


def _complaint(info: WebhookInfo) -> Finding | None:
    """Telegram's last complaint, explained, as long as it is news."""
    message, at = info.last_error_message, info.last_error_date
    if not message or at is None:
        return None
    age = (datetime.now(UTC) - at).total_seconds()
    if age > _RECENT and not info.pending_update_count:
        return None
    lowered = message.lower()
    meaning, remedy = next(
        ((meaning, remedy) for sign, meaning, remedy in _COMPLAINTS if sign in lowered), ("it couldn't deliver", "")
    )
    return note_finding("telegram deliveries", f"{age / 60:.0f} min ago: {meaning} (“{message[:120]}”)", remedy)


async def look_at_origin(name: str, origin: str) -> Finding:
    """Whether the public address leads to us, as far as can be seen from here."""
    if not origin.startswith("https://"):
        return failed_finding(
            f"{name} address", f"{origin} isn't https", "Set STAFFEL_PUBLIC_URL, or use --mode polling."
        )
    try:
        async with httpx.AsyncClient(timeout=8) as client:
            answer = await client.get(f"{origin}/healthz")
    except httpx.HTTPError as error:
        found = f"{origin} can't be reached from here ({type(error).__name__})"
        return failed_finding(
            f"{name} address", found, "Check the DNS, the firewall and the proxy in front of Staffel."
        )
    if answer.status_code != httpx.codes.OK:
        found = f"{origin} answers {answer.status_code} where Staffel would say 200"
        return failed_finding(f"{name} address", found, "Check the proxy in front of Staffel.")
    return ok_finding(f"{name} address", f"{origin} leads here")


async def look_at_clock(token: str, api_url: str = "") -> Finding:
    """Our clock beside Telegram's: a wrong one makes fresh messages look old, or old ones fresh."""
    base = (api_url or PUBLIC_API).rstrip("/")
    try:
        async with httpx.AsyncClient(timeout=8) as client:
            answer = await client.post(f"{base}/bot{token}/getMe")
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return note_finding("telegram clock", "Telegram's time can't be read", "")
    ahead = (datetime.now(UTC) - theirs).total_seconds()
    if abs(ahead) > MAX_SKEW:
        found = f"ours is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} Telegram's"
        return failed_finding(
            "telegram clock", found, "Let this machine follow a time server (timedatectl set-ntp true)."
        )
    return ok_finding("telegram clock", f"{abs(ahead):.0f} s apart from Telegram's")


def _host(url: str) -> str:
    """Only the host: a foreign webhook's path may hold a secret."""
    return httpx.URL(url).host
