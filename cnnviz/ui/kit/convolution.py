"""The controls of a convolution that several pages have: declared once, with what differs as arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cnnviz.ui.kit.controls import Choice, Switch

__all__ = ["flip_switch", "padding_choice", "padding_mode_choice"]


def padding_choice(
    key: str,
    custom: tuple[str, str],
    default: Literal["valid", "same"],
    last: str = "",
    aliases: Mapping[str, str] | None = None,
) -> Choice:
    """None, same, or the page's own (id, label) way to say how much; `last` closes the help."""
    options = {"valid": "none", "same": "same", custom[0]: custom[1]}
    help_text = (
        "*None* adds nothing, so the output is smaller. *Same* adds as many cells as keep the size at "
        f"stride 1; an odd one goes to the bottom and the right. {last}"
    )
    return Choice(key, "Padding", options, default, help=help_text.strip(), aliases=aliases or {})


def padding_mode_choice(key: str, default: str) -> Choice:
    """What the padding is filled with."""
    return Choice(
        key,
        "Fill the border with",
        {"zeros": "zeros", "reflect": "reflect", "replicate": "replicate", "circular": "circular"},
        default,
        help="*Zeros*, as in most networks. *Reflect* mirrors the picture at its border, *replicate* repeats "
        "its border cells, *circular* goes on at its other side, as on a tiled wall.",
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
