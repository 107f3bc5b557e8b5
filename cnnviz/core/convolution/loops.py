"""The loops that the compiled engine runs, in plain Python: readable, and tested without a compiler."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Single = NDArray[np.float32]
Places = NDArray[np.int64]
Picture = NDArray[np.float32] | NDArray[np.uint8]
AddTaps = Callable[[Single, Places, Single, int, Single], None]
Split = Callable[[Picture, Places, Places, int, int, int, Single], None]


def add_taps(band: Single, places: Places, weights: Single, pitch: int, out: Single) -> None:
    """out[y, i] = Σ weights[t] · band[places[t] + y · pitch + i].

    Nine taps are added in one sweep along a row, then three, then one: the sums stay in registers and the
    row in the first-level cache. Nine is 3×3, and most odd squares are nines and threes with at most one
    over. The slices tell the compiler that no index is negative, so it can use vector instructions; that is
    also why the sweeps are written out.
    """
    count, width = out.shape
    taps = len(weights)
    for y in range(count):
        o = out[y]
        row = band[y * pitch :]
        for i in range(width):
            o[i] = 0
        t = 0
        while t + 9 <= taps:
            a, b, c = row[places[t] :], row[places[t + 1] :], row[places[t + 2] :]
            d, e, f = row[places[t + 3] :], row[places[t + 4] :], row[places[t + 5] :]
            g, h, k = row[places[t + 6] :], row[places[t + 7] :], row[places[t + 8] :]
            wa, wb, wc = weights[t], weights[t + 1], weights[t + 2]
            wd, we, wf = weights[t + 3], weights[t + 4], weights[t + 5]
            wg, wh, wk = weights[t + 6], weights[t + 7], weights[t + 8]
            for i in range(width):
                three = o[i] + wa * a[i] + wb * b[i] + wc * c[i]
                six = three + wd * d[i] + we * e[i] + wf * f[i]
                o[i] = six + wg * g[i] + wh * h[i] + wk * k[i]
            t += 9
        while t + 3 <= taps:
            a, b, c = row[places[t] :], row[places[t + 1] :], row[places[t + 2] :]
            wa, wb, wc = weights[t], weights[t + 1], weights[t + 2]
            for i in range(width):
                o[i] = o[i] + wa * a[i] + wb * b[i] + wc * c[i]
            t += 3
        while t < taps:
            a, wa = row[places[t] :], weights[t]
            for i in range(width):
                o[i] = o[i] + wa * a[i]
            t += 1


def split(
    picture: Picture, tops: Places, lefts: Places, down: int, across: int, group: int, band: Single
) -> None:
    """band[p, q, y, i] = pixel lefts[q] + i · across of row tops[p] + y · down; 0 outside the picture.

    `picture` is (H, W · group), `band` (row phases, column phases, rows, columns · group). Stride 1
    (only a conversion) and one channel at stride 2 have loops that compile to vector instructions.
    """
    height, width = picture.shape[0], picture.shape[1] // group
    for p in range(len(tops)):
        for y in range(band.shape[2]):
            inside = tops[p] + y * down < height
            for q in range(len(lefts)):
                target = band[p, q, y]
                kept = 0
                if inside:
                    row = picture[tops[p] + y * down, lefts[q] * group :]
                    kept = min(len(target) // group, (width - lefts[q] + across - 1) // across)
                    if across == 1:
                        for i in range(kept * group):
                            target[i] = row[i]
                    elif group == 1 and across == 2:
                        for i in range(kept):
                            target[i] = row[2 * i]
                    else:
                        for i in range(kept):
                            for c in range(group):
                                target[i * group + c] = row[i * across * group + c]
                for i in range(kept * group, len(target)):
                    target[i] = 0
