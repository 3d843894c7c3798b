"""Which key does what: the registry of actions, with the keys that somebody chose instead."""

from __future__ import annotations

import difflib
import string
from collections.abc import Mapping
from dataclasses import replace

from codelog.terminal.actions import ACTIONS, SIGNS, Action

FIXED = frozenset({"up", "down", "left", "right", "enter"})
"""Keys that mean something in every question and on every sheet: their actions keep them."""

CHOOSABLE = frozenset({*string.ascii_lowercase, *(f"f{number}" for number in range(1, 11)), "tab", *SIGNS})
"""Keys that every terminal sends and that can be given to an action, as a terminal names them."""

_RIGHT = f"choose a letter, F1 to F10, Tab or a sign ({' '.join(SIGNS.values())})"
_TAKEN = {"enter", "space", "backspace", "up", "down", "left", "right"}


class KeymapError(ValueError):
    """A choice of keys that cannot be: `id` is the action it is for, the message what would be right."""

    def __init__(self, id: str, sentence: str) -> None:
        super().__init__(sentence)
        self.id = id


class Keymap:
    """The actions with the keys they have here, in the order of the registry."""

    def __init__(self, actions: tuple[Action, ...] = ACTIONS) -> None:
        self.actions = actions
        self._by_id = {action.id: action for action in actions}
        self._by_key = {action.key: action for action in actions}

    def __getitem__(self, id: str) -> Action:
        return self._by_id[id]

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def at(self, key: str) -> Action | None:
        """The action of a key, if it has one."""
        return self._by_key.get(key)

    def key(self, id: str) -> str:
        """The key of an action as it is printed."""
        return self._by_id[id].key_words

    def in_group(self, group: str) -> list[Action]:
        """The actions of a group, in order."""
        return [action for action in self.actions if action.group == group]

    def having(self, chosen: Mapping[str, str]) -> Keymap:
        """With other keys for some actions: action id -> key as people write it. Raises KeymapError."""
        for id in chosen:
            self._check_action(id)
        keys = {id: _read_key(id, key) for id, key in chosen.items()}
        actions = tuple(replace(action, key=keys.get(action.id, action.key)) for action in self.actions)
        for id, key in keys.items():
            for other in actions:
                if other.key == key and other.id != id:
                    raise KeymapError(
                        id,
                        f"{other.key_words} is the key of {other.id} ({other.name}) as well; "
                        "choose another key for one of the two",
                    )
        return Keymap(actions)

    def _check_action(self, id: str) -> None:
        if id not in self._by_id:
            near = difflib.get_close_matches(id, self._by_id, n=1)
            hint = f"the nearest is {near[0]}" if near else "`codelog keys` lists them"
            raise KeymapError(id, f"there is no such action; {hint}")
        if self._by_id[id].key in FIXED:
            raise KeymapError(id, f"always has the key {self.key(id)}, which means the same everywhere")


def _read_key(id: str, written: str) -> str:
    """A key as a terminal names it, from what people write: `a`, `F9`, `Tab`, `:`."""
    name = {sign: key for key, sign in SIGNS.items()}.get(written, written.strip().lower())
    if name in CHOOSABLE:
        return name
    shown = f'"{written}"' if len(written) <= 20 and written.isprintable() else "this"
    if name.isdigit() and len(name) == 1:
        raise KeymapError(id, f"{shown} is a digit, and digits only describe; {_RIGHT}")
    if name in _TAKEN:
        raise KeymapError(id, f"{shown} answers questions and moves, and can do nothing else; {_RIGHT}")
    raise KeymapError(id, f"{shown} is not a key that every terminal sends; {_RIGHT}")


DEFAULT_KEYMAP = Keymap()
