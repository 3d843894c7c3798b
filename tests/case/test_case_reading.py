"""A reading kept up entry by entry equals a fresh one, and nothing that was known is forgotten."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from codelog.case.corrections import corrected
from codelog.case.events import Event
from codelog.case.reading import Reading
from codelog.case.state import State, fold
from tests.case.casekit import amends, make_event, make_stream, ms, retracts
from tests.case.stream_strategies import any_stream


class Folded(State):
    """A state that counts how often an instant was settled."""

    def settle(self) -> None:
        """Nothing waits for the end of an instant here."""


class Settled:
    """Notes the entries of every instant, and when each instant was complete."""

    def __init__(self) -> None:
        self.log: list[str | int] = []

    def apply(self, event: Event) -> None:
        """Take the next entry."""
        self.log.append(event.seq)

    def settle(self) -> None:
        """The instant is complete."""
        self.log.append("settled")


def _fresh(events: list[Event], now: int) -> State:
    return fold(event for event in corrected(events) if event.at <= now)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(any_stream, st.lists(st.integers(0, 12), min_size=20, max_size=20))
def test_every_entry_leaves_the_state_of_a_fresh_fold_at_any_instant(
    events: list[Event], seconds: list[int]
) -> None:
    reading = Reading(Folded)
    now = 0
    for length, event in enumerate(events, start=1):
        reading.enter(event)
        now = max(now, seconds[length])
        assert reading.advance(ms(now)) == _fresh(events[:length], ms(now))
    assert reading.advance(ms(12)) == fold(corrected(events))


@settings(max_examples=100, derandomize=True, deadline=None)
@given(any_stream, st.data())
def test_a_stream_split_anywhere_reads_the_same(events: list[Event], data: st.DataObject) -> None:
    split = data.draw(st.integers(0, len(events)))
    reading = Reading(Folded, events[:split])
    reading.advance(ms(data.draw(st.integers(0, 12))))

    for event in events[split:]:
        reading.enter(event)

    assert reading.advance(ms(12)) == fold(corrected(events))
    assert reading.ordered == corrected(events)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(any_stream)
def test_as_known_at_the_time_stays_available_in_order_of_seq(events: list[Event]) -> None:
    reading = Reading(Folded)
    for event in events:
        reading.enter(event)

    assert reading.entered == events
    assert [event.seq for event in reading.entered] == list(range(1, len(events) + 1))


@settings(max_examples=100, derandomize=True, deadline=None)
@given(any_stream, st.data())
def test_without_some_entries_it_reads_as_if_they_had_not_been_made(
    events: list[Event], data: st.DataObject
) -> None:
    seqs = frozenset(data.draw(st.sets(st.integers(2, 16))))
    reading = Reading(Folded, events)

    rest = [event for event in events if event.seq not in seqs]

    assert reading.without(seqs, ms(6)) == _fresh(rest, ms(6))
    assert reading.advance(ms(12)) == fold(corrected(events))


def test_both_readings_of_a_corrected_dose() -> None:
    dose = (10.0, "patient.described", {"weight": "3 kg"})
    reading = Reading(Folded, make_stream(dose))
    known_then = reading.advance(ms(20)).weight_kg()

    reading.enter(make_event(*amends(30, 2, weight="2 kg")[1:], seq=3, at=30))

    assert known_then == 3
    assert reading.advance(ms(30)).weight_kg() == 2
    assert Reading(Folded, reading.entered[:2]).advance(ms(30)).weight_kg() == 3


def test_an_entry_that_lies_ahead_is_not_in_the_state_yet() -> None:
    reading = Reading(Folded, make_stream((50, "arrest.recognised", {})))

    assert reading.advance(ms(49.999)).arrest is None
    assert reading.next_entry_at() == ms(50)
    assert reading.advance(ms(50)).arrest is not None
    assert reading.next_entry_at() is None


def test_an_entry_amended_to_later_is_taken_back_until_then() -> None:
    reading = Reading(Folded, make_stream((10, "arrest.recognised", {})))
    assert reading.advance(ms(20)).arrest is not None

    reading.enter(make_event(*amends(20, 2, at="2001-09-09T01:47:10.000Z")[1:], seq=3, at=20))

    assert reading.advance(ms(20)).arrest is None
    assert reading.next_entry_at() == ms(30)


def test_a_late_entry_takes_its_place_in_time() -> None:
    reading = Reading(
        Folded, make_stream((10, "care.started", {"care": "ppv"}), (20, "care.ended", {"care": "ppv"}))
    )
    reading.advance(ms(30))

    reading.enter(make_event("care.started", {"care": "ppv"}, seq=4, at=5))

    assert [event.seq for event in reading.ordered] == [1, 4, 2, 3]
    assert reading.advance(ms(30)).cares == {}


def test_an_instant_is_settled_once_all_its_entries_are_in() -> None:
    note = "note.added"
    reading = Reading(
        Settled, make_stream((1, note, {"text": "a"}), (1, note, {"text": "b"}), (2, note, {"text": "c"}))
    )

    assert reading.advance(ms(2)).log == [1, "settled", 2, 3, "settled", 4, "settled"]


def test_an_instant_that_gets_another_entry_is_settled_again() -> None:
    reading = Reading(Settled, make_stream((1, "note.added", {"text": "a"})))
    reading.advance(ms(1))

    reading.enter(make_event("note.added", {"text": "b"}, seq=3, at=1))

    assert reading.advance(ms(1)).log == [1, "settled", 2, "settled", 3, "settled"]


def test_a_moment_in_which_nothing_happens_settles_nothing() -> None:
    reading = Reading(Settled, make_stream())
    reading.advance(ms(1))

    assert reading.advance(ms(9)).log == [1, "settled"]


def test_retracting_an_entry_folds_anew_without_it() -> None:
    reading = Reading(Settled, make_stream((1, "note.added", {"text": "a"}), (2, "arrest.recognised", {})))
    reading.advance(ms(3))

    reading.enter(make_event(*retracts(3, 2)[1:], seq=4, at=3))

    assert reading.advance(ms(3)).log == [1, "settled", 3, "settled"]
