"""Reports for the tests: of scenarios, of facts by hand, and ways to look through one."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from codelog.case.events import Event, read_data
from codelog.case.instants import parse_elapsed
from codelog.case.scenario import ZERO, read_scenario
from codelog.clinical.protocols import Protocol, load_protocol
from codelog.clinical.tables import load_tables
from codelog.debrief.report.as_json import report_json
from codelog.debrief.report.figures import Interval
from codelog.debrief.report.value import DebriefReport, build_report
from codelog.live.replay import replayed_events
from codelog.log.chain import Break, Intact

TABLES = load_tables()
GOMELLA = load_protocol("gomella")
VOCABULARY = TABLES.vocabulary()
SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.jsonl"))
GENERATED = ZERO + 1_000_000_000
HEAD = "a" * 64

OPENS = (0.0, "case.opened", {"setting": "nicu", "zero": "birth", "mode": "training"})
Fact = tuple[float, str, dict[str, Any]]


def scenario(name: str) -> Path:
    """A published scenario by its name."""
    return next(path for path in SCENARIOS if path.stem == name)


def events_of(path: Path, protocol: Protocol = GOMELLA) -> list[Event]:
    """The events that a scenario makes."""
    return replayed_events(read_scenario(path.read_bytes(), VOCABULARY), protocol, TABLES)


def report_of(
    events: Sequence[Event],
    protocol: Protocol = GOMELLA,
    *,
    chain: Mapping[str, Intact | Break] | None = None,
    generated_at: int = GENERATED,
) -> DebriefReport:
    """The report of events, every chain intact unless told otherwise."""
    counts: dict[str, int] = {}
    for event in events:
        counts[event.terminal] = counts.get(event.terminal, 0) + 1
    found = {terminal: Intact(count, HEAD) for terminal, count in counts.items()} if chain is None else chain
    return build_report(
        events, protocol, TABLES, chain=found, generated_at=generated_at, version="codelog test"
    )


def replayed(*rows: tuple[str, str, dict[str, Any]], **keys: Any) -> DebriefReport:
    """The report of a scenario of these rows (time, kind, data); `recorded` in data is when it was entered."""
    lines = [("0:00", "case.opened", OPENS[2]), *rows]
    content = "".join(json.dumps(_line(*line)) + "\n" for line in lines).encode()
    return report_of(replayed_events(read_scenario(content, VOCABULARY), GOMELLA, TABLES), **keys)


def _line(at: str, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    if kind == "scenario.end":
        return {"at": at, "kind": kind}
    late = {"recorded": data["recorded"]} if "recorded" in data else {}
    return {"at": at, "kind": kind, "data": {k: v for k, v in data.items() if k != "recorded"}} | late


def event_of(
    seq: int,
    at: float,
    kind: str,
    data: dict[str, Any],
    *,
    recorded: float | None = None,
    terminal: str = "t",
) -> Event:
    """An event `at` seconds from zero, as a log may hold it; entered at `recorded`."""
    return Event(
        case="c",
        terminal=terminal,
        seq=seq,
        prev="0" * 64,
        at=ZERO + round(at * 1000),
        basis="live",
        within_ms=None,
        recorded_at=ZERO + round((at if recorded is None else recorded) * 1000),
        boot="b",
        boot_ms=0,
        by="codelog" if kind in ("flag.raised", "flag.cleared", "clock.stepped") else "scribe",
        data=read_data(kind, data, None),
    )


def log_of(*facts: Fact, terminal: str = "t") -> list[Event]:
    """An opened case and then these facts (seconds, kind, data), entered in this order."""
    return [event_of(seq, *fact, terminal=terminal) for seq, fact in enumerate((OPENS, *facts), start=1)]


def interval(report: DebriefReport, id: str, index: int = 0) -> Interval:
    """One interval of a report."""
    return [found for found in report.intervals if found.id == id][index]


def spans(report: DebriefReport, id: str) -> list[int | None]:
    """The spans of all intervals of one id."""
    return [found.ms for found in report.intervals if found.id == id]


def ms(elapsed: str) -> int:
    """Milliseconds of `M:SS`."""
    return parse_elapsed(elapsed)


def parts(value: Any) -> Iterator[Any]:
    """Every dataclass in a value, itself included."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in dataclasses.fields(value):
            yield from parts(getattr(value, field.name))
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from parts(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from parts(part)


def figures(report: DebriefReport, *left_out: str) -> Any:
    """The report as plain JSON values without the keys `left_out`, at any depth."""
    return _without(json.loads(report_json(report)), frozenset(left_out))


def _without(value: Any, left_out: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(part, left_out) for key, part in value.items() if key not in left_out}
    if isinstance(value, list):
        return [_without(part, left_out) for part in value]
    return value
