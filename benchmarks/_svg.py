"""Small line charts as SVG, readable on light and dark pages, without any library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 160, 40, 50
COLOURS = ("#1f5fc4", "#a4510b", "#0d7a55", "#7b3fa0")
DASHES = ("", "7 4", "2 4", "10 3 2 3")


@dataclass(frozen=True)
class Axis:
    """From the smallest to the largest value; logarithmic with whole powers of ten, or linear from 0."""

    title: str
    low: float
    high: float
    log: bool

    @classmethod
    def around(cls, title: str, values: Sequence[float], log: bool) -> Axis:
        if log:
            return cls(
                title,
                10 ** math.floor(math.log10(min(values))),
                10 ** math.ceil(math.log10(max(values))),
                True,
            )
        step = 10 ** math.floor(math.log10(max(values)))
        return cls(title, 0.0, math.ceil(max(values) / step * 2) * step / 2, False)

    def share(self, value: float) -> float:
        """Where a value lies between both ends, 0 to 1."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        if self.log:
            return [10.0**p for p in range(round(math.log10(self.low)), round(math.log10(self.high)) + 1)]
        return [self.high * i / 5 for i in range(6)]


def _text(x: float, y: float, text: str, attributes: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {attributes}>{escape(text)}</text>'


def _label(value: float, log: bool) -> str:
    power = round(math.log10(value)) if value > 0 else 0
    if log and abs(power) > 3:
        return "10" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(power))
    return f"{value:g}"


def _frame(title: str, across: Axis, up: Axis) -> list[str]:
    """Title, both axes, their ticks and grid lines."""
    inner_w, inner_h = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    parts = [_text(LEFT, 22, title, 'font-weight="600" font-size="16"')]
    for value in across.ticks():
        x = LEFT + across.share(value) * inner_w
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{TOP + inner_h}"/>')
        parts.append(_text(x, TOP + inner_h + 18, _label(value, across.log), 'text-anchor="middle"'))
    for value in up.ticks():
        y = TOP + (1 - up.share(value)) * inner_h
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{LEFT + inner_w}"/>')
        parts.append(_text(LEFT - 8, y + 4, _label(value, up.log), 'text-anchor="end"'))
    parts.append(_text(LEFT + inner_w / 2, HEIGHT - 10, across.title, 'text-anchor="middle"'))
    middle = TOP + inner_h / 2
    parts.append(_text(16, middle, up.title, f'text-anchor="middle" transform="rotate(-90 16 {middle:.1f})"'))
    return parts


def _line(index: int, name: str, points: Points, across: Axis, up: Axis, label_at: float) -> list[str]:
    inner_w, inner_h = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    colour, dash = COLOURS[index % 4], DASHES[index % 4]
    at = [(LEFT + across.share(x) * inner_w, TOP + (1 - up.share(y)) * inner_h) for x, y in points]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at)
    style = f'stroke="{colour}" stroke-dasharray="{dash}"'
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in at]
    label = _text(LEFT + inner_w + 10, label_at, name, f'fill="{colour}" font-weight="600"')
    return [f'<path d="{path}" fill="none" stroke-width="2" {style}/>', *dots, label]


def _label_heights(lines: Mapping[str, Points], up: Axis) -> dict[str, float]:
    """Each name at the height of its line's last point, pushed down where two would touch."""
    inner_h = HEIGHT - TOP - BOTTOM
    wanted = sorted(
        (TOP + (1 - up.share(points[-1][1])) * inner_h + 4, name) for name, points in lines.items()
    )
    heights, last = {}, 0.0
    for height, name in wanted:
        last = heights[name] = max(height, last + 18)
    return heights


def chart(title: str, titles: tuple[str, str], lines: Mapping[str, Points], log: tuple[bool, bool]) -> str:
    """A chart of named lines; `titles` and `log` are for the x axis and the y axis."""
    across = Axis.around(titles[0], [x for points in lines.values() for x, _ in points], log[0])
    up = Axis.around(titles[1], [y for points in lines.values() for _, y in points], log[1])
    heights = _label_heights(lines, up)
    parts = _frame(title, across, up)
    for index, (name, points) in enumerate(lines.items()):
        parts += _line(index, name, points, across, up, heights[name])
    style = "text{font:13px sans-serif}.grid{stroke:#cfd5e0;stroke-width:1;fill:none}"
    label = f"{title}: {titles[1]} against {titles[0]}, for {', '.join(lines)}."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(label)}"><style>{style}</style>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>' + "\n".join(parts) + "</svg>\n"
    )
