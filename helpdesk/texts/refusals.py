"""Why something was not taken, for the customer to read."""

from helpdesk.texts.sentences import Say
from i18n import N_, catalog

_REFUSALS = {
    "bad_frame": N_("That could not be sent. Please reload the page."),
    "too_long": N_("The message is too long: 4,000 characters at most. Please split it."),
    "empty": N_("There is nothing written yet."),
    "slow_down": N_("That was a lot at once. One moment please, then we carry on."),
    "busy": N_("A lot of people are writing just now. You will be connected in a moment."),
    "conflict": N_("This message was stored before with other words; the first ones stand."),
    "not_yours": N_("There is no such thing in this conversation."),
    "unknown_choice": N_("This choice no longer stands. Just write what you need."),
    "bad_email": Say.BAD_EMAIL,
    "file_kind": N_("This kind of file can't be sent here. Pictures, PDF, office documents and text work."),
    "file_too_large": N_("The file is too large: 20 MB at most."),
    "file_empty": N_("The file is empty."),
    "file_broken": N_("The picture can't be opened. Please take another copy of it."),
    "picture_too_large": N_("The picture has too many pixels. Please send a smaller copy."),
    "too_many_files": N_("Ten files at most go into one message."),
    "sign_in": N_("The chat has started anew. Please close it, open it again, and add the file once more."),
    "file_gone": N_("The file isn't here any more. Please add it once more."),
    "unavailable": N_("That has not been stored yet. Please try again in a moment."),
}


def explain(code: str, language: str) -> str:
    """Why something was not taken, for the customer to read (docs/protocol.md, error codes)."""
    return catalog("customer", language).gettext(_REFUSALS.get(code, _REFUSALS["unavailable"]))
