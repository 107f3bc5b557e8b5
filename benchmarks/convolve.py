"""convolve2d compared with OpenCV, scikit-image, scipy, numpy, Pillow and torch on the same data.

    python -m pip install -r benchmarks/requirements.txt
    python -m benchmarks.convolve [--quick] [--large] [--rounds N]

One thread each. CPU time counts (all threads of the process), wall time is given too. Every other library's
result is compared with ours before it is timed; one that cannot do a case is left out of its row.
"""

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # read when numpy is imported
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402

from benchmarks._bench import SMOKE, amount, describe, environment, interleave, ratio, table, write_results  # noqa: E402
from cnnviz.core import convolve2d, plan  # noqa: E402

PACKAGES = ["numpy", "scipy", "scikit-image", "pillow", "torch", "opencv-python-headless"]
SIMPLE = ("numpy", "scikit-image", "scipy.ndimage", "scipy.signal", "Pillow")
Work = Callable[[], np.ndarray]


def kernels() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    x = np.arange(-4, 5)
    bell = np.exp(-(x**2) / (2 * 1.5**2))
    named = {
        "Sobel": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        "Gaussian 9×9": np.outer(bell, bell) / bell.sum() ** 2,
    }
    dense = {f"dense {n}×{n}": rng.standard_normal((n, n)) for n in (3, 5, 9, 15, 31)}
    return {name: kernel.astype(np.float32) for name, kernel in {**named, **dense}.items()}


def planes(image: np.ndarray, work: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """A filter for grey pictures, channel by channel."""
    if image.ndim == 2:
        return work(image)
    return np.stack([work(image[..., c]) for c in range(image.shape[2])], axis=2)


def shift_and_add(image: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """The loop over the taps that everyone writes in numpy."""
    image = image.astype(np.float32, copy=False)
    height, width = (n - k + 1 for n, k in zip(image.shape[:2], kernel.shape, strict=True))
    out = np.zeros((-(-height // stride), -(-width // stride), *image.shape[2:]), np.float32)
    for (y, x), weight in np.ndenumerate(kernel):
        if weight:
            out += weight * image[y : y + height : stride, x : x + width : stride]
    return out


def peers(image: np.ndarray, kernel: np.ndarray, stride: int) -> dict[str, Work]:
    """The same correlation (no padding kept) by each library that is installed."""
    half_y, half_x = kernel.shape[0] // 2, kernel.shape[1] // 2
    inside = np.s_[half_y : image.shape[0] - half_y : stride, half_x : image.shape[1] - half_x : stride]
    work: dict[str, Work] = {"numpy": partial(shift_and_add, image, kernel, stride)}
    floats = image.astype(np.float32)
    work |= scipy_peers(image, kernel, stride, inside) | torch_peer(floats, kernel, stride)
    work |= opencv_peer(image, kernel, inside) | pillow_peer(image, kernel, inside)
    return work


def scipy_peers(image: np.ndarray, kernel: np.ndarray, stride: int, inside: tuple) -> dict[str, Work]:
    from scipy import ndimage, signal
    from skimage import filters

    def by_ndimage() -> np.ndarray:
        return planes(image, lambda p: ndimage.correlate(p, kernel, output=np.float32))[inside]

    def by_signal() -> np.ndarray:
        floats = image.astype(np.float32, copy=False)
        return planes(floats, lambda p: signal.correlate(p, kernel, "valid"))[::stride, ::stride]

    def by_skimage() -> np.ndarray:
        return planes(image, lambda p: filters.correlate_sparse(p.astype(np.float32), kernel, "reflect"))[
            inside
        ]

    return {"scipy.ndimage": by_ndimage, "scipy.signal": by_signal, "scikit-image": by_skimage}


def torch_peer(image: np.ndarray, kernel: np.ndarray, stride: int) -> dict[str, Work]:
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)
    weight = torch.from_numpy(kernel)[None, None]
    stack = np.atleast_3d(image).transpose(2, 0, 1)[:, None]
    tensor = torch.from_numpy(np.ascontiguousarray(stack))

    def run() -> np.ndarray:
        with torch.no_grad():
            maps = torch.nn.functional.conv2d(tensor, weight, stride=stride).numpy()[:, 0]
        return maps.transpose(1, 2, 0) if image.ndim == 3 else maps[0]

    return {"torch": run}


def opencv_peer(image: np.ndarray, kernel: np.ndarray, inside: tuple) -> dict[str, Work]:
    try:
        import cv2
    except ImportError:
        return {}
    cv2.setNumThreads(1)
    return {"OpenCV": lambda: cv2.filter2D(image, cv2.CV_32F, kernel)[inside]}


def pillow_peer(image: np.ndarray, kernel: np.ndarray, inside: tuple) -> dict[str, Work]:
    """Pillow takes 3×3 and 5×5 kernels on 8-bit pictures, and rounds and clips its result to 8 bits."""
    if image.dtype != np.uint8 or kernel.shape not in ((3, 3), (5, 5)):
        return {}
    from PIL import Image, ImageFilter

    picture = Image.fromarray(image)
    kernel_filter = ImageFilter.Kernel(kernel.shape, kernel[::-1].ravel().tolist(), 1)
    return {"Pillow": lambda: np.asarray(picture.filter(kernel_filter))[inside]}


def agree(name: str, theirs: np.ndarray, ours: np.ndarray, image: np.ndarray, kernel: np.ndarray) -> None:
    """Stop where a library's result differs: its time would mean nothing."""
    if name == "Pillow":
        ours, allowed = ours.clip(0, 255), 1.0
    else:
        allowed = 1e-5 * float(np.ptp(image)) * float(np.abs(kernel).sum())
    worst = float(np.abs(ours - theirs).max())
    if ours.shape != theirs.shape or worst > allowed:
        raise SystemExit(f"{name} differs: shapes {theirs.shape} and {ours.shape}, by {worst:.3g}")


def cases(quick: bool, large: bool) -> list[tuple[tuple[int, ...], type, str, int]]:
    sizes: list[tuple[int, ...]] = [(512, 512)] if quick else [(512, 512), (1024, 1024), (512, 512, 3)]
    if SMOKE:
        sizes = [(64, 64), (64, 64, 3)]
    if large:
        sizes.append((3000, 4000))
    types = [np.float32, np.uint8]
    return [
        (shape, kind, name, stride)
        for shape in sizes
        for kind in (types if len(shape) == 2 and shape[0] <= 1024 else [np.float32])
        for name in amount(tuple(kernels()), ("Sobel", "dense 9×9"))
        for stride in (1, 2)
    ]


def measure(shape: tuple[int, ...], kind: type, name: str, stride: int, rounds: int) -> dict[str, object]:
    rng = np.random.default_rng(1)
    image = rng.integers(0, 256, shape, dtype=np.uint8).astype(kind)
    kernel = kernels()[name]
    ours = partial(convolve2d, image, kernel, stride=stride)
    work = peers(image, kernel, stride)
    for skipped in ("scipy.ndimage", "scikit-image", "numpy", "torch") if kernel.size > 100 else ():
        work.pop(skipped, None)  # tens of milliseconds to seconds each, far behind
    for peer, call in work.items():
        theirs = call()
        agree(peer, theirs, ours(), image, kernel)
    timings = interleave({"cnnviz": ours, **work}, rounds=rounds)
    return {
        "shape": list(shape),
        "dtype": np.dtype(kind).name,
        "kernel": name,
        "stride": stride,
        "engine": plan(kernel, stride=stride).engine,
        "cpu_ms": {peer: round(timing.median_cpu * 1e3, 4) for peer, timing in timings.items()},
        "wall_ms": {peer: round(timing.median_wall * 1e3, 4) for peer, timing in timings.items()},
        "cpu_ratio": {peer: round(ratio(timings["cnnviz"], timings[peer]), 3) for peer in work},
    }


def row(found: dict) -> list[str]:
    ratios = found["cpu_ratio"]
    simple = {peer: value for peer, value in ratios.items() if peer in SIMPLE}
    best = max(simple, key=simple.get)
    return [
        "×".join(map(str, found["shape"])),
        found["dtype"],
        found["kernel"],
        str(found["stride"]),
        found["engine"],
        f"{found['cpu_ms']['cnnviz']:.2f}",
        f"{found['wall_ms']['cnnviz']:.2f}",
        f"{ratios['OpenCV']:.2f}" if "OpenCV" in ratios else "–",
        f"{simple[best]:.2f} ({best})",
        f"{ratios['torch']:.2f}" if "torch" in ratios else "–",
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="512² only")
    options.add_argument("--large", action="store_true", help="12 megapixels too")
    options.add_argument("--rounds", type=int, default=amount(9, 1))
    chosen = options.parse_args()
    where = environment(PACKAGES)
    found = []
    for case in cases(chosen.quick, chosen.large):
        found.append(measure(*case, chosen.rounds))
        print(" ".join(row(found[-1])), file=sys.stderr, flush=True)
    header = ["picture", "type", "kernel", "stride", "engine", "CPU ms", "wall ms"]
    header += ["÷ OpenCV", "÷ fastest of numpy, scipy, scikit-image, Pillow", "÷ torch"]
    text = [
        "# convolve2d compared with other libraries",
        "",
        "One thread. Ratios are medians over the rounds of our CPU time over theirs: below 1, we are faster.",
        "OpenCV and scipy.ndimage compute every output and then drop what a stride leaves out.",
        describe(where) + f" Load average at the end: {[round(load, 2) for load in os.getloadavg()]}.",
    ]
    text += ["", table(header, [row(case) for case in found])]
    write_results("convolve", {"environment": where, "cases": found}, "\n".join(text))


if __name__ == "__main__":
    main()
