"""Text from people, made harmless for a terminal."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters that draw nothing of their own or steer what is drawn around them."""

_JOINERS = "\u200c\u200d"
"""Needed to write some scripts, and unable to reorder or hide anything."""

_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def plain(text: str, limit: int | None = None) -> str:
    """The text with everything invisible shown as an escape; beyond `limit` characters cut, saying how many went."""
    kept = text if limit is None else text[:limit]
    shown = kept if kept.isascii() and kept.isprintable() else "".join(map(_shown, kept))
    return shown if len(kept) == len(text) else f"{shown}... ({len(text) - len(kept)} more characters)"


def _shown(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    if code < 0x100:
        return _SHORT.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
