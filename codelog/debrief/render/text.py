"""The report as plain lines, for a terminal or an e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from codelog.debrief.picture import picture_text
from codelog.debrief.render.layout import lay_out
from codelog.debrief.render.page import Block, Cell, Facts, Items, Picture, Prose, Section, Table, ref_words
from codelog.debrief.render.wrapping import columns, padded, wrapped
from codelog.debrief.report.value import DebriefReport

WIDTH = 100
LEAST_WIDTH = 60
_ENTRIES = 12
"""The share of the column of entries, as the columns of a table have theirs."""
_LONGEST_WORD = 14
"""A column is made wide enough for words up to this length, where there is room."""


def report_text(report: DebriefReport, width: int = WIDTH) -> Iterator[str]:
    """The report in lines of at most `width` columns, 60 at least. Nothing in them can act on a terminal."""
    width = max(width, LEAST_WIDTH)
    page = lay_out(report)
    heading = "   ".join(part for part in (page.title.upper(), f"case {page.case}", page.mark) if part)
    yield heading
    yield "=" * min(width, len(heading))
    for warning in page.warnings:
        yield from _hanging("!! ", _said(warning), width)
    for section in (*page.front, *page.inside):
        yield from _section(section, report, width)
    yield ""
    yield from wrapped(" ".join(part for part in (page.mark, page.foot) if part), width)


def _section(section: Section, report: DebriefReport, width: int) -> Iterator[str]:
    yield ""
    yield section.title.upper()
    for block in section.blocks:
        yield from _block(block, report, width)


def _block(block: Block, report: DebriefReport, width: int) -> Iterator[str]:
    if isinstance(block, Prose):
        yield from wrapped(" ".join(map(_said, block.cells)), width)
    elif isinstance(block, Facts):
        margin = max((columns(name) for name, _ in block.rows), default=0) + 2
        for name, value in block.rows:
            yield from _hanging(padded(name, margin), _said(value), width)
    elif isinstance(block, Items):
        yield from wrapped(f"{block.title}:", width)
        for one in block.cells:
            yield from _hanging("- ", _said(one), width)
    elif isinstance(block, Picture):
        yield from picture_text(report, width)
    else:
        yield from _table(block, width)


def _said(cell: Cell) -> str:
    refs = ref_words(cell.events)
    return f"{cell.text} [{refs}]" if refs else cell.text


def _hanging(head: str, text: str, width: int) -> Iterator[str]:
    """The text beside its head, or under it where that leaves no room."""
    indent = columns(head)
    if indent > width // 2:
        yield from wrapped(head, width)
        head, indent = "  ", 2
    for number, line in enumerate(wrapped(text, width - indent)):
        yield f"{head if number == 0 else ' ' * indent}{line}".rstrip()


# Tables


def _table(table: Table, width: int) -> Iterator[str]:
    heads = [*(column.label for column in table.columns), "entries"]
    rows = [[*(cell.text for cell in row.cells), ref_words(row.events)] for row in table.rows]
    shares = [*(column.share for column in table.columns), _ENTRIES]
    widths = _widths([heads, *rows], shares, width)
    right = [*(column.right for column in table.columns), False]
    yield from wrapped(f"{table.caption}:", width)
    if widths is None:
        for row in rows:
            said = (f"{head} {text}" for head, text in zip(heads, row, strict=True) if text)
            yield from _hanging("- ", " | ".join(said), width)
    else:
        for line in (heads, ["-" * of for of in widths], *rows):
            yield from _line(line, widths, right)


def _widths(rows: Sequence[Sequence[str]], shares: Sequence[int], width: int) -> list[int] | None:
    """Each column as wide as it needs to be; those for which there is no room get of the rest by their shares.

    None where not even the words fit: such a table is better told row by row.
    """
    by_column = list(zip(*rows, strict=True))
    wanted = [max(map(columns, texts)) for texts in by_column]
    widths = [min(_LONGEST_WORD, max(map(_longest_word, texts))) for texts in by_column]
    room = width - 2 * (len(shares) - 1)
    if sum(widths) > room:
        return None
    while (spare := room - sum(widths)) > 0:
        short = [at for at in range(len(shares)) if widths[at] < wanted[at]]
        if not short:
            break
        total = sum(shares[at] for at in short)
        for at in short:
            widths[at] = min(wanted[at], widths[at] + max(1, spare * shares[at] // total))
            if sum(widths) >= room:
                break
    return widths


def _longest_word(text: str) -> int:
    return max(map(columns, text.split()), default=1)


def _line(cells: Iterable[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    blocks = [wrapped(text, of) for text, of in zip(cells, widths, strict=True)]
    for at in range(max(map(len, blocks))):
        parts = (block[at] if at < len(block) else "" for block in blocks)
        placed = zip(parts, widths, right, strict=True)
        yield "  ".join(padded(part, of, right=to_right) for part, of, to_right in placed).rstrip()
