"""What must not change a report: the hour it happened, how it was mended, when it is made again."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from codelog.case.events import Event, EventAmended, FlagRaised
from codelog.case.instants import DAY, HOUR, InstantError, format_instant, parse_instant
from codelog.debrief.report.as_json import report_json
from tests.debrief.reportkit import (
    GENERATED,
    SCENARIOS,
    events_of,
    figures,
    parts,
    report_of,
    scenario,
)

SHIFTS = (1, 3 * HOUR + 14_159, 400 * DAY)
OF_THE_RECORD = ("events", "evidence", "number", "quality", "flags", "course", "story", "header", "utstein")


def shifted(event: Event, by: int) -> Event:
    """The event as if all of it had happened and been entered so much later."""
    data: Any = event.data
    if isinstance(data, FlagRaised):
        facts = {name: _later(value, by) for name, value in data.facts.items()}
        data = dataclasses.replace(data, facts=facts, due_at=data.due_at + by)
    elif isinstance(data, EventAmended):
        changes = {name: _later(value, by) for name, value in data.changes.items()}
        data = dataclasses.replace(data, changes=changes)
    return dataclasses.replace(event, at=event.at + by, recorded_at=event.recorded_at + by, data=data)


def _later(value: Any, by: int) -> Any:
    try:
        return format_instant(parse_instant(value) + by)
    except (InstantError, TypeError):
        return value


@pytest.mark.parametrize("by", SHIFTS)
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_another_hour_alters_wall_times_only(path: Path, by: int) -> None:
    events = events_of(path)
    report = report_of(events)
    later = report_of([shifted(event, by) for event in events], generated_at=GENERATED + by)
    assert figures(report, "at") == figures(later, "at")
    assert report_json(report) != report_json(later)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_same_bytes_every_time(path: Path) -> None:
    events = events_of(path)
    text = report_json(report_of(events))
    assert text == report_json(report_of(events_of(path)))
    assert text.endswith("\n") and text.count("\n") == 1
    assert (
        json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n" == text
    )


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_event_named_exists_and_every_sentence_of_the_case_names_one(path: Path) -> None:
    events = events_of(path)
    numbers = {event.seq for event in events}
    report = report_of(events)
    for part in parts(report):
        assert set(getattr(part, "events", ())) <= numbers
    for sentence in report.story:
        assert sentence.events or sentence.text == "No flag was raised.", sentence


def mended(events: list[Event], target: Event) -> list[Event]:
    """The events with one entry taken back and made again, late, just as it was."""
    last = events[-1]
    taken_back = dataclasses.replace(
        last, seq=last.seq + 1, by="scribe", data=_retraction(target.seq), at=last.recorded_at
    )
    again = dataclasses.replace(target, seq=last.seq + 2, recorded_at=last.recorded_at)
    return [*events, taken_back, again]


def _retraction(target: int) -> Any:
    from codelog.case.events import EventRetracted

    return EventRetracted(target=target, reason="entered again")


MENDED = [
    ("blood-loss-at-birth", "drug.given", 2),
    ("blood-loss-at-birth", "infusion.started", 1),
    ("blood-loss-at-birth", "access.removed", 0),
    ("near-drowning-compartment", "access.lost", 0),
    ("near-drowning-compartment", "access.attempt_ended", 3),
    ("one-month-sepsis-compartment", "access.needed", 1),
    ("one-month-sepsis-compartment", "access.attempt_started", 2),
    ("purpura-fulminans-two-tibias", "access.confirmed", 0),
    ("purpura-fulminans-two-tibias", "infusion.stopped", 3),
]


@pytest.mark.parametrize(("name", "kind", "index"), MENDED)
def test_an_entry_taken_back_and_made_again_changes_no_figure(name: str, kind: str, index: int) -> None:
    events = events_of(scenario(name))
    target = [event for event in events if event.kind == kind][index]
    again = mended(events, target)
    before, after = report_of(events), report_of(again)
    assert figures(before, *OF_THE_RECORD, "fingerprints") == figures(after, *OF_THE_RECORD, "fingerprints")
    assert len(after.quality.retracted) == len(before.quality.retracted) + 1
    without = report_of(again[:-1])
    assert figures(without, *OF_THE_RECORD, "fingerprints") != figures(before, *OF_THE_RECORD, "fingerprints")


def test_an_amendment_of_the_time_counts() -> None:
    events = events_of(scenario("simulation-pair-io"))
    need = next(event for event in events if event.kind == "access.needed")
    last = events[-1]
    moved = dataclasses.replace(
        last,
        seq=last.seq + 1,
        data=EventAmended(
            target=need.seq, changes={"at": format_instant(need.at - 20_000)}, reason="said earlier"
        ),
    )
    report = report_of([*events, moved])
    first = next(found for found in report.intervals if found.id == "need_to_access")
    assert (first.ms, first.met) == (88_000, True)
    assert moved.seq in first.events
    assert report.quality.amended[0].changes == ("at: 1:25.000",)
