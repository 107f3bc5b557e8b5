"""Draws assets/icon.png: a 3×3 kernel, vertical Sobel, in the app's diverging colour map."""

from pathlib import Path

from PIL import Image, ImageDraw

from cnnviz.core.colour.displays import COLOUR_MAPS
from cnnviz.core.kernels.library import KERNELS

CELL = 20
GAP = 2


def draw() -> Image.Image:
    """The icon, 64×64 RGBA."""
    icon = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    pen = ImageDraw.Draw(icon)
    for row, weights in enumerate(KERNELS["sobel_right"].weights):
        for column, weight in enumerate(weights):
            colour = COLOUR_MAPS["blue_orange"].lut[round((weight / 2 + 1) / 2 * 255)]
            x, y = column * (CELL + GAP), row * (CELL + GAP)
            pen.rounded_rectangle((x, y, x + CELL - 1, y + CELL - 1), 4, fill=(*map(int, colour), 255))
    return icon


if __name__ == "__main__":
    draw().save(Path(__file__).with_name("icon.png"), optimize=True)
