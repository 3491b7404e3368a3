"""Words of the pages of the teams that are looked up by key. Its scripts fill in what stands in braces."""

from i18n import N_

#: What the scripts say.
WORDS = {
    "teams_from_of": N_("{day}, time {number}, from"),
    "teams_to_of": N_("{day}, time {number}, to"),
    "teams_remove_time_of": N_("Remove time {number} on {day}"),
    "teams_closed": N_("closed"),
    "teams_closed_none": N_("no other days"),
    "teams_closed_remove": N_("Remove {day}"),
    "teams_closed_order": N_("The last day is before the first. Swap the two."),
    "teams_closed_too_long": N_("A stretch of days can be one year long at most."),
    "teams_preview_broken": N_("The preview is back as soon as the times are right."),
    "teams_saved": N_("Saved."),
    "teams_unsaved": N_("Not saved yet"),
    "teams_by": N_("Last changed by {name}, {time}"),
    "teams_conflict": N_("{name} has changed this team in the meantime: {fields}. What do you want to keep?"),
    "teams_conflict_same": N_("nothing that you have changed"),
    "teams_rescued": N_("There are unsaved changes from {time}."),
    "teams_field_name": N_("name"),
    "teams_field_topics": N_("topics"),
    "teams_field_members": N_("members"),
    "teams_field_hours": N_("business hours"),
    "teams_field_time_zone": N_("time zone"),
    "teams_field_region": N_("public holidays"),
    "teams_field_closed_on": N_("closed days"),
}

#: The German states, whose holidays a team may keep.
REGION_NAMES = {
    "BW": N_("Baden-Württemberg"),
    "BY": N_("Bavaria"),
    "BE": N_("Berlin"),
    "BB": N_("Brandenburg"),
    "HB": N_("Bremen"),
    "HH": N_("Hamburg"),
    "HE": N_("Hesse"),
    "MV": N_("Mecklenburg-Western Pomerania"),
    "NI": N_("Lower Saxony"),
    "NW": N_("North Rhine-Westphalia"),
    "RP": N_("Rhineland-Palatinate"),
    "SL": N_("Saarland"),
    "SN": N_("Saxony"),
    "ST": N_("Saxony-Anhalt"),
    "SH": N_("Schleswig-Holstein"),
    "TH": N_("Thuringia"),
}

#: What can't be kept of a team, by the problem's code.
PROBLEMS = {
    "name": N_("The team needs a name of 1 to 80 characters."),
    "name_taken": N_('There is a team "{found}" already, perhaps among the archived ones. Choose another name.'),
    "topic": N_("A topic has 128 characters at most; this one is longer: {found}"),
    "too_many_topics": N_("50 topics at most; there are {found}."),
    "never_open": N_('This way the team would never be there. Enter a time on at least one day, or choose "always".'),
    "time": N_("{day}: expected two times such as 09:00 and 17:00. It says {found}."),
    "order": N_("{day}: start and end must differ. It says {found}; around the clock is 00:00–24:00."),
    "overlap": N_("{day}: {found} overlaps with another time. Expected times that don't overlap."),
    "too_many_times": N_("{day}: 6 times a day at most; there are {found}."),
    "time_zone": N_('There is no time zone "{found}". Expected a name such as Europe/Berlin.'),
    "region": N_('There is no German state "{found}". Choose one of the list.'),
    "date": N_('"{found}" is no day. Expected a date such as 2026-12-24.'),
    "too_many_dates": N_("366 closed days at most; there are {found}."),
    "member": N_("A member doesn't exist any more. Reload the page."),
}
