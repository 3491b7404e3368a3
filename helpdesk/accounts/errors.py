"""What can go wrong around accounts, each with a code that the pages translate."""

from store.errors import Conflict, HelpdeskError, Invalid, NotFound, TooManyRequests


class NoSuchKey(NotFound):
    """The key isn't there, or has ended already."""


class SignInFailed(HelpdeskError):
    """E-mail and password don't belong together; deliberately silent on which of the two is wrong."""

    status = 401
    code = "wrong_sign_in"


class PasswordsOff(Conflict):
    """Here people sign in with a provider alone."""

    code = "passwords_off"


class TooManySignIns(TooManyRequests):
    """Tried too often for now; the door opens again by itself."""

    code = "too_many_sign_ins"


class WrongPassword(HelpdeskError):
    """The present password, asked before something about the account is changed, isn't right."""

    status = 403
    code = "wrong_password"


class WrongCode(HelpdeskError):
    """Neither a code that the authenticator app shows now nor an unused recovery code; or one that was used already."""

    status = 403
    code = "wrong_code"


class FactorExists(Conflict):
    """There is a second factor already; another app needs that one taken away first."""

    code = "factor_exists"


class BadPassword(Invalid):
    """The new password is too short, too long or too easily guessed."""

    code = "password_short"


class PasswordIsOwnWords(BadPassword):
    """The new password is made of what is known of its owner: name, e-mail address, the company's name."""

    code = "password_guessable"


class PasswordIsKnown(BadPassword):
    """The new password stands in lists of passwords that many people chose, or is close to one that does."""

    code = "password_known"


class PasswordIsPattern(BadPassword):
    """The new password is made of repetitions, sequences, rows of keys or dates."""

    code = "password_pattern"


class PasswordTooLong(BadPassword):
    """Nobody types this much; a limit keeps hashing cheap."""

    code = "password_long"


class BadEmail(Invalid):
    """Not an e-mail address."""

    code = "bad_email"


class BadName(Invalid):
    """A name is needed, and a short one."""

    code = "bad_name"


class BadCapacity(Invalid):
    """Nobody answers no conversation at once, or hundreds."""

    code = "bad_capacity"


class BadLanguages(Invalid):
    """A language that conversations aren't held in, or none at all."""

    code = "bad_languages"


class BadTopics(Invalid):
    """Too many topics, or one that is too long."""

    code = "bad_topics"


class EmailTaken(Conflict):
    """Another account has this e-mail address."""

    code = "email_taken"


class LinkExpired(NotFound):
    """An invitation that was used, replaced, has expired or never existed."""

    code = "link_expired"


class LastAdmin(Conflict):
    """Without this admin nobody could manage the installation."""

    code = "last_admin"


class NoSuchAgent(NotFound):
    """There's no account with this id or e-mail address."""

    code = "no_such_agent"
