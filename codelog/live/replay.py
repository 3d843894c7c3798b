"""Replay: a scenario played through the recorder and the watcher on a virtual clock."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from codelog.case.codec import decode
from codelog.case.events import CORRECTIONS, Event
from codelog.case.instants import format_instant, parse_elapsed
from codelog.case.scenario import ZERO, Scenario, ScenarioError, ScenarioLine
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.live.clock import VirtualClock
from codelog.live.journal import MemoryJournal
from codelog.live.recorder import Recorder, Request, RequestRefused

TERMINAL = "replay"
SCRIBE = "scribe"


def replay(scenario: Scenario, protocol: Protocol, tables: Tables) -> list[str]:
    """The log that a scenario makes, as lines: the same lines every time.

    Time moves from line to line through every instant at which a rule comes due. ScenarioError names the line that
    cannot be played.
    """
    clock = VirtualClock(ZERO)
    journal = MemoryJournal(case_id(scenario, protocol), TERMINAL)
    recorder = Recorder(journal, clock, protocol, tables, strict=True)
    seqs: dict[int, int] = {}
    for entered, group in groupby(scenario.lines, key=lambda line: line.entered):
        _run_until(recorder, clock, entered, inclusive=False)
        clock.elapsed = entered
        lines = list(group)
        numbered = len(recorder.events)
        first = {line.number: numbered + place for place, line in enumerate(lines, start=1)}
        requests = [_request(line, seqs | first) for line in lines]
        try:
            recorded = recorder.record(*requests)
        except RequestRefused as error:
            raise ScenarioError(lines[error.index].number, str(error)) from None
        seqs |= {line.number: event.seq for line, event in zip(lines, recorded.entries, strict=True)}
    _run_until(recorder, clock, scenario.runs_until, inclusive=True)
    if recorder.failures:
        raise next(iter(recorder.failures.values()))
    return journal.lines


def replayed_events(scenario: Scenario, protocol: Protocol, tables: Tables) -> list[Event]:
    """The events of `replay`."""
    return [decode(line) for line in replay(scenario, protocol, tables)]


def case_id(scenario: Scenario, protocol: Protocol) -> str:
    """The case id of a replay: SHA-256 of the protocol's digest and the file's bytes, as a version 8 UUID."""
    digest = hashlib.sha256(bytes.fromhex(protocol.digest) + scenario.content).digest()
    raw = bytearray(digest[:16])
    raw[6] = 0x80 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    return str(uuid.UUID(bytes=bytes(raw)))


def _run_until(recorder: Recorder, clock: VirtualClock, until: int, *, inclusive: bool) -> None:
    while True:
        wait = recorder.next_due() if recorder.events else None
        if wait is None:
            return
        due = clock.elapsed + wait
        if due > until or (due == until and not inclusive):
            return
        clock.elapsed = due
        recorder.wake()


def _request(line: ScenarioLine, seqs: Mapping[int, int]) -> Request:
    data: dict[str, Any] = dict(line.data)
    if line.kind in CORRECTIONS:
        data["target"] = seqs[data["target"]]
        if line.kind == "event.amended":
            data["changes"] = _changes(line)
    return Request(
        kind=line.kind,
        data=data,
        by=line.by or SCRIBE,
        at=ZERO + line.at,
        basis=line.basis,
        within_ms=line.within_ms,
    )


def _changes(line: ScenarioLine) -> dict[str, Any]:
    changes = dict(line.data["changes"])
    if "at" in changes:
        changes["at"] = format_instant(ZERO + parse_elapsed(changes["at"]))
    return changes
