"""The loop that the compiled engine runs, in plain Python: readable, and tested without a compiler."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Single = NDArray[np.float32]
Places = NDArray[np.int64]
AddTaps = Callable[[Single, Places, Single, int, Single], None]


def add_taps(step: int) -> AddTaps:
    """out[y, i] = Σ weights[t] · band[places[t] + y · pitch + i · step], with `step` built in as a constant.

    Nine taps are added in one sweep along a row, then three, then one: the sums stay in registers and the
    row in the first-level cache. Nine is 3×3, and most odd squares are nines and threes with at most one
    over. The slices tell the compiler that no index is negative, so it can use vector instructions; that is
    also why the sweeps are written out.
    """

    def add(band: Single, places: Places, weights: Single, pitch: int, out: Single) -> None:
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
                    j = i * step
                    three = o[i] + wa * a[j] + wb * b[j] + wc * c[j]
                    six = three + wd * d[j] + we * e[j] + wf * f[j]
                    o[i] = six + wg * g[j] + wh * h[j] + wk * k[j]
                t += 9
            while t + 3 <= taps:
                a, b, c = row[places[t] :], row[places[t + 1] :], row[places[t + 2] :]
                wa, wb, wc = weights[t], weights[t + 1], weights[t + 2]
                for i in range(width):
                    j = i * step
                    o[i] = o[i] + wa * a[j] + wb * b[j] + wc * c[j]
                t += 3
            while t < taps:
                a, wa = row[places[t] :], weights[t]
                for i in range(width):
                    o[i] = o[i] + wa * a[i * step]
                t += 1

    return add
