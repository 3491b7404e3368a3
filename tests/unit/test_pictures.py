"""Pictures are made anew: what was hidden in the file is gone, and a hostile one breaks nothing."""

import asyncio
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from helpdesk.files.pictures import MadePicture, PictureMaker, PictureTooLarge, UnreadablePicture
from store.errors import Unavailable
from tests.sample_files import GPS, bomb, heic_photo, moving_picture, photo, picture


async def made_of(folder: Path, content: bytes) -> MadePicture:
    path = folder / "upload"
    path.write_bytes(content)
    return await PictureMaker().make_anew(path)


async def test_a_photo_loses_its_place_and_keeps_its_way_up(tmp_path: Path) -> None:
    before = photo((64, 48))
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(GPS)  # there is something to lose
    made = await made_of(tmp_path, before)
    kept = made.path.read_bytes()

    assert b"canary" not in kept
    with Image.open(made.path) as after:
        assert (after.format, after.size, dict(after.getexif())) == ("JPEG", (48, 64), {})
    assert (made.media_type, made.width, made.height) == ("image/jpeg", 48, 64)
    assert Image.open(io.BytesIO(made.thumbnail)).format == "WEBP"


async def test_a_photo_of_an_iphone_becomes_one_that_everybody_sees(tmp_path: Path) -> None:
    before = heic_photo()
    assert b"canary-camera" in before  # there is something to lose
    made = await made_of(tmp_path, before)

    assert b"canary" not in made.path.read_bytes()
    with Image.open(made.path) as after:
        assert (after.format, after.size, dict(after.getexif())) == ("JPEG", (64, 48), {})
    assert Image.open(io.BytesIO(made.thumbnail)).size == (64, 48)


async def test_of_several_photos_in_one_file_the_first_is_kept(tmp_path: Path) -> None:
    content = io.BytesIO()
    large, preview = Image.new("RGB", (7_000, 3_500), "tomato"), Image.new("RGB", (320, 160))
    large.save(content, "MPO", save_all=True, append_images=[preview])
    made = await made_of(tmp_path, content.getvalue())
    with Image.open(made.path) as after:
        assert (after.format, after.size) == ("JPEG", (made.width, made.height))
    assert made.media_type == "image/jpeg"
    assert made.width == 2 * made.height


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG", "GIF"])
async def test_a_polyglot_keeps_only_its_pixels(tmp_path: Path, kind: str) -> None:
    hidden = b"<script>alert(1)</script>PK\x03\x04canary"
    made = await made_of(tmp_path, picture(kind) + hidden)

    kept = made.path.read_bytes()
    assert b"canary" not in kept
    assert b"<script>" not in kept
    assert made.media_type == f"image/{kind.lower()}"


async def test_a_comment_in_a_png_goes(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "canary")
    made = await made_of(tmp_path, picture("PNG", pnginfo=notes))
    assert b"canary" not in made.path.read_bytes()


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
async def test_a_moving_picture_goes_on_moving(tmp_path: Path, kind: str) -> None:
    made = await made_of(tmp_path, moving_picture(3, kind))
    with Image.open(made.path) as after:
        assert (after.format, after.n_frames, after.size) == (kind, 3, (32, 24))  # type: ignore[attr-defined]


async def test_transparent_stays_transparent(tmp_path: Path) -> None:
    content = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(content, "PNG")
    made = await made_of(tmp_path, content.getvalue())
    with Image.open(made.path) as after, Image.open(io.BytesIO(made.thumbnail)) as small:
        assert after.convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)
        assert small.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


async def test_a_long_screenshot_keeps_its_pixels_and_has_a_small_copy(tmp_path: Path) -> None:
    made = await made_of(tmp_path, picture("PNG", (1080, 9000)))
    with Image.open(io.BytesIO(made.thumbnail)) as small:
        assert max(small.size) == 480
    assert (made.width, made.height) == (1080, 9000)


async def test_a_photo_of_a_large_sensor_is_read_smaller(tmp_path: Path) -> None:
    made = await made_of(tmp_path, picture("JPEG", (12_000, 9_000)))
    assert 12_000_000 < made.width * made.height <= 24_000_000


@pytest.mark.parametrize("make", [bomb, partial(bomb, 20_000, 20_000), partial(picture, "PNG", (9_000, 9_000))])
async def test_f96_a_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path, make: Callable[[], bytes]) -> None:
    with pytest.raises(PictureTooLarge):
        await made_of(tmp_path, make())


async def test_frames_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureTooLarge):
        await made_of(tmp_path, moving_picture(600))


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", picture()[:60], b"\xff\xd8\xff\xe0 no", b"GIF89a"])
async def test_a_broken_picture_says_so(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadablePicture):
        await made_of(tmp_path, content)


async def test_only_so_many_wait_for_their_turn(tmp_path: Path) -> None:
    maker, path = PictureMaker(at_once=1, max_waiting=2), tmp_path / "upload"
    path.write_bytes(picture())

    async def make() -> str:
        try:
            await maker.make_anew(path)
        except Unavailable:
            return "refused"
        return "made"

    ends = await asyncio.gather(*(make() for _ in range(5)))
    assert sorted(ends) == ["made"] * 3 + ["refused"] * 2
    assert await make() == "made"
