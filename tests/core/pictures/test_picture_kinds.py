"""Kinds of files that are rare and sound: shown with the right pixels, or refused with a true sentence."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.core import ImageError, load_image

FILES = Path(__file__).parents[2] / "data" / "pictures"
PARTLY = "Its first frame covers only a part of the picture; the rest is shown white."


def read(name: str) -> bytes:
    return (FILES / name).read_bytes()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(
    width: int, height: int, depth: int, colour: int, rows: bytes, *more: bytes, interlaced: int = 0
) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    parts = [chunk(b"IHDR", header), *more, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_what_the_first_frame_leaves_empty_is_white_and_noted() -> None:
    gif, webp = load_image(read("partial.gif")), load_image(read("partial.webp"))
    assert gif.pixels.tolist() == [[[255, 0, 0], [255, 255, 255]]]
    expected = np.full((4, 4, 3), 255)
    expected[2:, 2:] = 255, 0, 0
    assert webp.pixels.tolist() == expected.tolist()
    assert PARTLY in gif.notes
    assert PARTLY in webp.notes


@pytest.mark.parametrize("at", [(0, 0), (2, 1), (3, 3), (1, 0)])
def test_a_frame_anywhere_on_the_canvas_of_a_gif(at: tuple[int, int]) -> None:
    file = BytesIO()
    Image.new("P", (2, 2), 1).save(file, "GIF", palette=bytes([9, 9, 9, 255, 0, 0]))
    whole = bytearray(file.getvalue())
    struct.pack_into("<HH", whole, 6, 5, 5)
    struct.pack_into("<HH", whole, whole.rindex(b",\0\0\0\0") + 1, *at)
    picture = load_image(bytes(whole))
    expected = np.full((5, 5, 3), 255)
    expected[at[1] : at[1] + 2, at[0] : at[0] + 2] = 255, 0, 0
    assert picture.pixels.tolist() == expected.tolist()
    assert PARTLY in picture.notes


def test_a_frame_as_large_as_the_canvas_has_no_note() -> None:
    file = BytesIO()
    Image.new("P", (3, 2), 1).save(file, "GIF", palette=bytes([9, 9, 9, 255, 0, 0]))
    assert PARTLY not in load_image(file.getvalue()).notes


def test_a_16_bit_colour_key_is_compared_by_all_its_bits() -> None:
    assert load_image(read("key16.png")).pixels.tolist() == [[[3, 7, 11]]]
    key = (1000, 2000, 3000)
    pixels = [key, (1000, 2000, 3001), (1001, 2000, 3000), (65535, 0, 0)]
    row = b"\0" + b"".join(struct.pack(">HHH", *pixel) for pixel in pixels)
    picture = load_image(png(4, 1, 16, 2, row, chunk(b"tRNS", struct.pack(">HHH", *key))))
    assert picture.pixels.tolist() == [[[255] * 3, [3, 7, 11], [3, 7, 11], [255, 0, 0]]]
    assert "Its transparent parts are shown on white." in picture.notes


@pytest.mark.parametrize("depth", [1, 8, 16])
@pytest.mark.parametrize("interlaced", [0, 1])
def test_a_png_whose_rows_are_not_all_there_is_cut_off(depth: int, interlaced: int) -> None:
    rows = {0: 9 * (1 + -(-9 * depth // 8))}
    passes = [(2, 2), (1, 2), (3, 1), (2, 3), (5, 2), (4, 5), (9, 4)]  # columns and rows of Adam7 in 9×9
    rows[1] = sum(h * (1 + -(-w * depth // 8)) for w, h in passes)
    whole = bytes(rows[interlaced])
    assert load_image(png(9, 9, depth, 0, whole, interlaced=interlaced)).pixels.shape == (9, 9, 3)
    for short in (whole[:-1], whole[:5], b""):
        with pytest.raises(ImageError, match="cut off"):
            load_image(png(9, 9, depth, 0, short, interlaced=interlaced))


def test_a_short_png_of_the_list() -> None:
    with pytest.raises(ImageError, match="cut off"):
        load_image(read("short.png"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("planar16.tif", "3 channels of 16-bit whole numbers in separate planes"),
        ("float64.tif", "1 channel of 64-bit decimal numbers"),
        ("float16.tif", "1 channel of 16-bit decimal numbers"),
        ("rgb_float32.tif", "3 channels of 32-bit decimal numbers"),
        ("grey_alpha16.tif", "2 channels of 16-bit whole numbers"),
        ("five_channels.tif", "5 channels of 8-bit whole numbers"),
    ],
)
def test_a_tiff_that_is_not_decoded_is_not_called_damaged(name: str, kind: str) -> None:
    with pytest.raises(ImageError) as caught:
        load_image(read(name))
    assert str(caught.value) == f"This kind of TIFF ({kind}) is not read here; saved as 8-bit RGB it is."


@pytest.mark.parametrize("name", ["no_trailer.gif", "zero_before_trailer.gif"])
def test_a_gif_without_its_last_byte_or_with_one_too_many(name: str) -> None:
    assert load_image(read(name)).pixels.tolist() == [[[255, 0, 0]]]


def test_a_gif_cut_within_its_picture_is_cut_off() -> None:
    with pytest.raises(ImageError, match="cut off"):
        load_image(read("no_trailer.gif")[:-2])


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\0\0\2\0\0\0\0\0\0\0\0\0\2\0\2\0\x18\0" + bytes(12), "a TGA (Targa) picture"),
        (b"\0\0\x0a\0\0\0\0\0\0\0\0\0\2\0\2\0\x20\x08" + bytes(12), "a TGA (Targa) picture"),
        (b"\0\1\1\0\0\2\0\x18\0\0\0\0\2\0\2\0\x08\0" + bytes(12), "a TGA (Targa) picture"),
        (b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0" + bytes(12), "an icon file"),
    ],
)
def test_targa_pictures_and_icons_are_told_apart(data: bytes, kind: str) -> None:
    with pytest.raises(ImageError) as caught:
        load_image(data)
    assert str(caught.value).startswith(f"This is {kind};")


def test_the_still_picture_of_an_animated_png_that_is_no_frame() -> None:
    animation, frame = chunk(b"acTL", struct.pack(">II", 2, 0)), chunk(b"fcTL", bytes(26))
    hidden = load_image(png(1, 1, 8, 0, b"\0\7", animation))
    shown = load_image(png(1, 1, 8, 0, b"\0\7", animation, frame))
    assert "Its still picture is shown, which is no part of its animation." in hidden.notes
    assert not any("frames" in note for note in hidden.notes)
    assert "The first of 2 frames is shown." in shown.notes
