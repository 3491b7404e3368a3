"""What the form that agrees a call says. English here; `locale/` has the rest."""

from i18n import N_

ASK_TIME = (
    N_("When would a call suit you? A day and a time are enough."),
    N_("Which day and what time would suit you?"),
)
ASK_HOUR = (N_("And at what time?"),)
ASK_PHONE = (
    N_("{window}, noted. Which number can we reach you at? Please include the area code."),
    N_("Then we'll call {window}. At which number, with the area code?"),
)
CONFIRM_PHONE = (
    N_("{window}, noted. Shall we call {phone}? You can also write another number."),
    N_("Then we'll call {window}. At {phone}, or at another number?"),
)
NO_FIT = (
    N_("Nobody can call at that time. These times are possible:"),
    N_("That time is outside our hours. What about one of these?"),
)
OTHER_TIMES = (N_("Other times are possible, too:"),)
WRONG_TIME = (
    N_("I couldn't find a time in that. It can look like this: Thursday at 10 am."),
    N_("That doesn't tell me a time yet. For example: tomorrow afternoon."),
)
WRONG_PHONE = (N_("This doesn't look like a complete phone number. This is what one looks like: +44 20 7946 0958"),)
NO_PHONE_THERE = (N_("I couldn't find a phone number in that. This is what one looks like: +44 20 7946 0958"),)
BACK = (N_("Back to the call:"),)
AGREED = (N_("Agreed: we'll call you {window} at {phone}. No need to wait here."),)
CANCELLED = (
    N_("All right, no call then. What else can I do for you?"),
    N_("Fine, we'll leave the call. I'm here for anything else."),
)
CANCEL_TITLE = (N_("No call after all"),)
