"""Titles that kernels once had: menus write the title into the link, and old links keep their meaning."""

from __future__ import annotations

OLD_TITLES = {"Level line": "line_level", "Upright line": "line_upright"}
"""Title of older links → id."""
