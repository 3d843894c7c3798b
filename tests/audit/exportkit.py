"""Stores with cases, and exports of them, for the tests of the export."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from codelog.audit.export import Outcome, Request, write_export
from codelog.audit.manifest import Origin
from codelog.audit.signing import CheckpointSource
from codelog.case.codec import GENESIS, digest, encode
from codelog.case.events import Event, read_data
from codelog.case.scenario import read_scenario
from codelog.clinical.protocols import load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.protocols import keep_protocol
from codelog.live.replay import replay
from codelog.log.guards import GUARDS
from codelog.log.store import Store, open_store
from tests.log.log_lines import by_hand

SCENARIOS = sorted((Path(__file__).parent.parent / "scenarios").glob("*.jsonl"))
AT = 1_764_000_000_000
ALL_FORMATS = ("jsonl", "csv", "fhir", "parquet")


def store_of_scenarios(path: Path, scenarios: Iterable[Path] = SCENARIOS) -> Store:
    """A store with the published scenarios, recorded."""
    store = open_store(path)
    protocol, tables = load_protocol("gomella"), load_tables()
    keep_protocol(store, protocol)
    for scenario in scenarios:
        store.append_stream(
            replay(read_scenario(scenario.read_bytes(), tables.vocabulary()), protocol, tables)
        )
    return store


Fact = tuple[int, str, Mapping[str, Any]]
"""(milliseconds since `AT`, kind, data)."""


def lines_of(case: str, terminal: str, facts: Iterable[Fact], **envelope: Any) -> list[str]:
    """A stream of these facts; `envelope` are fields of every line."""
    lines: list[str] = []
    for seq, (at, kind, data) in enumerate(facts, 1):
        fields: dict[str, Any] = {
            "basis": "live",
            "within_ms": 500,
            "boot": "boot",
            "boot_ms": seq * 1000,
            "by": "scribe",
        }
        event = Event(
            case=case,
            terminal=terminal,
            seq=seq,
            prev=digest(lines[-1]) if lines else GENESIS,
            at=AT + at,
            recorded_at=AT + at,
            data=read_data(kind, data, None),
            **(fields | envelope),
        )
        lines.append(encode(event))
    return lines


def alter(store: Path, case: str, seq: int, line: str) -> None:
    """Put another line in the place of a stored one, past the guards, and leave no other trace."""
    text = line.replace("'", "''")
    by_hand(
        store,
        "DROP TRIGGER events_refuse_update",
        f"UPDATE events SET line = '{text}' WHERE \"case\" = '{case}' AND seq = {seq}",
        GUARDS["events_refuse_update"],
    )


def export(
    store: Store, target: Path, *formats: str, cases: Iterable[str] | None = None, **how: Any
) -> Outcome:
    """Export cases, or all of them."""
    request = Request(
        cases=None if cases is None else tuple(cases),
        formats=formats or ("jsonl",),
        deidentify=how.get("deidentify", False),
        include_text=how.get("include_text", False),
        origin=Origin(how.get("purpose"), "somebody", AT, store.terminal, "codelog 0.0.0"),
    )
    return write_export(
        store,
        request,
        target,
        signer=CheckpointSource(store),
        told=how.get("told", lambda more, many: None),
        noted=lambda outcome: None,
    )


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of an export."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """Every file by its name in the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
