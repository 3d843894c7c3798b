"""The foot of the screen: what the keys do, or the question that a digit answers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len
from textual.content import Content

from codelog.debrief.plain import plain
from codelog.terminal.actions import Action
from codelog.terminal.keymap import Keymap
from codelog.terminal.strip import MORE, Choice, Strip

Part = tuple[str, str]
Cell = list[Part]
_GAP = 3
_KEY = "bold $key"
ROWS = (("Access",), ("Line", "Screen"), ("Give", "Entry"), ("Child",), ("Record",))
"""The groups on one line each, named by the first, within 78 columns. The keys that answer a flag stand in its banner."""


@lru_cache(maxsize=1)
def legend(keymap: Keymap) -> Content:
    """The keys in their groups."""
    lines = []
    for groups in ROWS:
        parts: list[Part] = []
        for group in groups:
            parts.append((f"{group:<8}" if not parts else "   ", "$quiet"))
            for action in keymap.in_group(group):
                if not action.in_foot:
                    continue
                parts += [*_key(action), ("  ", "")]
        lines.append(Content.assemble(*parts).rstrip())
    return Content("\n").join(lines)


def keys(keymap: Keymap, *ids: str, style: str = _KEY) -> list[Part]:
    """Some keys with their names; the style is that of the keys."""
    parts: list[Part] = []
    for id in ids:
        parts += [*_key(keymap[id], style), ("  ", "")]
    return parts


def _key(action: Action, style: str = _KEY) -> list[Part]:
    return [(action.key_words, style), (f" {action.name}", "")]


def question(strip: Strip, width: int, letters: str = "any letter goes on") -> Content:
    """The strip's question with its numbered choices, in as many columns as fit."""
    step = strip.step
    if step is None:
        return Content("")
    said = " · ".join(plain(said, 60) for said in strip.said)
    head: list[Part] = [
        (plain(strip.title, 100), "bold $primary"),
        (f" · {said}" if said else "", ""),
        ("  ", ""),
    ]
    head.append((step.prompt, "bold"))
    if step.number is not None:
        shown = step.number.words(int(strip.typed)) if strip.typed else "…"
        head += [("  ", ""), (f" {shown} ", "bold reverse")]
    if strip.complaint:
        head.append((f"  {strip.complaint}", "bold $error"))
    lines = [Content.assemble(*head), *_columns(strip.shown, width)]
    lines.append(_hint(strip, letters))
    return Content("\n").join(lines)


def _hint(strip: Strip, letters: str) -> Content:
    step = strip.step
    assert step is not None
    parts: list[Part] = []
    if strip.pages > 1:
        parts += [(str(MORE), "bold $key"), (f" more ({strip.page + 1} of {strip.pages})   ", "")]
    enter = "take it" if strip.typed else step.skips_to
    parts += [
        ("Enter", "bold $key"),
        (f" {enter}   ", ""),
        ("Backspace", "bold $key"),
        (" leave   " if strip.first else " back   ", ""),
    ]
    parts.append((letters, "$quiet"))
    return Content.assemble(*parts)


def _columns(choices: Sequence[Choice], width: int) -> list[Content]:
    if not choices:
        return []
    cells = [_choice(number, choice) for number, choice in enumerate(choices, start=1)]
    layouts = [_in_columns(cells, count) for count in (3, 2, 1)]
    columns, widths = next((layout for layout in layouts if sum(layout[1]) - _GAP <= width), layouts[-1])
    return [
        _line([column[row] for column in columns if row < len(column)], widths)
        for row in range(len(columns[0]))
    ]


def _in_columns(cells: list[Cell], count: int) -> tuple[list[list[Cell]], list[int]]:
    rows = -(-len(cells) // count)
    columns = [cells[first : first + rows] for first in range(0, len(cells), rows)]
    return columns, [max(map(_cells, column)) + _GAP for column in columns]


def _line(cells: Sequence[Cell], widths: Sequence[int]) -> Content:
    parts: list[Part] = []
    for cell, width in zip(cells, widths):
        parts += [*cell, (" " * (width - _cells(cell)), "")]
    return Content.assemble(*parts).rstrip()


def _cells(cell: Cell) -> int:
    return sum(cell_len(text) for text, _ in cell)


def _choice(number: int, choice: Choice) -> Cell:
    words = plain(choice.words, 70)
    parts: list[Part] = [(str(number), "bold $key"), (" ", "")]
    if choice.marked:
        parts.append(("✓ ", "bold $success"))
    if choice.against is not None:
        return [*parts, (words, "strike $quiet"), (f" ruled out: {plain(choice.against, 40)}", "$error")]
    parts.append((words, ""))
    if choice.remark is not None:
        parts.append((f": {choice.remark}", "$warning"))
    return parts
