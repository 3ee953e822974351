"""Writes SVG elements with every text and attribute escaped."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# on paper no stylesheet reaches into a drawing; in the page it does and wins
FONTS = "BIZ UDPGothic, Noto Sans CJK JP, IPAexGothic, sans-serif"


def number(value: float) -> str:
    """Return a coordinate with at most two decimals and no useless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def el(name: str, *children: str, **attributes: float | str | None) -> SafeString:
    """Return the element `name`; children that are not already safe are escaped.

    Attribute names are written `stroke_width`, `class_`; None leaves an attribute out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = join(children)
    # name and keys are literals of this package, values and children were escaped above
    return mark_safe(f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>")  # noqa: S308


def join(parts: Iterable[str]) -> SafeString:
    """Return the parts one after the other, each escaped unless it is safe already."""
    # a SafeString passes conditional escaping unchanged, everything else is escaped
    return mark_safe("".join(p if isinstance(p, SafeString) else str(escape(p)) for p in parts))  # noqa: S308


def _value(value: float | str) -> str:
    return str(escape(value)) if isinstance(value, str) else number(value)


def fitted(text: str, width: float, size: float) -> str:
    """Return the text, cut at a word with an ellipsis where it would be wider than `width`.

    Widths are estimated (full-width signs a square, others 0.56 of it): nobody measures here.
    """
    if _width(text, size) <= width:
        return text
    words = text.split(" ")
    while len(words) > 1 and _width(" ".join(words) + "…", size) > width:
        words.pop()
    kept = " ".join(words)
    while len(kept) > 1 and _width(kept + "…", size) > width:
        kept = kept[:-1]
    return f"{kept}…"


def _width(text: str, size: float) -> float:
    return sum(size if ord(sign) > 0x2E7F else size * 0.56 for sign in text)


def canvas(
    name: str, width: float, height: float, *children: str, linked: bool = False, **extra: str
) -> SafeString:
    """Return an <svg> called `name`: one image, or a group when what is inside can be followed."""
    return el(
        "svg",
        *children,
        width=width,
        height=height,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="group" if linked else "img",
        aria_label=name,
        font_family=FONTS,
        **extra,
    )
