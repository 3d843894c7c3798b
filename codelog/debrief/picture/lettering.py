"""How wide letters come out. Nobody knows the font that a page will be read in, so the wider of two common ones counts."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

Measure = Callable[[str], float]
"""The width of a text, in the units that a drawing is laid out in."""

_WIDTHS = {
    300: "'Iijl",
    350: " ,./:;\\|",
    400: "()-[]ft",
    450: "!r",
    500: '"*J`',
    550: "csz",
    600: "?L_kvxy",
    650: "$0123456789FTabdeghnopqu{}",
    700: "ABEKPSVXYZ",
    750: "CNRU",
    800: "&DGHOQ",
    850: "#+<=>^w~",
    900: "M",
    950: "%",
    1000: "Wm",
    1050: "@",
}
"""In thousandths of the font size, by letter: the wider of DejaVu Sans and Liberation Sans, rounded up."""
_BY_LETTER = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_WIDE, _OTHER = 1050, 850
_CUT = "..."


def text_width(text: str, size: float) -> float:
    """The most that a text takes up at a font size."""
    return sum(map(_letter_width, text)) * size / 1000


def columns(text: str) -> int:
    """How many columns of a terminal a text takes up."""
    return sum(_columns(letter) for letter in text)


def cut(text: str, room: float, measure: Measure) -> str:
    """The text, or as much of it as fits with dots at its end; nothing where not even they fit."""
    if measure(text) <= room:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if measure(text[:middle] + _CUT) <= room:
            fits = middle
        else:
            too_long = middle
    return text[:fits].rstrip() + _CUT if fits else ""


def _letter_width(letter: str) -> int:
    width = _BY_LETTER.get(letter)
    if width is not None:
        return width
    if unicodedata.combining(letter):
        return 0
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _OTHER


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
