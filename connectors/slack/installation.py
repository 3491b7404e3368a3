"""Our database as Bolt keeps installations and the states of those under way."""

import secrets
import time
from collections.abc import Callable

from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from connectors.contract import Account, Accounts, Channel, Nonces
from connectors.slack.claims import ClaimSigner, from_url, to_url

STATE_GOOD_FOR = 600
"""Seconds between our page and Slack's answer."""

Clock = Callable[[], float]


class Installations(AsyncInstallationStore):
    """The workspaces and organisations that Staffel is installed in, each one an account.

    What Slack takes back is closed by the receiver, with words for an admin, not deleted.
    """

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation, new or repeated. Raises `BoltError` for one that can't work."""
        if installation.bot_refresh_token:
            raise BoltError("token_rotation_is_on")
        if not installation.bot_token:
            raise BoltError("no_bot_token")
        await self._accounts.save(installed_account(installation))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The installation that is in use there."""
        account_id = installation_id(enterprise_id, team_id, is_whole=is_enterprise_install)
        account = await self._accounts.find(Channel.SLACK, account_id) if account_id else None
        if account is None or not account.active:
            return None
        return Bot(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=account.secrets.get("bot_token", ""),
            bot_id=account.settings.get("bot_id", ""),
            bot_user_id=account.settings.get("bot_user_id", ""),
            is_enterprise_install=is_enterprise_install,
            installed_at=0.0,  # it isn't kept
        )


class States(AsyncOAuthStateStore):
    """States that say themselves until when they are good; the database knows which have been used."""

    def __init__(self, secret_key: str, nonces: Nonces, clock: Clock = time.time) -> None:
        self._signer = ClaimSigner(secret_key, "installation")
        self._nonces = nonces
        self._clock = clock

    async def async_issue(self, *_: object, **__: object) -> str:
        """A new one."""
        claims: dict[str, str | int | None] = {"e": int(self._clock()) + STATE_GOOD_FOR, "n": secrets.token_urlsafe(12)}
        return to_url(self._signer.sign(claims))

    async def async_consume(self, state: str) -> bool:
        """Whether it is ours, still good, and used for the first time on any instance."""
        claims = self._signer.verify(from_url(state))
        if claims is None or claims["e"] < self._clock():
            return False
        return await self._nonces.use(f"slack:{claims['n']}")


def installation_id(enterprise_id: str | None, team_id: str | None, *, is_whole: bool | None) -> str:
    """The id of the account: the organisation's when all of it has installed us, otherwise the workspace's."""
    return str((enterprise_id if is_whole else None) or team_id or "")


def installed_account(installation: Installation) -> Account:
    """The workspace, or the whole organisation, as an account."""
    is_whole = bool(installation.is_enterprise_install)
    account_id = installation_id(installation.enterprise_id, installation.team_id, is_whole=is_whole)
    name = (installation.enterprise_name if is_whole else installation.team_name) or account_id
    return Account(
        channel=Channel.SLACK,
        id=account_id,
        name=name,
        secrets={"bot_token": installation.bot_token or ""},
        settings={
            "bot_user_id": installation.bot_user_id or "",
            "bot_id": installation.bot_id or "",
            "team": name,
            "scopes": ",".join(installation.bot_scopes or ()),
        },
    )
