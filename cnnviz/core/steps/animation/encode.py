"""A step as a picture and the whole convolution as an animation, for slides. Nothing in them is random."""

from __future__ import annotations

import io
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.core.steps.animation.drawing import Slide
from cnnviz.core.steps.sums import StepSettings

Theme = Literal["light", "dark"]
PNG_SIZE = 1600, 900
GIF_SIZE = 1120, 630
MOST_FRAMES = 400
LAST_FRAME_MS = 2000
COLOURS = 255  # and one more that Pillow uses for unchanged pixels


def png_bytes(settings: StepSettings, step: int, theme: Theme) -> bytes:
    """Input, kernel and output after `step` + 1 output cells (row by row, map after map) as PNG.

    At most 1600 × 900 pixels; larger cells where the grids are small. Numbers that would be under 7 pixels
    high are left out, colours stay. Raises ValueError where there is no such step or theme.
    """
    slide = Slide(settings, _check_theme(theme), *PNG_SIZE)
    if not 0 <= step < slide.steps:
        raise ValueError(f"There is no step {step}; they go from 0 to {slide.steps - 1}.")
    file = io.BytesIO()
    slide.draw(step).save(file, "PNG")
    return file.getvalue()


def gif_bytes(settings: StepSettings, theme: Theme, frame_ms: int, limit: int) -> bytes:
    """The convolution cell by cell as a GIF that repeats, `frame_ms` each and 2 s for the finished output.

    At most `limit` frames (and never over 400): where there are more cells, frames skip cells evenly,
    but never the last one. At most 1120 × 630 pixels and 255 colours, the same in all frames.
    Raises ValueError for a theme that does not exist, a frame time under 20 ms (browsers slow those down)
    and a limit below 1.
    """
    if frame_ms < 20:
        raise ValueError(f"A frame must last at least 20 ms, not {frame_ms}.")
    if limit < 1:
        raise ValueError(f"An animation needs at least 1 frame, not {limit}.")
    slide = Slide(settings, _check_theme(theme), *GIF_SIZE)
    steps = spread_steps(slide.steps, min(limit, MOST_FRAMES))
    # The finished picture has every colour of the output, so its palette serves all frames.
    palette = _palette(slide.draw(steps[-1]))
    frames = [_with_palette(slide.draw(step), palette) for step in steps]
    file = io.BytesIO()
    frames[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[frame_ms] * (len(frames) - 1) + [LAST_FRAME_MS],
        loop=0,
        optimize=False,
    )
    return file.getvalue()


def spread_steps(count: int, limit: int) -> list[int]:
    """At most `limit` of the steps 0 … count − 1, evenly apart, the last one always among them."""
    if count <= limit:
        return list(range(count))
    return [int(step) for step in np.ceil(np.arange(1, limit + 1) * count / limit) - 1]


def _packed(picture: Image.Image) -> NDArray[np.int64]:
    """Each pixel as one number, 0xRRGGBB."""
    red, green, blue = (np.asarray(band, dtype=np.int64) for band in picture.split())
    return red << 16 | green << 8 | blue


def _palette(picture: Image.Image) -> NDArray[np.int64]:
    """The packed colours that cover most of the picture, ascending."""
    colours, counts = np.unique(_packed(picture), return_counts=True)
    return np.sort(colours[np.argsort(-counts, kind="stable")][:COLOURS])


def _with_palette(picture: Image.Image, palette: NDArray[np.int64]) -> Image.Image:
    """The picture in these colours: each pixel's own where the palette has it, else the nearest.

    Pillow's quantize moves even colours that are in the palette: white becomes (252, 252, 252).
    """
    packed = _packed(picture)
    place = np.minimum(np.searchsorted(palette, packed), len(palette) - 1)
    missing = palette[place] != packed
    if missing.any():
        others, inverse = np.unique(packed[missing], return_inverse=True)
        distance = np.abs(_channels(others)[:, None] - _channels(palette)).sum(axis=2)
        place[missing] = distance.argmin(axis=1)[inverse]
    frame = Image.fromarray(place.astype(np.uint8))
    frame.putpalette(_channels(palette).astype(np.uint8).tobytes())
    return frame


def _channels(packed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Packed colours (n,) as red, green and blue (n, 3)."""
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1)


def _check_theme(theme: Theme) -> Theme:
    if theme not in get_args(Theme):
        raise ValueError(f'The theme is "light" or "dark", not {theme!r}.')
    return theme
