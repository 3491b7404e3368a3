"""When parts were allowed to leave, and where that was more often than a limit says."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from connectors.contract import SendLimit

type Permissions = dict[SendLimit, list[datetime]]


def exceeded(permissions: Mapping[SendLimit, list[datetime]]) -> list[str]:
    """One line for each moment at which a limit had been used up."""
    return [
        f"{limit.key}: {limit.count + 1} parts in {(later - sooner).total_seconds():.3f} s, not {limit.seconds:g}"
        for limit, times in permissions.items()
        for sooner, later in zip(sorted(times), sorted(times)[limit.count :], strict=False)
        if later - sooner < timedelta(seconds=limit.seconds)
    ]
