"""The bill of materials (SBOM) of a release, one file for each place, in CycloneDX 1.6."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from release.inventory import Parts
from release.locks import LockedPackage

NAMESPACE = UUID("6f2b3f1e-5f0c-4e64-9d35-6f7c1d0a5b21")


def write_bills(inventory: Sequence[Parts], version: str, commit: str, at: datetime, folder: Path) -> list[Path]:
    """Writes `staffel-VERSION.PLACE.cdx.json` for each place; the same bytes for the same commit."""
    return [_write(parts, version, commit, at, folder) for parts in inventory]


def _write(parts: Parts, version: str, commit: str, at: datetime, folder: Path) -> Path:
    path = folder / f"staffel-{version}.{parts.name}.cdx.json"
    bill = bill_of(parts, version, at)
    bill.serial_number = uuid5(NAMESPACE, f"{commit} {parts.name}")
    path.write_text(JsonV1Dot6(bill).output_as_string(indent=2) + "\n", encoding="utf-8")
    return path


def bill_of(parts: Parts, version: str, at: datetime) -> Bom:
    """The parts, their licences, and what needs what."""
    whole = Component(
        name="staffel",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=f"staffel@{version}",
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )
    bill = Bom(metadata=BomMetaData(component=whole, timestamp=at))
    made = [(package, _component(package, parts.ecosystem)) for package in parts.packages]
    components = {package.name: component for package, component in made}
    bill.components.update(component for _, component in made)
    for package, component in made:
        bill.register_dependency(component, [components[name] for name in package.needs if name in components])
    needed = {name for package in parts.packages for name in package.needs}
    bill.register_dependency(whole, [component for package, component in made if package.name not in needed])
    return bill


def _component(package: LockedPackage, ecosystem: str) -> Component:
    namespace, _, name = package.name.rpartition("/")
    url = PackageURL(type=ecosystem, namespace=namespace or None, name=name, version=package.version)
    return Component(
        name=name,
        group=namespace or None,
        version=package.version,
        bom_ref=url.to_string(),
        purl=url,
        licenses=[LicenseFactory().make_from_string(package.licence)],
        properties=[Property(name="staffel:only", value=package.marker)] if package.marker else [],
    )
