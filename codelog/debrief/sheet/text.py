"""A sheet as plain lines, for a terminal or an e-mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from codelog.debrief.sheet.sheet import Block, Drawing, Grid, Sheet, Words

WIDTH = 100
_LEAST_COLUMN = 16


def sheet_text(sheet: Sheet, width: int = WIDTH) -> Iterator[str]:
    """The sheet in lines of `width` characters where its figures fit that. Nothing in them can act on a terminal."""
    heading = "   ".join(part for part in (sheet.title.upper(), sheet.mark) if part)
    yield heading
    yield "=" * len(heading)
    for sentence in sheet.lead:
        yield from _wrapped(sentence, width)
    for chapter in sheet.chapters:
        yield ""
        yield chapter.title.upper()
        for block in chapter.blocks:
            yield from _block(block, width)
    yield ""
    yield from _wrapped(sheet.foot, width)


def _block(block: Block, width: int) -> Iterator[str]:
    if isinstance(block, Words):
        yield from _wrapped(block.text, width)
    elif isinstance(block, Drawing):
        yield from _wrapped(f"{block.caption}: {block.told}", width)
    else:
        yield from _grid(block, width)


def _grid(block: Grid, width: int) -> Iterator[str]:
    yield from _wrapped(f"{block.caption}:", width)
    heads = tuple(column.label for column in block.columns)
    lines = [heads, *block.rows]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    # Only words are broken, and of those the longest column first.
    while sum(widths) + 2 * (len(widths) - 1) > width:
        most = max(range(len(widths)), key=lambda at: 0 if block.columns[at].right else widths[at])
        if block.columns[most].right or widths[most] <= _LEAST_COLUMN:
            break
        widths[most] -= 1
    for cells in (heads, tuple("-" * of for of in widths), *block.rows):
        yield from _row(cells, widths, block)


def _row(cells: Sequence[str], widths: Sequence[int], block: Grid) -> Iterator[str]:
    parts = [textwrap.wrap(cell, of) or [""] for cell, of in zip(cells, widths, strict=True)]
    for at in range(max(map(len, parts))):
        placed = [
            f"{of_cell[at] if at < len(of_cell) else '':{'>' if column.right else '<'}{of}}"
            for of_cell, column, of in zip(parts, block.columns, widths, strict=True)
        ]
        yield "  ".join(placed).rstrip()


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]
