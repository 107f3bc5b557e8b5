"""load_image on broken and hostile files: one clear sentence, quickly and in bounded memory."""

import re
import struct
import subprocess
import sys
import threading
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from picture_files import COLOURS, GREYS, encode, oriented, png_chunk, raw_png
from PIL import Image

from cnnviz.core import ImageError, Picture, load_image
from cnnviz.core.pictures import load as pictures

SHADES = [Image.new("RGB", (8, 6), (shade, 0, 0)) for shade in (250, 100, 50)]
PALETTED = Image.fromarray(COLOURS).quantize(64)
VALID = {
    "png": encode(COLOURS),
    "png palette": encode(PALETTED, transparency=3),
    "png 16 bit": encode(GREYS.astype(np.uint16) * 257),
    "png animated": encode(SHADES[0], save_all=True, append_images=SHADES[1:]),
    "jpeg": oriented("JPEG", 6),
    "jpeg progressive": encode(COLOURS, "JPEG", progressive=True),
    "jpeg inks": encode(Image.fromarray(COLOURS).convert("CMYK"), "JPEG"),
    "webp": encode(COLOURS, "WEBP"),
    "webp lossless": encode(COLOURS, "WEBP", lossless=True),
    "webp animated": encode(SHADES[0], "WEBP", save_all=True, append_images=SHADES[1:]),
    "gif": encode(PALETTED, "GIF"),
    "gif animated": encode(SHADES[0], "GIF", save_all=True, append_images=SHADES[1:]),
    "bmp": encode(COLOURS, "BMP"),
    "bmp palette": encode(PALETTED, "BMP"),
    "tiff": oriented("TIFF", 6),
    "tiff lzw": encode(COLOURS, "TIFF", compression="tiff_lzw"),
    "tiff deflate": encode(COLOURS, "TIFF", compression="tiff_deflate"),
    "tiff lzma": encode(COLOURS, "TIFF", compression="tiff_lzma"),
    "tiff jpeg": encode(COLOURS, "TIFF", compression="jpeg"),
    "tiff fax": encode(Image.fromarray(GREYS > 99), "TIFF", compression="group4"),
    "tiff float": encode(COLOURS[..., 0].astype(np.float32), "TIFF"),
    "tiff pages": encode(SHADES[0], "TIFF", save_all=True, append_images=SHADES[1:])[:-4],  # less padding
}


def refusal(data) -> str:
    """The sentence with which the data is refused."""
    with pytest.raises(ImageError) as caught:
        load_image(data)
    return one_sentence(caught.value)


def one_sentence(error: ImageError) -> str:
    """What the error says: one sentence, and no exception hangs on it."""
    text = str(error)
    assert "\n" not in text
    assert text[0].isupper()
    assert re.fullmatch(r"[^.]+(\.\d[^.]*)*\.", text), text
    assert error.__cause__ is None
    assert "Traceback" not in text
    return text


# ---- not a picture


@pytest.mark.parametrize("data", [None, 3, "text", [1], np.zeros(3)])
def test_what_is_not_bytes(data):
    assert "is read from bytes" in refusal(data)


def test_empty():
    assert refusal(b"") == "The file is empty."


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "an SVG drawing"),
        (b"<?xml version='1.0'?>\n<!-- hi -->\n<svg >", "an SVG drawing"),
        (b"<?xml version='1.0'?><note/>", "an XML document"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC picture"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "a HEIC picture"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "an AVIF picture"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "an MP4 or QuickTime film"),
        (b"  <!DOCTYPE html><html>", "a web page (HTML)"),
        (b"PK\x03\x04\x14\0\0\0", "a ZIP archive"),
        ("Grüße an alle\n".encode(), "a text file"),
        (b"BM is how this text begins, but no bitmap follows", "a text file"),
        ("a text".encode("utf-16"), "a text file"),
        (b"P6\n1 1\n255\nabc", "a PNM picture"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a sound file"),
        (b"\x1aE\xdf\xa3\x01\0", "a Matroska or WebM film"),
        (bytes(range(128, 256)), "not a picture of a known format"),
    ],
)
def test_other_files_are_named(data, what):
    text = refusal(data)
    assert text.startswith(f"This is {what}")
    assert text.endswith("; PNG, JPEG, WebP, GIF, BMP and TIFF pictures can be read.")


@pytest.mark.parametrize(
    "magic", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"II*\0", b"RIFF\0\0\0\0WEBP"]
)
def test_a_beginning_alone_is_no_picture(magic):
    refusal(magic)
    refusal(magic + b"<html>" * 20)


# ---- cut off, changed


@pytest.mark.parametrize("kind", VALID)
def test_a_file_that_is_cut_anywhere_is_refused(kind):
    data = VALID[kind]
    between = gif_frame_ends(data) if kind.startswith("gif") else set()
    for length in {*range(1, len(data), max(1, len(data) // 60)), len(data) - 1} - between:
        refusal(data[:length])
    for length in between:
        assert np.array_equal(load_image(data[:length]).pixels, load_image(data).pixels)


def gif_frame_ends(data: bytes) -> set[int]:
    """Lengths at which a GIF ends behind a whole block with a frame before it: such a file is taken."""
    frames = Image.open(BytesIO(data))
    starts = []
    for number in range(frames.n_frames):
        frames.seek(number)
        starts.append(frames.tile[0].offset)
    ends = set()
    for start in starts:
        at = start
        while data[at]:
            at += 1 + data[at]
        ends.add(at + 1)
    blocks = re.finditer(rb"!\xf9\x04.{4}\0", data, re.DOTALL)
    return ends | {block.end() for block in blocks if block.start() >= min(ends)}


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp", "bmp", "tiff"])
def test_a_cut_file_is_said_to_be_cut(kind):
    data = VALID[kind]
    assert "is cut off: its end is missing." in refusal(data[: len(data) * 2 // 3])


@settings(max_examples=400)
@given(
    st.sampled_from(sorted(VALID)),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    st.floats(0, 1),
)
def test_changed_files_give_a_picture_or_a_sentence(kind, changes, keep):
    data = bytearray(VALID[kind])
    for where, value in changes:
        data[int(where * (len(data) - 1))] = value
    check_outcome(bytes(data[: max(1, round(keep * len(data)))] if keep < 0.3 else data))


@settings(max_examples=400)
@given(st.sampled_from(sorted(VALID)), st.integers(0, 120), st.binary(min_size=1, max_size=6))
def test_changed_headers_give_a_picture_or_a_sentence(kind, where, piece):
    """The first bytes steer the decoders, so they are changed most."""
    data = bytearray(VALID[kind])
    data[where : where + len(piece)] = piece
    check_outcome(bytes(data))


@pytest.mark.parametrize("kind", [kind for kind in VALID if kind.startswith("tiff")])
def test_changed_tiff_directories_give_a_picture_or_a_sentence(kind):
    """A TIFF's directory may stand anywhere: each of its words in turn gets awkward values."""
    data = VALID[kind]
    (at,) = struct.unpack_from("<I", data, 4)
    for word in range(at, min(at + 200, len(data) - 4), 2):
        for value in (b"\0\0", b"\xff\xff", b"\1\0"):
            changed = bytearray(data)
            changed[word : word + 2] = value
            check_outcome(bytes(changed))


@example(b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xaeB`\x82")
@given(st.binary(max_size=300))
def test_noise_gives_a_sentence(data):
    check_outcome(data)


def check_outcome(data: bytes) -> None:
    """Only a Picture or an ImageError of one sentence comes out, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            picture = load_image(data)
        except ImageError as error:
            one_sentence(error)
        else:
            assert isinstance(picture, Picture)
            assert picture.pixels.ndim == 3
            assert picture.pixels.shape[2] == 3
            assert picture.pixels.size


# ---- sizes that lie


def png_of_size(width: int, height: int) -> bytes:
    return raw_png(width, height, 8, 2, b"\0" * 100)


def test_the_size_is_refused_in_words():
    assert (
        refusal(png_of_size(15_000, 15_000))
        == "The picture has 15,000×15,000 = 225 megapixels; the limit is 24."
    )
    assert "24.006 megapixels" in refusal(png_of_size(6000, 4001))


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (0, 0)])
def test_no_pixels_at_all(size):
    assert "there is nothing to show" in refusal(png_of_size(*size))


def test_a_header_that_promises_more_than_the_file_holds():
    assert "cut off" in refusal(png_of_size(200, 200))


def large(kind: str) -> bytes:
    """A small file whose header says 60,000 × 60,000 (WebP: 16,384 × 16,384, the most that it can say)."""
    side = struct.pack("<H", 60_000)
    data = bytearray(VALID[kind])
    if kind == "gif":
        data[6:10] = side * 2
    elif kind == "jpeg":
        at = data.index(b"\xff\xc0")
        data[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    elif kind == "bmp":
        data[18:26] = struct.pack("<ii", 60_000, -60_000)
    elif kind == "webp":
        at = data.index(b"\x9d\x01\x2a")
        data[at + 3 : at + 7] = struct.pack("<HH", 16383, 16383)
    elif kind == "tiff":
        for tag in (256, 257):
            at = data.index(struct.pack("<HHI", tag, 4, 1))
            data[at + 8 : at + 12] = struct.pack("<I", 60_000)
    return bytes(data)


@pytest.mark.parametrize("kind", ["gif", "jpeg", "bmp", "webp", "tiff"])
def test_every_format_looks_at_the_size_first(kind):
    assert "megapixels; the limit is 24." in refusal(large(kind))


def test_a_gif_frame_beyond_its_screen():
    data = bytearray(VALID["gif"])
    at = data.index(b",\0\0\0\0")
    data[at + 5 : at + 9] = struct.pack("<HH", 60_000, 60_000)
    assert "megapixels" in refusal(bytes(data))


# ---- passengers


def with_chunks(*chunks: bytes) -> bytes:
    data = VALID["png"]
    return data[:33] + b"".join(chunks) + data[33:]


BOMB = zlib.compress(bytes(50_000_000))


@pytest.mark.parametrize(
    "chunk",
    [
        png_chunk(b"zTXt", b"a\0\0" + BOMB),
        png_chunk(b"iTXt", b"a\0\1\0\0\0" + BOMB),
        png_chunk(b"iCCP", b"a\0\0" + BOMB),
        png_chunk(b"iCCP", b"a\0\0not packed"),
        png_chunk(b"tEXt", b"a" * 200_000),
        png_chunk(b"acTL", b"\0"),
        png_chunk(b"fcTL", b"\0"),
        png_chunk(b"eXIf", b"MM\0*" + b"\xff" * 50),
        b"".join(png_chunk(b"acTL", struct.pack(">II", n, 0)) for n in (0, 5)),
    ],
)
def test_passengers_of_a_png_do_no_harm(chunk):
    np.testing.assert_array_equal(load_image(with_chunks(chunk)).pixels, COLOURS)


def test_a_png_that_promises_four_thousand_million_frames():
    chunk = png_chunk(b"acTL", struct.pack(">II", 0xFFFFFFFF, 0))
    first = png_chunk(b"fcTL", bytes(26))
    assert load_image(with_chunks(chunk, first)).notes == ("The first of 4,294,967,295 frames is shown.",)


def test_a_png_of_very_many_parts():
    assert "more than 100,000 parts" in refusal(with_chunks(png_chunk(b"teXt", b"") * 100_001))


def test_a_jpeg_of_very_many_passes():
    data = VALID["jpeg progressive"]
    last = data.rindex(b"\xff\xda")
    assert "passes over the picture" in refusal(data[:-2] + data[last:-2] * 2000 + data[-2:])


def test_a_jpeg_thumbnail_is_not_taken_for_the_picture():
    inner = encode(COLOURS[:5, :5], "JPEG")
    data = VALID["jpeg"]
    segment = b"\xff\xe1" + struct.pack(">H", len(inner) + 2) + inner
    np.testing.assert_array_equal(load_image(data[:2] + segment + data[2:]).pixels, load_image(data).pixels)


def test_a_gif_of_thousands_of_frames():
    data = VALID["gif animated"]
    start = data.rindex(b"!\xf9")
    many = data[:-1] + data[start:-1] * 60_000 + b";"
    assert load_image(many).notes[0] == "The first of at least 50,000 frames is shown."


def test_a_gif_of_very_small_blocks():
    """Sub-blocks of one byte after the picture: the count gives up, the picture is shown."""
    data = VALID["gif"][:-1] + b"!\xfe" + b"\1a" * 500_000 + b"\0;"
    assert load_image(data).notes[0] == "The first frame is shown."


def test_a_jpeg_of_fill_bytes_is_walked_once():
    """Any number of FF bytes may stand before a marker; a walk that starts again at each would take hours."""
    assert "cut off" in refusal(VALID["jpeg"][:-2] + b"\xff" * 5_000_000)


def test_a_tiff_chain_that_bites_its_tail():
    data = bytearray(VALID["tiff pages"])
    (first,) = struct.unpack_from("<I", data, 4)
    (tags,) = struct.unpack_from("<H", data, first)
    data[first + 2 + tags * 12 : first + 6 + tags * 12] = data[4:8]
    assert load_image(bytes(data)).pixels[0, 0].tolist() == [250, 0, 0]


def tiff_with(tag: int, value: int, kind: str = "tiff lzw") -> bytes:
    """One number of a TIFF changed; its type becomes LONG."""
    data = bytearray(VALID[kind])
    (at,) = struct.unpack_from("<I", data, 4)
    (tags,) = struct.unpack_from("<H", data, at)
    for here in range(at + 2, at + 2 + tags * 12, 12):
        if struct.unpack_from("<H", data, here)[0] == tag:
            struct.pack_into("<HII", data, here + 2, 4, 1, value)
            return bytes(data)
    raise AssertionError(f"no tag {tag}")


@pytest.mark.parametrize(
    ("tag", "value"),
    [(277, 4_000_000), (273, 0x7FFFFFFF), (279, 0x7FFFFFFF), (258, 65_000), (259, 99), (262, 77)],
)
def test_absurd_numbers_in_a_tiff(tag, value, capfd):
    refusal(tiff_with(tag, value))
    assert capfd.readouterr() == ("", "")


def test_libtiff_writes_nothing_on_standard_error(capfd):
    data = bytearray(VALID["tiff deflate"])
    data[len(data) // 2] ^= 0xFF
    refusal(bytes(data))
    assert capfd.readouterr() == ("", "")


def test_an_absurd_count_in_a_tiff():
    data = bytearray(VALID["tiff lzw"])
    at = data.index(struct.pack("<HH", 273, 4))
    struct.pack_into("<I", data, at + 4, 0x7FFFFFFF)
    refusal(bytes(data))


def test_a_bmp_that_is_slow_to_unpack():
    header = struct.pack("<2sIHHI", b"BM", 0, 0, 0, 1078) + struct.pack(
        "<IiiHHIIiiII", 40, 4000, 4000, 1, 8, 1, 0, 0, 0, 0, 0
    )
    assert "run-length coded" in refusal(header + bytes(1024) + b"\1\1" * 600_000 + b"\0\1")


def test_the_byte_limit(monkeypatch):
    limits = pictures.settings.__class__(max_pixels=2000, max_upload_mb=1)
    monkeypatch.setattr(pictures, "settings", limits)
    assert load_image(VALID["png"]).pixels.shape == (37, 53, 3)
    assert refusal(VALID["png"] + bytes(1_000_000)) == "The file has 1.0 MB; the limit is 1 MB."
    assert "the limit is 0.002" in refusal(encode(np.zeros((50, 50), np.uint8)))


@pytest.mark.parametrize("error", [MemoryError, RecursionError, OverflowError, struct.error, KeyError])
def test_whatever_a_decoder_throws_becomes_a_sentence(monkeypatch, error):
    def fail(*_):
        raise error("many\nlines")

    monkeypatch.setattr(pictures, "decode", fail)
    text = refusal(VALID["png"])
    assert ("memory" if error is MemoryError else "damaged") in text


def test_threads_do_not_disturb_one_another():
    """Warnings stay off and results stay right while many files are read at once."""
    data = [VALID[kind] for kind in ("jpeg", "tiff", "png animated", "gif")] * 8
    alone = [load_image(d).digest for d in data]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda d: load_image(d).digest, data)) == alone


# ---- bounded work and memory, in a process of its own; benchmarks/bounds.py measures the time

# The peak is that of /proc, set back before: `ru_maxrss` starts with what the parent had, so that a child of
# a large test run seems to take nothing.
CHILD = """
import pathlib, re, resource, sys, zlib
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
from PIL import ImageFile
from cnnviz.core import ImageError, load_image
work = {"decoded": 0, "inflated": 0}

def load(self):  # whenever Pillow is asked for the pixels
    work["decoded"] += 1
    return pixels(self)

class Inflater:
    def __init__(self, *options):
        self.inner = inflater(*options)

    def decompress(self, *given):
        plain = self.inner.decompress(*given)
        work["inflated"] += len(plain)
        return plain

    def __getattr__(self, name):
        return getattr(self.inner, name)

pixels, inflater = ImageFile.ImageFile.load, zlib.decompressobj
ImageFile.ImageFile.load, zlib.decompressobj = load, Inflater
data = sys.stdin.buffer.read()
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])
pathlib.Path("/proc/self/clear_refs").write_text("5")
before = peak()
try:
    said = "picture " + str(load_image(data).pixels.shape)
except ImageError as error:
    said = str(error)
used = peak() - before
print(said, used // 1024, work["decoded"], work["inflated"], sep="|")
"""


def in_child(data: bytes) -> tuple[str, int, int, int]:
    """What load_image said, MiB at its peak, pictures that Pillow began to decode, bytes of text inflated."""
    command = [sys.executable, "-W", "error", "-c", CHILD]
    done = subprocess.run(command, input=data, capture_output=True, check=True, timeout=60)
    assert done.stderr == b""
    said, *counts = done.stdout.decode().strip().split("|")
    mib, decoded, inflated = map(int, counts)
    return said, mib, decoded, inflated


@pytest.mark.parametrize("kind", ["gif", "jpeg", "bmp", "webp", "tiff"])
def test_a_refused_size_costs_nothing(kind):
    said, mib, decoded, _ = in_child(large(kind))
    assert "megapixels" in said
    assert mib < 10
    assert decoded == 0


def test_a_png_bomb_costs_nothing():
    rows = zlib.compress(bytes(100_000_000), 9)
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 15_000, 15_000, 8, 0, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    said, mib, decoded, inflated = in_child(data)
    assert "225 megapixels" in said
    assert mib < 10
    assert (decoded, inflated) == (0, 0)


def test_text_bombs_cost_nothing():
    said, mib, decoded, inflated = in_child(with_chunks(*[png_chunk(b"zTXt", b"a\0\0" + BOMB)] * 60))
    assert said == "picture (37, 53, 3)"
    assert mib < 30
    assert decoded >= 1  # so the counting counts
    assert inflated <= 53 * (1 + 37 * 3)  # the picture's rows: the texts are left out before they are read


MEGAPIXELS_24 = {
    "png, alpha": lambda: raw_png(6000, 4000, 8, 6, (b"\0" + bytes([10, 20, 30, 128]) * 6000) * 4000),
    "png, clear colour": lambda: raw_png(
        *(6000, 4000, 8, 2, (b"\0" + bytes([1, 2, 3]) * 6000) * 4000),
        png_chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3)),
    ),
    "png, clear grey of 16 bits": lambda: raw_png(
        *(6000, 4000, 16, 0, (b"\0" + bytes([1, 2]) * 6000) * 4000),
        png_chunk(b"tRNS", struct.pack(">H", 258)),
    ),
    "webp": lambda: encode(Image.new("RGB", (6000, 4000)), "WEBP"),
    "webp, alpha": lambda: encode(Image.new("RGBA", (6000, 4000), (9, 9, 9, 100)), "WEBP", lossless=True),
    "gif": lambda: encode(Image.new("P", (6000, 4000)), "GIF", transparency=0),
    "jpeg, inks": lambda: encode(Image.new("CMYK", (6000, 4000)), "JPEG"),
    "jpeg, turned": lambda: encode(Image.new("RGB", (6000, 4000)), "JPEG", exif=b"Exif\0\0" + turned_exif(6)),
    "tiff, decimal": lambda: encode(Image.new("F", (6000, 4000)), "TIFF", compression="tiff_lzw"),
    "tiff, whole numbers": lambda: encode(Image.new("I", (6000, 4000)), "TIFF", compression="tiff_lzw"),
    "tiff, lab": lambda: encode(Image.new("LAB", (6000, 4000)), "TIFF", compression="tiff_lzw"),
}


def turned_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    return exif.tobytes().removeprefix(b"Exif\0\0")


@pytest.mark.processes
@pytest.mark.parametrize("kind", MEGAPIXELS_24)
def test_the_largest_pictures_that_are_taken_stay_within_300_megabytes(kind):
    said, mib, *_ = in_child(MEGAPIXELS_24[kind]())
    assert said in {"picture (4000, 6000, 3)", "picture (6000, 4000, 3)"}
    assert 60 < mib < 300e6 / 2**20


def test_at_most_two_files_are_decoded_at_once(monkeypatch):
    inside, most, lock = 0, 0, threading.Lock()
    full = threading.Event()
    decode = pictures.decode

    def counted(*given):
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
            if inside > pictures.MAX_DECODES:
                full.set()  # nobody need wait any more: the test has failed
        full.wait(0.05)
        try:
            return decode(*given)
        finally:
            with lock:
                inside -= 1

    monkeypatch.setattr(pictures, "decode", counted)
    with ThreadPoolExecutor(10) as pool:
        digests = list(pool.map(lambda data: load_image(data).digest, [VALID["png animated"]] * 10))
    assert len(set(digests)) == 1
    assert most == pictures.MAX_DECODES == 2


def test_a_file_that_cannot_be_decoded_gives_its_place_back():
    def broken(*_):
        raise OSError("truncated")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pictures, "decode", broken)
        for _ in range(2 * pictures.MAX_DECODES):
            with pytest.raises(ImageError):
                load_image(VALID["png animated"])
    assert load_image(VALID["png animated"]).pixels.size
