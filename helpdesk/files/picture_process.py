"""A program of its own that makes a picture anew from its pixels: nothing that was hidden in the file is left.

It is started with the names of three files (the picture, what it becomes, a small copy for lists) and without any of
our secrets; the system ends it when it takes too much memory or time. On standard output it says what it has made, as
JSON. It ends with 3 for a picture that is too large, with 4 for one that can't be read.
"""

import json
import resource
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, ImageSequence

#: Bytes of address space, libraries included.
MAX_MEMORY = 1024 * 1024 * 1024
MAX_CPU_SECONDS = 30
#: What a picture may unpack to, all frames of a moving one together. JPEG is read smaller if it has more.
MAX_PIXELS = 40_000_000
MAX_JPEG_PIXELS = 250_000_000
MAX_FRAMES = 500
#: What is kept: enough for the small print of a photographed letter.
KEPT_PIXELS = 24_000_000
THUMBNAIL_SIDE = 480
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
#: A HEIC file begins with the length of its first box, then with this.
_HEIC_BOX = b"ftyp"
TOO_LARGE, BROKEN = 3, 4


class TooManyPixels(Exception):
    """It would unpack to more than we take."""


def main(source: str, target: str, thumbnail: str) -> int:
    """Make the two files; the program's exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        made = make_anew(Path(source), Path(target), Path(thumbnail))
    except (TooManyPixels, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return TOO_LARGE
    except Exception:  # whatever a broken picture does to its reader
        return BROKEN
    sys.stdout.write(json.dumps(made))
    return 0


def make_anew(source: Path, target: Path, thumbnail: Path) -> dict[str, object]:
    """Write the picture and its thumbnail; what they are. Raises `TooManyPixels` and whatever Pillow does."""
    _learn_heic(source)
    with Image.open(source, formats=FORMATS) as picture:
        # Several JPEGs in one file, as some cameras write them: the first is the photo. No browser but one shows HEIC.
        kind = "JPEG" if picture.format in {"MPO", "HEIF"} else str(picture.format)
        _check_size(picture, kind)
        if kind != "JPEG" and getattr(picture, "is_animated", False):
            still = _save_moving(picture, target, kind)
        else:
            still = _upright(picture)
            _shrink(still, KEPT_PIXELS)
            _save(still, target, kind)
    size = still.size
    still.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    _plain(still).save(thumbnail, "WEBP", quality=78, method=3)
    return {"media_type": f"image/{kind.lower()}", "width": size[0], "height": size[1]}


def _learn_heic(source: Path) -> None:
    """Load the decoder for a file that needs it; Pillow has none of its own."""
    with source.open("rb") as file:
        if file.read(8)[4:] != _HEIC_BOX:
            return
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False)


def _check_size(picture: Image.Image, kind: str) -> None:
    width, height = picture.size
    frames = getattr(picture, "n_frames", 1)
    if kind == "JPEG":
        frames = 1
        while width * height > MAX_PIXELS:
            width, height = (width + 1) // 2, (height + 1) // 2
        picture.draft("RGB", (width, height))  # HEIC can't be read smaller
        width, height = picture.size
    if frames > MAX_FRAMES or width * height * frames > MAX_PIXELS:
        raise TooManyPixels


def _upright(picture: Image.Image) -> Image.Image:
    """As it was held when it was taken, in the colours that every screen knows."""
    turned = ImageOps.exif_transpose(picture)
    return _in_screen_colours(turned)


def _in_screen_colours(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if picture.mode == "CMYK":
        return picture.convert("RGB")
    if not profile or picture.mode not in {"RGB", "RGBA"}:
        return picture.copy()
    from io import BytesIO

    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        shown = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"))
    except ImageCms.PyCMSError:
        return picture.copy()
    return shown if shown is not None else picture.copy()


def _shrink(picture: Image.Image, pixels: int) -> None:
    width, height = picture.size
    if width * height > pixels:
        factor = (pixels / (width * height)) ** 0.5
        picture.thumbnail((max(1, int(width * factor)), max(1, int(height * factor))))


def _plain(picture: Image.Image) -> Image.Image:
    """In a form that every encoder takes, transparent where it was."""
    is_transparent = picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in picture.info
    return picture.convert("RGBA" if is_transparent else "RGB")


def _save(picture: Image.Image, target: Path, kind: str) -> None:
    """Pixels and nothing else."""
    transparency = picture.info.get("transparency")
    picture.info = {} if transparency is None else {"transparency": transparency}
    if kind == "JPEG":
        kept = picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
        kept.save(target, "JPEG", quality=90)
    elif kind == "PNG":
        picture.save(target, "PNG")
    elif kind == "WEBP":
        _plain(picture).save(target, "WEBP", quality=90)
    else:
        picture.save(target, "GIF")


def _save_moving(picture: Image.Image, target: Path, kind: str) -> Image.Image:
    """All frames with their times; the first one is what stands for it in lists."""
    times, frames = [], []
    for frame in ImageSequence.Iterator(picture):
        times.append(frame.info.get("duration", 100))
        frames.append(_plain(frame))
    first = frames[0]
    for frame in frames:
        frame.info = {}
    first.save(target, kind, save_all=True, append_images=frames[1:], duration=times, loop=0)
    return first.copy()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
