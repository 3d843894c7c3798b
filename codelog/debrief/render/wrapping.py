"""Text in lines of a terminal, by the columns that letters take up there: some take two, some none."""

from __future__ import annotations

from codelog.debrief.picture import lettering


def columns(text: str) -> int:
    """How many columns a text takes up."""
    return len(text) if text.isascii() else lettering.columns(text)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, at least one line; a longer word is broken."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        wanted = columns(word)
        if line and used + 1 + wanted <= width:
            line, used = f"{line} {word}", used + 1 + wanted
            continue
        if line:
            lines.append(line)
        while wanted > width:
            cut = _fitting(word, width)
            lines.append(word[:cut])
            word, wanted = word[cut:], columns(word[cut:])
        line, used = word, wanted
    return [*lines, line] if line or not lines else lines


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text with spaces up to `width` columns; `right` puts it at their end."""
    spaces = " " * (width - columns(text))
    return spaces + text if right else text + spaces


def _fitting(word: str, width: int) -> int:
    """How many letters of a word fit, one at least."""
    used = 0
    for at, letter in enumerate(word):
        used += columns(letter)
        if at and used > width:
            return at
    return len(word)
