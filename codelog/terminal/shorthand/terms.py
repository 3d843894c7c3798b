"""What can be said in words: terms, made of the clinical tables, and the phrases that say each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from codelog.terminal.shorthand.shortforms import SHORT

Phrase = tuple[str, ...]

_JOINED = re.compile(r"(?<=[0-9]) (?=%|mm\b)")
_DROPPED = str.maketrans("", "", "(),")


class _Labelled(Protocol):
    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that can be said; the first of its phrases is offered first. What makes no sense now is not `offered`."""

    value: Any
    phrases: tuple[Phrase, ...]
    offered: bool = True


def term(value: Any, *phrases: str) -> Term:
    """A term said by these phrases."""
    return Term(value, tuple(dict.fromkeys(_words(phrase) for phrase in phrases)))


def terms(list_name: str, table: Mapping[str, _Labelled], *, but: Sequence[str] = ()) -> list[Term]:
    """The terms of a table."""
    return [Term(id, phrases(list_name, id, entry.label)) for id, entry in table.items() if id not in but]


def fixed(list_name: str, ids: Iterable[str], *, but: Sequence[str] = ()) -> list[Term]:
    """The terms of a list that the log format fixes."""
    return [Term(id, phrases(list_name, id)) for id in ids if id not in but]


@cache
def phrases(list_name: str, id: str, label: str = "") -> tuple[Phrase, ...]:
    """How an id can be said. An id with a bare number in it is not said in words: `glucose 10 mL` is a volume."""
    short = [_words(phrase) for phrase in SHORT.get(list_name, {}).get(id, ())]
    spoken = id.split("_")
    counted = any(part.isdigit() for part in spoken)
    said = [] if counted else [tuple(part.casefold() for part in spoken)]
    found = [*said, *short, _words(label)]
    return tuple(dict.fromkeys(phrase for phrase in (*found, (id.casefold(),)) if phrase))


def _words(text: str) -> Phrase:
    return tuple(_JOINED.sub("", text.casefold()).translate(_DROPPED).split())
