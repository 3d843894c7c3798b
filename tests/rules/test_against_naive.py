"""The watcher against the naive reading, and against itself told differently."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from codelog.case.events import Event, FlagCleared, FlagRaised
from codelog.case.scenario import ZERO
from codelog.case.vocabulary import WATCHER
from codelog.clinical.protocols import Protocol
from codelog.rules.watch import Watch
from tests.rules.naive import RULES, NaiveWatch, Told
from tests.rules.random_cases import CASES, RUNS_ON, Case, drive
from tests.rules.rule_plays import TABLES, protocol

profile = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def _ran(case: Case) -> Protocol:
    return protocol(case.protocol, {"clock_starts": case.clock_starts})


def _told(events: list[Event]) -> list[Told]:
    """What the watcher wrote about the rules that the naive reading covers."""
    told: list[Told] = []
    raised: dict[object, FlagRaised] = {}
    for event in events:
        data = event.data
        if isinstance(data, FlagRaised) and data.rule in RULES:
            raised[data.flag] = data
            told.append((event.at, "raised", data.rule, _subject(data), data.basis, data.due_at))
        elif isinstance(data, FlagCleared) and data.flag in raised:
            flag = raised[data.flag]
            told.append((event.at, "cleared", flag.rule, _subject(flag), data.because, None))
    return told


def _subject(data: FlagRaised) -> tuple[int | None, int | None]:
    assert not isinstance(data.attempt, str) and not isinstance(data.entry, str)
    return data.attempt, data.entry


@given(CASES)
@profile
def test_the_naive_reading_raises_the_same_flags(case: Case) -> None:
    ran = _ran(case)
    events = drive(case, ran)
    until = max(event.recorded_at for event in events if event.by != WATCHER) + RUNS_ON
    assert _told(events) == NaiveWatch(events, ran.thresholds, until).run()


@given(CASES)
@profile
def test_a_watch_fed_event_by_event_equals_one_made_anew(case: Case) -> None:
    ran = _ran(case)
    events = drive(case, ran)
    watch = Watch(ran, TABLES)
    for place, event in enumerate(events):
        watch.enter(event)
        watch.forget_fresh()
        now = event.recorded_at
        if place + 1 < len(events) and events[place + 1].recorded_at == now:
            continue
        anew = Watch(ran, TABLES, events[: place + 1])
        assert watch.state(now) == anew.state(now)
        assert watch.next_due(now) == anew.next_due(now)
        assert watch.evaluate(now) == anew.evaluate(now) == []


@given(CASES)
@profile
def test_another_day_gives_the_same_flags(case: Case) -> None:
    shift = 8_123_456_789
    ran = _ran(case)
    assert _all_flags(drive(case, ran, zero=ZERO + shift), ZERO + shift) == _all_flags(drive(case, ran), ZERO)


@given(CASES)
@profile
def test_notes_change_no_flag(case: Case) -> None:
    ran = _ran(case)
    assert _all_flags(drive(case, ran, notes=True), ZERO) == _all_flags(drive(case, ran), ZERO)


def _all_flags(events: list[Event], zero: int) -> list[tuple[int, object, str, str, int | None]]:
    found: list[tuple[int, object, str, str, int | None]] = []
    for event in events:
        data = event.data
        if isinstance(data, FlagRaised):
            found.append((event.at - zero, data.flag, data.rule, data.basis, data.due_at - zero))
        elif isinstance(data, FlagCleared):
            found.append((event.at - zero, data.flag, "", data.because, None))
    return found
