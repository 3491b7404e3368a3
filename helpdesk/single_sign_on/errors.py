"""Why somebody can't sign in with a provider, each with a code that the pages translate."""

from store.errors import HelpdeskError, Invalid, NotAllowed, NotFound, Unavailable


class ProviderSignInRefused(NotAllowed):
    """A provider has vouched for somebody whom this installation doesn't let in, or its word isn't good."""

    code = "sso_answer"


class ProviderRefused(ProviderSignInRefused):
    """The provider let nobody in: cancelled there, or not allowed to use this application."""

    code = "sso_refused"


class BadAnswer(ProviderSignInRefused):
    """What came isn't by this provider, for us and for this sign-in; `reason` is a word for the log."""

    code = "sso_answer"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The provider's answer isn't valid: {reason}.")
        self.reason = reason


class ClocksApart(BadAnswer):
    """The answer is over already, or from the future: one of the clocks is off."""

    code = "sso_clock"


class NoGroup(ProviderSignInRefused):
    """In no group that has a role here."""

    code = "sso_no_group"


class NoEmail(ProviderSignInRefused):
    """The provider tells no verified e-mail address, so there is nobody to match or to add."""

    code = "sso_no_email"


class UnknownPerson(ProviderSignInRefused):
    """There is no account with this address, and this provider adds none."""

    code = "sso_unknown"


class AccountClosed(ProviderSignInRefused):
    """The account here is closed, whatever the provider says."""

    code = "sso_closed"


class OtherPerson(ProviderSignInRefused):
    """The account with this address is somebody else's at this provider."""

    code = "sso_other_person"


class StateLost(HelpdeskError):
    """This browser hasn't begun the sign-in that is ended here, or too long ago."""

    code = "sso_state"


class NoSuchProvider(NotFound):
    """There is no such provider, or it is off."""

    code = "sso_no_provider"


class ProviderAway(Unavailable):
    """The provider doesn't answer, or with something else; `reason` is a word for the log.

    `told` is what it calls itself, where that is what is wrong.
    """

    code = "sso_away"

    def __init__(self, reason: str, told: str = "") -> None:
        super().__init__(f"The provider can't be asked: {reason}.")
        self.reason = reason
        self.told = told


class BadProvider(Invalid):
    """What was entered about a provider can't be."""

    code = "sso_provider"
