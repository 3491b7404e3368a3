"""A look-up as its page holds it: the shape of `LookupBody`, without the secret."""

from typing import Any

from helpdesk.lookups.definition import LookupDefinition


def form_of(definition: LookupDefinition) -> dict[str, Any]:
    """What stands in the fields of the page."""
    lookup = definition.lookup
    return {
        "name": lookup.name,
        "title": lookup.title,
        "phrasings": "\n".join(definition.phrasings),
        "articles": "\n".join(lookup.articles),
        "address": definition.address,
        "method": definition.method,
        "body": definition.body,
        "header": definition.header,
        "found": lookup.found,
        "not_found": lookup.not_found,
        "unreachable": lookup.unreachable,
        "asked": [
            {
                "name": one.name,
                "kind": str(one.kind),
                "label": one.label,
                "question": one.question,
                "hint": one.hint,
                "forms": ", ".join(one.forms),
                "is_proof": one.is_proof,
                "path": definition.proof_paths.get(one.name, ""),
            }
            for one in lookup.asked
        ],
        "shown": [
            {
                "name": one.name,
                "path": one.path,
                "kind": str(one.kind),
                "currency": one.currency,
                "said_as": "\n".join(
                    f"{value} = {words.get('de', '')} | {words.get('en', '')}" for value, words in one.said_as.items()
                ),
            }
            for one in definition.shown
        ],
    }
