"""Who writes to us: names, languages and time zones from Slack, asked in the background and remembered for a while."""

import logging
from dataclasses import dataclass
from time import monotonic

from connectors.contract import DeliveryUnclear, RetryLater
from connectors.slack.api_client import SlackClient, SlackRefusal
from i18n import available_languages

log = logging.getLogger(__name__)

FRESH_FOR = 3600.0  # seconds
_MAX_PEOPLE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonProfile:
    """What Slack tells of a person; each may be unknown."""

    name: str | None = None
    language: str | None = None
    time_zone: str | None = None


class ProfileCache:
    """Remembers profiles by workspace and person."""

    def __init__(self, slack: SlackClient) -> None:
        self._slack = slack
        self._known: dict[tuple[str, str], tuple[float, PersonProfile]] = {}

    def known(self, account: str, user_id: str) -> PersonProfile | None:
        """What is remembered; never asks."""
        learned_at, profile = self._known.get((account, user_id), (-FRESH_FOR, None))
        return profile if monotonic() - learned_at < FRESH_FOR else None

    async def learn(self, token: str, account: str, user_id: str) -> PersonProfile:
        """The profile, asked for when it isn't remembered. What Slack won't tell stays unknown."""
        if known := self.known(account, user_id):
            return known
        try:
            answer = await self._slack.ask(token, "users.info", user=user_id, include_locale="true")
            profile = read_profile(answer.data.get("user") or {})
        except SlackRefusal as refused:
            log.info("slack: user %s of %s isn't told (%s)", user_id, account, refused.error)
            profile = PersonProfile()
        except (RetryLater, DeliveryUnclear):
            return PersonProfile()
        self._remember(account, user_id, profile)
        return profile

    def _remember(self, account: str, user_id: str, profile: PersonProfile) -> None:
        while len(self._known) >= _MAX_PEOPLE:
            del self._known[next(iter(self._known))]
        self._known[account, user_id] = (monotonic(), profile)


def read_profile(user: dict[str, object]) -> PersonProfile:
    """The part of `users.info` that we use."""
    details = user.get("profile")
    named = details if isinstance(details, dict) else {}
    name = named.get("real_name") or named.get("display_name") or user.get("real_name")
    language = str(user.get("locale") or "").partition("-")[0].lower()
    return PersonProfile(
        name=str(name) if name else None,
        language=language if language in available_languages("customer") else None,
        time_zone=str(user["tz"]) if user.get("tz") else None,
    )
