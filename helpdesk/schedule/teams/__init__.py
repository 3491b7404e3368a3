"""Teams: who takes which topics, and when they are there."""

from helpdesk.schedule.teams.team_form import (
    DAYS,
    REGIONS,
    BadTeam,
    Interval,
    TeamForm,
    TeamProblem,
    Week,
    check_form,
    check_topics,
)
from helpdesk.schedule.teams.team_store import (
    TeamView,
    archive,
    list_teams,
    load,
    load_teams_of_agents,
    restore,
    save,
    store_teams_of,
)

__all__ = [
    "DAYS",
    "REGIONS",
    "BadTeam",
    "Interval",
    "TeamForm",
    "TeamProblem",
    "TeamView",
    "Week",
    "archive",
    "check_form",
    "check_topics",
    "list_teams",
    "load",
    "load_teams_of_agents",
    "restore",
    "save",
    "store_teams_of",
]
