"""What `staffel doctor` asks the providers that staff sign in with."""

from sqlalchemy.exc import SQLAlchemyError

from helpdesk.channels.secrets import LostKey
from helpdesk.host.cli.checks import Check, failed, ok, skipped, warning
from helpdesk.single_sign_on.errors import ProviderAway
from helpdesk.single_sign_on.provider_client import ProviderClient
from helpdesk.single_sign_on.providers import ProviderStore, ProviderView
from store.db import Database
from store.errors import HelpdeskError
from store.settings import Settings

_NAME = "sign-in"
_PAGE = "Settings → Sign-in of staff"
_NONE = "no provider is entered"
#: What to do, by the reason of `ProviderAway`.
_REMEDIES = {
    "too late": "it takes longer than ten seconds: look after the provider, or after the network between",
    "ConnectError": "nothing can be reached there: check the issuer's host and port, the provider, and the firewall",
    "gaierror": f"there is no such host: check the issuer at {_PAGE}, or this machine's DNS",
    "it calls itself otherwise": f"enter the issuer at {_PAGE} to the letter as it calls itself, with its last slash",
    "no keys": "its jwks_uri holds no key for signatures that can be read: look after the provider's keys",
    "status 404": f"the issuer at {_PAGE} is the address before /.well-known/openid-configuration",
    "address_own_network": "it is in your own network: if that is meant, enter its host in STAFFEL_SIGN_IN_HOSTS",
    "address_inside": "the address belongs to this machine or its cloud alone and is never called: take another one",
    "address_http": "without https only hosts in STAFFEL_SIGN_IN_HOSTS are called",
}


async def check_providers(chosen: Settings) -> list[Check]:
    """Every provider that is entered: whether it answers, under its own name, with keys that can be read.

    What is wrong with one that is switched off is no failure. A failure it is when nobody could sign in.
    """
    if not chosen.database_url and not (chosen.home / "staffel.db").exists():
        return [skipped(_NAME, _NONE)]
    db = Database(chosen.database)
    try:
        providers = ProviderStore(db, chosen.secret_key.get_secret_value())
        entered = await providers.list_all()
        checks = [await _check(providers, ProviderClient(chosen.sign_in_hosts), one) for one in entered]
    except (SQLAlchemyError, OSError) as error:
        return [skipped(_NAME, f"the database can not be asked ({type(error).__name__})")]
    except HelpdeskError as error:
        return [skipped(_NAME, f"the database can not be asked ({error.code})")]
    finally:
        await db.close()
    if chosen.password_sign_in == "off" and not any(one.is_on for one in entered):  # noqa: S105 - a switch
        remedy = f"./staffel agent link EMAIL lets an admin in, who switches one on at {_PAGE}"
        checks.insert(0, failed(_NAME, "passwords are off and no provider is on: nobody can sign in", remedy))
    return checks or [skipped(_NAME, _NONE)]


async def _check(providers: ProviderStore, client: ProviderClient, view: ProviderView) -> Check:
    name, problem = f"{_NAME}: {view.definition.name}", failed if view.is_on else warning
    suffix = "" if view.is_on else "; it is switched off"
    try:
        if view.is_on:
            await providers.load_current(view.id)
        await client.check(view.definition)
    except LostKey:
        remedy = f"put the old STAFFEL_SECRET_KEY back, or enter the client secret anew at {_PAGE}"
        return problem(name, "its client secret was encrypted with another STAFFEL_SECRET_KEY", remedy)
    except ProviderAway as error:
        remedy = _REMEDIES.get(error.reason, f"ask it at {_PAGE}; docs/sign-in.md says what it has to answer")
        return problem(name, f"{view.definition.issuer}: {_found(error)}{suffix}", remedy)
    return ok(name, f"{view.definition.issuer} answers{suffix}")


def _found(error: ProviderAway) -> str:
    return (
        f"it calls itself {error.told or 'nothing'}" if error.told or "calls itself" in error.reason else error.reason
    )
