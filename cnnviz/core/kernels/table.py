"""The kernel library as data: one entry is one kernel. To add one, append an entry; menus and tests follow.

Signs are those of cross-correlation (the kernel is not turned), with x to the right and y down. Angles are in
degrees, clockwise on the screen: 0° is right, 90° is down.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from cnnviz.core.kernels import formulas as shapes
from cnnviz.core.kernels.model import LARGEST, Kernel, Parameter

_BOOK = "Common definition; e.g. Gonzalez & Woods, Digital Image Processing, 4th ed., 2018, ch. 3."
_BOOK_EDGES = "Common definition; e.g. Gonzalez & Woods, Digital Image Processing, 4th ed., 2018, ch. 10."
_SOBEL = (
    "Sobel & Feldman 1968 (talk, Stanford AI Project); "
    "in Duda & Hart, Pattern Classification and Scene Analysis, 1973."
)
_SETOSA = "Matrix as in Victor Powell, Image Kernels Explained Visually (setosa.io)."
_PREWITT = "Prewitt, Object Enhancement and Extraction, in Picture Processing and Psychopictorics, 1970."
_SCHARR = "Scharr, Optimale Operatoren in der digitalen Bildverarbeitung, dissertation, Heidelberg 2000."
_ROBERTS = "Roberts, Machine Perception of Three-Dimensional Solids, MIT, 1963."
_LAWS = "Laws, Textured Image Segmentation, dissertation, University of Southern California, 1980."
_DIFFERENCE = "Common definition (finite differences)."
_THIS_PROJECT = "This project."

BASICS, BLUR, SHARPEN = "Basics", "Blur", "Sharpen"
EDGES, COMPASS, SECOND = "Edges", "Edges by compass direction", "Second derivatives"
LINES, WAVES = "Lines and corners", "Waves and texture"


def _size(default: int, *, low: int = 3, step: int = 2) -> Parameter:
    return Parameter("size", "size", default, low, LARGEST, step, "cells")


def _sigma(default: float, title: str = "σ") -> Parameter:
    return Parameter("sigma", title, default, 0.3, 8, 0.1, "pixels")


def _angle(default: int, high: int = 360, step: float = 1.0) -> Parameter:
    return Parameter("angle", "angle", default, 0, high, step, "degrees")


_TURN = _angle(0, 315, 45)
_AMOUNT = Parameter("amount", "amount", 1, 0.1, 5, 0.1)


def _tex_number(value: float) -> str:
    return f"{value:g}" if value == int(value) else rf"{'-' if value < 0 else ''}\sqrt{{{value**2:.0f}}}"


def _tex(rows: list[list[float]], divisor: int) -> str:
    body = r" \\ ".join(" & ".join(_tex_number(value) for value in row) for row in rows)
    front = rf"\frac{{1}}{{{divisor}}} " if divisor != 1 else ""
    return rf"{front}\begin{{bmatrix}} {body} \end{{bmatrix}}"


def _matrix(rows: list[list[float]], divisor: int) -> shapes.Array:
    return np.array(rows, dtype=np.float64) / divisor


def _fixed(
    name: str, title: str, group: str, rows: list[list[float]], about: str, source: str, divisor: int = 1
) -> Kernel:
    """A kernel without parameters: its formula is its own matrix, so the two cannot disagree."""
    return Kernel(name, title, group, _tex(rows, divisor), about, source, partial(_matrix, rows, divisor))


def _compass(name: str, title: str, rows: list[list[float]], about: str, source: str) -> Kernel:
    formula = rf"K_{{0^\circ}} = {_tex(rows, 1)}, \text{{ outer cells moved clockwise by }} \theta / 45^\circ"
    builder = partial(shapes.ring_rotated, np.array(rows, dtype=np.float64))
    return Kernel(name, title, COMPASS, formula, about, source, builder, (_TURN,))


ENTRIES: tuple[Kernel, ...] = (
    # ---- Basics
    _fixed("identity", "Identity", BASICS, [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
           "Leaves the picture as it is, because every pixel is multiplied by 1 and its neighbours by 0.",
           _BOOK),
    Kernel("shift", "Shift", BASICS, r"w(x, y) = 1 \text{ at } (-d_x, -d_y), \text{ else } 0",
           "Moves the picture dx to the right and dy down, because each output pixel copies the one that far "
           "to its upper left.",
           "Common definition.", shapes.shift,
           (Parameter("dx", "dx", 4, -15, 15, 1, "pixels"), Parameter("dy", "dy", 4, -15, 15, 1, "pixels"))),
    Kernel("echo", "Echo", BASICS, r"\tfrac{1}{2}\delta(x, y) + \tfrac{1}{2}\delta(x + d_x, y + d_y)",
           "Shows the picture twice, half as strong each time, because it adds a shifted copy to the "
           "original.",
           _THIS_PROJECT, shapes.echo,
           (Parameter("dx", "dx", 8, -15, 15, 1, "pixels"), Parameter("dy", "dy", 4, -15, 15, 1, "pixels"))),
    Kernel("random", "Random", BASICS, r"w \sim \mathcal{N}\!\left(0, \tfrac{1}{n^2}\right)",
           "Mixes the neighbours with random weights, which is what a network's filters do before any "
           "training.",
           _THIS_PROJECT, shapes.random, (Parameter("seed", "seed", 0, 0, 9999, 1), _size(3, low=2, step=1))),
    # ---- Blur
    Kernel("box", "Box blur", BLUR, r"w = \tfrac{1}{n^2}",
           "Replaces each pixel by the mean of its neighbourhood, so fine detail and noise average "
           "out.",
           _BOOK, shapes.box, (_size(3, low=2, step=1),)),
    Kernel("gaussian", "Gaussian blur", BLUR,
           r"w(x, y) = \frac{1}{S} e^{-\frac{x^2 + y^2}{2\sigma^2}}, \quad S = \sum e^{-\frac{x^2 + "
           r"y^2}{2\sigma^2}}",
           "Blurs evenly in all directions, because a weight depends only on its distance from the centre.",
           _BOOK, shapes.gaussian, (_sigma(1), _size(7))),
    _fixed("binomial_3", "Binomial blur 3×3", BLUR, [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
           "Blurs a little and removes a one-pixel checkerboard entirely, because its weights cancel there.",
           _BOOK, 16),
    Kernel("binomial_5", "Binomial blur 5×5", BLUR,
           _tex([[1, 4, 6, 4, 1], [4, 16, 24, 16, 4], [6, 24, 36, 24, 6],
                 [4, 16, 24, 16, 4], [1, 4, 6, 4, 1]], 256),
           "Blurs much like a Gaussian with σ = 1, because rows of Pascal's triangle approach the bell "
           "curve.",
           "Common definition; a case of the kernels in Burt & Adelson, The Laplacian Pyramid as a Compact "
           "Image Code, 1983.",
           partial(shapes.binomial, 4)),
    Kernel("disc", "Disc blur", BLUR, r"w \propto \text{the share of the cell with } x^2 + y^2 \le r^2",
           "Turns every bright point into an even disc, as a lens that is out of focus does.",
           "Common definition (circular mean, also called pillbox).", shapes.disc,
           (Parameter("radius", "radius", 3, 0.6, 15, 0.1, "pixels"),)),
    Kernel("motion", "Motion blur", BLUR,
           r"w \propto \text{points } (t\cos\theta,\, t\sin\theta),\ |t| \le \tfrac{L - 1}{2}",
           "Smears the picture along one line, as if the camera had moved while the shutter was open.",
           "Common definition; point sharing by this project.", shapes.motion,
           (Parameter("length", "length", 9, 1, LARGEST, 1, "pixels"), _angle(0, 180))),
    Kernel("mean_row", "Row mean", BLUR, r"w = \tfrac{1}{n} \begin{bmatrix} 1 & \cdots & 1 \end{bmatrix}",
           "Blurs along rows only, so vertical edges go soft and horizontal edges stay sharp.",
           _BOOK, shapes.mean_row, (Parameter("length", "length", 9, 1, LARGEST, 1, "cells"),)),
    Kernel("mean_column", "Column mean", BLUR,
           r"w = \tfrac{1}{n} \begin{bmatrix} 1 & \cdots & 1 \end{bmatrix}^{\top}",
           "Blurs along columns only, so horizontal edges go soft and vertical edges stay sharp.",
           _BOOK, shapes.mean_column, (Parameter("length", "length", 9, 1, LARGEST, 1, "cells"),)),
    _fixed("smooth", "Centre-weighted blur", BLUR, [[1, 1, 1], [1, 5, 1], [1, 1, 1]],
           "Blurs more gently than the box, because the centre pixel keeps five of thirteen parts.",
           "Matrix as in Pillow's ImageFilter.SMOOTH.", 13),
    # ---- Sharpen
    Kernel("sharpen", "Sharpen", SHARPEN,
           r"\delta - a \begin{bmatrix} 0 & 1 & 0 \\ 1 & -4 & 1 \\ 0 & 1 & 0 \end{bmatrix}",
           "Makes edges crisper by adding each pixel's difference from its four neighbours, and leaves flat "
           "areas alone.",
           _BOOK, shapes.sharpen, (_AMOUNT,)),
    _fixed("sharpen_8", "Mean removal", SHARPEN, [[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]],
           "Sharpens strongly in all eight directions, because it adds eight times the difference from the "
           "neighbours' mean.",
           _BOOK),
    Kernel("unsharp", "Unsharp mask", SHARPEN, r"(1 + a)\,\delta - a\,G_\sigma",
           "Sharpens by adding the detail that a Gaussian blur removes, so the sum of the weights stays "
           "1.",
           _BOOK, shapes.unsharp, (_AMOUNT, _sigma(1.5), _size(9))),
    _fixed("detail", "Detail", SHARPEN, [[0, -1, 0], [-1, 10, -1], [0, -1, 0]],
           "Sharpens gently, because it adds only two thirds of the difference from the mean of four "
           "neighbours.",
           "Matrix as in Pillow's ImageFilter.DETAIL.", 6),
    Kernel("high_pass", "High-pass", SHARPEN, r"\delta - \tfrac{1}{n^2}",
           "Keeps only what differs from the local mean, so flat areas become 0 and fine detail remains.",
           _BOOK, shapes.high_pass, (_size(5),)),
    _fixed("emboss", "Emboss", SHARPEN, [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
           "Makes the picture look like relief: edges whose lower right side is brighter become lighter and "
           "the opposite ones darker.",
           _SETOSA),
    # ---- Edges
    _fixed("sobel_right", "Sobel right (finds verticals)", EDGES, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
           "Is positive on vertical edges where the right side is brighter, and gives 0 along horizontal "
           "ones.", _SOBEL),
    _fixed("sobel_left", "Sobel left", EDGES, [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
           "Is positive on vertical edges where the left side is brighter: Sobel right with the sign "
           "reversed.", _SOBEL),
    _fixed("sobel_bottom", "Sobel bottom (finds horizontals)", EDGES, [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
           "Is positive on horizontal edges where the lower side is brighter, and gives 0 along vertical "
           "ones.", _SOBEL),
    _fixed("sobel_top", "Sobel top", EDGES, [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
           "Is positive on horizontal edges where the upper side is brighter: Sobel bottom with the sign "
           "reversed.", _SOBEL),
    Kernel("sobel_angle", "Sobel at any angle", EDGES, r"\cos\theta\, S_x + \sin\theta\, S_y",
           "Is most positive where the picture brightens in the direction θ, because it measures the slope "
           "that way.",
           "Common definition (the two Sobel kernels steered); Freeman & Adelson, The Design and Use of "
           "Steerable Filters, 1991.",
           shapes.sobel_rotated, (_angle(45),)),
    _fixed("prewitt_x", "Prewitt x", EDGES, [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
           "Is positive where the right side is brighter, and counts all three rows alike.", _PREWITT),
    _fixed("prewitt_y", "Prewitt y", EDGES, [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
           "Is positive where the lower side is brighter, and counts all three columns alike.", _PREWITT),
    _fixed("scharr_x", "Scharr x", EDGES, [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]],
           "Is positive where the right side is brighter, with weights chosen so that the direction of a "
           "slanted edge is measured more exactly than with Sobel.",
           _SCHARR),
    _fixed("scharr_y", "Scharr y", EDGES, [[-3, -10, -3], [0, 0, 0], [3, 10, 3]],
           "Is positive where the lower side is brighter, with weights chosen so that the direction of a "
           "slanted edge is measured more exactly than with Sobel.",
           _SCHARR),
    _fixed("roberts_falling", "Roberts falling", EDGES, [[1, 0], [0, -1]],
           "Is positive where the upper left pixel is brighter than the lower right one, the smallest test "
           "for a slanted edge.",
           _ROBERTS),
    _fixed("roberts_rising", "Roberts rising", EDGES, [[0, 1], [-1, 0]],
           "Is positive where the upper right pixel is brighter than the lower left one, the smallest test "
           "for a slanted edge.",
           _ROBERTS),
    _fixed("central_x", "Central difference x", EDGES, [[-1, 0, 1]],
           "Measures the slope along a row, half the step from the left neighbour to the right one.",
           _DIFFERENCE, 2),
    _fixed("central_y", "Central difference y", EDGES, [[-1], [0], [1]],
           "Measures the slope down a column, half the step from the upper neighbour to the lower one.",
           _DIFFERENCE, 2),
    _fixed("forward_x", "Forward difference x", EDGES, [[-1, 1]],
           "Gives how much brighter a pixel's right neighbour is than the pixel itself, the shortest "
           "difference there is.",
           _DIFFERENCE),
    _fixed("frei_chen_x", "Frei–Chen x", EDGES, [[-1, 0, 1], [-2**0.5, 0, 2**0.5], [-1, 0, 1]],
           "Is positive where the right side is brighter, with √2 in the middle row, between Prewitt's 1 and "
           "Sobel's 2.",
           "Frei & Chen, Fast Boundary Detection: A Generalization and a New Algorithm, IEEE Trans. "
           "Computers, 1977."),
    Kernel("edge_halves", "Two halves", EDGES,
           r"w = \pm\frac{2}{n^2}, \quad - \text{ in the upper half, } + \text{ in the lower}",
           "Subtracts the mean of the upper half from the mean of the lower half, so it finds broad "
           "horizontal edges.",
           "A two-rectangle feature as in Viola & Jones, Rapid Object Detection using a Boosted Cascade of "
           "Simple Features, 2001.",
           shapes.halves, (Parameter("size", "size", 8, 2, 30, 2, "cells"),)),
    # ---- Compass
    _compass("kirsch", "Kirsch compass", [[-3, -3, 5], [-3, 0, 5], [-3, -3, 5]],
             "Is largest on edges whose brighter side lies in the chosen direction, where its three weights "
             "of 5 are.",
             "Kirsch, Computer Determination of the Constituent Structure of Biological Images, 1971; matrix "
             "as in ImageMagick."),
    _compass("robinson", "Robinson compass", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
             "Is largest on edges whose brighter side lies in the chosen direction, with Sobel's weights "
             "moved round the ring.",
             "Robinson, Edge Detection by Compass Gradient Masks, 1977."),
    _compass("prewitt_compass", "Prewitt compass", [[-1, 1, 1], [-1, -2, 1], [-1, 1, 1]],
             "Is largest on edges whose brighter side lies in the chosen direction, and subtracts twice the "
             "centre pixel.",
             "Prewitt, Object Enhancement and Extraction, 1970; matrix as in ImageMagick's Compass kernel."),
    # ---- Second derivatives
    _fixed("laplacian_4", "Laplacian, 4 neighbours", SECOND, [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
           "Gives 0 on flat areas and even slopes, and changes sign across an edge: positive on its darker "
           "side.", _BOOK),
    _fixed("laplacian_8", "Laplacian, 8 neighbours", SECOND, [[1, 1, 1], [1, -8, 1], [1, 1, 1]],
           "Works as the four-neighbour Laplacian does but counts the diagonal neighbours too, so "
           "its values on horizontal and vertical edges are three times as large.", _BOOK),
    _fixed("outline", "Outline", SECOND, [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
           "Gives 0 where all nine pixels are equal and a positive value where a pixel is brighter than its "
           "neighbours' mean.",
           _SETOSA),
    Kernel("log", "Laplacian of Gaussian", SECOND,
           r"\frac{x^2 + y^2 - 2\sigma^2}{2\pi\sigma^6} e^{-\frac{x^2 + y^2}{2\sigma^2}} - \text{mean}",
           "Blurs and takes the Laplacian in one step, so a bright spot of matching size gives a strong "
           "negative value.",
           "Marr & Hildreth, Theory of Edge Detection, 1980.", shapes.log, (_sigma(1.4), _size(9))),
    Kernel("dog", "Difference of Gaussians", SECOND, r"G_{\sigma} - G_{r\sigma}",
           "Subtracts a wide blur from a narrow one, so only details between the two sizes remain and flat "
           "areas give 0.",
           "Marr & Hildreth, Theory of Edge Detection, 1980.", shapes.dog,
           (_sigma(1, title="σ₁"), Parameter("ratio", "σ₂ ÷ σ₁", 1.6, 1.1, 4, 0.1), _size(11))),
    _fixed("second_x", "Second difference x", SECOND, [[1, -2, 1]],
           "Gives 0 on even slopes along a row and a negative value on a thin bright vertical line.",
           _DIFFERENCE),
    _fixed("second_y", "Second difference y", SECOND, [[1], [-2], [1]],
           "Gives 0 on even slopes down a column and a negative value on a thin bright horizontal line.",
           _DIFFERENCE),
    # ---- Lines and corners
    _fixed("line_horizontal", "Horizontal line", LINES, [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]],
           "Responds most to a bright horizontal line one pixel thick, and gives 0 on a vertical one.",
           _BOOK_EDGES),
    _fixed("line_vertical", "Vertical line", LINES, [[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]],
           "Responds most to a bright vertical line one pixel thick, and gives 0 on a horizontal one.",
           _BOOK_EDGES),
    _fixed("line_rising", "Rising line", LINES, [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]],
           "Responds most to a bright line that rises to the right at 45°, and gives 0 on horizontal "
           "and vertical ones.", _BOOK_EDGES),
    _fixed("line_falling", "Falling line", LINES, [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]],
           "Responds most to a bright line that falls to the right at 45°, and gives 0 on horizontal "
           "and vertical ones.", _BOOK_EDGES),
    Kernel("corner", "Bright corner", LINES, r"w = 3 \text{ in one quarter, } -1 \text{ in the other three}",
           "Responds most where exactly one quarter of its window is bright, and a third less on a straight "
           "edge.",
           _THIS_PROJECT, shapes.corner,
           (Parameter("corner", "corner (0 top left, then clockwise)", 0, 0, 3, 1),)),
    _fixed("corner_cross", "Mixed difference", LINES, [[1, 0, -1], [0, 0, 0], [-1, 0, 1]],
           "Gives 0 on horizontal and vertical edges and responds at their corners: the slope in x of the "
           "slope in y.", _DIFFERENCE, 4),
    # ---- Waves and texture
    Kernel("gabor", "Gabor", WAVES,
           r"e^{-\frac{x'^2 + y'^2/4}{2\sigma^2}} \cos\!\left(\frac{2\pi x'}{\lambda} + \varphi\right), "
           r"\quad x' = x\cos\theta + y\sin\theta,\ y' = -x\sin\theta + y\cos\theta",
           "Responds to stripes of its own wavelength that follow one another in the direction θ, and gives "
           "0 on flat areas.",
           "Daugman, Uncertainty Relation for Resolution in Space, Spatial Frequency, and Orientation, 1985; "
           "sum set to 0 here.",
           shapes.gabor,
           (Parameter("wavelength", "wavelength", 6, 3, 20, 0.5, "pixels"), _angle(0, 180), _sigma(2.5),
            Parameter("phase", "phase", 0, 0, 360, 1.0, "degrees"), _size(15))),
    _fixed("checkerboard", "Checkerboard", WAVES, [[1, -1], [-1, 1]],
           "Responds most to a checkerboard of single pixels and gives 0 on horizontal and vertical edges.",
           _THIS_PROJECT),
    _fixed("laws_spot", "Laws spot", WAVES,
           [[1, 0, -2, 0, 1], [0, 0, 0, 0, 0], [-2, 0, 4, 0, -2], [0, 0, 0, 0, 0],
           [1, 0, -2, 0, 1]],
           "Responds to bright spots on a darker ground and gives 0 on flat areas and on straight "
           "horizontal or vertical edges.", _LAWS),
    _fixed("laws_ripple", "Laws ripple", WAVES,
           [[1, -4, 6, -4, 1], [-4, 16, -24, 16, -4], [6, -24, 36, -24, 6],
           [-4, 16, -24, 16, -4], [1, -4, 6, -4, 1]],
           "Responds most to single-pixel ripples in both directions, and gives 0 on flat areas and even "
           "slopes.", _LAWS),
)  # fmt: skip
