"""Catalogs and source kept together: what the source says is extracted, and every catalog holds exactly that.

`locale/<domain>.cfg` says which files a domain's messages come from (Babel's mapping format).
"""

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import get_args

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from i18n.catalogs import INFORMAL, Domain

ROOT = Path(__file__).parents[1]
#: Packages of ours that say something to people.
PACKAGES = frozenset({"actions", "connectors", "helpdesk", "knowledge", "store"})

DOMAINS: tuple[Domain, ...] = get_args(Domain)
LINE_LENGTH = 120
#: Share of two English texts that is the same (`difflib`), from which on one is taken for the other, rewritten.
LIKENESS = 0.6
KEYWORDS = {**DEFAULT_KEYWORDS, "NP_": ((1, "c"), 2), "NN_": (1, 2)}

#: The context, which is mostly empty, and the (singular) English text.
MessageId = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why `make check` refuses a catalog."""

    path: Path
    message: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}: {self.message!r}"


def extract(domain: Domain, root: Path = ROOT) -> Catalog:
    """Every message of a domain that stands in the source below `root`."""
    template = Catalog()
    for file_name, message, comments, context in _find_messages(domain, root):
        template.add(message, None, [(file_name, 0)], auto_comments=comments, context=context)
    return template


def plural_clashes(domain: Domain, root: Path = ROOT) -> Iterator[str]:
    """Singulars that stand in the source with two plurals: a catalog keeps one of them, and the other is never said."""
    plurals: dict[MessageId, object] = {}
    for _, message, _, context in _find_messages(domain, root):
        singular, plural = message if isinstance(message, tuple) else (message, None)
        if plural is not None and plurals.setdefault((context or "", singular), plural) != plural:
            yield singular


def _find_messages(domain: Domain, root: Path) -> Iterator[tuple[str, str | tuple[str, ...], list[str], str | None]]:
    """File, message (singular and plural where it has both), comments and context."""
    with (root / "locale" / f"{domain}.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        root,
        methods,
        options,
        keywords=KEYWORDS,
        comment_tags=("TRANSLATORS:",),
        strip_comment_tags=True,
        directory_filter=lambda folder: _is_searched(Path(folder), root),
    )
    for file_name, _, message, comments, context in found:
        yield file_name, message, comments, context


def catalog_paths(domain: Domain, root: Path = ROOT) -> list[Path]:
    """The domain's catalogs, one for each language and variant."""
    return sorted((root / "locale").glob(f"*/LC_MESSAGES/{domain}.po"))


def problems(root: Path = ROOT) -> Iterator[Problem]:
    """What keeps the catalogs from being whole: messages missing, unused, unsure or with other placeholders."""
    for domain in DOMAINS:
        for singular in plural_clashes(domain, root):
            yield Problem(path=Path("locale") / f"{domain}.cfg", message=singular, reason="stands with two plurals")
        template = extract(domain, root)
        for path in catalog_paths(domain, root):
            for reason, message in _compare(template, read_catalog(path), base=_base(path)):
                yield Problem(path=path.relative_to(root), message=message, reason=reason)


def update(root: Path = ROOT) -> None:
    """Write every catalog anew: messages that the source no longer says go, new ones come in untranslated.

    One whose English has been rewritten keeps its translation, marked as fuzzy, so that somebody looks at it.
    """
    for domain in DOMAINS:
        template = extract(domain, root)
        for path in catalog_paths(domain, root):
            path.write_bytes(render(_merged(template, read_catalog(path), is_variant=INFORMAL in str(path))))


def read_catalog(path: Path) -> Catalog:
    """A catalog as it stands in its file, which may be empty when a language is new."""
    language = path.parents[1].name.removesuffix(INFORMAL)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def render(catalog: Catalog) -> bytes:
    """The file of a catalog: sorted, without dates and line numbers, so that two branches seldom touch one line."""
    header = (
        f"Language: {catalog.locale}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalog.plural_forms}",
    )
    file = BytesIO()
    file.write(('msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in header) + "\n").encode())
    write_po(file, catalog, width=LINE_LENGTH, omit_header=True, sort_output=True, include_lineno=False)
    return file.getvalue()


def placeholders(text: str) -> frozenset[str]:
    """The names in braces that are filled in.

    Raises:
        ValueError: a brace is open or stands alone.
    """
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _merged(template: Catalog, old: Catalog, *, is_variant: bool) -> Catalog:
    merged, rewritten = Catalog(locale=old.locale), _rewritten(template, old)
    for message in _messages(template):
        known = old.get(_text(message), context=message.context) or rewritten.get(_key(message))
        if known is None and is_variant:
            continue
        # A text that has got a plural has to be translated anew.
        said = known.string if known is not None and known.pluralizable == message.pluralizable else None
        merged.add(
            message.id,
            said,
            [(name, 0) for name in sorted({name for name, _ in message.locations})],
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known else (),
            context=message.context,
            flags={"fuzzy"} if known and (known.fuzzy or _key(message) in rewritten) else (),
        )
    return merged


def _rewritten(template: Catalog, old: Catalog) -> Mapping[MessageId, Message]:
    """By each new message the old one that it most likely was; none is taken twice."""
    new, gone = _by_id(template), _by_id(old)
    for key in new.keys() & gone.keys():
        del new[key], gone[key]
    found: dict[MessageId, Message] = {}
    for context, text in sorted(new):
        candidates = [was for its_context, was in gone if its_context == context]
        for was in get_close_matches(text, candidates, n=1, cutoff=LIKENESS):
            found[context, text] = gone.pop((context, was))
    return found


def _compare(template: Catalog, catalog: Catalog, base: Catalog | None) -> Iterator[tuple[str, str]]:
    """Each reason with the message that it is about; a variant, which has a base, need not hold every message."""
    said, wanted = _by_id(catalog), _by_id(template)
    for key, message in wanted.items():
        if key not in said and base is None:
            yield "not translated, `make catalogs` puts it in", _text(message)
    for key, message in said.items():
        if key not in wanted:
            yield "unused, `make catalogs` takes it out", _text(message)
        elif reason := _fault(wanted[key], message) or _repeats(message, base):
            yield reason, _text(message)


def _fault(wanted: Message, message: Message) -> str:
    if message.fuzzy:
        return "marked as fuzzy, look at it and take the mark away"
    if wanted.pluralizable != message.pluralizable:
        return "its plural has changed, `make catalogs` puts it in anew"
    strings = _forms(message.string)
    if not all(strings):
        return "not translated"
    try:
        return _placeholder_fault(_forms(message.id), strings)
    except ValueError:
        return "a brace is open or stands alone"


def _placeholder_fault(ids: Sequence[str], strings: Sequence[str]) -> str:
    """A singular may leave its number out: {count} answers, one answer."""
    known, needed = frozenset[str]().union(*map(placeholders, ids)), placeholders(ids[-1])
    for text in strings:
        if surplus := placeholders(text) - known:
            return f"fills in {_listed(surplus)}, which the source does not know"
    if missing := needed - placeholders(strings[-1]):
        return f"does not fill in {_listed(missing)}"
    return ""


def _repeats(message: Message, base: Catalog | None) -> str:
    same = base.get(_text(message), context=message.context) if base else None
    return "says the same as the language itself, leave it out" if same and same.string == message.string else ""


def _base(path: Path) -> Catalog | None:
    """The catalog that a variant differs from; None for a language, which stands alone."""
    folder = path.parents[1]
    if INFORMAL not in folder.name:
        return None
    return read_catalog(folder.with_name(folder.name.removesuffix(INFORMAL)) / "LC_MESSAGES" / path.name)


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _by_id(catalog: Catalog) -> dict[MessageId, Message]:
    return {_key(message): message for message in _messages(catalog)}


def _key(message: Message) -> MessageId:
    return message.context or "", _text(message)


def _text(message: Message) -> str:
    return _forms(message.id)[0]


def _forms(said: str | Sequence[str | None] | None) -> list[str]:
    """The forms of a message, singular first; a message without a plural has one."""
    return [said or ""] if said is None or isinstance(said, str) else [form or "" for form in said]


def _listed(names: Iterable[str]) -> str:
    return ", ".join("{" + name + "}" for name in sorted(names))


@cache
def _is_searched(folder: Path, root: Path) -> bool:
    parts = folder.relative_to(root).parts
    return bool(parts) and parts[0] in PACKAGES and not any(part.startswith((".", "__")) for part in parts)
