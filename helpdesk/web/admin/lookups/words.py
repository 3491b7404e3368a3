"""Words of the pages about look-ups that are looked up by key."""

from i18n import N_

WORDS = {
    "lookups_saved": N_("Saved. Try it before you switch it on."),
    "lookups_trying": N_("Asking the service …"),
    "lookups_outcome_found": N_("found"),
    "lookups_outcome_not_found": N_("not found"),
    "lookups_outcome_unreachable": N_("not reachable"),
    "lookups_status": N_("HTTP status {status}, {seconds} s"),
    "lookups_no_status": N_("No answer, {seconds} s"),
    "lookups_reason_breaker_open": N_("It failed several times in a row; wait ten seconds."),
    "lookups_reason_too_late": N_("It took longer than three seconds."),
    "lookups_reason_forbidden_address": N_(
        "Nothing is sent to this address: it is in your own network and not in STAFFEL_LOOKUP_HOSTS, or without https."
    ),
    "lookups_reason_redirect": N_("It leads on to another address; enter that one."),
    "lookups_reason_status": N_("It refused. Check address and secret."),
    "lookups_reason_malformed": N_("What came back is no JSON."),
    "lookups_reason_packed": N_("What came back is compressed, although it was asked for plain."),
    "lookups_reason_too_large": N_("What came back is longer than 64 KB."),
    "lookups_reason_other": N_("It can't be reached ({reason})."),
    "lookups_kind_order_number": N_("order number"),
    "lookups_kind_email": N_("e-mail address"),
    "lookups_kind_postcode": N_("postcode"),
    "lookups_kind_date": N_("date"),
    "lookups_kind_text": N_("text"),
    "lookups_kind_money": N_("amount of money"),
    "lookups_kind_number": N_("number"),
    "lookups_kind_link": N_("link"),
}
