"""Titles and ids that kernels once had: old links hold them and keep their meaning."""

from __future__ import annotations

OLD_NAMES = {
    "Level line": "line_horizontal",
    "Upright line": "line_vertical",
    "line_level": "line_horizontal",
    "line_upright": "line_vertical",
}
"""Title or id in older links → id of today."""
