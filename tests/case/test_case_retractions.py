"""What a retraction takes out of the corrected reading, and what it cannot."""

from __future__ import annotations

from codelog.case.corrections import active_corrections, corrected
from codelog.case.events import NoteAdded
from tests.case.casekit import Fact, amends, make_stream, retracts


def _note(at: float, text: str) -> Fact:
    return at, "note.added", {"text": text}


def _texts(*facts: Fact) -> list[str]:
    return [event.data.text for event in corrected(make_stream(*facts)) if isinstance(event.data, NoteAdded)]


def test_a_retracted_entry_is_gone() -> None:
    assert _texts(_note(1, "a"), _note(2, "b"), retracts(3, 2)) == ["b"]


def test_a_retraction_of_a_retraction_brings_the_entry_back() -> None:
    assert _texts(_note(1, "a"), retracts(2, 2), retracts(3, 3)) == ["a"]


def test_a_retraction_of_that_takes_it_away_again() -> None:
    assert _texts(_note(1, "a"), retracts(2, 2), retracts(3, 3), retracts(4, 4)) == []


def test_a_retraction_of_an_amendment_brings_the_old_value_back() -> None:
    assert _texts(_note(1, "a"), amends(2, 2, text="b"), retracts(3, 3)) == ["a"]


def test_a_retraction_of_the_last_amendment_leaves_the_one_before() -> None:
    assert _texts(_note(1, "a"), amends(2, 2, text="b"), amends(3, 2, text="c"), retracts(4, 4)) == ["b"]


def test_a_retraction_of_an_amendments_retraction_makes_it_stand_again() -> None:
    assert _texts(_note(1, "a"), amends(2, 2, text="b"), retracts(3, 3), retracts(4, 4)) == ["b"]


def test_an_entry_retracted_twice_needs_both_retractions_retracted() -> None:
    facts = [_note(1, "a"), retracts(2, 2), retracts(3, 2), retracts(4, 3)]

    assert _texts(*facts) == []
    assert _texts(*facts, retracts(5, 4)) == ["a"]


def test_a_retracted_entry_stays_out_however_it_is_amended() -> None:
    assert _texts(_note(1, "a"), retracts(2, 2), amends(3, 2, text="b")) == []


def test_a_retraction_of_nothing_does_nothing() -> None:
    assert _texts(_note(1, "a"), retracts(2, 99)) == ["a"]


def test_the_opening_cannot_be_taken_away() -> None:
    events = make_stream(retracts(1, 1))

    assert [event.kind for event in corrected(events)] == ["case.opened"]


def test_active_corrections_are_those_not_retracted_in_order_of_seq() -> None:
    events = make_stream(_note(1, "a"), amends(2, 2, text="b"), amends(3, 2, text="c"), retracts(4, 3))

    assert [event.seq for event in active_corrections(events)] == [4, 5]


def test_nothing_entered_is_changed_by_reading() -> None:
    events = make_stream(_note(1, "a"), amends(2, 2, text="b"), retracts(3, 2))
    before = list(events)

    corrected(events)

    assert events == before
