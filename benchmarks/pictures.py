"""What a picture costs on its way in (reading and reducing a file) and out (colours and PNG).

Run from the repository's root: ``python -m benchmarks.pictures``. Each case runs in a new process, so
that its peak memory can be measured.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from benchmarks._app import ROOT, memory_mb
from benchmarks._bench import amount, environment
from benchmarks._table import PACKAGES, Table, load, save

SIZES = amount(
    {"1": (1152, 864), "12": (4000, 3000), "24": (6000, 4000)}, {"0.1": (384, 256)}
)  # megapixels → (W, H)
FORMATS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90},
    "PNG": {"compress_level": 1},
    "WEBP": {"quality": 85, "method": 0},
    "GIF": {},
    "BMP": {},
    "TIFF": {},
}
ROUNDS = amount(3, 1)
SIDE = amount(1024, 128)


def photo(width: int, height: int) -> Image.Image:
    """A test photo of any size: a sample, enlarged, with a little noise as a camera has it."""
    from cnnviz.core import load_sample

    small = Image.fromarray(load_sample("coffee").pixels)
    big = np.asarray(small.resize((width, height), Image.Resampling.BILINEAR))
    noise = np.random.default_rng(0).integers(-3, 4, (height, width, 1), dtype=np.int8)
    return Image.fromarray(np.clip(big + noise.astype(np.int16), 0, 255).astype(np.uint8))


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[Any, float, float]:
    """The result, and the CPU and wall milliseconds of the fastest round."""
    cpu, wall, result = [], [], None
    for _ in range(rounds):
        result = None  # so that two results are never alive at once
        start = time.process_time(), time.perf_counter()
        result = work()
        cpu.append(time.process_time() - start[0])
        wall.append(time.perf_counter() - start[1])
    return result, 1000 * min(cpu), 1000 * min(wall)


def peak_mb() -> float:
    """Peak resident memory of this process; getrusage would give the parent's where that was higher."""
    return memory_mb(os.getpid())[1]


def read_case(data: bytes) -> dict[str, float]:
    """Read one file and reduce it to the page's working size; runs in a new process."""
    from cnnviz.core import load_image, load_sample, resize_to

    resize_to(load_sample("camera"), 256)  # imports and caches filled at first use do not count
    base = peak_mb()
    picture, cpu, wall = timed(lambda: load_image(data))
    read = peak_mb() - base
    _, small_cpu, _ = timed(lambda: resize_to(picture, 512))
    return {"cpu": cpu, "wall": wall, "read": read, "resize": small_cpu, "peak": peak_mb() - base}


def reading_table() -> Table:
    """Every format at every size."""
    rows = []
    for name, (width, height) in SIZES.items():
        whole = photo(width, height)
        for kind, options in FORMATS.items():
            file = io.BytesIO()
            (whole.quantize(256) if kind == "GIF" else whole).save(file, kind, **options)
            command = [sys.executable, "-m", "benchmarks.pictures", "read"]
            before = load()
            output = subprocess.run(
                command,
                cwd=ROOT,
                env={
                    **os.environ,
                    "CNNVIZ_MAX_UPLOAD_MB": "1000",
                },  # or files without compression are refused
                input=file.getvalue(),
                stdout=subprocess.PIPE,
                check=True,
            ).stdout
            got = json.loads(output)
            size = len(file.getvalue()) / 1e6
            rows.append([name, kind, size, got["cpu"], got["wall"], got["resize"], got["peak"], before])
    head = ["Megapixels", "Format", "File, MB", "load_image CPU, ms", "wall, ms", "resize to 512 CPU, ms"]
    head += ["Peak memory above the start, MB", "Load"]
    note = f"The fastest of {ROUNDS} rounds, each case in its own process. 12 megapixels are 36 MB of pixels."
    return Table("reading", "Reading a picture", head, rows, note)


def showing_table() -> Table:
    """A 1024² result to colours, and to a file."""
    from cnnviz.core.colour.displays import to_rgb
    from cnnviz.core.convolution.convolve import convolve2d
    from cnnviz.core.pictures.load import grey

    pixels = np.asarray(photo(SIDE, SIDE))
    output = convolve2d(
        grey(pixels), np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32), padding="same"
    )
    coloured = to_rgb(output, "signed", "blue_orange")

    def png(level: int) -> int:
        file = io.BytesIO()
        Image.fromarray(coloured).save(file, "PNG", compress_level=level)
        return len(file.getvalue())

    def npy() -> int:
        file = io.BytesIO()
        np.save(file, output)
        return len(file.getvalue())

    work: dict[str, Callable[[], Any]] = {
        "to_rgb, signed": lambda: to_rgb(output, "signed", "blue_orange"),
        "to_rgb, clip, three channels": lambda: to_rgb(pixels.astype(np.float32), "clip", "grey"),
        "PNG, level 1 (the download)": lambda: png(1),
        "PNG, level 6 (Pillow's default)": lambda: png(6),
        "raw values as .npy": npy,
    }
    rows = []
    for name, call in work.items():
        result, cpu, wall = timed(call, 5)
        rows.append(
            [name, cpu, wall, result / 1e6 if isinstance(result, int) else result.nbytes / 1e6, load()]
        )
    head = ["Work", "CPU, ms", "Wall, ms", "Result, MB", "Load"]
    note = (
        f"A {SIDE}×{SIDE} map, the fastest of 5 rounds. The page itself uses none of this: there the browser"
        " colours the map."
    )
    return Table("showing", "From a map to colours and files", head, rows, note)


def main() -> None:
    """Measure, print the tables and write them; with the argument "read": one file from standard input."""
    if sys.argv[1:] == ["read"]:
        print(json.dumps(read_case(sys.stdin.buffer.read())))
        return
    where = environment(PACKAGES)
    save("pictures", [reading_table(), showing_table()], where=where)


if __name__ == "__main__":
    main()
