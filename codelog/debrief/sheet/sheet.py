"""What a sheet is made of. Every printer knows these few shapes and nothing of what they tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codelog.debrief.plain import plain

LONGEST = 200
"""Of a longer text from people so many characters are printed, and how many more there are."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a grid: its `share` of the width; figures stand `right`."""

    label: str
    share: int
    right: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of short texts."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart; `told` says in words what is in it. Every figure of it stands in a grid beside it."""

    caption: str
    svg: str
    told: str


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences that run on."""

    text: str


Block = Grid | Drawing | Words


@dataclass(frozen=True, slots=True)
class Chapter:
    """Blocks under a title; `id` is its place in a document."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole report. `mark` stands on every page of paper, and `foot` does."""

    title: str
    mark: str
    lead: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    foot: str


def grid(caption: str, columns: Sequence[Column], rows: Iterable[Iterable[str]]) -> Grid:
    """A table of texts from anywhere: what could hide or reorder anything in them is shown as an escape."""
    shown = tuple(tuple(plain(text, LONGEST) for text in row) for row in rows)
    return Grid(plain(caption), tuple(columns), shown)


def words(*sentences: str) -> Words:
    """A paragraph of sentences from anywhere."""
    return Words(" ".join(plain(sentence, 10 * LONGEST) for sentence in sentences if sentence))
