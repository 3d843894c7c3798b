"""Protocols: the thresholds the rules run with, each with its source."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from codelog.case.vocabulary import SETTINGS
from codelog.clinical.evidence import LOCAL, STATUSES, Evidence, Status, check_verified, read_sources
from codelog.clinical.problems import ClinicalDataError, Problem, shown, valid_instead
from codelog.clinical.tables import load_tables
from codelog.clinical.toml_table import TomlTable, parse_toml, read_bytes

ClockStart = Literal["need_or_first_attempt", "need", "first_attempt"]
Value = int | bool | str | None

DEFAULT_PROTOCOL = "gomella"
CLOCK_STARTS: tuple[ClockStart, ...] = ("need_or_first_attempt", "need", "first_attempt")

_SHIPPED = (DEFAULT_PROTOCOL, "nrp", "pals", "ems-2-90", "erc-pls")
_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_YEAR_HOURS = 8_784
_SETTINGS = "--set"
"""What the faults of settings are told under."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every parameter of a protocol, by the names the rules use; the unit is in the name, volumes in mL/kg.

    A limit that is None does not exist.
    """

    attempts_limit: int | None
    seconds_limit: int | None
    operator_rule: bool
    io_after_uvc: bool
    io_first_in_arrest: bool
    clock_starts: ClockStart
    io_silence_seconds: int
    confirm_seconds: int
    same_bone_hours: int
    limb_check_minutes: int
    dwell_warning_hours: int
    dwell_hours: int
    remove_after_minutes: int
    volume_single: int
    volume_limit: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number: its value, its source as text for people, whether it was read there, who approved it."""

    value: Value
    source: str
    status: Status
    approved_by: str | None


@dataclass(frozen=True)
class Protocol:
    """A protocol as read, with the bytes of its file."""

    id: str
    version: str
    title: str
    status: Status
    ages: tuple[str, ...]
    settings: tuple[str, ...]
    content: bytes = field(repr=False)
    parameters: Mapping[str, Parameter]
    thresholds: Thresholds

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of its file, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def sources(self) -> Mapping[str, str]:
        """Parameter -> the text of its source."""
        return {name: parameter.source for name, parameter in self.parameters.items()}


def _whole(least: int, most: int) -> Callable[[TomlTable], Value]:
    return lambda table: table.whole("value", least, most)


def _limit(most: int) -> Callable[[TomlTable], Value]:
    return lambda table: table.whole_or_none("value", 1, most)


def _switch(table: TomlTable) -> Value:
    return table.boolean("value")


def _clock_start(table: TomlTable) -> Value:
    return table.choice("value", CLOCK_STARTS)


_READERS: Mapping[str, Callable[[TomlTable], Value]] = {
    "attempts_limit": _limit(20),
    "seconds_limit": _limit(3_600),
    "operator_rule": _switch,
    "io_after_uvc": _switch,
    "io_first_in_arrest": _switch,
    "clock_starts": _clock_start,
    "io_silence_seconds": _whole(1, 3_600),
    "confirm_seconds": _whole(1, 3_600),
    "same_bone_hours": _whole(1, _YEAR_HOURS),
    "limb_check_minutes": _whole(1, 1_440),
    "dwell_warning_hours": _whole(1, 168),
    "dwell_hours": _whole(1, 168),
    "remove_after_minutes": _whole(1, 1_440),
    "volume_single": _whole(1, 500),
    "volume_limit": _whole(1, 500),
}
_IN_ORDER = (("dwell_warning_hours", "dwell_hours"), ("volume_single", "volume_limit"))


def shipped_protocols() -> list[str]:
    """The ids of the protocols that ship with the program, the default first."""
    return list(_SHIPPED)


def load_protocol(name_or_path: str | Path) -> Protocol:
    """The shipped protocol of that id, or the one in that file. Raises ClinicalDataError."""
    content, name = _content(name_or_path)
    return _Reader(content, name).protocol()


def with_settings(protocol: Protocol, settings: Mapping[str, str]) -> Protocol:
    """The protocol with parameters set to values as a protocol file writes them, for trying it out.

    The same is refused as in a file, with ClinicalDataError; `settings` maps names to texts such as `60` or `none`.
    """
    given = TomlTable(_SETTINGS, {name: {"value": _setting(text)} for name, text in settings.items()})
    given.allow(*_READERS)
    read = {name: _READERS[name](given.table(name)) for name in settings}
    values = {name: parameter.value for name, parameter in protocol.parameters.items()} | read
    _check_order(values, lambda text, name: given.error(text, name))
    changed = {
        name: Parameter(value, "set for trying it out", "unverified", None) for name, value in read.items()
    }
    lines = "".join(f"\n# {name} = {settings[name]}" for name in sorted(settings))
    return dataclasses.replace(
        protocol,
        status="unverified",
        content=protocol.content + lines.encode(),
        parameters=MappingProxyType({**protocol.parameters, **changed}),
        thresholds=Thresholds(**values),  # type: ignore[arg-type]
    )


def _setting(text: str) -> Value:
    """A value as it would stand in a file; quotes are not asked for."""
    if text in ("true", "false"):
        return text == "true"
    # A longer number is no value of any parameter.
    return int(text) if re.fullmatch("-?[0-9]{1,9}", text) else text


def _check_order(values: Mapping[str, Any], error: Callable[[str, str], ClinicalDataError]) -> None:
    """Of two parameters that have an order, the smaller one may not be the larger."""
    for smaller, larger in _IN_ORDER:
        if values[smaller] > values[larger]:
            raise error(
                f"expected at most the {values[larger]} of {larger}, found {values[smaller]}", smaller
            )


def check_protocol(content: bytes, name: str) -> list[Problem]:
    """Every fault of a protocol file, `name` being what to call it; none if it can be used."""
    try:
        return _Reader(content, name).problems()
    except ClinicalDataError as error:
        return [error.problem]


def _content(name_or_path: str | Path) -> tuple[bytes, str]:
    """The bytes of a protocol and the name its faults are told under."""
    name = str(name_or_path)
    if name_or_path in _SHIPPED:
        file = f"{name}.toml"
        return read_bytes(resources.files("codelog.clinical") / "protocols" / file, file), file
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and path.name == name and path.suffix != ".toml" and not path.exists():
        instead = valid_instead(name, "id", _SHIPPED)
        raise ClinicalDataError(
            Problem(name, "", f"neither the id of a shipped protocol nor a file; {instead}")
        )
    return read_bytes(path, name), name


class _Reader:
    """Reads one protocol file in parts, each of which can fail without the others."""

    def __init__(self, content: bytes, name: str) -> None:
        self._content = content
        self._document = parse_toml(content, name)
        self._tables = load_tables()

    def problems(self) -> list[Problem]:
        """Every fault; one between parts shows only when each part is sound alone."""
        parts: list[Callable[[], object]] = [
            self._check_keys,
            self._id,
            self._version,
            self._title,
            self._status,
            self._ages,
            self._settings,
            self._check_names,
            *(partial(self._parameter, name) for name in _READERS),
        ]
        found = [problem for part in parts for problem in _fault(part)]
        return list(dict.fromkeys(found)) or _fault(self.protocol)

    def protocol(self) -> Protocol:
        """The whole protocol; raises at its first fault."""
        self._check_keys()
        self._check_names()
        parameters = {name: self._parameter(name) for name in _READERS}
        values: dict[str, Any] = {name: parameter.value for name, parameter in parameters.items()}
        _check_order(values, lambda text, name: self._document.error(text, "parameters", name, "value"))
        return Protocol(
            id=self._id(),
            version=self._version(),
            title=self._title(),
            status=self._status(),
            ages=self._ages(),
            settings=self._settings(),
            content=self._content,
            parameters=MappingProxyType(parameters),
            thresholds=Thresholds(**values),
        )

    def _check_keys(self) -> None:
        self._document.allow("id", "version", "title", "status", "ages", "settings", "parameters")

    def _id(self) -> str:
        id = self._document.text("id")
        if not _ID.fullmatch(id):
            text = f"expected lower-case letters and digits joined by hyphens, found {shown(id)}"
            raise self._document.error(text, "id")
        return id

    def _version(self) -> str:
        return self._document.text("version")

    def _title(self) -> str:
        return self._document.text("title")

    def _status(self) -> Status:
        return self._document.choice("status", STATUSES)

    def _ages(self) -> tuple[str, ...]:
        return self._document.choices("ages", self._tables.age_bands)

    def _settings(self) -> tuple[str, ...]:
        return self._document.choices("settings", SETTINGS)

    def _check_names(self) -> None:
        self._document.table("parameters").allow(*_READERS)

    def _parameter(self, name: str) -> Parameter:
        table = self._document.table("parameters").table(name)
        table.allow("value", "source", "status", "approved_by")
        value = _READERS[name](table)
        approved_by = table.text("approved_by") if "approved_by" in table else None
        sources = read_sources(table, self._tables.sources, own_words=True)
        status = self._parameter_status(table, local=LOCAL in sources)
        check_verified(table, Evidence(sources, status), self._tables.sources)
        return Parameter(value, self._tables.citations(sources), status, approved_by)

    def _parameter_status(self, table: TomlTable, local: bool) -> Status:
        """What the parameter says, else what the protocol says; a local default is never verified."""
        promised: Status = "unverified" if local else self._status()
        status = table.choice("status", STATUSES) if "status" in table else promised
        if promised == "verified" and status == "unverified":
            text = f'expected "verified" like the protocol, unless the source is "{LOCAL}"'
            raise table.error(text, "status")
        return status


def _fault(part: Callable[[], object]) -> list[Problem]:
    try:
        part()
    except ClinicalDataError as error:
        return [error.problem]
    return []
