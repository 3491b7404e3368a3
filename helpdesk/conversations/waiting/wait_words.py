"""A waiting range in words that a customer understands."""

from helpdesk.handoff.wait_estimate import WaitRange
from helpdesk.handoff.wait_notice import round_minutes
from i18n import N_, catalog

#: Lengths that have a name of their own, by minutes.
_NAMED = {
    15: N_("a quarter of an hour"),
    30: N_("half an hour"),
    45: N_("three quarters of an hour"),
    60: N_("an hour"),
    90: N_("an hour and a half"),
    120: N_("two hours"),
    180: N_("three hours"),
    240: N_("four hours"),
}
#: Lengths that are said in minutes all the same where a sentence names only one.
_IN_MINUTES = frozenset({15, 45})


def say_range(range_: WaitRange | None, language: str) -> str:
    """The range in the customer's language, to stand in a sentence: "about 3 to 6 minutes", "less than 2 minutes"."""
    words = catalog("customer", language)
    if range_ is None:
        return words.gettext("hard to say yet")
    low, high = round_minutes(range_)
    if high is None:
        return words.gettext("several hours")
    if high == 1:
        return words.gettext("less than a minute")
    if low == 0:
        return words.gettext("less than {length}").format(length=_say_length(high, language))
    return _say_from_to(low, high, language)


def _say_from_to(low: int, high: int, language: str) -> str:
    words = catalog("customer", language)
    if (low, high) == (30, 45):  # some languages say these two in one breath
        return words.gettext("about 30 to 45 minutes")
    if high > 60:
        return words.gettext("{low} to {high}").format(low=words.gettext(_NAMED[low]), high=words.gettext(_NAMED[high]))
    said = words.ngettext("about {low} to {high} minute", "about {low} to {high} minutes", high)
    return said.format(low=low, high=high)


def _say_length(minutes: int, language: str) -> str:
    words = catalog("customer", language)
    if minutes in _NAMED and minutes not in _IN_MINUTES:
        return words.gettext(_NAMED[minutes])
    return words.ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
