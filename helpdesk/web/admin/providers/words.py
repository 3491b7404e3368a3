"""Words of the pages of providers that are looked up by key."""

from i18n import N_

FACTORS = {
    "claims": N_("if the provider says that a second factor was shown (amr, acr)"),
    "always": N_("always: the provider asks everybody for one"),
    "never": N_("never: ours is asked in any case"),
}

#: Why a provider can't be asked, by the reason of `ProviderAway`.
PROBLEMS = {
    "too late": N_("It doesn't answer within ten seconds."),
    "ConnectError": N_("Nothing can be reached at this address."),
    "gaierror": N_("There is no such host."),
    "it calls itself otherwise": N_("It calls itself by another issuer. Copy its address to the letter."),
    "no keys": N_("It answers, but its keys can't be read, so nobody could sign in."),
    "status 404": N_("There is no provider at this address (404)."),
    "address_own_network": N_(
        "This address is in your own network. If that is meant, whoever runs Staffel enters the host in "
        "STAFFEL_SIGN_IN_HOSTS."
    ),
    "address_inside": N_("This address belongs to this machine or its cloud alone, and is never called."),
    "address_http": N_("Outside your own network the address must begin with https://."),
    "other": N_("It doesn't answer as a provider does ({reason})."),
}
