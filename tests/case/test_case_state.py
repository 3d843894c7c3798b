"""What the state of a case knows, at the last entry and at earlier instants."""

from __future__ import annotations

from decimal import Decimal

import pytest

from codelog.case.state import State, fold
from tests.case.casekit import Fact, amends, make_event, ms, retracts, state_of


def _opened(zero: str) -> State:
    return fold([make_event("case.opened", {"setting": "nicu", "zero": zero, "mode": "training"})])


def _patient(at: float, **facts: object) -> Fact:
    return at, "patient.described", facts


def _condition(at: float, present: bool, **part: object) -> Fact:
    return at, "condition.noted", {"condition": "fracture", "present": present, **part}


def _person(at: float, person: str, **known: object) -> Fact:
    return at, "team.noted", {"person": person, "role": "r", **known}


def test_age_is_zero_days_where_case_zero_is_the_birth() -> None:
    assert _opened("birth").age_days() == 0


@pytest.mark.parametrize("zero", ["arrest", "arrival", "opened"])
def test_age_is_unknown_elsewhere(zero: str) -> None:
    assert _opened(zero).age_days() is None


def test_a_described_age_stands_at_a_birth_too() -> None:
    opening = make_event("case.opened", {"setting": "nicu", "zero": "birth", "mode": "training"})

    assert fold([opening, make_event("patient.described", {"age_days": 3}, seq=2)]).age_days() == 3


def test_case_zero_arrest_counts_as_an_arrest_recognised_at_zero() -> None:
    arrest = _opened("arrest").arrest

    assert arrest is not None
    assert arrest.at == ms(0)
    assert _opened("arrival").arrest is None


def test_the_first_recognition_of_an_arrest_counts_until_rosc() -> None:
    facts: list[Fact] = [(10, "arrest.recognised", {}), (20, "arrest.recognised", {})]

    arrest = state_of(*facts).arrest
    assert arrest is not None
    assert arrest.at == ms(10)
    after = state_of(*facts, (30, "rosc.recognised", {}))
    assert after.arrest is None
    assert after.rosc is not None


def test_an_arrest_after_rosc_begins_anew() -> None:
    facts: list[Fact] = [
        (10, "arrest.recognised", {}),
        (20, "rosc.recognised", {}),
        (30, "arrest.recognised", {}),
    ]

    state = state_of(*facts)

    assert state.arrest is not None
    assert state.arrest.at == ms(30)
    assert state.rosc is None


def test_weight_is_given_in_kilograms_whatever_it_was_written_in() -> None:
    assert state_of(_patient(1, weight="1700 g")).weight_kg() == Decimal("1.7")
    assert state_of(_patient(1, weight="1.7 kg")).weight_kg() == Decimal("1.7")
    assert state_of().weight_kg() is None


def test_a_later_description_replaces_only_what_it_mentions() -> None:
    state = state_of(_patient(1, weight="2 kg", sex="f"), _patient(2, weight="3 kg"))

    assert state.weight_kg() == 3
    assert state.value("sex") == "f"


def test_what_was_known_by_an_earlier_instant() -> None:
    state = state_of(_patient(10, weight="2 kg"), _patient(20, weight="3 kg"))

    assert [state.weight_kg(ms(at)) for at in (9.999, 10, 19.999, 20)] == [None, 2, 2, 3]


def test_a_fact_said_again_is_known_since_it_was_first_said() -> None:
    known = state_of(_patient(10, cord="unusable"), _patient(20, cord="unusable")).known("cord")

    assert known is not None
    assert known.stamp.at == ms(10)


def test_no_is_not_the_same_as_not_recorded() -> None:
    assert state_of(_patient(1, cooling=False)).value("cooling") is False
    assert state_of().value("cooling") is None


def test_a_condition_is_known_by_bone_and_side() -> None:
    state = state_of(
        _condition(1, True, bone="tibia", side="left"), _condition(2, False, bone="tibia", side="right")
    )

    found = {part[1:]: known.value for part, known in state.conditions_by(ms(2)).items()}
    assert found == {("tibia", "left"): True, ("tibia", "right"): False}


def test_a_later_note_on_the_same_part_replaces_the_earlier_from_then_on() -> None:
    state = state_of(_condition(10, True, bone="tibia"), _condition(20, False, bone="tibia"))
    part = ("fracture", "tibia", None)

    assert state.conditions_by(ms(9)) == {}
    assert state.conditions_by(ms(10))[part].value is True
    assert state.conditions_by(ms(20))[part].value is False


def test_what_is_known_of_a_person_stays_until_said_otherwise() -> None:
    member = state_of(_person(1, "a", uvc_experienced=True), _person(2, "a", io_experienced=False)).team["a"]

    assert (member.uvc_experienced, member.io_experienced) == (True, False)


def test_nobody_for_an_umbilical_line_needs_a_no_and_no_yes() -> None:
    def since(*facts: Fact) -> int | None:
        stamp = state_of(*facts).no_uvc_hand_since
        return None if stamp is None else stamp.at

    assert since(_person(1, "a")) is None
    assert since(_person(1, "a"), _person(2, "b", uvc_experienced=False)) == ms(2)
    assert since(_person(1, "a", uvc_experienced=True), _person(2, "b", uvc_experienced=False)) is None
    assert since(_person(1, "a", uvc_experienced=False), _person(2, "b", uvc_experienced=False)) == ms(1)
    assert since(_person(1, "a", uvc_experienced=False), _person(2, "b", uvc_experienced=True)) is None
    assert since(_person(1, "a", uvc_experienced=True), _person(5, "a", uvc_experienced=False)) == ms(5)


def test_the_kit_is_what_was_last_said_of_each_item() -> None:
    state = state_of(
        (1, "kit.checked", {"items": {"gauze": True, "gloves": False}}),
        (2, "kit.checked", {"items": {"gloves": True}}),
    )

    assert state.kit == {"gauze": True, "gloves": True}


def test_care_runs_from_its_first_start_to_its_end() -> None:
    start: Fact = (1, "care.started", {"care": "compressions"})
    again: Fact = (2, "care.started", {"care": "compressions"})

    assert state_of(start, again).cares["compressions"].at == ms(1)
    assert state_of(start, (3, "care.ended", {"care": "compressions"})).cares == {}


def test_the_volume_of_an_infusion_is_what_was_given_else_what_was_ordered() -> None:
    start: Fact = (
        1,
        "infusion.started",
        {"infusion": 1, "fluid": "saline_0_9", "route": "iv", "volume": "30 mL"},
    )

    assert str(state_of(start).infusions[1].volume) == "30 mL"
    assert (
        str(state_of(start, (2, "infusion.stopped", {"infusion": 1, "volume": "12 mL"})).infusions[1].volume)
        == "12 mL"
    )
    assert str(state_of(start, (2, "infusion.stopped", {"infusion": 1})).infusions[1].volume) == "30 mL"


def test_a_change_of_rate_leaves_the_other_rate_alone() -> None:
    start: Fact = (
        1,
        "infusion.started",
        {"infusion": 1, "fluid": "other", "route": "iv", "rate": "1 mL/h", "dose_rate": "1 ug/kg/min"},
    )

    infusion = state_of(start, (2, "infusion.changed", {"infusion": 1, "rate": "2 mL/h"})).infusions[1]

    assert (str(infusion.rate), str(infusion.dose_rate)) == ("2 mL/h", "1 ug/kg/min")


def test_only_the_first_stop_of_an_infusion_counts() -> None:
    start: Fact = (1, "infusion.started", {"infusion": 1, "fluid": "other", "route": "iv"})
    stops: list[Fact] = [(at, "infusion.stopped", {"infusion": 1, "volume": f"{at} mL"}) for at in (2, 3)]

    assert str(state_of(start, *stops).infusions[1].volume) == "2 mL"


def test_what_was_given_at_this_instant_is_forgotten_at_the_next() -> None:
    dose: Fact = (5, "drug.given", {"drug": "adrenaline", "dose": "1 mg", "route": "iv"})

    assert len(state_of(dose, dose).given_now) == 2
    assert state_of(dose, (5.001, "note.added", {"text": "a"})).given_now == []


def test_the_latest_vitals_stand_one_by_one() -> None:
    state = state_of(
        (1, "vital.recorded", {"heart_rate": 60, "spo2": 80}), (2, "vital.recorded", {"heart_rate": 90})
    )

    assert (state.vitals["heart_rate"].value, state.vitals["spo2"].value) == (90, 80)


def test_a_case_is_closed_until_it_is_reopened() -> None:
    close: Fact = (10, "case.closed", {"outcome": "recovered"})

    closed = state_of(close).closed
    assert closed is not None
    assert closed.at == ms(10)
    assert state_of(close, (20, "case.reopened", {})).closed is None
    assert state_of(close, retracts(20, 2)).closed is None


def test_states_with_the_same_knowledge_are_equal_and_others_are_not() -> None:
    note: Fact = (5, "patient.described", {"sex": "f"})

    assert state_of(note) == state_of(note)
    assert state_of(note) != state_of((5, "patient.described", {"sex": "m"}))
    assert state_of((5, "access.needed", {"urgency": "urgent"})) != state_of(
        (5, "access.needed", {"urgency": "routine"})
    )
    assert state_of(note) != "state"


def test_amending_the_opening_amends_the_case() -> None:
    opened = state_of(amends(5, 1, setting="ward")).opened

    assert opened is not None
    assert opened.setting == "ward"
