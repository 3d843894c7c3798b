"""What an installation can choose: a TOML file that is checked strictly, and the defaults where it says nothing.

A file with a fault counts for nothing and the fault is told, so that a case can be opened whatever stands in it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from codelog.case.vocabulary import PRIORITIES
from codelog.clinical.problems import ClinicalDataError, Problem, valid_instead
from codelog.clinical.toml_table import TomlTable, parse_toml, read_bytes
from codelog.terminal.keymap import DEFAULT_KEYMAP, FIXED, Keymap, KeymapError

LOOKS = ("auto", "dark", "light", "contrast", "ansi")
_LONGEST_S = 86_400
_LONGEST_ROLE = 40


@dataclass(frozen=True)
class Config:
    """The choices as they hold. Lists are in the order in which digits offer them; seconds and mL/kg are whole."""

    theme: str = "auto"
    bell: tuple[str, ...] = ()
    flash: bool = False
    snooze_seconds: tuple[int, ...] = (30, 60, 120)
    ago_seconds: tuple[int, ...] = (30, 60, 120, 300, 600)
    bolus_ml_per_kg: tuple[int, ...] = (10, 20, 5)
    operator_roles: tuple[str, ...] = ("doctor", "nurse", "midwife", "paramedic", "anaesthetist")
    keymap: Keymap = DEFAULT_KEYMAP


@dataclass(frozen=True, slots=True)
class Option:
    """What one key of the file means, and how its value is read; the reader gets the table and the key."""

    words: str
    read: Callable[[TomlTable, str], Any]


def _look(table: TomlTable, key: str) -> str:
    return table.choice(key, LOOKS)


def _priorities(table: TomlTable, key: str) -> tuple[str, ...]:
    return table.choices(key, PRIORITIES, may_be_empty=True)


def _switch(table: TomlTable, key: str) -> bool:
    return table.boolean(key)


def _wholes(most: int) -> Callable[[TomlTable, str], tuple[int, ...]]:
    return lambda table, key: _answers(table, key, table.wholes(key, 1, most))


def _roles(table: TomlTable, key: str) -> tuple[str, ...]:
    roles = _answers(table, key, table.texts(key))
    if any(len(role) > _LONGEST_ROLE for role in roles):
        raise table.error(f"expected roles of at most {_LONGEST_ROLE} characters", key)
    return roles


def _answers(table: TomlTable, key: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    if not 1 <= len(values) <= 9:
        raise table.error(f"expected 1 to 9 entries, a digit for each, found {len(values)}", key)
    if len(set(values)) < len(values):
        raise table.error("expected each entry once, found one twice", key)
    return values


OPTIONS: Mapping[str, Option] = {
    "theme": Option(
        "Colours: dark, light, contrast, ansi (those of the terminal), or auto, which looks at the terminal.",
        _look,
    ),
    "bell": Option(
        'Priorities of flags that ring the bell when they are raised: "high", "medium", "low".', _priorities
    ),
    "flash": Option(
        "Whether the marks of a high flag flash, once a second. No other flag ever does.", _switch
    ),
    "snooze_seconds": Option("For how many seconds a flag can be put off.", _wholes(_LONGEST_S)),
    "ago_seconds": Option("How many seconds ago an entry can have happened.", _wholes(_LONGEST_S)),
    "bolus_ml_per_kg": Option("Volumes of a fluid bolus that are offered, in mL/kg.", _wholes(100)),
    "operator_roles": Option("Who may have tried, where nobody of the team has a name yet.", _roles),
}
"""Every key of the file, in the order in which they are shown; the table [keys] comes after them."""

KEYS_WORDS = "Action = key. A letter, F1 to F10, Tab or a sign; an action that is not named keeps its key. See `codelog keys`."


def config_path() -> Path:
    """Where the file is looked for: CODELOG_CONFIG, else the user's folder for configuration."""
    named = os.environ.get("CODELOG_CONFIG")
    if named:
        return Path(named)
    import platformdirs

    return platformdirs.user_config_path("codelog", appauthor=False) / "config.toml"


def load_config() -> tuple[Config, list[Problem]]:
    """The choices that hold, and what is wrong with the file: the defaults where there is none, or one with faults."""
    path = config_path()
    if not os.environ.get("CODELOG_CONFIG") and not os.path.lexists(path):
        return Config(), []
    try:
        return read_config(read_bytes(path, str(path)), str(path))
    except ClinicalDataError as error:
        return Config(), [error.problem]


def read_config(content: bytes, file: str) -> tuple[Config, list[Problem]]:
    """The choices in a file's bytes and every fault of it; with a fault, the defaults. `file` is what to call it."""
    try:
        table = parse_toml(content, file)
    except ClinicalDataError as error:
        return Config(), [error.problem]
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name in table:
        try:
            if name == "keys":
                values["keymap"] = _keymap(table.table(name))
            elif name in OPTIONS:
                values[name] = OPTIONS[name].read(table, name)
            else:
                raise table.error(f"unknown key; {valid_instead(name, 'key', (*OPTIONS, 'keys'))}", name)
        except ClinicalDataError as error:
            problems.append(replace(error.problem, line=_line_of(error.problem.key, content)))
    return (Config(), problems) if problems else (Config(**values), [])


def _keymap(table: TomlTable) -> Keymap:
    try:
        return DEFAULT_KEYMAP.having(dict(table.texts_below()))
    except KeymapError as error:
        raise table.error(str(error), *error.id.split(".")) from None


def _line_of(key: str, content: bytes) -> int | None:
    """The line on which a dotted key is written, as far as a plain look can tell."""
    above = ""
    for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
        if header := re.match(r"\s*\[([^\[\]]+)\]", line):
            above = _bare(header[1]) + "."
            written = _bare(header[1])
        else:
            written = above + _bare(line.partition("=")[0])
        if written == _bare(key):
            return number
    return None


def _bare(key: str) -> str:
    return re.sub(r"[\s\"']", "", key)


def config_values(config: Config) -> dict[str, Any]:
    """The choices by the keys of the file, every key of an action that can be chosen among them."""
    chosen = {action.id: action.key_words for action in config.keymap.actions if action.key not in FIXED}
    values = {name: getattr(config, name) for name in OPTIONS}
    listed = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return listed | {"keys": chosen}


def config_toml(config: Config) -> str:
    """The choices as a file that says the same, with a comment on each."""
    lines = []
    values = config_values(config)
    keys = values.pop("keys")
    for name, value in values.items():
        lines += [f"# {OPTIONS[name].words}", f"{name} = {json.dumps(value, ensure_ascii=False)}", ""]
    lines += [f"# {KEYS_WORDS}", "[keys]"]
    for id, key in keys.items():
        action = config.keymap[id]
        entry = f'"{id}" = "{key}"'
        lines.append(f"{entry:<32} # {action.name}: {action.words}")
    return "\n".join(lines) + "\n"
