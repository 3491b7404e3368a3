"""What can go wrong around accounts, each with a code that the pages translate."""

from store.errors import Conflict, HelpdeskError, Invalid, NotFound, TooManyRequests


class SignInFailed(HelpdeskError):
    """E-mail and password don't belong together; deliberately silent on which of the two is wrong."""

    status = 401
    code = "wrong_sign_in"


class TooManySignIns(TooManyRequests):
    """Tried too often for now; the door opens again by itself."""

    code = "too_many_sign_ins"


class BadPassword(Invalid):
    """The new password is too short, too long or too easily guessed."""

    code = "password_short"


class PasswordIsEmail(BadPassword):
    """The new password is, or contains, the e-mail address or is hardly more than the name."""

    code = "password_guessable"


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
