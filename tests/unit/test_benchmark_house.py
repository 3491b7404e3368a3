"""What the measure of the house counts, on a small house of its own in git."""

import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from benchmarks.house import WALKS, comparison, measure
from benchmarks.source.classes import longest_chain, untyped_columns
from benchmarks.source.lines import count_python, count_scripts, count_words
from benchmarks.source.program import Program
from benchmarks.source.reach import Reach, Start, Walk, follow
from benchmarks.source.revision import PRODUCT, Module, Snapshot, load_revision, load_working_tree, parse_modules
from benchmarks.source.rooms import arrows_between, circles, rooms_of
from benchmarks.source.vocabulary import class_places, gerunds, participles, repeated

ROOT = Path(__file__).resolve().parents[2]


def modules_of(files: dict[str, str]) -> tuple[Module, ...]:
    """The modules of files that are given without their ending."""
    return parse_modules(
        Snapshot(label="test", files={f"{name}.py": dedent(text) for name, text in files.items()}), *PRODUCT
    )


def walk_from(function: str, files: dict[str, str]) -> Reach | None:
    """Where a walk comes to from a function of helpdesk/turns."""
    start = Start(package="helpdesk.turns", functions=(function,))
    return follow(Program(modules_of(files)), Walk(name="a turn", starts=(start,)))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One commit, and a working tree that has gone on since."""

    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    (tmp_path / "helpdesk").mkdir()
    (tmp_path / "helpdesk" / "turns.py").write_text("LIMIT = 1\n", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("ignored.py\n", encoding="utf-8")
    git("init", "--quiet")
    git("add", ".")
    git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", "Begin")
    (tmp_path / "helpdesk" / "turns.py").write_text("LIMIT = 1\nMOST = 2\n", encoding="utf-8")
    (tmp_path / "helpdesk" / "new.py").write_text("", encoding="utf-8")
    (tmp_path / "helpdesk" / "ignored.py").write_text("", encoding="utf-8")
    return tmp_path


def test_a_revision_is_read_from_git_and_not_from_the_working_tree(repository: Path) -> None:
    assert load_revision(repository, "HEAD").files["helpdesk/turns.py"] == "LIMIT = 1\n"
    assert "helpdesk/new.py" not in load_revision(repository, "HEAD").files


def test_the_working_tree_has_new_files_and_no_ignored_ones(repository: Path) -> None:
    files = load_working_tree(repository).files
    assert set(files) == {".gitignore", "helpdesk/turns.py", "helpdesk/new.py"}
    assert files["helpdesk/turns.py"] == "LIMIT = 1\nMOST = 2\n"


@pytest.mark.parametrize("revision", ["nowhere", "--all"])
def test_an_unknown_revision_is_named(repository: Path, revision: str) -> None:
    with pytest.raises(ValueError, match=f"no revision '{revision}'"):
        load_revision(repository, revision)


def test_two_revisions_stand_beside_each_other_and_a_walk_without_a_start_is_said(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = load_revision(repository, "HEAD"), load_working_tree(repository)
    text = comparison(before.label, measure(before), after.label, measure(after))

    assert f"| | before ({before.label}) | after (working tree) |" in text
    assert "| rooms on the top of `helpdesk/` (files + folders) | 1 (1 + 0) | 2 (2 + 0) |" in text
    assert "| lines of Python: product | 1 | 2 |" in text
    assert capsys.readouterr().err.count("no start of") == 2 * len(WALKS)


def test_every_walk_has_a_start_in_this_checkout() -> None:
    packages = [package for package in PRODUCT if package != "bot"]  # nothing of ours imports it
    paths = [path for package in packages for path in (ROOT / package).rglob("*.py")]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    here = Snapshot(label="here", files=texts)
    program = Program(parse_modules(here, *packages))

    assert [walk.name for walk in WALKS if follow(program, walk) is None] == []


def test_a_line_of_python_has_code_on_it() -> None:
    text = '''
        """What this module is.

        More about it.
        """

        LIMIT = 1  # a comment beside code
        #: A comment alone.
        TEXT = """
        two lines, and not a docstring
        """

        def double(number: int) -> int:
            """Twice the number."""
            return 2 * number
    '''
    assert count_python(modules_of({"helpdesk/turns": text})) == 6


def test_a_line_of_javascript_is_no_comment_and_none_of_a_vendored_library() -> None:
    text = "/**\n * Why.\n */\n\n// A comment.\nconst a = 1; // why\n/** @type {Node} */ (b).c = a;\n/* end */\n"
    files = {"helpdesk/a.js": text, "helpdesk/vendor/b.js": text, "tests/web/c.js": text}
    assert count_scripts(Snapshot(label="test", files=files)) == 2
    assert count_scripts(Snapshot(label="test", files=files), tests=True) == 2


def test_words_are_counted_where_they_stand_in_code() -> None:
    line = 'HELLO = "Hallo"\n'
    counted = ("helpdesk/texts/german.py", "helpdesk/web/words/a/b.py", "actions/words.py", "connectors/slack/words.py")
    others = ("helpdesk/hours/words.py", "connectors/words.py")
    files = dict.fromkeys((*counted, *others), line) | {"helpdesk/web/static/webchat/words.js": "const a = 1;\n"}
    snapshot = Snapshot(label="test", files=files)
    assert count_words(snapshot, parse_modules(snapshot, *PRODUCT)) == len(counted) + 1


def test_a_name_of_several_classes_is_one_name_too_few() -> None:
    files = {
        "helpdesk/a": "class Part: ...\nclass _Row: ...\nclass Turn: ...",
        "knowledge/b": "class Part: ...\nclass _Row: ...",
    }
    assert repeated(class_places(modules_of(files))) == {"Part": ["helpdesk.a", "knowledge.b"]}


def test_participles_are_told_from_nouns_that_end_alike_and_from_events() -> None:
    right = ["Said", "Judged", "Answering", "_Read", "Unsaid"]
    others = ["Feed", "Wording", "Routing", "LinkExpired", "Transcript"]
    assert participles([*right, *others]) == sorted(right)


def test_gerunds_are_told_from_what_the_field_calls_so() -> None:
    names = ("judging", "admin_importing", "routing", "wording", "migrations/0003_knowledge_keeping")
    found = gerunds(modules_of({f"helpdesk/{name}": "" for name in names}))
    assert found.avoidable == ("helpdesk.admin_importing", "helpdesk.judging")
    assert found.usual == ("helpdesk.routing",)


def test_a_column_of_anything_is_untyped_behind_an_alias_too() -> None:
    text = """
        type Json = dict[str, Any]

        class Message(Base):
            data: Mapped[dict[str, Any]]
            draft: Mapped[Json | None]
            choices: Mapped[list[Any]]
            bare: Mapped[dict]
            facts: Mapped[MessageFacts]
            names: Mapped[list[str]]
            seen: dict[str, Any]
    """
    untyped = ["Message.bare", "Message.choices", "Message.data", "Message.draft"]
    assert untyped_columns(modules_of({"store/models": text})) == untyped


def test_the_longest_chain_goes_through_imports_and_ends_at_what_is_not_ours() -> None:
    files = {
        "helpdesk/a": "from enum import Enum\nclass First(Enum): ...",
        "helpdesk/b": "from helpdesk import a\nclass Second(a.First): ...\nclass Third(Second): ...",
    }
    assert longest_chain(Program(modules_of(files))) == ["Third", "Second", "First"]


def test_rooms_are_files_and_folders_without_the_init() -> None:
    paths = ("helpdesk/__init__.py", "helpdesk/app.py", "helpdesk/web/desk.py", "helpdesk/data/a.txt", "knowledge/b.py")
    rooms = rooms_of(Snapshot(label="test", files=dict.fromkeys(paths, "")), "helpdesk")
    assert rooms.files == frozenset({"app.py"})
    assert rooms.folders == frozenset({"web", "data"})


def test_circles_are_found_between_rooms_by_every_form_of_import() -> None:
    files = {
        "helpdesk/a": "from helpdesk.b import x\nimport knowledge.c",
        "helpdesk/b": "def f():\n    from . import d",
        "helpdesk/d/__init__": "",
        "helpdesk/d/e": "from helpdesk import a",
        "knowledge/c": "import json",
    }
    modules = modules_of(files)
    assert arrows_between(modules) == {("helpdesk", "knowledge")}
    assert circles(arrows_between(modules)) == []
    assert circles(arrows_between(modules, "helpdesk")) == [["helpdesk.a", "helpdesk.b", "helpdesk.d"]]


def test_a_list_of_steps_is_followed_and_a_package_that_hands_on_is_not_opened() -> None:
    reach = walk_from(
        "work",
        {
            "helpdesk/turns": "from helpdesk import steps\nasync def work():\n    for s in steps.STEPS: await s()",
            "helpdesk/steps": "from helpdesk.room import ask\nSTEPS = (ask,)",
            "helpdesk/room/__init__": "from helpdesk.room.bot import ask",
            "helpdesk/room/bot": "def ask(): _send()\ndef _send(): ...\ndef unused(): ...",
        },
    )
    assert reach is not None
    assert reach.hops == {"helpdesk.turns": 0, "helpdesk.steps": 1, "helpdesk.room.bot": 2}
    assert reach.functions == 3
    assert reach.within(1) == 2


def test_methods_are_found_by_fields_annotations_with_and_inheritance() -> None:
    turns = """
        from helpdesk.unit import Conversations

        class Worker:
            def __init__(self, conversations: Conversations) -> None:
                self.conversations = conversations

            async def work(self) -> None:
                async with self.conversations.open("id") as c:
                    c.say("hello")
    """
    unit = """
        from helpdesk.line import Line

        class Unit(Line): ...

        class Conversations:
            @asynccontextmanager
            async def open(self, id: str) -> AsyncIterator[Unit]:
                yield Unit()
    """
    line = """
        from helpdesk import log

        class Line:
            def say(self, text: str) -> None:
                log.append(text)
    """
    reach = walk_from(
        "Worker.work",
        {
            "helpdesk/turns": turns,
            "helpdesk/unit": unit,
            "helpdesk/line": line,
            "helpdesk/log": "def append(text): ...",
        },
    )
    assert reach is not None
    assert reach.hops == {"helpdesk.turns": 0, "helpdesk.unit": 1, "helpdesk.line": 1, "helpdesk.log": 2}


def test_a_protocol_leads_to_the_classes_that_keep_it() -> None:
    reach = walk_from(
        "work",
        {
            "helpdesk/turns": "from helpdesk.ports import Search\ndef work(search: Search): search.find(text='')",
            "helpdesk/ports": "class Search(Protocol):\n    def find(self, text): ...",
            "knowledge/library": "class Library:\n    def find(self, text, limit=1): ...",
            "knowledge/other": "class Shelf:\n    def find(self, key): ...",
        },
    )
    assert reach is not None
    assert set(reach.hops) == {"helpdesk.turns", "helpdesk.ports", "knowledge.library"}


def test_a_start_that_two_modules_define_counts_as_none() -> None:
    work = "def work(): ..."
    assert walk_from("work", {"helpdesk/turns/a": work, "helpdesk/turns/b": ""}) is not None
    assert walk_from("work", {"helpdesk/turns/a": work, "helpdesk/turns/b": work}) is None


def test_names_that_go_round_in_a_circle_end() -> None:
    text = """
        type Json = dict[str, Json]
        TABLE = TABLE.items()

        def work(data: Json):
            for each in data.values(): each.run()
            TABLE.get(1)
            work(data)
    """
    reach = walk_from("work", {"helpdesk/turns": text})
    assert reach is not None
    assert reach.hops == {"helpdesk.turns": 0}
