"""The SQL views show a case as corrected: held against a slow and plain computation over the same lines."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from codelog.log.store import Store, open_store
from tests.log.log_lines import CASE, GENESIS, OTHER_CASE, instant, make_line, make_stream, sha256

Line = dict[str, Any]
TERMINALS = ("t-one", "t-two")
DETAILS = ("site", "side", "device", "gauge", "needle_mm", "operator", "operator_role")


class Log:
    """Two streams of one case, growing entry by entry."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = {terminal: [] for terminal in TERMINALS}

    def add(self, terminal: str, kind: str, data: dict[str, Any], at: int) -> int:
        stream = self.lines[terminal]
        prev = sha256(stream[-1]) if stream else GENESIS
        stream.append(make_line(len(stream) + 1, prev, kind, data, terminal=terminal, at=at))
        return len(stream)

    def store_in(self, store: Store) -> None:
        for stream in self.lines.values():
            if stream:
                store.append_stream(stream)

    def parsed(self) -> list[Line]:
        return [json.loads(line) for stream in self.lines.values() for line in stream]


# The plain computation


def named(line: Line, value: Any) -> str | None:
    return f"{line['terminal']}/{value}" if isinstance(value, int) else value


def own(line: Line) -> str:
    return f"{line['terminal']}/{line['seq']}"


def order(line: Line) -> tuple[str, str, int]:
    return line["at"], line["terminal"], line["seq"]


def as_corrected(lines: list[Line]) -> list[Line]:
    corrections = [line for line in lines if line["kind"] in ("event.amended", "event.retracted")]

    def is_retracted(line: Line) -> bool:
        return any(
            other["kind"] == "event.retracted"
            and named(other, other["data"]["target"]) == own(line)
            and not is_retracted(other)
            for other in corrections
        )

    standing = []
    for line in lines:
        if line in corrections or line["kind"].startswith("flag."):
            continue
        if line["kind"] != "case.opened" and is_retracted(line):
            continue
        entry: Line = json.loads(json.dumps(line))
        for amendment in sorted(corrections, key=lambda line: (line["seq"], line["terminal"])):
            if amendment["kind"] != "event.amended" or is_retracted(amendment):
                continue
            if named(amendment, amendment["data"]["target"]) != own(line):
                continue
            for field, value in amendment["data"]["changes"].items():
                if field == "at":
                    entry["at"] = value
                elif value is None:
                    entry["data"].pop(field, None)
                else:
                    entry["data"][field] = value
        standing.append(entry)
    return sorted(standing, key=order)


def about(entries: list[Line], kind: str, subject: str, start: Line) -> list[Line]:
    number = named(start, start["data"][subject])
    return [
        line for line in entries if line["kind"] == kind and named(line, line["data"].get(subject)) == number
    ]


def first_starts(entries: list[Line], kinds: tuple[str, ...], subject: str) -> list[Line]:
    seen: set[str | None] = set()
    found = []
    for line in entries:
        if line["kind"] in kinds and named(line, line["data"][subject]) not in seen:
            seen.add(named(line, line["data"][subject]))
            found.append(line)
    return found


def slow_attempts(lines: list[Line]) -> list[dict[str, Any]]:
    entries = as_corrected(lines)
    rows = []
    for start in first_starts(entries, ("access.attempt_started", "access.present"), "attempt"):
        details = {name: start["data"].get(name) for name in DETAILS}
        for described in about(entries, "access.attempt_described", "attempt", start):
            details |= {name: described["data"][name] for name in DETAILS if name in described["data"]}

        def first(kind: str, start: Line = start) -> Line | None:
            return next(iter(about(entries, kind, "attempt", start)), None)

        def when(line: Line | None, start: Line = start) -> str | None:
            return None if line is None else max(line["at"], start["at"])

        end = first("access.attempt_ended")
        present = start["kind"] == "access.present"
        rows.append(
            {"case": CASE, "terminal": start["terminal"], "attempt": start["data"]["attempt"]}
            | {"route": start["data"].get("route")}
            | details
            | {"started_at": start["at"], "ended_at": start["at"] if present else when(end)}
            | {"outcome": "established" if present else end and end["data"]["outcome"]}
            | {"reason": end and end["data"].get("reason"), "confirmed_at": when(first("access.confirmed"))}
            | {"lost_at": when(first("access.lost")), "removed_at": when(first("access.removed"))}
            | {"present": int(present), "seq": start["seq"]}
        )
    return rows


def slow_infusions(lines: list[Line]) -> list[dict[str, Any]]:
    entries = as_corrected(lines)
    rows = []
    for start in first_starts(entries, ("infusion.started",), "infusion"):
        data = start["data"]
        rates = {name: data.get(name) for name in ("rate", "dose_rate")}
        for change in about(entries, "infusion.changed", "infusion", start):
            rates |= {name: change["data"][name] for name in rates if name in change["data"]}
        stop = next(iter(about(entries, "infusion.stopped", "infusion", start)), None)
        rows.append(
            {
                "case": CASE,
                "terminal": start["terminal"],
                "infusion": data["infusion"],
                "fluid": data.get("fluid"),
            }
            | {"route": data.get("route"), "attempt": data.get("attempt"), "started_at": start["at"]}
            | {"stopped_at": stop and stop["at"], "volume_ordered": data.get("volume")}
            | {"volume_given": stop and stop["data"].get("volume")}
            | rates
            | {"stop_reason": stop and stop["data"].get("reason"), "seq": start["seq"]}
        )
    return rows


def slow_flags(lines: list[Line]) -> list[dict[str, Any]]:
    ordered = sorted(lines, key=order)
    rows = []
    for raised in lines:
        if raised["kind"] != "flag.raised":
            continue
        data = raised["data"]
        answer = next(iter(reversed(about(ordered, "flag.acknowledged", "flag", raised))), None)
        cleared = next(iter(about(ordered, "flag.cleared", "flag", raised)), None)
        names = ("flag", "rule", "basis", "priority", "attempt", "entry", "text")
        rows.append(
            {"case": CASE, "terminal": raised["terminal"]}
            | {name: data.get(name) for name in names}
            | {
                "raised_at": raised["at"],
                "due_at": data["due_at"],
                "answer": answer and answer["data"]["action"],
            }
            | {"answered_at": answer and answer["at"], "reason": answer and answer["data"].get("reason")}
            | {"cleared_at": cleared and cleared["at"], "because": cleared and cleared["data"]["because"]}
            | {"seq": raised["seq"]}
        )
    return rows


# A log that holds everything at once


def random_log(seed: int) -> Log:
    chance = random.Random(seed)
    log = Log()
    numbers = {
        "attempt": dict.fromkeys(TERMINALS, 0),
        "infusion": dict.fromkeys(TERMINALS, 0),
        "flag": dict.fromkeys(TERMINALS, 0),
    }
    depth: dict[str, int] = {}

    def start(subject: str, terminal: str) -> int:
        # Now and then a number is used twice, which a scribe in a hurry can bring about.
        if not numbers[subject][terminal] or chance.random() < 0.9:
            numbers[subject][terminal] += 1
        return numbers[subject][terminal]

    def refer(subject: str, terminal: str) -> int | str:
        owner = chance.choice(TERMINALS)
        number = chance.randint(1, max(1, numbers[subject][owner]))
        return number if owner == terminal and chance.random() < 0.8 else f"{owner}/{number}"

    def some(**fields: Any) -> dict[str, Any]:
        return {name: chance.choice(values) for name, values in fields.items() if chance.random() < 0.5}

    def details() -> dict[str, Any]:
        return some(
            site=["hand", "proximal_tibia"], side=["left", "right"], device=["ezio_15", "cannula"], gauge=["24 G"],
            needle_mm=[15, 25], operator=["Ana", "Bea"], operator_role=["nurse"],
        )  # fmt: skip

    for terminal in TERMINALS:
        log.add(terminal, "case.opened", {"mode": "training"}, 0)
    for _ in range(60):
        terminal = chance.choice(TERMINALS)
        # Few instants, so that many entries share one and the order within it matters.
        at = chance.randrange(0, 60_000, 2_000)
        what = chance.choice(
            [
                "start",
                "present",
                "describe",
                "end",
                "follow",
                "infusion",
                "change",
                "stop",
                "flag",
                "answer",
                "clear",
            ]
            + ["amend"] * 4
            + ["retract"] * 4
        )
        if what == "start":
            log.add(
                terminal,
                "access.attempt_started",
                {"attempt": start("attempt", terminal), "route": "io"} | details(),
                at,
            )
        elif what == "present":
            log.add(
                terminal,
                "access.present",
                {"attempt": start("attempt", terminal), "route": "piv"} | details(),
                at,
            )
        elif what == "describe":
            log.add(
                terminal, "access.attempt_described", {"attempt": refer("attempt", terminal)} | details(), at
            )
        elif what == "end":
            ended = {
                "attempt": refer("attempt", terminal),
                "outcome": chance.choice(["established", "failed"]),
            }
            log.add(terminal, "access.attempt_ended", ended | some(reason=["slipped"]), at)
        elif what == "follow":
            kind = chance.choice(["access.confirmed", "access.lost", "access.removed"])
            log.add(terminal, kind, {"attempt": refer("attempt", terminal)}, at)
        elif what == "infusion":
            data = {"infusion": start("infusion", terminal), "fluid": "saline_0_9", "route": "io"}
            log.add(
                terminal, "infusion.started", data | some(volume=["10 mL"], rate=["5 mL/h"], attempt=[1]), at
            )
        elif what == "change":
            data = {"infusion": refer("infusion", terminal)}
            log.add(terminal, "infusion.changed", data | some(rate=["7 mL/h"], dose_rate=["2 ug/kg/min"]), at)
        elif what == "stop":
            data = {"infusion": refer("infusion", terminal)}
            log.add(terminal, "infusion.stopped", data | some(volume=["8 mL"], reason=["done"]), at)
        elif what == "flag":
            flag: dict[str, Any] = {"flag": numbers["flag"][terminal] + 1, "rule": "io-90s", "basis": "need"}
            numbers["flag"][terminal] += 1
            flag |= {"priority": "high", "text": "consider IO", "due_at": instant(at)}
            log.add(terminal, "flag.raised", flag | some(attempt=[1, 2], entry=[3]), at)
        elif what == "answer":
            data = {"flag": refer("flag", terminal), "action": chance.choice(["accepted", "declined"])}
            log.add(terminal, "flag.acknowledged", data | some(reason=["refused"]), at)
        elif what == "clear":
            log.add(terminal, "flag.cleared", {"flag": refer("flag", terminal), "because": "answered"}, at)
        else:
            owner = chance.choice(TERMINALS)
            seq = chance.randint(1, len(log.lines[owner]))
            target: int | str = seq if owner == terminal and chance.random() < 0.8 else f"{owner}/{seq}"
            level = depth.get(f"{owner}/{seq}", 0)
            if what == "amend" and not level:
                changes = details() | some(
                    reason=["said later", None], outcome=["failed"], volume=["9 mL", None]
                )
                changes |= some(
                    side=[None], at=[instant(chance.randrange(0, 60_000, 2_000))], rate=["1 mL/h"]
                )
                made = log.add(
                    terminal,
                    "event.amended",
                    {"target": target, "changes": changes, "reason": "heard wrong"},
                    at,
                )
                depth[f"{terminal}/{made}"] = 1
            elif level < 4:
                made = log.add(terminal, "event.retracted", {"target": target, "reason": "slip"}, at)
                depth[f"{terminal}/{made}"] = level + 1
    return log


def view(path: Path, name: str, where: str = f"\"case\" = '{CASE}'") -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {name} WHERE {where}")]


def by_key(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["terminal"], row["seq"]))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "codelog.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path) as store:
        yield store


@pytest.mark.parametrize("seed", range(60))
def test_views_equal_the_slow_computation(store: Store, path: Path, seed: int) -> None:
    log = random_log(seed)
    log.store_in(store)
    lines = log.parsed()
    corrected = [
        {"terminal": line["terminal"], "seq": line["seq"], "at": line["at"], "data": line["data"]}
        for line in as_corrected(lines)
    ]
    shown = [
        {"terminal": row["terminal"], "seq": row["seq"], "at": row["at"], "data": json.loads(row["data"])}
        for row in view(path, "events_as_corrected")
    ]
    assert by_key(shown) == by_key(corrected)
    assert by_key(view(path, "access_attempts")) == by_key(slow_attempts(lines))
    assert by_key(view(path, "infusions")) == by_key(slow_infusions(lines))
    assert by_key(view(path, "flags")) == by_key(slow_flags(lines))


def test_the_random_logs_reach_every_column() -> None:
    for slow in (slow_attempts, slow_infusions, slow_flags):
        rows = [row for seed in range(60) for row in slow(random_log(seed).parsed())]
        assert {column for row in rows for column, value in row.items() if value} == rows[0].keys()


def test_amended_values_keep_their_type_and_replace_whole(store: Store, path: Path) -> None:
    log = Log()
    one = TERMINALS[0]
    log.add(one, "case.opened", {}, 0)
    items = {"gloves": True, "gauze": False}
    log.add(one, "kit.checked", {"items": items, "n": 1, "b": True, "s": "1", "l": [1]}, 0)
    changes = {
        "items": {"gloves": False},
        "n": 0,
        "b": False,
        "s": "x\"'",
        "l": [True, {"a": None}],
        "new": "é",
    }
    log.add(one, "event.amended", {"target": 2, "changes": changes, "reason": "r"}, 0)
    log.store_in(store)
    (row,) = view(path, "events_as_corrected", "kind = 'kit.checked'")
    assert json.loads(row["data"]) == changes


@pytest.mark.parametrize(
    ("retractions", "standing"), [(0, True), (1, False), (2, True), (3, False), (4, True)]
)
def test_retractions_of_retractions(store: Store, path: Path, retractions: int, standing: bool) -> None:
    log = Log()
    one = TERMINALS[0]
    log.add(one, "case.opened", {}, 0)
    seq = log.add(one, "access.attempt_started", {"attempt": 1, "route": "io"}, 0)
    log.add(one, "access.attempt_ended", {"attempt": 1, "outcome": "failed"}, 0)
    for target in (seq, 4, 5, 6)[:retractions]:
        log.add(one, "event.retracted", {"target": target, "reason": "r"}, 0)
    log.store_in(store)
    assert len(view(path, "access_attempts")) == int(standing)


@pytest.mark.parametrize(
    "name", ["events_as_corrected", "access_attempts", "infusions", "flags", "corrections_in_force"]
)
def test_one_case_is_read_without_looking_at_the_others(store: Store, path: Path, name: str) -> None:
    store.append_stream(make_stream(2))
    store.append_stream(make_stream(2, case=OTHER_CASE))
    with closing(sqlite3.connect(path)) as connection:
        plan = connection.execute(
            f"EXPLAIN QUERY PLAN SELECT * FROM {name} WHERE \"case\" = '{CASE}'"
        ).fetchall()
    steps = [step for *_, step in plan]
    aliases = (
        "events",
        "entry",
        "raised",
        "answer",
        "correction",
        "second",
        "third",
        "fourth",
        "start",
        "about",
    )
    assert any("USING" in step for step in steps)
    assert [step for step in steps if step.startswith(tuple(f"SCAN {alias}" for alias in aliases))] == []
