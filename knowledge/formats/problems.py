"""What is wrong with a file, collected, so that its author can put everything right in one go."""

from dataclasses import dataclass, field
from time import monotonic

from store.errors import Invalid

_MAX_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong, and in which line (from 1; 0 where a file has no lines to speak of)."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@dataclass(slots=True)
class FileProblems:
    """Collects problems, of which the first twenty are shown, and what was passed over on purpose.

    Where reading is limited, `most` articles are read, `until` that time of the monotonic clock.
    """

    found: list[FileProblem] = field(default_factory=list)
    count: int = 0
    passed_over: list[str] = field(default_factory=list)
    most: int | None = None
    until: float | None = None
    _named: int = 0

    def add(self, line: int, message: str) -> None:
        """Note one problem."""
        self.count += 1
        if len(self.found) < _MAX_SHOWN:
            self.found.append(FileProblem(line, message))

    def go_on(self, read: int) -> None:
        """Raises `Invalid` when more has been read, or for longer, than is allowed."""
        if self.most is not None and read > self.most:
            raise Invalid(f"The file holds more than {self.most:,} articles; the command line takes any number.")
        if self.until is not None and monotonic() > self.until:
            raise Invalid("Reading this file takes too long here; the command line takes its time.")

    def name_file(self, name: str) -> None:
        """Say of the problems since the last file that they are of this one."""
        for index in range(self._named, len(self.found)):
            problem = self.found[index]
            self.found[index] = FileProblem(0, f"{name}, {problem}")
        self._named = len(self.found)

    def raise_if_any(self) -> None:
        """Raises `Invalid` with what was found."""
        if not self.count:
            return
        more = f"\n… and {self.count - len(self.found)} more" if self.count > len(self.found) else ""
        listed = "\n".join(str(problem) for problem in self.found)
        raise Invalid(f"Nothing was stored. The file has {self.count} problem(s):\n{listed}{more}")
