"""What came of reading a site, as it is stored with it and shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.formats.problems import FilePlace, FileProblem, ProblemKind
from knowledge.sites.site_problems import PassedPage

if TYPE_CHECKING:  # reads HTML, with libraries that only a reading needs
    from knowledge.sites.site_reader import SiteReading


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """The last reading to the end. `passed` are the first pages of the `passed_count` that brought nothing, `problems`
    what of the others could not be taken.

    After a night: `drafted` and `published` are the keys of what had changed, `left` of what had changed but has a
    draft of somebody's, or is archived.
    """

    read: int
    unread: int = 0
    passed: tuple[PassedPage, ...] = ()
    passed_count: int = 0
    problems: tuple[FileProblem, ...] = ()
    drafted: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @classmethod
    def of(cls, reading: "SiteReading") -> "SiteReport":
        """Of a reading by which nothing has been done yet."""
        return cls(
            read=reading.read,
            unread=reading.unread,
            passed=reading.passed,
            passed_count=reading.passed_count,
            problems=reading.problems[:_MAX_PROBLEMS],
        )

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        lists = {name: list(getattr(self, name)) for name in _LISTS}
        return {
            "read": self.read,
            "unread": self.unread,
            "passed_count": self.passed_count,
            "passed": [page.as_json() for page in self.passed],
            "problems": [_write_problem(problem) for problem in self.problems],
            **lists,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "SiteReport":
        """What `as_json` wrote."""
        lists = {name: tuple(map(str, stored.get(name, ()))) for name in _LISTS}
        return cls(
            read=int(stored["read"]),
            unread=int(stored["unread"]),
            passed_count=int(stored["passed_count"]),
            passed=tuple(map(PassedPage.from_json, stored["passed"])),
            problems=tuple(map(_read_problem, stored["problems"])),
            **lists,
        )


_LISTS = ("drafted", "published", "left")
_MAX_PROBLEMS = 100


def _write_problem(problem: FileProblem) -> dict[str, Any]:
    place = {"file": problem.place.file, "title": problem.place.title}
    return {"kind": str(problem.kind), "place": place, "values": dict(problem.values)}


def _read_problem(stored: Mapping[str, Any]) -> FileProblem:
    place = FilePlace(file=str(stored["place"]["file"]), title=str(stored["place"]["title"]))
    return FileProblem(kind=ProblemKind(stored["kind"]), place=place, values=dict(stored["values"]))
