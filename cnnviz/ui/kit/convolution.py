"""The controls of a convolution that several pages have: declared once, with what differs as arguments."""

from __future__ import annotations

from typing import Literal

from cnnviz.ui.kit.controls import Choice, Switch

__all__ = ["flip_switch", "padding_choice", "padding_mode_choice"]


def padding_choice(
    key: str, own: tuple[str, str], default: Literal["valid", "same"], last: str = ""
) -> Choice:
    """None, same, or the page's `own` (id, label) way to say how much; `last` closes the help."""
    options = {"valid": "none", "same": "same", own[0]: own[1]}
    help_text = (
        "*None* keeps to the picture, so the output is smaller. *Same* adds as many cells as keep the size "
        f"at stride 1; an odd one goes to the bottom and the right. {last}"
    )
    return Choice(key, "Padding", options, default, help=help_text.strip())


def padding_mode_choice(key: str, default: str) -> Choice:
    """What stands in the padding."""
    return Choice(
        key,
        "What stands in the padding",
        {"zeros": "zeros", "reflect": "reflect", "replicate": "replicate", "circular": "circular"},
        default,
        help="Zeros, as in most networks; the picture mirrored at its border; its border cells repeated; or "
        "its other side, as on a tiled wall.",
        kind="select",
    )


def flip_switch(key: str) -> Switch:
    """Convolution as in mathematics, in place of cross-correlation."""
    return Switch(
        key,
        "Convolution (kernel turned by 180°)",
        help="Off, as in deep learning: the kernel lies on the picture as it is drawn, which mathematics "
        "calls cross-correlation. On: it is turned by 180° first, which is the convolution of mathematics.",
    )
