"""Errors of the business, each with the HTTP status and the short code that programs may rely on."""

from connectors.contract import IdUsedTwice


class HelpdeskError(Exception):
    """Something a person or program asked for can't be done; the message says what was expected and what came."""

    status = 400
    code = "bad_request"

    def __init__(self, message: str, *, code: str | None = None, **details: object) -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.details = details


class NotFound(HelpdeskError):
    """There is no such thing, or it isn't the asker's to see."""

    status = 404
    code = "not_found"


class NotAllowed(HelpdeskError):
    """Known who asks, and they may not."""

    status = 403
    code = "not_allowed"


class SignInRequired(HelpdeskError):
    """Nobody is signed in, or the session has ended."""

    status = 401
    code = "sign_in"


class TooManyRequests(HelpdeskError):
    """Slow down; `after` says for how many seconds."""

    status = 429
    code = "slow_down"

    def __init__(self, message: str, *, after: float) -> None:
        super().__init__(message, after=after)
        self.after = after


class Invalid(HelpdeskError):
    """A value isn't of the form that was asked for."""

    status = 422
    code = "invalid"


class Conflict(HelpdeskError):
    """The world has moved on since the asker looked."""

    status = 409
    code = "conflict"


class InvalidTransition(Conflict):
    """The conversation's status doesn't allow this."""

    code = "invalid_transition"


class StaleEpoch(Conflict):
    """Written under a baton that has been passed on: the reply is withheld."""

    code = "stale_epoch"


class UnreadLine(Conflict):
    """The contact has written something that the agent hasn't read; `last_seq` is the newest line."""

    code = "new_line"


class MessageMismatch(Conflict, IdUsedTwice):
    """The same message id came again with other words; the first ones stand."""

    code = "changed_words"


class Unavailable(HelpdeskError):
    """Nothing was stored; the same call may succeed in a moment, not before `after` seconds."""

    status = 503
    code = "unavailable"
    after = 2.0
