"""What the lock files name: libraries of Python, and packages of npm."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.*?))?(?: \\)?$")
VIA = re.compile(r"^    #(?: via)?(?: +(?P<name>[a-z0-9.-]+))?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPackage:
    """A package of a lock. `needs` are names in the same lock; `marker` says where it is wanted, unless everywhere."""

    name: str
    version: str
    marker: str = ""
    licence: str = ""
    needs: list[str] = field(default_factory=list)


def python_packages(lock: Path) -> list[LockedPackage]:
    """What a `requirements.txt` pins, in its order. Licences are not in it."""
    packages: dict[str, LockedPackage] = {}
    wanted_by: dict[str, list[str]] = {}
    name = ""
    for line in lock.read_text(encoding="utf-8").splitlines():
        if pin := PIN.match(line):
            name = pin["name"]
            packages[name] = LockedPackage(name=name, version=pin["version"], marker=pin["marker"] or "")
        elif (via := VIA.match(line)) and via["name"]:
            wanted_by.setdefault(name, []).append(via["name"])
    for needed, wanting in wanted_by.items():
        for other in wanting:
            if other in packages:
                packages[other].needs.append(needed)
    return list(packages.values())


def npm_packages(lock: Path) -> Iterator[LockedPackage]:
    """What a `package-lock.json` pins, each version once. Builds of one program for other systems are left out."""
    seen = set()
    for place, facts in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if place and not facts.get("optional"):
            name = place.rpartition("node_modules/")[2]
            if (name, facts["version"]) not in seen:
                seen.add((name, facts["version"]))
                yield LockedPackage(name=name, version=facts["version"], licence=facts["license"])
