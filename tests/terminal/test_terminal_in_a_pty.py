"""Cases typed key by key in a real pty: a published one at three sizes, the usual entries, and keys in one burst."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from codelog.case.access import Access, Stamp
from codelog.case.codec import decode
from codelog.case.corrections import active_corrections, corrected
from codelog.case.events import (
    AttemptDescribed,
    AttemptStarted,
    CaseClosed,
    Event,
    EventAmended,
    FlagRaised,
    Ref,
    write_data,
)
from codelog.case.scenario import ZERO, read_scenario
from codelog.case.state import State, fold
from codelog.case.vocabulary import WATCHER
from codelog.clinical.protocols import DEFAULT_PROTOCOL, load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.replay import replayed_events
from codelog.log.store import Store, open_store
from tests.terminal.driven import set_clock
from tests.terminal.emulator import TMUX, emulated
from tests.terminal.ptykit import PtyTerminal, pty_terminal
from tests.terminal.servekit import until
from tests.terminal.termkit import NEW, empty_store
from tests.terminal.test_terminal_keys import BUDGETS, holds_what_was_typed
from tests.terminal.typed_case import CASE, NAME, Typed

SIZES = ((80, 24), (120, 36), (160, 45))

CLOCKS = ("TRAINING CASE", "40:00", "line 3 UVC", "25:50 ago", "4 x, 0.131 mg/kg")
"""What the clocks say at the end."""

LAST_ROW = "40:00  #65 amended: text To the neonatal unit."

_ESCAPE = re.compile(rb"\x1b\[[0-9;:?<>=]*[ -/]*[@-~]|\x1b.")


def _added(target: int, field: str, value: str) -> tuple[str, dict[str, Any]]:
    """A digit that describes what a letter began."""
    return "event.amended", {"target": target, "changes": {field: value}, "reason": f"{field} added"}


BURST: tuple[tuple[tuple[str, ...], tuple[tuple[str, dict[str, Any]], ...]], ...] = (
    (
        ("n", "1", "1", "1", "2", "1", "7", "0", "0", "enter", "2", "9", "2"),
        (
            ("case.opened", {"setting": "delivery_room", "zero": "birth", "mode": "training"}),
            ("patient.described", {"weight": "1700 g", "gestation_weeks": 29}),
            ("team.noted", {"person": "team", "role": "team", "uvc_experienced": False}),
        ),
    ),
    (("n", "3"), (("access.needed", {"urgency": "urgent"}), _added(4, "urgency", "routine"))),
    (("v",), (("care.started", {"care": "ppv"}),)),
    (("m",), (("care.started", {"care": "compressions"}),)),
    (
        ("t", *"Nurse 12: vein, then a 5p", "enter"),
        (("note.added", {"text": "Nurse 12: vein, then a 5p"}),),
    ),
    (
        ("p", "1", "f", "1"),
        (
            ("access.attempt_started", {"attempt": 1, "route": "piv"}),
            ("access.attempt_described", {"attempt": 1, "site": "hand", "side": "left"}),
            ("access.attempt_ended", {"attempt": 1, "outcome": "failed"}),
            _added(11, "reason", "not_found"),
        ),
    ),
    (
        ("i", "1", "5", "1", "e"),
        (
            ("access.attempt_started", {"attempt": 2, "route": "io"}),
            ("access.attempt_described", {"attempt": 2, "site": "tibia_prox", "side": "left"}),
            ("access.attempt_described", {"attempt": 2, "device": "bd_io"}),
            ("access.attempt_described", {"attempt": 2, "needle_mm": 15}),
            ("access.attempt_ended", {"attempt": 2, "outcome": "established"}),
        ),
    ),
    (("s", "1"), (("access.confirmed", {"attempt": 2, "signs": ["stands_unsupported"]}),)),
    (("h", "1", "2", "0"), (("vital.recorded", {"heart_rate": 120}),)),
    ((":", *"hr 88 spo2 91", "enter"), (("vital.recorded", {"heart_rate": 88, "spo2": 91}),)),
    (("m",), (("care.ended", {"care": "compressions"}),)),
    (("t", *"n n n", "backspace", "backspace", "enter"), (("note.added", {"text": "n n"}),)),
    (("v",), (("care.ended", {"care": "ppv"}),)),
)
"""Keys, and the entries that they make."""

_ROLES = {"registrar 1": "team_leader", "consultant 1": "neonatologist"}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_that_a_published_case_typed_in_a_pty_is_the_case_replayed(
    size: tuple[int, int], tmp_path: Path, subtests: pytest.Subtests
) -> None:
    path, clock = _store(tmp_path), tmp_path / "clock"
    replayed = _replayed()
    set_clock(clock, 0)
    program = ("-m", "tests.terminal.driven", str(path), str(clock))
    async with pty_terminal(path, width=size[0], height=size[1], program=program) as terminal:
        with open_store(path, read_only=True) as store:
            await _type_case(terminal, store, clock, replayed)
            typed = _stored(store)
        with subtests.test("what the screen shows in the end"):
            if TMUX is None:
                pytest.skip("tmux, which reads what was painted, is not installed here")
            await _shows_the_end(terminal, *size)

    expected = [_as_a_terminal_says(event) for event in corrected(replayed)]
    assert _entries(corrected(typed)) == _entries(expected)
    assert _unnumbered(fold(corrected(typed))) == _unnumbered(fold(expected))
    assert _flags(typed) == _flags(replayed)
    said_later = _corrections_later_than_what_they_correct(typed)
    assert said_later == _corrections_later_than_what_they_correct(replayed)
    assert len(said_later) == 1


async def _type_case(terminal: PtyTerminal, store: Store, clock: Path, replayed: Sequence[Event]) -> None:
    """Type the whole case; the clock goes from key to key through every instant at which the program has to speak."""
    await until(lambda: b"New case" in terminal.painted, "the start screen")
    watched = [event.at - ZERO for event in replayed if event.by == WATCHER]
    before, made = 0, 0
    for typed in CASE:
        for due in sorted({at for at in watched if before < at < typed.at}):
            set_clock(clock, due)
            await _spoken(store, sum(at <= due for at in watched))
        set_clock(clock, typed.at)
        before, made = typed.at, made + typed.makes
        await _press(terminal, store, typed, made)


async def _spoken(store: Store, times: int) -> None:
    await until(lambda: _count(store, ours=False) == times, f"the program to have said {times} things")


async def _press(terminal: PtyTerminal, store: Store, typed: Typed, made: int) -> None:
    """Press keys, and wait until what they make is saved and on the screen: the next ones may be about it."""
    painted = len(terminal.painted)
    await terminal.keys(*typed.keys)
    await until(lambda: _count(store, ours=True) == made, f"{made} entries with {''.join(typed.keys)!r}")
    newest = [event for event in _stored(store) if not _told_elsewhere(event)][-1].seq
    row = re.compile(rb"#%d +[0-9]+:" % newest)
    await until(lambda: row.search(_ESCAPE.sub(b"", terminal.painted[painted:])), f"the row of #{newest}")


async def _shows_the_end(terminal: PtyTerminal, width: int, height: int) -> None:
    async with emulated(terminal, width, height) as screen:
        rows: list[str] = []

        async def shows() -> bool:
            rows[:] = await screen.rows()
            numbered = [row for row in rows if re.match(r" *#[0-9]+ ", row)]
            return bool(numbered) and LAST_ROW in numbered[-1]

        await until(shows, "the last row")
        assert len(rows) == height
        top = "\n".join(rows[:4])
        assert [words for words in CLOCKS if words not in top] == []


def _replayed() -> list[Event]:
    tables = load_tables()
    script = resources.files("codelog.terminal.training").joinpath(f"{NAME}.jsonl")
    scenario = read_scenario(script.read_bytes(), tables.vocabulary())
    return replayed_events(scenario, load_protocol(DEFAULT_PROTOCOL), tables)


def _as_a_terminal_says(event: Event) -> Event:
    """What a terminal says of its own accord where a script may be silent, and the number of lines it closes with.

    An umbilical vein lies in the midline, and who is of the team has a role.
    """
    data = event.data
    if isinstance(data, AttemptStarted):
        side = "midline" if data.route == "uvc" else data.side
        role = _ROLES.get(data.operator or "", data.operator_role)
        return dataclasses.replace(event, data=dataclasses.replace(data, side=side, operator_role=role))
    return event


def _entries(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The corrected reading; what a terminal says of an attempt at its start and after it stands in one."""
    entries: list[dict[str, Any]] = []
    starts: dict[Any, dict[str, Any]] = {}
    for event in events:
        data = write_data(event.data)
        if isinstance(event.data, AttemptDescribed):
            starts[data["attempt"]] |= data
            continue
        if isinstance(event.data, AttemptStarted):
            starts[data["attempt"]] = data
        if isinstance(event.data, CaseClosed):
            del data["events"]
        instants = {"at": event.at - ZERO, "recorded_at": event.recorded_at - ZERO}
        known = {"basis": event.basis, "within_ms": event.within_ms, "by": event.by}
        entries.append({"kind": event.kind, "data": data} | instants | known)
    return entries


def _flags(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Everything of the flags in their order; the entries that they name, by the instants of these."""
    instants = {event.seq: event.at - ZERO for event in events}
    found = []
    for event in events:
        if event.kind.startswith("flag."):
            data = write_data(event.data)
            data["evidence"] = sorted({instants[seq] for seq in data.get("evidence", ())})
            if isinstance(event.data, FlagRaised) and "entry" in data:
                data["entry"] = instants[data["entry"]]
            times = {"at": event.at - ZERO, "recorded_at": event.recorded_at - ZERO}
            found.append({"kind": event.kind, "by": event.by} | times | data)
    return found


def _corrections_later_than_what_they_correct(events: Sequence[Event]) -> list[tuple[Any, ...]]:
    """All others complete an entry while it is being made."""
    instants: dict[Ref, int] = {event.seq: event.recorded_at for event in events}
    return [
        (event.at - ZERO, instants[event.data.target] - ZERO, dict(event.data.changes), event.data.reason)
        for event in active_corrections(events)
        if isinstance(event.data, EventAmended) and event.at != instants[event.data.target]
    ]


def _unnumbered(value: Any) -> Any:
    """A state as plain values, without the numbers of entries."""
    if isinstance(value, Stamp):
        return value.at
    if isinstance(value, CaseClosed):
        return value.outcome, value.text
    if isinstance(value, (State, Access)):
        return {name: _unnumbered(held) for name, held in vars(value).items()}
    if dataclasses.is_dataclass(value):
        return {field.name: _unnumbered(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _unnumbered(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_unnumbered(held) for held in value]
    return value


@pytest.mark.parametrize("entry", BUDGETS)
async def test_that_a_usual_entry_keeps_within_its_keys_in_a_pty(entry: str, tmp_path: Path) -> None:
    most, before, keys, last = BUDGETS[entry]
    assert len(keys) <= most
    path = _store(tmp_path)
    async with pty_terminal(path, width=80, height=24) as terminal:
        with open_store(path, read_only=True) as store:
            await until(lambda: b"New case" in terminal.painted, "the start screen")
            await _note(terminal, *NEW, words="opened")
            await _note(terminal, *before, words="before")
            since = _count(store, ours=True)
            await _note(terminal, *keys, words="after")
            *made, noted = [event for event in _stored(store) if event.by != WATCHER][since:]
            assert [event.kind for event in made][-1:] == [last]
            assert noted.kind == "note.added"
            holds_what_was_typed(keys, fold(corrected(_stored(store))))


async def _note(terminal: PtyTerminal, *keys: str, words: str) -> None:
    """Press keys and then note something: when that is on the screen as saved, so is what they made."""
    painted = len(terminal.painted)
    await terminal.keys(*keys, "t", *words, "enter")
    row = re.compile(rb"#[0-9]+ +[0-9]+:[0-9]+ +Note: %s" % words.encode())
    await until(lambda: row.search(_ESCAPE.sub(b"", terminal.painted[painted:])), f"the note {words!r}")


@pytest.mark.parametrize("seen", [b"resuscitation timeline", b"New case"])
async def test_that_keys_in_one_burst_are_neither_lost_nor_pressed_twice(seen: bytes, tmp_path: Path) -> None:
    """From the first key on, whether the store is open by then or not; with the screens changing below them."""
    path = _store(tmp_path)
    async with pty_terminal(path, width=80, height=24) as terminal:
        with open_store(path, read_only=True) as store:
            await until(lambda: seen in terminal.painted, "the start screen")
            await terminal.keys(*(key for keys, _ in BURST for key in keys))
            expected = [entry for _, entries in BURST for entry in entries]
            await until(lambda: _count(store, ours=True) >= len(expected), "every entry")
            made = [event for event in _stored(store) if event.by != WATCHER]
            assert [(event.kind, _said(event)) for event in made] == expected
            pressed = [event.at for event in made]
            assert pressed == sorted(pressed)
            assert sum(1 for _ in store.cases()) == 1


def _said(event: Event) -> dict[str, Any]:
    """What was typed of an entry."""
    unsaid = ("protocol", "software")
    return {name: value for name, value in write_data(event.data).items() if name not in unsaid}


def _store(folder: Path) -> Path:
    path = folder / "codelog.db"
    shutil.copy(empty_store(), path)
    return path


def _stored(store: Store) -> list[Event]:
    """The case that was opened last; nothing while there is none."""
    return [decode(line) for line in _lines(store)]


def _count(store: Store, *, ours: bool) -> int:
    return sum((json.loads(line)["by"] != WATCHER) is ours for line in _lines(store))


def _lines(store: Store) -> Iterator[str]:
    newest = next(iter(store.cases()), None)
    return iter(()) if newest is None else store.lines(newest.case)


def _told_elsewhere(event: Event) -> bool:
    """Whether the row of another entry tells what this one adds to it."""
    data = event.data
    return isinstance(data, AttemptDescribed) or (
        isinstance(data, EventAmended) and data.reason.endswith(" added")
    )
