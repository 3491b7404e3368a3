"""What the script of the page of sign-ins says."""

from i18n import N_

WORDS: dict[str, str] = {
    "identity_copied": N_("Copied"),
}
