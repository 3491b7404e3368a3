"""Gives every line and everybody who is known the words they are found by when they are written.

It is taken from the rows themselves, so that no writer can forget it; the database's triggers keep the index.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event, inspect

from helpdesk.search.index_words import contact_words, guest_words, message_words
from store.models import Contact, Identity, Message, Person


def words_of_message(message: Message) -> str:
    """What a line is found by."""
    return message_words(message.text)


def words_of_contact(contact: Contact) -> str:
    """What a contact is found by; without a name as a guest, too."""
    known = contact_words(contact.name, contact.email, contact.phone, contact.external_id)
    return known if contact.name else f"{guest_words()} {known}"


def words_of_person(person: Person) -> str:
    """What a person is found by."""
    return contact_words(person.name)


def words_of_identity(identity: Identity) -> str:
    """What a signed-in customer is found by."""
    return contact_words(identity.name, identity.email, identity.phone, identity.customer_id)


#: By table what is searched, and the columns that it is made of.
SEARCHED: dict[type[Any], tuple[Callable[[Any], str], tuple[str, ...]]] = {
    Message: (words_of_message, ("text",)),
    Contact: (words_of_contact, ("name", "email", "phone", "external_id")),
    Person: (words_of_person, ("name",)),
    Identity: (words_of_identity, ("name", "email", "phone", "customer_id")),
}


def _index_new(_mapper: object, _connection: object, row: Any) -> None:
    row.search_text = SEARCHED[type(row)][0](row)


def _index_changed(_mapper: object, _connection: object, row: Any) -> None:
    words_of, columns = SEARCHED[type(row)]
    attributes: Any = inspect(row).attrs
    if any(attributes[column].history.has_changes() for column in columns):
        row.search_text = words_of(row)


for _model in SEARCHED:
    event.listen(_model, "before_insert", _index_new)
    event.listen(_model, "before_update", _index_changed)
