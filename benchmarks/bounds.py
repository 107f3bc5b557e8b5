"""What must stay quick, in milliseconds: refusing hostile files, drawing shapes, a deep field, an edit.

Run from the repository's root: ``python -m benchmarks.bounds``. Tests hold the work of each of these below a
bound (memory, pictures decoded, multiplications, cards written to); this measures the time.
"""

from __future__ import annotations

import contextlib
import json
import struct
import sys
import zlib
from collections.abc import Callable

from benchmarks._app import ROOT
from benchmarks._bench import environment, interleave
from benchmarks._table import PACKAGES, Table, load, save

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

ROUNDS = 5
_EDIT = """() => {
  const uid = view.stack.nodes[50].uid, times = [];
  for (let n = 2; n < 42; n++) {
    const since = performance.now();
    view.edits.change(uid, { channels: n }, "test");
    void document.body.offsetHeight;
    times.push(performance.now() - since);
  }
  return times.sort((a, b) => a - b)[20];
}"""


def png_bomb() -> bytes:
    """A PNG of 225 megapixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 15_000, 15_000, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + chunk(b"IDAT", zlib.compress(bytes(100_000_000), 9))
        + chunk(b"IEND", b"")
    )


def refused(call: Callable[[bytes], object], content: bytes) -> Callable[[], None]:
    """Work that ends in a refusal, whose class is a ValueError."""

    def work() -> None:
        with contextlib.suppress(ValueError):
            call(content)
            raise RuntimeError("It was not refused.")

    return work


def work() -> dict[str, Callable[[], object]]:
    """Each piece by its name."""
    from cnnviz.core import load_image
    from cnnviz.core.datasets.shapes import ShapeOptions, draw_shapes
    from cnnviz.core.networks.spec import NetSpec
    from cnnviz.engine.checkpoints.weights_file import SavedNetwork
    from cnnviz.engine.effective_field.effective import Question, effective_field
    from cnnviz.ui.network_stack.exchange import read_file

    def weights(header: bytes) -> bytes:
        return struct.pack("<Q", len(header)) + header

    conv = {"type": "conv", "channels": 4, "kernel": 3, "padding": 1}
    deep = NetSpec.from_dict({"input": [3, 224, 224], "layers": [conv] * 60})
    many = json.dumps({str(n): 0 for n in range(20_000)}).encode()
    return {
        "refuse a stack file of 20 MB": refused(read_file, b"[" * 20_000_000),
        "refuse a PNG of 225 megapixels": refused(load_image, png_bomb()),
        "refuse weights whose header is 500,000 brackets": refused(
            SavedNetwork.from_bytes, weights(b"[" * 500_000)
        ),
        "refuse weights with 20,000 arrays": refused(SavedNetwork.from_bytes, weights(many)),
        "draw 2,000 shapes": lambda: draw_shapes(2_000, ShapeOptions(), [0]),
        "effective field, 60 layers at 224²": lambda: effective_field(Question(deep, 59, weights="uniform")),
    }


def edit_ms() -> float:
    """One setting changed in a stack of 100 layers, until it is laid out: the median of 40."""
    from blank_page import blank_page
    from stack_page import Editor

    from cnnviz.core.networks.layers import Conv, layer_from_dict
    from cnnviz.core.networks.spec import NetSpec

    with blank_page(viewport={"width": 460, "height": 900}) as page:
        Editor(page, NetSpec((3, 64, 64), (Conv(8, padding=(1, 1)), layer_from_dict({"type": "relu"})) * 50))
        return float(page.evaluate(_EDIT))


def main() -> None:
    """Measure, print and write the table."""
    where, before = environment((*PACKAGES, "torch")), load()
    timings = interleave(work(), rounds=ROUNDS)
    rows = [
        [name, 1000 * min(timing.cpu), 1000 * min(timing.wall), before] for name, timing in timings.items()
    ]
    rows.append(["edit one of 100 layers (browser, median)", float("nan"), edit_ms(), before])
    note = f"The fastest of {ROUNDS} rounds, in turn."
    save(
        "bounds",
        [Table("bounds", "What must stay quick", ["Work", "CPU, ms", "wall, ms", "Load"], rows, note)],
        where=where,
    )


if __name__ == "__main__":
    main()
