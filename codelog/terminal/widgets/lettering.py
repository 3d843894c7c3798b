"""Letters to be read from across the room, built of half blocks that every terminal has. Pure."""

from __future__ import annotations

from functools import cache

HEIGHT = 5
"""Pixels of a letter; two of them make the height of one row of the screen."""

_GAP = 1
_GLYPHS = {
    "0": "### #.# #.# #.# ###",
    "1": ".#. ##. .#. .#. ###",
    "2": "### ..# ### #.. ###",
    "3": "### ..# .## ..# ###",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###",
    "7": "### ..# ..# ..# ..#",
    "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###",
    "A": ".##. #..# #### #..# #..#",
    "B": "###. #..# ###. #..# ###.",
    "C": ".### #... #... #... .###",
    "D": "###. #..# #..# #..# ###.",
    "E": "### #.. ##. #.. ###",
    "F": "### #.. ##. #.. #..",
    "G": ".### #... #.## #..# .###",
    "H": "#..# #..# #### #..# #..#",
    "I": "### .#. .#. .#. ###",
    "J": "..# ..# ..# #.# .#.",
    "K": "#..# #.#. ##.. #.#. #..#",
    "L": "#.. #.. #.. #.. ###",
    "M": "#...# ##.## #.#.# #...# #...#",
    "N": "#..# ##.# #.## #..# #..#",
    "O": ".##. #..# #..# #..# .##.",
    "P": "###. #..# ###. #... #...",
    "Q": ".##. #..# #..# #.#. .#.#",
    "R": "###. #..# ###. #.#. #..#",
    "S": ".### #... .##. ...# ###.",
    "T": "### .#. .#. .#. .#.",
    "U": "#..# #..# #..# #..# .##.",
    "V": "#...# #...# .#.#. .#.#. ..#..",
    "W": "#...# #...# #.#.# ##.## #...#",
    "X": "#.# #.# .#. #.# #.#",
    "Y": "#.# #.# .#. .#. .#.",
    "Z": "### ..# .#. #.. ###",
    " ": ".. .. .. .. ..",
    ":": ". # . # .",
    ".": ". . . . #",
    ",": ".. .. .. .# #.",
    "-": "... ... ### ... ...",
    "+": "... .#. ### .#. ...",
    "*": "..#.. #.#.# .###. #.#.# ..#..",
    "/": "..# ..# .#. #.. #..",
    "%": "#.# ..# .#. #.. #.#",
    "(": ".# #. #. #. .#",
    ")": "#. .# .# .# #.",
    "'": "# # . . .",
}
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def can_write(text: str) -> bool:
    """Whether there is a letter for every character."""
    return all(character in _GLYPHS for character in text.upper())


def width(text: str, scale: int = 1) -> int:
    """How many columns `lettered` takes."""
    return scale * max(0, sum(len(_rows(character)[0]) + _GAP for character in text.upper()) - _GAP)


def rows(scale: int = 1) -> int:
    """How many rows `lettered` takes."""
    return -(-HEIGHT * scale // 2)


def lettered(text: str, scale: int = 1) -> list[str]:
    """The text as rows of blocks, `scale` columns to a pixel. Only for what `can_write`."""
    pixels = ["" for _ in range(HEIGHT)]
    for number, character in enumerate(text.upper()):
        gap = "." * _GAP if number else ""
        for row, part in enumerate(_rows(character)):
            pixels[row] += gap + part
    tall = ["".join(pixel * scale for pixel in row) for row in pixels for _ in range(scale)]
    if len(tall) % 2:
        tall.append("." * len(tall[0]))
    return [
        "".join(_BLOCKS[upper == "#", lower == "#"] for upper, lower in zip(above, below))
        for above, below in zip(tall[::2], tall[1::2])
    ]


@cache
def _rows(character: str) -> tuple[str, ...]:
    return tuple(_GLYPHS[character].split(" "))
