"""Lines of styled parts: wrapped with a hanging indent, set side by side, and made into content at the end. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len, chop_cells
from textual.content import Content

Part = tuple[str, str]
"""A text and its style."""
Line = list[Part]

_TOKENS = re.compile(r" +|[^ ]+")


def cells(line: Iterable[Part]) -> int:
    """The width of a line in cells."""
    return sum(cell_len(text) for text, _ in line)


def flowed(head: Iterable[Part], parts: Iterable[Part], width: int, indent: int) -> list[Line]:
    """A paragraph in lines of at most `width` cells: the head begins the first, the others are indented."""
    lines = [list(head)]
    used = start = cells(lines[0])
    for gap, word in _words(parts, max(1, width - max(indent, start))):
        long = cells(word)
        if used > start and used + gap + long > width:
            lines.append([(" " * indent, "")])
            used = start = indent
            gap = 0
        _add(lines[-1], " " * gap, word)
        used += gap + long
    return lines


def beside(left: Sequence[Line], right: Sequence[Line], column: int) -> list[Line]:
    """Two blocks of lines, the right one from a column on."""
    none: Line = []
    return [
        [*one, (" " * (column - cells(one)), ""), *other] if other else one
        for one, other in zip_longest(left, right, fillvalue=none)
    ]


def content(lines: Iterable[Line]) -> Content:
    """The lines as they are painted."""
    return Content.assemble(*(part for line in lines for part in (*line, ("\n", "")))).rstrip()


def _add(line: Line, gap: str, word: Line) -> None:
    """Add a word, as one part with what stands there in the same style."""
    (text, style), *further = word
    if line and line[-1][1] == style:
        line[-1] = (line[-1][0] + gap + text, style)
    else:
        line += [(gap, ""), (text, style)] if gap else [(text, style)]
    line += further


def _words(parts: Iterable[Part], room: int) -> Iterator[tuple[int, Line]]:
    """Each word with the spaces before it; a word too long for a line is broken, one of several styles is not."""
    gap = 0
    word: Line = []
    for text, style in parts:
        for token in _TOKENS.findall(text):
            if token[0] == " ":
                if word:
                    yield gap, word
                gap, word = (gap if not word else 0) + len(token), []
                continue
            *broken, last = chop_cells(token, room) if cell_len(token) > room else [token]
            for piece in broken:
                if word:
                    yield gap, word
                yield gap if not word else 0, [(piece, style)]
                gap, word = 0, []
            word = [*word, (last, style)]
    if word:
        yield gap, word
