"""load_image on good files of every kind, resize_to and grey: pixels against a reference, and notes."""

import io
import logging
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_files import COLOURS, GREYS, LOSSLESS, RNG, encode, oriented, png_chunk, raw_png
from PIL import Image, ImageCms, ImageOps

from cnnviz.core import GREY_WEIGHTS, ImageError, Picture, grey, load_image, resize_to


def said(picture: Picture, words: str) -> bool:
    return any(words in note for note in picture.notes)


# ---- plain pictures


@pytest.mark.parametrize(("format", "options"), LOSSLESS)
def test_lossless_colours_are_exact(format, options):
    picture = load_image(encode(COLOURS, format, **options))
    np.testing.assert_array_equal(picture.pixels, COLOURS)
    assert picture.mode == "RGB"
    assert picture.notes == ()


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"quality": 95, "subsampling": 0}, {"restart_marker_blocks": 2}]
)
def test_a_jpeg_is_what_pillow_decodes(options):
    data = encode(COLOURS, "JPEG", **options)
    np.testing.assert_array_equal(load_image(data).pixels, np.asarray(Image.open(io.BytesIO(data))))


def test_pixels_are_contiguous_bytes_that_nobody_can_change():
    pixels = load_image(encode(COLOURS)).pixels
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0, 0] = 1


def test_equal_pictures_share_a_digest_whatever_the_format():
    digests = {load_image(encode(COLOURS, format, **options)).digest for format, options in LOSSLESS}
    assert len(digests) == 1


@given(st.integers(0, 36), st.integers(0, 52), st.integers(0, 2))
def test_one_changed_value_changes_the_digest(y, x, c):
    changed = COLOURS.copy()
    changed[y, x, c] ^= 1
    assert Picture.of(changed, "RGB").digest != Picture.of(COLOURS.copy(), "RGB").digest


def test_the_digest_knows_the_shape():
    flat = np.zeros((4, 6, 3), np.uint8)
    assert Picture.of(flat, "RGB").digest != Picture.of(flat.reshape(6, 4, 3), "RGB").digest


@pytest.mark.parametrize("wrap", [bytearray, memoryview])
def test_other_kinds_of_bytes_are_taken(wrap):
    np.testing.assert_array_equal(load_image(wrap(encode(COLOURS))).pixels, COLOURS)


# ---- kinds of pixel


def test_grey_stands_in_all_three_channels():
    picture = load_image(encode(GREYS))
    assert picture.mode == "L"
    np.testing.assert_array_equal(picture.pixels, np.repeat(GREYS[..., None], 3, 2))
    assert said(picture, "grey channel")


@pytest.mark.parametrize("format", ["PNG", "TIFF", "BMP"])
def test_one_bit_is_black_and_white(format):
    bits = GREYS > 127
    picture = load_image(encode(Image.fromarray(bits), format))
    assert picture.mode == "1"
    np.testing.assert_array_equal(picture.pixels[..., 1], bits * 255)
    assert said(picture, "one bit")


@pytest.mark.parametrize("format", ["PNG", "GIF", "BMP", "TIFF"])
def test_a_palette_is_written_out(format):
    paletted = Image.fromarray(COLOURS).quantize(200)
    picture = load_image(encode(paletted, format))
    assert picture.mode == "P"
    np.testing.assert_array_equal(picture.pixels, np.asarray(paletted.convert("RGB")))
    assert said(picture, "palette")


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bits_are_divided_by_257_and_rounded(format):
    values = np.linspace(0, 65535, 37 * 53).astype(np.uint16).reshape(37, 53)
    picture = load_image(encode(values, format))
    assert picture.mode == "I;16"
    np.testing.assert_array_equal(picture.pixels[..., 0], np.rint(values / 257).astype(np.uint8))
    assert said(picture, "257")


def test_big_endian_sixteen_bit_tiff():
    values = np.linspace(0, 65535, 37 * 53).astype(np.uint16).reshape(37, 53)
    image = Image.frombytes("I;16B", (53, 37), values.astype(">u2").tobytes())
    picture = load_image(encode(image, "TIFF"))
    assert picture.mode == "I;16B"
    np.testing.assert_array_equal(picture.pixels[..., 0], np.rint(values / 257))


def test_sixteen_bit_colour_keeps_the_upper_eight_and_says_so():
    values = RNG.integers(0, 65536, (5, 7, 3)).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in values)
    picture = load_image(raw_png(7, 5, 16, 2, rows))
    np.testing.assert_array_equal(picture.pixels, values >> 8)
    assert said(picture, "16 bits per channel were cut to the upper 8")


@pytest.mark.parametrize(
    ("values", "expected", "words"),
    [
        ([0, 257, 65535, 1000], [0, 1, 255, 4], "257"),
        ([0, 1 << 20, 1 << 30, 1 << 31], [0, 0, 64, 128], None),
        ([-100, 0, 100, 155], [0, 100, 200, 255], "from -100 to 155"),
    ],
)
def test_wide_whole_numbers(values, expected, words):
    array = np.array([values]).astype(np.int64)
    if words is None:  # the top of an unsigned range must not turn negative
        values, expected = [0, 1 << 31, (1 << 32) - 1, 1 << 30], [0, 128, 255, 64]
        words = "from 0 to 4,294,967,295"
        data = unsigned_tiff(np.array([values], np.uint32))
    else:
        data = encode(Image.fromarray(array.astype(np.int32)), "TIFF")
    picture = load_image(data)
    assert picture.mode == "I"
    assert picture.pixels[0, :, 0].tolist() == expected
    assert said(picture, words)


def unsigned_tiff(values) -> bytes:
    """A 32-bit unsigned grey TIFF: Pillow writes signed ones, so tag 339 is changed to 1."""
    data = bytearray(encode(Image.fromarray(values.view(np.int32)), "TIFF"))
    at = data.index(struct.pack("<HHI", 339, 3, 1))
    data[at + 8 : at + 10] = struct.pack("<H", 1)
    return bytes(data)


@pytest.mark.parametrize(
    ("values", "expected", "words"),
    [
        ([0, 0.5, 1, 0.25], [0, 128, 255, 64], "multiplied by 255"),
        ([0, 0.5, 100.6, 255], [0, 0, 101, 255], "they were rounded"),
        ([-1, 0, 1, 0.5], [0, 128, 255, 191], "from -1 to 1"),
        ([0, 1000, 500, 250], [0, 255, 128, 64], "from 0 to 1000"),
        ([np.nan, np.inf, -np.inf, 1], [0, 255, 0, 255], "3 of its values are not finite"),
        ([np.nan, np.inf, -np.inf, np.nan], [0, 255, 0, 0], "4 of its values are not finite"),
        ([-3e38, 3e38, 0, -np.inf], [0, 255, 128, 0], "stretched"),
        ([7e5, 7e5, 7e5, 7e5], [0, 0, 0, 0], "stretched"),
    ],
)
def test_decimal_values(values, expected, words):
    picture = load_image(encode(np.array([values], np.float32), "TIFF"))
    assert picture.mode == "F"
    assert picture.pixels[0, :, 2].tolist() == expected
    assert said(picture, words)


def test_cmyk_tiff_and_inverted_adobe_jpeg():
    inks = RNG.integers(0, 256, (16, 16, 4), dtype=np.uint8)
    image = Image.fromarray(inks, "CMYK")
    wide = inks.astype(int)
    expected = np.rint((255 - wide[..., :3]) * (255 - wide[..., 3:]) / 255)
    picture = load_image(encode(image, "TIFF"))
    assert picture.mode == "CMYK"
    assert np.abs(picture.pixels - expected).max() <= 1
    assert said(picture, "inks")
    flat = Image.new("CMYK", (16, 16), (200, 30, 60, 20))
    jpeg = load_image(encode(flat, "JPEG", quality=95))
    assert jpeg.mode == "CMYK"
    assert np.abs(jpeg.pixels[8, 8] - np.array([51, 207, 180])).max() <= 3


def test_lab():
    lab = np.array([[[0, 128, 128], [255, 128, 128], [128, 128, 128], [136, 209, 195]]], np.uint8)
    image = Image.frombytes("LAB", (4, 1), (lab ^ [0, 128, 128]).astype(np.uint8).tobytes())
    picture = load_image(encode(image, "TIFF"))
    assert picture.mode == "LAB"
    black, white, middle, red = picture.pixels[0].astype(int)
    assert black.max() <= 2
    assert white.min() >= 253
    assert np.ptp(middle) <= 3
    assert red[0] > 220
    assert red[1] < 60
    assert said(picture, "L*a*b*")


def test_white_is_zero_sixteen_bit_tiff():
    values = np.array([[0, 257, 65535]], np.uint16)
    data = bytearray(encode(values, "TIFF"))
    at = data.index(struct.pack("<HHI", 262, 3, 1))
    data[at + 8 : at + 10] = struct.pack("<H", 0)
    assert load_image(bytes(data)).pixels[0, :, 0].tolist() == [255, 254, 0]


# ---- transparency


@pytest.mark.parametrize(
    ("format", "options"), [("PNG", {}), ("WEBP", {"lossless": True, "exact": True}), ("TIFF", {})]
)
def test_alpha_is_composited_on_white(format, options):
    rgba = RNG.integers(0, 256, (37, 53, 4), dtype=np.uint8)
    picture = load_image(encode(rgba, format, **options))
    colour, alpha = rgba[..., :3].astype(int), rgba[..., 3:].astype(int)
    np.testing.assert_array_equal(
        picture.pixels, np.floor((colour * alpha + 255 * (255 - alpha)) / 255 + 0.5)
    )
    assert picture.mode == "RGBA"
    assert said(picture, "white")


def test_grey_with_alpha():
    picture = load_image(encode(np.array([[[0, 0], [0, 255], [100, 51]]], np.uint8)))
    assert picture.mode == "LA"
    assert picture.pixels[0, :, 0].tolist() == [255, 0, 224]


def test_an_opaque_alpha_channel_is_not_worth_a_note():
    rgba = np.dstack([COLOURS, np.full((37, 53), 255, np.uint8)])
    picture = load_image(encode(rgba))
    np.testing.assert_array_equal(picture.pixels, COLOURS)
    assert picture.notes == ()


@pytest.mark.parametrize(("format", "clear"), [("PNG", 1), ("PNG", bytes([255, 0, 255])), ("GIF", 1)])
def test_a_clear_palette_entry(format, clear):
    image = Image.new("P", (3, 1))
    image.putpalette([10, 20, 30, 0, 0, 0, 200, 210, 220])
    image.putdata([0, 1, 2])
    picture = load_image(encode(image, format, transparency=clear))
    assert picture.pixels[0].tolist() == [[10, 20, 30], [255, 255, 255], [200, 210, 220]]
    assert said(picture, "white")


@pytest.mark.parametrize(
    ("depth", "kind", "row", "clear", "expected"),
    [
        (8, 0, bytes([0, 7, 200]), b"\0\x07", [0, 255, 200]),
        (4, 0, bytes([0x07, 0xF0]), b"\0\x07", [0, 255, 255]),
        (2, 0, bytes([0b00011000]), b"\0\x01", [0, 255, 170]),
        (1, 0, bytes([0b01000000]), b"\0\x00", [255, 255, 255]),
        (16, 0, struct.pack(">3H", 0, 1799, 1800), b"\x07\x07", [0, 255, 7]),
        (8, 2, bytes([0, 0, 0, 7, 7, 7, 7, 7, 8]), b"\0\x07\0\x07\0\x07", [0, 255, 7]),
    ],
)
def test_one_clear_colour(depth, kind, row, clear, expected):
    """PNG's tRNS on grey and colour pictures, whose key is given at the file's own depth."""
    picture = load_image(raw_png(3, 1, depth, kind, b"\0" + row, png_chunk(b"tRNS", clear)))
    assert picture.pixels[0, :, 0].tolist() == expected
    assert said(picture, "white")


# ---- turning


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF", "JPEG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_cameras_turn_is_applied_once(format, orientation):
    data = oriented(format, orientation)
    picture = load_image(data)
    with Image.open(io.BytesIO(data)) as image:
        np.testing.assert_array_equal(picture.pixels, np.asarray(ImageOps.exif_transpose(image)))
    assert said(picture, "EXIF") == (orientation != 1)


def test_the_note_says_which_turn():
    assert load_image(oriented("JPEG", 6)).notes == (
        "Turned by 90° to the right, as the camera's EXIF note asks.",
    )


@pytest.mark.parametrize(
    "exif", [b"", b"II", b"XX*\0\0\0\0\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"]
)
@pytest.mark.parametrize("format", ["PNG", "WEBP", "JPEG"])
def test_damaged_exif_is_ignored_and_said(format, exif):
    picture = load_image(encode(COLOURS, format, exif=b"Exif\0\0" + exif))
    assert picture.pixels.shape == COLOURS.shape
    assert said(picture, "EXIF notes are damaged") or (exif == b"" and picture.notes == ())


def test_a_turn_without_meaning_is_ignored():
    assert load_image(oriented("PNG", 0)).notes == ()


# ---- animations, profiles


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF"])
def test_the_first_frame_is_taken(format):
    shades = [Image.new("RGB", (8, 6), (shade, 0, 0)) for shade in (250, 100, 50)]
    options = {"lossless": True} if format == "WEBP" else {}
    picture = load_image(encode(shades[0], format, save_all=True, append_images=shades[1:], **options))
    assert picture.pixels[3, 4].tolist() == [250, 0, 0]
    assert said(picture, "The first of 3 pages" if format == "TIFF" else "The first of 3 frames")


def test_a_foreign_colour_profile_is_named_and_srgb_is_not():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xyz = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    for format in ("PNG", "JPEG", "TIFF", "WEBP"):
        assert not said(load_image(encode(COLOURS, format, icc_profile=srgb)), "profile")
        assert said(load_image(encode(COLOURS, format, icc_profile=xyz)), "profile is not applied")


def test_a_gamma_other_than_the_usual_is_said():
    rows = b"".join(b"\0" + bytes(3 * 4) for _ in range(2))
    linear = raw_png(4, 2, 8, 2, rows, png_chunk(b"gAMA", struct.pack(">I", 100_000)))
    usual = raw_png(4, 2, 8, 2, rows, png_chunk(b"gAMA", struct.pack(">I", 45_455)))
    assert said(load_image(linear), "gamma value (1)")
    assert load_image(usual).notes == ()


# ---- quiet


def test_nothing_reaches_the_log(caplog):
    with caplog.at_level(logging.DEBUG):
        for format, options in LOSSLESS:
            load_image(encode(COLOURS, format, **options))
        with pytest.raises(ImageError):
            load_image(encode(COLOURS, "TIFF")[:200])
    assert caplog.records == []


# ---- the working size


@pytest.mark.parametrize(
    ("shape", "longest", "size"),
    [
        ((3024, 4032), 512, (384, 512)),
        ((100, 1000), 50, (5, 50)),
        ((1, 4000), 10, (1, 10)),
        ((7, 5), 1, (1, 1)),
    ],
)
def test_the_longest_side_is_kept_to(shape, longest, size):
    picture = resize_to(Picture.of(np.zeros((*shape, 3), np.uint8), "RGB", ("before",)), longest)
    assert picture.pixels.shape == (*size, 3)
    h, w = shape
    assert picture.notes == ("before", f"Reduced from {w}×{h} to {size[1]}×{size[0]}.")
    assert not picture.pixels.flags.writeable


@pytest.mark.parametrize("longest", [None, 53, 54, 4000])
def test_it_is_never_enlarged(longest):
    picture = load_image(encode(COLOURS))
    assert resize_to(picture, longest) is picture


def test_reducing_takes_the_mean_of_the_area():
    picture = Picture.of(RNG.integers(0, 256, (64, 96, 3), dtype=np.uint8), "RGB")
    means = picture.pixels.reshape(16, 4, 24, 4, 3).mean(axis=(1, 3))
    assert np.abs(resize_to(picture, 24).pixels - means).max() <= 1


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_reducing_stays_within_the_values_around(height, width, longest, seed):
    """No ringing: a mean never leaves the range of what it is taken from, and a constant stays constant."""
    pixels = np.random.default_rng(seed).integers(50, 200, (height, width, 3), dtype=np.uint8)
    small = resize_to(Picture.of(pixels, "RGB"), longest)
    assert max(small.pixels.shape[:2]) == min(longest, max(height, width))
    assert small.pixels.min() >= pixels.min()
    assert small.pixels.max() <= pixels.max()
    assert resize_to(Picture.of(pixels, "RGB"), longest).digest == small.digest


def test_a_working_size_below_one_is_refused():
    with pytest.raises(ValueError, match="at least 1 pixel, not 0"):
        resize_to(load_image(encode(COLOURS)), 0)


# ---- grey


def test_grey_is_the_weighted_sum_unrounded():
    got = grey(COLOURS)
    assert got.dtype == np.float32
    assert got.shape == (37, 53)
    np.testing.assert_allclose(got, COLOURS.astype(np.float64) @ np.array([0.299, 0.587, 0.114]), rtol=1e-6)
    assert sum(GREY_WEIGHTS) == pytest.approx(1)


def test_grey_of_grey_is_itself():
    same = np.repeat(GREYS[..., None], 3, 2)
    np.testing.assert_allclose(grey(same), GREYS, atol=2e-5)
