"""What is wrong with a file, collected, so that its author can put everything right in one go."""

from dataclasses import dataclass, field

from helpdesk.errors import Invalid

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and in which line (from 1)."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass(slots=True)
class Problems:
    """Collects problems; the first twenty are shown."""

    found: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, message: str) -> None:
        """Note one problem."""
        self.count += 1
        if len(self.found) < _MOST_SHOWN:
            self.found.append(Problem(line, message))

    def raise_if_any(self) -> None:
        """Raises `Invalid` with what was found."""
        if not self.count:
            return
        more = f"\n… and {self.count - len(self.found)} more" if self.count > len(self.found) else ""
        listed = "\n".join(str(problem) for problem in self.found)
        raise Invalid(f"Nothing was stored. The file has {self.count} problem(s):\n{listed}{more}")
