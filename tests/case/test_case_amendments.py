"""What an amendment changes in the corrected reading."""

from __future__ import annotations

import pytest

from codelog.case.corrections import CorrectionError, amended, corrected
from codelog.case.events import DrugGiven, Event, NoteAdded
from tests.case.casekit import VOCABULARY, amends, make_event, make_stream, ms

DOSE = (10, "drug.given", {"drug": "adrenaline", "dose": "0.6 mg", "route": "iv", "volume": "6 mL"})


def _dose(*facts: tuple[float, str, dict[str, object]]) -> DrugGiven:
    found = [
        event.data for event in corrected(make_stream(DOSE, *facts)) if isinstance(event.data, DrugGiven)
    ]
    assert len(found) == 1
    return found[0]


def test_a_field_gets_its_new_value_and_the_others_stay() -> None:
    dose = _dose(amends(20, 2, dose="0.06 mg"))

    assert str(dose.dose) == "0.06 mg"
    assert str(dose.volume) == "6 mL"


def test_the_last_amendment_of_a_field_wins() -> None:
    assert str(_dose(amends(20, 2, dose="1 mg"), amends(30, 2, dose="2 mg")).dose) == "2 mg"


def test_amendments_of_different_fields_add_up() -> None:
    dose = _dose(amends(20, 2, dose="1 mg", volume="1 mL"), amends(30, 2, volume="2 mL"))

    assert (str(dose.dose), str(dose.volume)) == ("1 mg", "2 mL")


def test_the_order_of_seq_decides_and_not_the_time_of_the_amendment() -> None:
    assert str(_dose(amends(30, 2, dose="1 mg"), amends(20, 2, dose="2 mg")).dose) == "2 mg"


def test_null_removes_an_optional_field() -> None:
    assert _dose(amends(20, 2, volume=None)).volume is None


def test_null_for_a_field_that_is_not_there_changes_nothing() -> None:
    assert _dose(amends(20, 2, flush=None)) == _dose()


def test_a_field_that_was_not_recorded_can_be_added() -> None:
    assert str(_dose(amends(20, 2, flush="5 mL")).flush) == "5 mL"


def test_at_moves_the_entry_in_the_corrected_reading() -> None:
    events = make_stream((10, "note.added", {"text": "a"}), (20, "note.added", {"text": "b"}))
    events.append(make_event(*_moved(3, "2001-09-09T01:46:45.000Z"), seq=4, at=30))

    ordered = corrected(events)

    assert [event.seq for event in ordered] == [1, 3, 2]
    assert ordered[1].at == ms(5)


def test_the_last_amendment_of_at_wins() -> None:
    event = make_event("note.added", {"text": "a"}, at=10)

    once = amended(event, {"at": "2001-09-09T01:46:45.000Z"})
    twice = amended(once, {"at": "2001-09-09T01:46:50.000Z"})

    assert (once.at, twice.at) == (ms(5), ms(10))


def test_what_amendments_do_not_name_stays_as_it_was_entered() -> None:
    event = make_event("note.added", {"text": "a"}, at=10, recorded=12)

    changed = amended(event, {"at": "2001-09-09T01:46:45.000Z", "text": "b"})

    assert changed.data == NoteAdded(text="b")
    assert _without_what_changed(changed) == _without_what_changed(event)


def test_two_entries_at_one_instant_stand_in_order_of_seq() -> None:
    events = make_stream(
        (10, "note.added", {"text": "a"}), (5, "note.added", {"text": "b"}), (10, "arrest.recognised", {})
    )

    assert [event.seq for event in corrected(events)] == [1, 3, 2, 4]


def test_an_amendment_that_does_not_fit_is_passed_over_and_the_next_one_counts() -> None:
    # Lines of other hands may hold one; it must not make the case unreadable.
    dose = _dose(amends(20, 2, dose=None), amends(21, 2, colour="red"), amends(22, 2, dose="3 mg"))

    assert str(dose.dose) == "3 mg"


def test_flags_and_answers_are_never_amended_or_retracted_into_the_reading() -> None:
    events = make_stream(
        (1, "flag.snoozed", {"flag": 1, "seconds": 30}),
        (2, "flag.acknowledged", {"flag": 1, "action": "accepted"}),
        amends(3, 2, seconds=60),
    )

    assert [event.kind for event in corrected(events)] == ["case.opened"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"colour": "red"}, "drug.given has no field 'colour'; what can be amended is at drug dose"),
        ({"dos": "1 mg"}, "did you mean dose?"),
        ({"dose": "1 mcg"}, "write ug"),
        ({"dose": None}, "drug.given needs dose"),
        ({"drug": "adrenalin"}, "did you mean adrenaline?"),
        ({"volume": 3}, "volume is 3"),
        ({"at": None}, "write UTC like 2026-11-22T16:27:52.123Z"),
        ({"at": 5}, "at 5 is wrong"),
        ({"at": "1:30"}, "write UTC"),
        ({"seq": 3}, "has no field 'seq'"),
        ({"recorded_at": "2001-09-09T01:46:45.000Z"}, "has no field 'recorded_at'"),
    ],
)
def test_an_amendment_that_does_not_fit_is_refused_when_it_is_made(
    changes: dict[str, object], words: str
) -> None:
    event = make_event(DOSE[1], DOSE[2])

    with pytest.raises(CorrectionError) as caught:
        amended(event, changes, VOCABULARY)

    assert words in str(caught.value)


def _moved(target: int, at: str) -> tuple[str, dict[str, object]]:
    return "event.amended", {"target": target, "changes": {"at": at}, "reason": "r"}


def _without_what_changed(event: Event) -> tuple[object, ...]:
    return (
        event.case,
        event.terminal,
        event.seq,
        event.prev,
        event.basis,
        event.recorded_at,
        event.by,
        event.boot_ms,
    )
