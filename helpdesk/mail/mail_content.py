"""A composed mail as the table keeps it until its end is known."""

from dataclasses import asdict

from connectors.contract.mail import OutgoingMail
from store.models.json_value import JsonDocument


def write_mail(mail: OutgoingMail) -> JsonDocument:
    """The JSON of a mail."""
    return asdict(mail) | {"headers": dict(mail.headers), "references": list(mail.references)}


def read_mail(stored: JsonDocument) -> OutgoingMail:
    """The mail again."""
    return OutgoingMail(**(stored | {"references": tuple(stored["references"])}))
