"""What can go wrong with passkeys, each with a code that the pages translate."""

from enum import StrEnum

from store.errors import Conflict, HelpdeskError, Invalid, NotFound


class PasskeyFault(StrEnum):
    """Why a passkey was refused. For the audit log alone: the page says the same whatever it was."""

    ANSWER = "passkey_answer"  # not what browsers send
    CHALLENGE = "passkey_challenge"  # used already, too late, or another browser's
    UNKNOWN = "passkey_unknown"  # no passkey of this agent's, or of anybody's
    SIGNATURE = "passkey_signature"  # signature, origin, relying party or user verification aren't right
    COUNT = "passkey_count"  # it has counted backwards: somebody may have a copy of it
    ACCOUNT = "passkey_account"  # closed, or one that signs in with a provider


class PasskeyRefused(HelpdeskError):
    """The passkey isn't accepted; `fault` says why, `agent_id` whose it is if that is known."""

    status = 403
    code = "passkey_refused"

    def __init__(self, fault: PasskeyFault, agent_id: str = "") -> None:
        super().__init__("This passkey isn't accepted here.")
        self.fault = fault
        self.agent_id = agent_id


class PasskeysUnavailable(Conflict):
    """Browsers have no passkeys at the address of this installation."""

    code = "passkeys_unavailable"


class PasskeyExists(Conflict):
    """This passkey is registered already."""

    code = "passkey_exists"


class TooManyPasskeys(Conflict):
    """Nobody has so many devices."""

    code = "passkeys_too_many"


class BadPasskeyName(Invalid):
    """A name is needed, and a short one."""

    code = "passkey_name"


class NoSuchPasskey(NotFound):
    """It isn't there any more, or somebody else's."""


class StaleSignIn(HelpdeskError):
    """Whoever has neither a password nor an app for codes proves themselves by having just signed in."""

    status = 403
    code = "sign_in_stale"
