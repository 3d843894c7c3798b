"""How a fault in a file is told: one sentence with the file, the key and what would be right."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `key` is dotted, and empty for the whole file; `line` is known for syntax errors only."""

    file: str
    key: str
    text: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.key, self.text) if part) + "."


class ClinicalDataError(Exception):
    """A table or protocol cannot be used; the message is `problem` as one sentence."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def shown(value: object) -> str:
    """A value as its file would write it, on one line and cut to a readable length."""
    if isinstance(value, dict):
        return "a table"
    try:
        text = json.dumps(value, default=str)
    except ValueError:  # a number with more digits than Python turns into text
        return "a number beyond all bounds"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def valid_instead(word: str, noun: str, valid: Iterable[str]) -> str:
    """What to write in place of an unknown word: the nearest valid one, or all of them where none is near."""
    words = list(valid)
    near = difflib.get_close_matches(word, words, n=1)
    if near:
        return f"the nearest valid {noun} is {shown(near[0])}"
    return f"valid here: {', '.join(words)}" if words else f"no {noun} is valid here"
