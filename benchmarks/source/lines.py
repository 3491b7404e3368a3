"""Lines of code, of templates and of words, and how long functions are."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from benchmarks.source.revision import Module, Snapshot

#: Files whose content is mostly what people read, while it still stands in code.
WORD_FILES = (
    "*/texts/**/*.py",
    "helpdesk/web/words/**/*.py",
    "helpdesk/web/**/words.py",
    "actions/words.py",
    "connectors/*/words.py",
    "helpdesk/**/words.js",
)
MAX_LINES = 400

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
_SCRIPTS = (".js", ".mjs")
_BLOCK_COMMENT = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*$", re.DOTALL | re.MULTILINE)


def count_python(modules: Iterable[Module]) -> int:
    """Lines with code on them: no blank ones, no comments, no docstrings."""
    return sum(len(_code_lines(module)) for module in modules)


def count_scripts(snapshot: Snapshot, *, tests: bool = False) -> int:
    """Lines of JavaScript that are neither blank nor only a comment; vendored libraries aren't ours."""
    return sum(_count_script(text) for path, text in snapshot.files.items() if _is_script(path, tests=tests))


def count_templates(snapshot: Snapshot) -> int:
    """Lines of the pages' HTML that aren't blank."""
    return sum(
        _count_filled(text)
        for path, text in snapshot.files.items()
        if path.startswith("helpdesk/") and path.endswith(".html")
    )


def count_catalogs(snapshot: Snapshot) -> int:
    """Lines of the message catalogs that are neither blank nor a comment."""
    return sum(
        sum(1 for line in text.splitlines() if line.strip() and not line.startswith("#"))
        for path, text in snapshot.files.items()
        if path.startswith("locale/") and path.endswith(".po")
    )


def count_words(snapshot: Snapshot, modules: Iterable[Module]) -> int:
    """Lines of code of the files in `WORD_FILES`; they are counted as Python or JavaScript as well."""
    python = (module for module in modules if _holds_words(module.path))
    scripts = (text for path, text in snapshot.files.items() if path.endswith(_SCRIPTS) and _holds_words(path))
    return count_python(python) + sum(map(_count_script, scripts))


def function_lengths(modules: Iterable[Module]) -> list[int]:
    """Lines of every function from `def` to its last line, docstring included, in no particular order."""
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def module_lengths(modules: Iterable[Module]) -> list[int]:
    """All lines of every module, blank ones included."""
    return [len(module.text.splitlines()) for module in modules]


def long_files(snapshot: Snapshot, packages: Sequence[str]) -> list[tuple[str, int]]:
    """Python and JavaScript files of more than `MAX_LINES` lines, blank ones included, the longest first."""
    counted = (
        (path, len(text.splitlines()))
        for path, text in snapshot.files.items()
        if path.partition("/")[0] in packages and path.endswith((".py", *_SCRIPTS)) and "/vendor/" not in path
    )
    return sorted(((path, lines) for path, lines in counted if lines > MAX_LINES), key=lambda each: (-each[1], each[0]))


def _code_lines(module: Module) -> set[int]:
    documented = set(_docstrings(module.tree))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type not in _NO_CODE and not (token.type == tokenize.STRING and token.start in documented):
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """Where a string stands alone as a statement: a docstring, or one that documents the constant above it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.col_offset


def _is_script(path: str, *, tests: bool) -> bool:
    return path.endswith(_SCRIPTS) and path.startswith("tests/") == tests and "/vendor/" not in path


def _count_script(text: str) -> int:
    lines = (line.strip() for line in _BLOCK_COMMENT.sub("", text).splitlines())
    return sum(1 for line in lines if line and not line.startswith("//"))


def _count_filled(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def _holds_words(path: str) -> bool:
    return any(_matches(PurePosixPath(path), pattern) for pattern in WORD_FILES)


def _matches(path: PurePosixPath, pattern: str) -> bool:
    """`PurePath.full_match` of Python 3.13, for the patterns above: `**` stands for any folders, also none."""
    expression = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return re.fullmatch(expression, str(path)) is not None
