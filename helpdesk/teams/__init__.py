"""Teams: who takes which topics, and when they are there."""

from helpdesk.teams.checking import (
    DAYS,
    REGIONS,
    BadTeam,
    Interval,
    Problem,
    TeamForm,
    Week,
    check_form,
    check_topics,
)
from helpdesk.teams.keeping import TeamView, archive, list_teams, load, restore, save, teams_of_agents, write_teams_of

__all__ = [
    "DAYS",
    "REGIONS",
    "BadTeam",
    "Interval",
    "Problem",
    "TeamForm",
    "TeamView",
    "Week",
    "archive",
    "check_form",
    "check_topics",
    "list_teams",
    "load",
    "restore",
    "save",
    "teams_of_agents",
    "write_teams_of",
]
