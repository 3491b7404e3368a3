"""What Staffel is made of: every library has a licence that fits, and the page and the bills say so."""

import json
from datetime import UTC, datetime
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from release import inventory, licence_page
from release.bill import write_bills
from release.errors import ReleaseError
from release.licences import Fit, fit_of, licence_in
from release.locks import LockedPackage, npm_packages, python_packages

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 1, 31, 10, tzinfo=UTC)
LOCK = """\
aiohttp==3.14.5 \\
    --hash=sha256:00
    # via slack-bolt
slack-bolt==1.30.0 ; python_full_version >= '3.12' \\
    --hash=sha256:00
    # via
    #   -c requirements.txt
    #   -r requirements.in
"""


@pytest.fixture(scope="module")
def parts() -> list[inventory.Parts]:
    return inventory.load(ROOT)


def test_a_lock_tells_versions_and_what_needs_what(tmp_path: Path) -> None:
    (tmp_path / "lock.txt").write_text(LOCK, encoding="utf-8")
    assert python_packages(tmp_path / "lock.txt") == [
        LockedPackage(name="aiohttp", version="3.14.5"),
        LockedPackage(name="slack-bolt", version="1.30.0", marker="python_full_version >= '3.12'", needs=["aiohttp"]),
    ]


def test_a_package_of_npm_may_be_there_in_two_versions(tmp_path: Path) -> None:
    nested = {f"node_modules/{name}/node_modules/ms": "1.0.0" for name in ("a", "b")}
    places = {"": "", "node_modules/ms": "2.0.0", **nested}
    packages = {place: {"version": version, "license": "MIT"} for place, version in places.items()}
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}), encoding="utf-8")
    found = tuple(npm_packages(tmp_path / "package-lock.json"))
    assert [(package.name, package.version) for package in found] == [("ms", "2.0.0"), ("ms", "1.0.0")]

    parts = inventory.Parts(name="scripts", title="Scripts", ecosystem="npm", packages=found)
    bill = json.loads(write_bills([parts], "1.4.0", "0123abcd", AT, tmp_path)[0].read_text(encoding="utf-8"))
    assert [component["version"] for component in bill["components"]] == ["1.0.0", "2.0.0"]
    assert licence_page.write([parts]).count("| ms | MIT |") == 1


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", "bot/requirements.txt"])
def test_no_pin_of_a_lock_is_passed_over(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert len(python_packages(ROOT / lock)) == text.count("==") - text.count(" == ") > 50


def test_the_page_is_what_the_lock_files_and_packages_say(parts: list[inventory.Parts]) -> None:
    page = (ROOT / licence_page.PAGE).read_text(encoding="utf-8")
    assert page == licence_page.write(parts), "make licences"


def test_nothing_unfit_is_in_it(parts: list[inventory.Parts]) -> None:
    assert [item.name for part in parts for item in part.packages if fit_of(item.licence) is Fit.UNFIT] == []


@pytest.mark.parametrize(
    ("licence", "fit"),
    [
        ("MIT", Fit.FREE),
        ("BSD-3-Clause AND MPL-2.0", Fit.OBLIGED),
        ("MIT OR GPL-3.0-only", Fit.FREE),
        ("MIT AND GPL-3.0-only", Fit.UNFIT),
        ("AGPL-3.0-only", Fit.UNFIT),
        ("Proprietary", Fit.UNFIT),
        ("Ask the author (kindly)", Fit.UNFIT),
    ],
)
def test_a_licence_fits_freely_or_with_something_to_be_done_or_not(licence: str, fit: Fit) -> None:
    assert fit_of(licence) is fit


def test_what_is_unfit_stands_on_the_page() -> None:
    bad = inventory.Parts(
        name="x", title="X", ecosystem="pypi", packages=[LockedPackage(name="a", version="1", licence="AGPL-3.0-only")]
    )
    assert "- **a** (AGPL-3.0-only), of: X" in licence_page.write([bad])


@pytest.mark.parametrize(
    ("metadata", "text", "licence"),
    [
        ("License-Expression: MIT OR Apache-2.0", "", "MIT OR Apache-2.0"),
        ("License: Apache 2.0", "", "Apache-2.0"),
        ("License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License", "", "MIT"),
        ("License: BSD", "may be used to endorse or\n  promote products", "BSD-3-Clause"),
        ("License: BSD", "Redistributions of source code", "BSD-2-Clause"),
    ],
)
def test_a_package_says_its_licence(tmp_path: Path, metadata: str, text: str, licence: str) -> None:
    assert licence_in(package(tmp_path, metadata, text)) == licence


@pytest.mark.parametrize("metadata", ["License: UNKNOWN", "License: BSD"])
def test_a_package_that_does_not_say_is_read_by_a_person(tmp_path: Path, metadata: str) -> None:
    with pytest.raises(ReleaseError, match="read it, and enter it"):
        licence_in(package(tmp_path, metadata, ""))


def package(folder: Path, metadata: str, text: str) -> Distribution:
    place = folder / "lamp-1.0.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: lamp\nVersion: 1.0\n{metadata}\n", encoding="utf-8")
    (place / "RECORD").write_text("lamp-1.0.dist-info/LICENSE,,\n" if text else "", encoding="utf-8")
    (place / "LICENSE").write_text(text, encoding="utf-8")
    return Distribution.at(place)


def test_a_bill_has_every_library_and_is_of_the_schema(parts: list[inventory.Parts], tmp_path: Path) -> None:
    files = write_bills(parts, "1.4.0", "0123abcd", AT, tmp_path)
    first = [file.read_bytes() for file in files]

    for part, file in zip(parts, files, strict=True):
        text = file.read_text(encoding="utf-8")
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
        bill = json.loads(text)
        assert len(bill["components"]) == len(part.packages)
        assert all(component["licenses"] for component in bill["components"])
        assert bill["metadata"]["component"]["version"] == "1.4.0"
    assert [file.read_bytes() for file in write_bills(parts, "1.4.0", "0123abcd", AT, tmp_path)] == first


def test_a_bill_tells_what_needs_what(parts: list[inventory.Parts], tmp_path: Path) -> None:
    bill = json.loads(write_bills(parts, "1.4.0", "0123abcd", AT, tmp_path)[0].read_text(encoding="utf-8"))
    needs = {entry["ref"].partition("@")[0]: " ".join(entry.get("dependsOn", [])) for entry in bill["dependencies"]}
    assert "pkg:pypi/slack-sdk@" in needs["pkg:pypi/slack-bolt"]
    assert "pkg:pypi/slack-bolt@" in needs["staffel"]
    assert "pkg:pypi/multidict@" not in needs["staffel"]
