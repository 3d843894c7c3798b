"""The key card: every key on one page, to lie beside the keyboard. As text of 80 columns, and as a page to print."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import zip_longest
from textwrap import wrap

from codelog import __version__
from codelog.terminal.actions import GROUPS
from codelog.terminal.keymap import Keymap

WIDTH, HEIGHT = 80, 60
GRAMMAR = (
    "Letters act: a letter is an entry, saved at the instant of the press.",
    "Digits describe: they answer the question about it. Nothing has to be answered.",
    "The next letter closes the question; what was said so far is kept.",
)
DIGITS = (
    ("1-9", "the numbered answer"),
    ("0", "more answers"),
    ("0-9", "a number, where one is asked for"),
    ("Enter, Space", "take it, or pass over"),
    ("Backspace", "one back"),
)
_TITLE = f"codelog {__version__}: keys"
_COLUMN = (WIDTH - 2) // 2
_KEY = 6

Group = tuple[str, list[tuple[str, str, str]]]


def _groups(keymap: Keymap) -> list[Group]:
    """Each group with key, name and words of its actions."""
    return [
        (group, [(action.key_words, action.name, action.words) for action in keymap.in_group(group)])
        for group in GROUPS
    ]


def card_text(keymap: Keymap) -> str:
    """The card in at most 80 columns and 60 rows."""
    blocks = [_block(*group) for group in _groups(keymap)]
    rows = zip_longest(*_two_columns(blocks), fillvalue="")
    head = [_TITLE, "─" * WIDTH, *GRAMMAR, *_digits(), "─" * WIDTH]
    return "\n".join([*head, *(f"{left:<{_COLUMN + 2}}{right}".rstrip() for left, right in rows)]) + "\n"


def _digits() -> list[str]:
    return wrap("   ".join(f"{keys} {words}" for keys, words in DIGITS), WIDTH)


def _block(group: str, entries: Sequence[tuple[str, str, str]]) -> list[str]:
    lines = [group.upper()]
    for key, name, words in entries:
        lines += wrap(
            f"{name}: {words}",
            _COLUMN,
            initial_indent=f"{key:>{_KEY - 1}} ",
            subsequent_indent=" " * (_KEY + 2),
        )
    return lines


def _two_columns(blocks: Sequence[list[str]]) -> tuple[list[str], list[str]]:
    """The blocks in order in two columns, cut where the taller of the two is lowest."""

    def column(part: Sequence[list[str]]) -> list[str]:
        return [line for block in part for line in (*block, "")][:-1]

    cuts = [(column(blocks[:cut]), column(blocks[cut:])) for cut in range(1, len(blocks) + 1)]
    return min(cuts, key=lambda columns: max(map(len, columns)))


_STYLE = """
@page { size: A4; margin: 12mm; }
body { font: 9.5pt/1.3 system-ui, sans-serif; max-width: 186mm; margin: 0 auto; color: #000; background: #fff; }
h1 { font-size: 14pt; margin: 0 0 2mm; }
p { margin: 0 0 1mm; }
main { columns: 2; column-gap: 8mm; margin-top: 4mm; }
section { break-inside: avoid; margin-bottom: 3mm; }
h2 { font-size: 11pt; margin: 0 0 1mm; border-bottom: 1px solid #000; }
dl { display: grid; grid-template-columns: 12mm 1fr; gap: 0.6mm 2mm; margin: 0; }
dd { margin: 0; }
kbd { font: bold 9pt ui-monospace, monospace; border: 1px solid #000; border-radius: 2px; padding: 0 1mm; }
"""


def card_html(keymap: Keymap) -> str:
    """The card as one page of A4 or Letter that needs nothing from elsewhere."""
    sections = "".join(
        f"<section><h2>{escape(group)}</h2><dl>"
        + "".join(
            f"<dt><kbd>{escape(key)}</kbd></dt><dd><b>{escape(name)}</b>: {escape(words)}</dd>"
            for key, name, words in entries
        )
        + "</dl></section>\n"
        for group, entries in _groups(keymap)
    )
    grammar = "".join(f"<p>{escape(line)}</p>\n" for line in GRAMMAR)
    digits = " &nbsp; ".join(f"<kbd>{escape(keys)}</kbd> {escape(words)}" for keys, words in DIGITS)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(_TITLE)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(_TITLE)}</h1>\n{grammar}<p>{digits}</p>\n<main>\n{sections}</main>\n</body>\n</html>\n"
    )
