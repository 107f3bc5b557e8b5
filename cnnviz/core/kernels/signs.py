"""The signs of a pasted text as a keyboard has them: minus signs, spaces, fractions, full width, LaTeX."""

from __future__ import annotations

import re

_VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5",
    "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
    "⅑": "1/9", "⅒": "1/10",
}  # fmt: skip
_SIGNS = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full width
        **dict.fromkeys("−‐‑‒–—―˗﹣➖", "-"),
        **dict.fromkeys("⁄∕÷", "/"),
        **dict.fromkeys("×·⋅∙∗", "*"),
        **dict.fromkeys("\u00a0\u0085\u1680\u205f\u3000\ufeff\u200b\v\f", " "),
        **dict.fromkeys("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u200a", " "),
        "\r": "\n",
        "\u2028": "\n",
        "\u2029": "\n",
        "\u2009": "\u202f",
        "…": "...",
        "﹢": "+",
        "\u066b": ",",
    }
)
# LaTeX, in this order: what the pattern finds becomes what stands behind it.
_LATEX = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"\{,\}", ","),
        (r"\\\\(?:\[[0-9.]{1,9}[a-z]{2}\])?", "\n"),
        (r"\\begin\{(?:[bBpvV]?(?:small)?matrix\*?|array)\}(?:\[[lcr]\])?(?:\{[lcr| ]{0,99}\})?", "["),
        (r"\\end\{[A-Za-z*]{1,20}\}", "]"),
        (r"\\[dt]?frac\{([^{}\\\n]{1,40})\}\{([^{}\\\n]{1,40})\}", r"\1/\2 "),
        (r"\\[dt]?frac ?([0-9])([0-9])", r"\1/\2 "),
        (r"\\(?:cdot|times|ast)(?![A-Za-z])", "*"),
        (r"\\(?:left|right|[bB]igg?|displaystyle|hline|q?quad)(?![A-Za-z])|\\[,;:!() \[\]]|\$", " "),
    )
)


def plain(text: str) -> str:
    """The text with the signs of a keyboard; a narrow space between groups of digits stays one."""
    text = text.replace("\r\n", "\n").translate(_SIGNS)
    text = re.sub(rf"(?<![0-9])[{''.join(_VULGAR)}](?![0-9])", lambda found: _VULGAR[found[0]], text)
    if "\\" in text or "{,}" in text:
        for pattern, new in _LATEX:
            text = pattern.sub(new, text)
    return re.sub("\u202f(?![0-9]{3}(?![0-9]))|(?<![0-9])\u202f", " ", text)
