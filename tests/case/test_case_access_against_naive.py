"""Which lines work, and since when access is wanted: the same as two slow, obvious implementations say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from codelog.case.corrections import corrected
from codelog.case.events import Event, write_data
from codelog.case.state import fold
from tests.case.casekit import Fact, make_stream
from tests.case.stream_strategies import access_facts


@st.composite
def _histories(draw: st.DrawFn) -> list[Event]:
    """Access events in order of time; an attempt starts once, before anything else is said of it."""
    started: set[int] = set()
    at = 0
    facts: list[Fact] = []
    for _ in range(draw(st.integers(1, 16))):
        kind, data = draw(access_facts)
        at += draw(st.integers(0, 2))
        number = data.get("attempt")
        starts = kind in ("access.attempt_started", "access.present")
        if number is not None and starts == (number in started):
            continue
        if starts:
            started.add(data["attempt"])
        facts.append((at, kind, data))
    return corrected(make_stream(*facts))


def _works(events: list[Event], number: int) -> bool:
    """Whether line `number` works after `events`: established, and neither lost nor removed since."""
    works = ended = False
    for event in events:
        data = write_data(event.data)
        if data.get("attempt") != number:
            continue
        if event.kind == "access.present":
            works = ended = True
        elif event.kind == "access.attempt_ended" and not ended:
            works, ended = data["outcome"] == "established", True
        elif event.kind in ("access.lost", "access.removed"):
            works = False
    return works


def _working(events: list[Event]) -> set[int]:
    return {number for number in range(1, 5) if _works(events, number)}


def _t0(events: list[Event], clock_starts: str) -> int | None:
    """When the present episode began, or None while there is none."""
    if _working(events):
        return None
    starting = {
        "need": ["access.needed"],
        "first_attempt": ["access.attempt_started"],
        "need_or_first_attempt": ["access.needed", "access.attempt_started"],
    }[clock_starts]
    found = None
    for place, event in enumerate(events):
        before, after = _working(events[:place]), _working(events[: place + 1])
        if after - before:
            found = None
        begins = event.kind in starting and not before
        begins = begins or (event.kind == "access.lost" and bool(before) and not after)
        if begins and found is None:
            found = event.at
    return found


@settings(max_examples=250, derandomize=True, deadline=None)
@given(_histories())
def test_the_lines_that_work_after_every_entry(events: list[Event]) -> None:
    for length in range(len(events) + 1):
        assert set(fold(events[:length]).access.working) == _working(events[:length])


@settings(max_examples=250, derandomize=True, deadline=None)
@given(_histories(), st.sampled_from(("need_or_first_attempt", "need", "first_attempt")))
def test_t0_after_every_entry(events: list[Event], clock_starts: str) -> None:
    for length in range(len(events) + 1):
        episode = fold(events[:length], clock_starts).access.episode
        assert (None if episode is None else episode.t0.at) == _t0(events[:length], clock_starts)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(_histories())
def test_the_attempts_counted_in_the_present_episode(events: list[Event]) -> None:
    episode = fold(events).access.episode
    if episode is None:
        return
    ended: set[int] = set()
    counted: list[int] = []
    for place, event in enumerate(events):
        data = write_data(event.data)
        if _working(events[: place + 1]) - _working(events[:place]):
            counted.clear()
        if event.kind == "access.present":
            ended.add(data["attempt"])
        if event.kind == "access.attempt_ended" and data["attempt"] not in ended:
            ended.add(data["attempt"])
            if _t0(events[: place + 1], "need_or_first_attempt") is not None:
                counted.append(data["attempt"])

    assert {attempt.number for attempt in episode.venous_failures + episode.io_failures} == set(counted)
