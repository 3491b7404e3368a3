"""Files as customers and attackers send them, made on the spot."""

import io
import zipfile
from pathlib import Path
from zlib import compress, crc32

from PIL import Image

GPS = 0x8825
#: Where a photo says that it was taken: degrees, minutes, seconds.
POSITION = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), color: str = "tomato", **options: object) -> bytes:
    """A picture of one color."""
    content = io.BytesIO()
    Image.new("RGB", size, color).save(content, kind, **options)
    return content.getvalue()


def photo(size: tuple[int, int] = (64, 48)) -> bytes:
    """A photo that says where it was taken, by whom, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x010F] = "canary-camera"
    exif.get_ifd(GPS).update(POSITION)
    return picture("JPEG", size, exif=exif, comment=b"canary-comment")


def heic_photo() -> bytes:
    """`photo()` as an iPhone keeps it, 64 by 48: made by `heif-enc -q 30`, since no library of ours writes it."""
    return (Path(__file__).parent / "payloads" / "heic" / "canary.heic").read_bytes()


def moving_picture(frames: int = 3, kind: str = "GIF") -> bytes:
    """A picture that moves."""
    shades = [Image.new("RGB", (32, 24), (40 * number % 256, 90, 200)) for number in range(frames)]
    content = io.BytesIO()
    shades[0].save(content, kind, save_all=True, append_images=shades[1:], duration=80, loop=0)
    return content.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A small PNG that says it has so many pixels, and has as many."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4) + name + content + crc32(name + content).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([1, 0, 0, 0, 0])
    row = compress(bytes(width // 8 + 1) * min(height, 1_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def package(**files: bytes) -> bytes:
    """A zip file; `__` in a name is a slash."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, inside in files.items():
            zipped.writestr(name.replace("__", "/"), inside)
    return content.getvalue()


def package_bomb(method: int = zipfile.ZIP_DEFLATED, megabytes: int = 32) -> bytes:
    """A small zip file whose part `mimetype` says that it is short, and unpacks to so much."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as zipped, zipped.open("mimetype", "w") as part:
        for _ in range(megabytes):
            part.write(bytes(1024 * 1024))
    written = bytearray(content.getvalue())
    size_at = written.rindex(b"PK\x01\x02") + 24
    written[size_at : size_at + 4] = (39).to_bytes(4, "little")
    return bytes(written)


def crowded_package(parts: int = 200_000) -> bytes:
    """A zip file that is nothing but a table of contents."""
    start = b"PK\x01\x02" + bytes([20, 3, 20]) + bytes(7) + bytes([33]) + bytes(13)
    rows = b"".join(start + (7).to_bytes(2, "little") + bytes(16) + b"%07x" % number for number in range(parts))
    count = (parts & 0xFFFF).to_bytes(2, "little")
    sizes = len(rows).to_bytes(4, "little") + (30).to_bytes(4, "little")
    return b"PK\x03\x04" + bytes(26) + rows + b"PK\x05\x06" + bytes(4) + count * 2 + sizes + bytes(2)


def office_document() -> bytes:
    """As much of a Word document as tells what it is, in an order that its own makers don't use."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as zipped:
        zipped.writestr("docProps/app.xml", "<a/>")
        zipped.writestr("word/document.xml", "<a/>")
        zipped.writestr("[Content_Types].xml", "<a/>")
    return content.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<!DOCTYPE html><script>alert(document.cookie)</script>"
PROGRAM = b"MZ" + bytes(200)
