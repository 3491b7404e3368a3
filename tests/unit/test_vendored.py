"""Scripts of others that stand in the repository are what their packages hold, with their licence."""

from hashlib import sha256
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "helpdesk" / "web" / "numbers" / "vendor" / "uplot"


def hash_of(name: str) -> str:
    return sha256((VENDOR / name).read_bytes()).hexdigest()


def test_the_library_of_charts_is_the_one_of_its_package() -> None:
    assert {name: hash_of(name) for name in EXPECTED} == EXPECTED
    assert "MIT License" in (VENDOR / "LICENSE").read_text(encoding="utf-8")


#: Of uplot-1.6.32.tgz as npm hands it out, whose integrity is
#: sha512-KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==.
#: Its uPlot.d.ts is called uPlot.d.cts here, because of the form in which it exports.
EXPECTED = {
    "uPlot.esm.js": "5dd9b3281aa64b461b42d9945f6adb2649d346502b12281a9ae0d46599a80eba",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "uPlot.d.cts": "af44374f6e808be4f7f3fa5888b9c7574dca9f8a15a66d54b6763535802c8080",
    "LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}
