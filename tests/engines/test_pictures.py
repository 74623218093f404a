"""Picture files: every kind comes out upright in RGB, and what would do harm is refused."""

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from kimidesk.engines import pictures
from kimidesk.engines.pictures import read
from kimidesk.errors import Refused

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
SIDEWAYS = 6  # EXIF: the top of the scene is the right side of the file
ORIENTATION = 0x0112


@pytest.fixture
def halves():
    """Red above, blue below, 40 wide and 20 high."""
    image = Image.new("RGB", (40, 20), RED)
    image.paste(BLUE, (0, 10, 40, 20))
    return image


def saved(tmp_path, image, name, **options):
    image.save(tmp_path / name, **options)
    return tmp_path / name


def png(header, lines):
    """A PNG of a header and the lines behind it."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def png_claiming(width, height):
    """A PNG of a few bytes whose header tells any size."""
    return png(struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), bytes(100))


def png_of(colours, depth):
    """A PNG of RGB samples, big-endian, shape (height, width, 3)."""
    height, width, _ = colours.shape
    lines = b"".join(b"\0" + line.tobytes() for line in colours)
    return png(struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0), lines)


@pytest.mark.parametrize(
    ("name", "options", "off"),
    [
        ("a.png", {}, 0),
        ("a.jpg", {"quality": 95}, 6),
        ("a.webp", {"lossless": True}, 0),
        ("a.webp", {"quality": 95}, 12),
    ],
)
def test_every_format_gives_the_colours_that_were_saved(tmp_path, halves, name, options, off):
    picture = read(saved(tmp_path, halves, name, **options))

    assert (picture.width, picture.height) == (40, 20)
    assert picture.pixels.shape == (20, 40, 3)
    assert picture.pixels.dtype == np.uint8
    assert np.abs(picture.pixels[2, 20].astype(int) - RED).max() <= off
    assert np.abs(picture.pixels[17, 20].astype(int) - BLUE).max() <= off


@pytest.mark.parametrize("mode", ["P", "L", "1", "LA", "RGBA", "CMYK"])
def test_every_mode_comes_out_as_rgb(tmp_path, halves, mode):
    name = "a.jpg" if mode == "CMYK" else "a.png"
    picture = read(saved(tmp_path, halves.convert(mode), name))

    assert picture.pixels.shape == (20, 40, 3)
    expected = np.asarray(halves.convert(mode).convert("RGB"))[15, 5].astype(int)
    assert np.abs(picture.pixels[15, 5].astype(int) - expected).max() <= 6


def test_sixteen_bits_of_grey_keep_their_brightness(tmp_path):
    grey = np.full((8, 8), 0x8000, np.uint16)
    picture = read(saved(tmp_path, Image.fromarray(grey), "a.png"))

    assert picture.pixels[0, 0].tolist() == [128, 128, 128]


def test_sixteen_bits_a_colour_keep_their_colours(tmp_path):
    path = tmp_path / "deep.png"
    path.write_bytes(png_of(np.full((4, 6, 3), (0xFFFF, 0x8000, 0), ">u2"), depth=16))

    picture = read(path)

    assert picture.pixels.shape == (4, 6, 3)
    assert np.abs(picture.pixels[1, 1].astype(int) - (255, 128, 0)).max() <= 1


@pytest.mark.parametrize("held", range(1, 9))
def test_every_way_of_holding_a_camera_comes_out_upright(tmp_path, held):
    scene = np.zeros((4, 6, 3), np.uint8)
    scene[0, 0], scene[0, 5], scene[3, 0] = RED, BLUE, WHITE
    # What a camera stores when it is held so that a reader must turn it back by this number.
    flipped = scene[:, ::-1] if held in (2, 4, 5, 7) else scene
    turns = {1: 0, 2: 0, 3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3}[held]
    exif = Image.Exif()
    exif[ORIENTATION] = held
    stored = Image.fromarray(np.ascontiguousarray(np.rot90(flipped, turns)))

    picture = read(saved(tmp_path, stored, "a.png", exif=exif))

    assert picture.pixels.tolist() == scene.tolist()


def test_a_photograph_is_turned_as_its_camera_was_held(tmp_path, halves):
    exif = Image.Exif()
    exif[ORIENTATION] = SIDEWAYS
    picture = read(saved(tmp_path, halves, "a.jpg", quality=95, exif=exif))

    assert (picture.width, picture.height) == (20, 40)
    assert picture.pixels[5, 2, 2] > 200  # blue, once below, is at the left
    assert picture.pixels[5, 17, 0] > 200


def test_what_is_transparent_shows_white(tmp_path):
    clear = Image.new("RGBA", (6, 6), (255, 0, 0, 0))
    clear.putpixel((0, 0), (255, 0, 0, 255))
    picture = read(saved(tmp_path, clear, "a.png"))

    assert picture.pixels[0, 0].tolist() == list(RED)
    assert picture.pixels[3, 3].tolist() == list(WHITE)


def test_what_is_transparent_in_a_webp_shows_white_too(tmp_path):
    clear = Image.new("RGBA", (16, 16), (255, 0, 0, 255))
    clear.paste((0, 0, 255, 0), (0, 8, 16, 16))
    picture = read(saved(tmp_path, clear, "a.webp", lossless=True, exact=True))

    assert picture.pixels[2, 2].tolist() == list(RED)
    assert picture.pixels[12, 12].tolist() == list(WHITE)


def test_half_of_a_colour_is_mixed_with_white(tmp_path):
    picture = read(saved(tmp_path, Image.new("RGBA", (4, 4), (0, 0, 0, 128)), "a.png"))

    assert abs(int(picture.pixels[0, 0, 0]) - 127) <= 1


def test_a_transparent_colour_of_a_palette_shows_white(tmp_path, halves):
    image = halves.convert("P", palette=Image.Palette.ADAPTIVE, colors=2)
    blue = image.getpixel((0, 15))
    picture = read(saved(tmp_path, image, "a.png", transparency=blue))

    assert picture.pixels[15, 0].tolist() == list(WHITE)


def test_of_a_film_the_first_picture_is_taken(tmp_path, halves):
    other = Image.new("RGB", (40, 20), WHITE)
    path = saved(
        tmp_path, halves, "a.webp", save_all=True, append_images=[other], lossless=True, duration=90
    )

    assert read(path).pixels[2, 2].tolist() == list(RED)


def test_of_a_film_in_a_png_the_first_picture_is_taken(tmp_path, halves):
    other = Image.new("RGB", (40, 20), WHITE)
    path = saved(tmp_path, halves, "a.png", save_all=True, append_images=[other], duration=90)

    assert read(path).pixels[2, 2].tolist() == list(RED)


def test_a_picture_of_one_pixel_is_one(tmp_path):
    picture = read(saved(tmp_path, Image.new("RGB", (1, 1), RED), "a.png"))

    assert picture.pixels.tolist() == [[list(RED)]]


def test_the_same_pixels_have_the_same_digest_and_others_another(tmp_path, halves):
    first = read(saved(tmp_path, halves, "a.png"))
    again = read(saved(tmp_path, halves, "b.webp", lossless=True))
    other = read(saved(tmp_path, halves.rotate(180), "c.png"))
    flat = pictures.of(first.pixels.reshape(40, 20, 3))

    assert first.digest == again.digest
    assert len({first.digest, other.digest, flat.digest}) == 3


def test_a_large_picture_is_scaled_down_and_keeps_its_colours(tmp_path, halves):
    path = saved(tmp_path, halves.resize((800, 400), Image.Resampling.NEAREST), "a.png")
    picture = read(path, most=10_000)

    assert (picture.width, picture.height) == (800, 400)
    height, width, _ = picture.pixels.shape
    assert 9_000 < width * height <= 10_000
    assert abs(width / height - 2) < 0.05
    assert picture.pixels[5, 5].tolist() == list(RED)
    assert picture.pixels[-5, 5].tolist() == list(BLUE)


@pytest.mark.parametrize("side", [10_000, 60_000])
def test_a_decompression_bomb_is_refused_by_its_header(tmp_path, side):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_claiming(side, side))

    with pytest.raises(Refused, match="at most 64,000,000 are decoded"):
        read(path)


def test_a_header_that_claims_more_than_there_is_is_refused(tmp_path):
    path = tmp_path / "short.png"
    path.write_bytes(png_claiming(900, 900))

    with pytest.raises(Refused, match="is damaged"):
        read(path)


def test_a_file_too_large_is_refused_unread(tmp_path, monkeypatch, halves):
    monkeypatch.setattr(pictures, "MOST_BYTES", 50)

    with pytest.raises(Refused, match="at most 50 are read"):
        read(saved(tmp_path, halves, "a.png"))


@pytest.mark.parametrize("size", [(1000, 4), (4, 1000), (20_000, 10)])
def test_a_strip_that_no_scaling_would_leave_a_pixel_of_is_refused(tmp_path, size):
    with pytest.raises(Refused, match="200 times as long"):
        read(saved(tmp_path, Image.new("RGB", size), "a.png"))


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp"])
def test_a_file_cut_short_anywhere_is_refused_or_whole(tmp_path, name):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    whole = saved(tmp_path, Image.fromarray(noise), name).read_bytes()
    refused = 0
    for share in range(20):
        path = tmp_path / f"cut-{name}"
        path.write_bytes(whole[: len(whole) * share // 20])
        with pytest.raises(Refused):
            read(path)
        refused += 1
    assert refused == 20


def test_mutated_files_are_read_or_refused_and_nothing_else(tmp_path, halves):
    random = np.random.default_rng(1)
    for kind in ("PNG", "JPEG", "WEBP"):
        raw = io.BytesIO()
        halves.save(raw, kind)
        for _ in range(60):
            mutated = bytearray(raw.getvalue())
            for place in random.integers(0, len(mutated), 4):
                mutated[place] = random.integers(256)
            path = tmp_path / "mutated"
            path.write_bytes(mutated)
            with contextlib.suppress(Refused):
                assert read(path).pixels.shape[2] == 3


@pytest.mark.parametrize("kind", ["BMP", "GIF", "TIFF", "PPM"])
def test_other_formats_are_refused_by_name(tmp_path, halves, kind):
    path = saved(tmp_path, halves, "a.picture", format=kind)

    with pytest.raises(Refused, match="no PNG, JPEG or WebP") as refused:
        read(path)
    assert "Save it" in refused.value.hint


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(Refused, match="cannot be read: No such file"):
        read(tmp_path / "nothing.png")
    with pytest.raises(Refused, match=r"cannot be read|no PNG|damaged"):
        read(tmp_path)
    (tmp_path / "empty.png").touch()
    with pytest.raises(Refused, match="no PNG"):
        read(tmp_path / "empty.png")
