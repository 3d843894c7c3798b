"""What a laid out report is made of. Every printer knows these few shapes and nothing of a resuscitation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from codelog.case.events import Ref
from codelog.debrief.plain import plain

Tone = Literal["plain", "strong", "quiet", "good", "warn"]
"""How a cell is set. Only ever beside words that say the same."""

LONGEST = 1500
"""Of a longer text from people so many characters are printed, and how many more there are."""
_LONG_WORD = re.compile(r"\S{25,}")
_PIECE = 8
_MOST_REFS = 10
"""Of more stretches of event numbers than these, the first are printed; the JSON has them all."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text, and the entries it rests on."""

    text: str
    events: tuple[Ref, ...] = ()
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its `share` of the width; figures stand `right`."""

    label: str
    share: int
    right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: a cell for each column, and the entries behind it. Of the entries `about` this is the place to look up."""

    cells: tuple[Cell, ...]
    events: tuple[Ref, ...]
    about: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with rows; every printer adds the column of entries."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what is known of each."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """Sentences that run on."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `title` says of what."""

    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The place of the picture of the case."""

    caption: str


Block = Table | Facts | Prose | Items | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a title; `id` is its place in a document."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A report laid out: `front` fits one page of paper unless the case is very long, `inside` is what follows.

    `mark` stands on every page: that the case is a training, or that nothing says it is not. `foot` does too.
    """

    title: str
    case: str
    mark: str
    warnings: tuple[Cell, ...]
    front: tuple[Section, ...]
    inside: tuple[Section, ...]
    foot: str

    def looked_up(self) -> Iterator[Ref]:
        """The entries that have a place to look them up."""
        for section in (*self.front, *self.inside):
            for block in section.blocks:
                if isinstance(block, Table):
                    yield from (ref for row in block.rows for ref in row.about)


def cell(text: str, events: Iterable[Ref] = (), tone: Tone = "plain") -> Cell:
    """A cell of text from anywhere: what could hide or reorder anything in it is shown as an escape."""
    return Cell(plain(text, LONGEST), tuple(events), tone)


def row(events: Iterable[Ref], *values: object, about: Iterable[Ref] = ()) -> Row:
    """A row of cells; what is none becomes the text of one, None an empty one."""
    made = (one if isinstance(one, Cell) else cell("" if one is None else str(one)) for one in values)
    return Row(tuple(made), tuple(events), tuple(about))


def quiet(words: str) -> Prose:
    """A sentence that says that there is nothing to show."""
    return Prose((Cell(words, tone="quiet"),))


def pieces(text: str) -> list[str]:
    """The text in pieces, of which only a very long word has several: between them a line may be broken."""
    found, at = [], 0
    for word in _LONG_WORD.finditer(text):
        cuts = range(word.start() + _PIECE, word.end() - _PIECE + 1, _PIECE)
        for cut in cuts:
            found.append(text[at:cut])
            at = cut
    return [*found, text[at:]]


def stretches(events: Iterable[Ref]) -> tuple[list[tuple[Ref, Ref]], int]:
    """Event numbers as stretches from the first to the last, and how many numbers were left out of them."""
    found: list[tuple[Ref, Ref]] = []
    left_out = 0
    for ref in _in_order(events):
        if found and isinstance(ref, int) and found[-1][1] == ref - 1:
            found[-1] = found[-1][0], ref
        elif len(found) == _MOST_REFS:
            left_out += 1
        else:
            found.append((ref, ref))
    return found, left_out


def ref_words(events: Iterable[Ref]) -> str:
    """Event numbers as they are printed: `#5 #7-9`."""
    found, left_out = stretches(events)
    words = [f"#{plain(str(first))}" if first == last else f"#{first}-{last}" for first, last in found]
    return " ".join([*words, *([f"and {left_out} more"] if left_out else [])])


def _in_order(events: Iterable[Ref]) -> list[Ref]:
    refs = dict.fromkeys(events)
    own = sorted(ref for ref in refs if isinstance(ref, int))
    return [*own, *(ref for ref in refs if not isinstance(ref, int))]
