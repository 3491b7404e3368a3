"""Every column that can hold words has an entry in the table of personal data: what is new is erased and exported."""

import pytest

from helpdesk.privacy.data_table import DataKind, TableEntry, can_hold_words
from helpdesk.privacy.personal_data import PERSONAL_DATA
from store.models import Base

WHERE = "helpdesk/privacy/personal_data.py"
#: What takes each copy away when a customer deletes or edits the line that it was made of.
COPIES = {
    "contacts.search_text": "made anew with its row (helpdesk.search.indexing)",
    "people.search_text": "made anew with its row (helpdesk.search.indexing)",
    "identities.search_text": "made anew with its row (helpdesk.search.indexing)",
    "conversation_numbers.search_text": "made anew by the triggers of the database",
    "messages.search_text": "made anew with its row (helpdesk.search.indexing)",
    "asked_questions.text": "helpdesk.conversations.log.copied_words",
    "handoffs.triggers": "helpdesk.conversations.log.copied_words",
    "handoffs.decision": "helpdesk.conversations.log.copied_words",
    "handoffs.summary": "helpdesk.conversations.log.copied_words",
    "handoffs.wording": "helpdesk.conversations.log.copied_words",
    "translations.text": "helpdesk.conversations.log.copied_words",
    "mails.content": "helpdesk.conversations.log.copied_words, and empty once the mail's end is known",
}


def columns_with_words(table: str) -> set[str]:
    """The columns of a table that are to be named in its entry."""
    return {column.name for column in Base.metadata.tables[table].columns if can_hold_words(column)}


def test_every_table_has_an_entry_and_every_entry_a_table() -> None:
    tables = set(Base.metadata.tables)
    new, gone = tables - set(PERSONAL_DATA), set(PERSONAL_DATA) - tables
    advice = "\n".join(
        f"  {table} ({', '.join(sorted(columns_with_words(table))) or 'no words'}): "
        f'customers("{table}", N_("…"), {{"conversation_id": CONVERSATION}}, words="…") where rows are a customer\'s, '
        f'else others("{table}", _SET_UP, "…")'
        for table in sorted(new)
    )
    assert not new, f"Write into _ENTRIES of {WHERE} (its first lines say how), one entry for each table:\n{advice}"
    assert not gone, f"Take out of _ENTRIES of {WHERE}, there is no such table: {sorted(gone)}"


@pytest.mark.parametrize("entry", PERSONAL_DATA.values(), ids=lambda entry: entry.table)
def test_every_column_that_can_hold_words_is_named(entry: TableEntry) -> None:
    if entry.table not in Base.metadata.tables:
        pytest.skip("the test above says so")
    new, gone = (
        columns_with_words(entry.table) - set(entry.columns),
        set(entry.columns) - columns_with_words(entry.table),
    )
    assert not new, (
        f'{WHERE}: add {sorted(new)} to the entry "{entry.table}", as words="…" (what a customer or an agent wrote), '
        'copies="…" (made of a line of the log), names="…", addresses="…", files="…", facts="…" (single words about '
        'somebody) or keys="…" (ids, hashes, technical notes); in others(…) to its last text.'
    )
    assert not gone, f'{WHERE}: take {sorted(gone)} out of the entry "{entry.table}": no such column holds words.'
    table = Base.metadata.tables[entry.table]
    links = {*entry.whose, *(filter(None, (entry.ends.column, entry.ends.only)) if entry.ends else ())}
    assert links <= set(table.columns.keys()), f'{WHERE}: "{entry.table}" has no column {links - set(table.columns)}'
    assert bool(entry.whose) != bool(entry.why)


def test_every_reference_to_a_customer_says_whose_the_row_is() -> None:
    """A foreign key to a conversation or a contact makes a row a customer's, whatever its entry says."""
    owners = ("conversations", "contacts", "messages", "people")
    for table in Base.metadata.sorted_tables:
        pointing = {key.parent.name for key in table.foreign_keys if key.column.table.name in owners}
        entry = PERSONAL_DATA.get(table.name)
        if entry is not None and pointing:
            assert pointing & set(entry.whose), (
                f'{WHERE}: rows of "{table.name}" are a customer\'s by {sorted(pointing)}: customers(…) instead of '
                "others(…), and name that column in its mapping."
            )


def test_every_copy_of_a_customers_words_goes_with_them() -> None:
    copies = {f"{entry.table}.{column}" for entry in PERSONAL_DATA.values() for column in entry.of_kind(DataKind.COPY)}
    new, gone = copies - set(COPIES), set(COPIES) - copies
    assert not new, (
        f"{sorted(new)} hold copies of what customers write: have what a customer deletes vanish from them "
        "(helpdesk/conversations/log/copied_words.py) and say so in COPIES of this file."
    )
    assert not gone, f"Take out of COPIES, no such copy is kept: {sorted(gone)}"
