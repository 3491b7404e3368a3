"""What an admin says of a provider: read and written as JSON, and checked."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from helpdesk.single_sign_on.errors import BadProvider
from helpdesk.single_sign_on.group_rules import GroupRule
from store.models import Role
from store.models.json_value import JsonDocument

_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


class FactorTrust(StrEnum):
    """Whether a sign-in with the provider counts as one with a second factor."""

    CLAIMS = "claims"  # if the ID token says so (`amr`, `acr`)
    ALWAYS = "always"  # the provider asks everybody, whether it says so or not
    NEVER = "never"  # ours is asked in any case


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDefinition:
    """A provider without its secret. `groups_claim` may be a path such as `realm_access.roles`.

    Addresses in `domains` count as verified unless the provider denies it; `acr_values` are those that mean a second
    factor. With `creates` people without an account get one.
    """

    name: str
    issuer: str
    client_id: str
    rules: tuple[GroupRule, ...]
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    groups_claim: str = "groups"
    domains: tuple[str, ...] = ()
    factor: FactorTrust = FactorTrust.CLAIMS
    acr_values: tuple[str, ...] = ()
    creates: bool = True

    @property
    def discovery_address(self) -> str:
        """Where the provider describes itself (OpenID Connect Discovery, section 4)."""
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"


def check_definition(definition: ProviderDefinition) -> None:
    """Raises `BadProvider` naming what is wrong."""
    if not definition.name:
        raise BadProvider("A provider needs a name, as it stands on the button.", code="sso_name")
    if not _is_issuer(definition.issuer):
        raise BadProvider("Expected an issuer such as https://login.example.org.", code="sso_issuer")
    if not definition.client_id:
        raise BadProvider("The provider's id of this application (client_id) is missing.", code="sso_client")
    if not definition.rules:
        raise BadProvider("Without a line for a group nobody could sign in.", code="sso_rules_none")
    if "openid" not in definition.scopes:
        raise BadProvider("The scopes have to hold openid.", code="sso_scopes")
    if wrong := next((domain for domain in definition.domains if not _DOMAIN.fullmatch(domain)), None):
        raise BadProvider(f"{wrong} is no domain such as example.org.", code="sso_domain", domain=wrong)


def write_definition(definition: ProviderDefinition) -> JsonDocument:
    """As it is stored. The name has a column of its own."""
    return {
        "issuer": definition.issuer,
        "client_id": definition.client_id,
        "rules": [
            {"group": rule.group, "role": str(rule.role), "teams": list(rule.teams)} for rule in definition.rules
        ],
        "scopes": list(definition.scopes),
        "groups_claim": definition.groups_claim,
        "domains": list(definition.domains),
        "factor": str(definition.factor),
        "acr_values": list(definition.acr_values),
        "creates": definition.creates,
    }


def read_definition(name: str, stored: JsonDocument) -> ProviderDefinition:
    """What `write_definition` wrote."""
    rules = tuple(
        GroupRule(group=one["group"], role=Role(one["role"]), teams=tuple(one["teams"])) for one in stored["rules"]
    )
    return ProviderDefinition(
        name=name,
        issuer=stored["issuer"],
        client_id=stored["client_id"],
        rules=rules,
        scopes=tuple(stored["scopes"]),
        groups_claim=stored["groups_claim"],
        domains=tuple(stored["domains"]),
        factor=FactorTrust(stored["factor"]),
        acr_values=tuple(stored["acr_values"]),
        creates=stored["creates"],
    )


def _is_issuer(issuer: str) -> bool:
    try:
        parts = urlsplit(issuer)
    except ValueError:
        return False
    plain = not (parts.username or parts.query or parts.fragment)
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and plain
