"""Words of the page of the language model that are looked up by key. Its scripts fill in what stands in braces."""

from i18n import N_, NP_

WORDS = {
    "rewording_trying": N_("Asking …"),
    "rewording_took": N_("after {seconds} s"),
    "rewording_ending_used": N_("used"),
    "rewording_ending_refused": N_("refused"),
    "rewording_ending_late": N_("too late"),
    "rewording_ending_broken": NP_("rewording", "no answer"),
    "rewording_what_answer": N_("Answers"),
    "rewording_what_summary": N_("Summaries"),
    "rewording_fault_empty": N_("empty"),
    "rewording_fault_length": N_("much longer than our text"),
    "rewording_fault_signs": N_("foreign or hidden signs"),
    "rewording_fault_markup": N_("formatting that wasn't there"),
    "rewording_fault_language": N_("another language"),
    "rewording_fault_address": N_("an address or link that wasn't there"),
    "rewording_fault_number": N_("another figure"),
    "rewording_fault_name": N_("a new name"),
    "rewording_fault_word": N_("a new word"),
    "rewording_fault_negation": N_("a negation changed"),
    "rewording_fault_limit": N_("a condition or limit changed"),
    "rewording_fault_person": N_("who does it changed"),
    "rewording_fault_tense": N_("tense changed"),
    "rewording_fault_role": N_("who to whom changed"),
    "rewording_fault_claim": N_("no sentence says so"),
    "rewording_fault_missing": N_("missing"),
}
