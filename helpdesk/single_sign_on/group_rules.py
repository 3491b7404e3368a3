"""Which groups of a provider have which role and teams here. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from helpdesk.single_sign_on.errors import BadProvider
from store.models import Role

#: Stands for everybody whom the provider lets in.
EVERYBODY = "*"
MAX_RULES = 100
_RANK = (Role.READER, Role.EDITOR, Role.AGENT, Role.SUPERVISOR, Role.ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule:
    """Whoever is in `group` has this role, and is in the teams with these names."""

    group: str
    role: Role
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """What somebody may be here: the highest role of their groups, and all of their teams' names."""

    role: Role
    teams: frozenset[str]


def parse_rules(text: str) -> tuple[GroupRule, ...]:
    """Rules as they are typed, one a line: `group = role` or `group = role: Team, Other team`.

    Raises `BadProvider` naming the line.
    """
    rules = [_rule(line, number) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(rules) > MAX_RULES:
        raise BadProvider(f"There can be {MAX_RULES} lines at most.", code="sso_rules_many", most=MAX_RULES)
    return tuple(rules)


def format_rules(rules: Iterable[GroupRule]) -> str:
    """The text that `parse_rules` reads."""
    return "\n".join(
        f"{rule.group} = {rule.role}" + (f": {', '.join(rule.teams)}" if rule.teams else "") for rule in rules
    )


def placement(rules: Sequence[GroupRule], groups: Collection[str]) -> Placement | None:
    """What the rules make of somebody in these groups; `None` if no rule is about any of them."""
    fitting = [rule for rule in rules if rule.group == EVERYBODY or rule.group in groups]
    if not fitting:
        return None
    role = max((rule.role for rule in fitting), key=_RANK.index)
    return Placement(role=role, teams=frozenset(team for rule in fitting for team in rule.teams))


def _rule(line: str, number: int) -> GroupRule:
    group, equals, rest = line.rpartition("=")
    role, _, teams = rest.partition(":")
    name = role.strip().lower()
    if not equals or not group.strip() or name not in set(Role):
        raise BadProvider(
            f"Line {number} should be like: group = role: team. The roles are {', '.join(Role)}.",
            code="sso_rules_line",
            line=number,
            roles=", ".join(Role),
        )
    listed = tuple(dict.fromkeys(team.strip() for team in teams.split(",") if team.strip()))
    return GroupRule(group=group.strip(), role=Role(name), teams=listed)
