"""Both sides of every limit of a field, and ids with and without a vocabulary."""

from __future__ import annotations

from typing import Any

import pytest

from codelog.case.events import read_data
from codelog.case.fields import FieldError
from codelog.case.vocabulary import Vocabulary
from tests.case.casekit import VOCABULARY

LARGEST = 2**53 - 1


def _accept(kind: str, known: Vocabulary | None = None, /, **data: Any) -> None:
    read_data(kind, data, known)


def _refuse(kind: str, words: str, known: Vocabulary | None = None, /, **data: Any) -> None:
    with pytest.raises(FieldError) as caught:
        read_data(kind, data, known)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("field", ["age_days", "gestation_weeks"])
def test_a_count_is_zero_or_more(field: str) -> None:
    _accept("patient.described", **{field: 0})
    _accept("patient.described", **{field: LARGEST})
    _refuse("patient.described", f"{field} is -1, but must be an integer of 0 or more", **{field: -1})
    _refuse("patient.described", field, **{field: LARGEST + 1})


@pytest.mark.parametrize(("field", "most"), [("spo2", 100), ("apgar", 10)])
def test_a_vital_with_a_scale_stays_on_it(field: str, most: int) -> None:
    _accept("vital.recorded", **{field: 0})
    _accept("vital.recorded", **{field: most})
    _refuse("vital.recorded", f"from 0 to {most}", **{field: -1})
    _refuse("vital.recorded", f"from 0 to {most}", **{field: most + 1})


@pytest.mark.parametrize("value", [True, "1", None, [1]])
def test_an_integer_is_no_other_type(value: Any) -> None:
    _refuse("vital.recorded", "heart_rate is ", heart_rate=value)


@pytest.mark.parametrize("value", [0, 1, "yes", None])
def test_yes_or_no_is_true_or_false(value: Any) -> None:
    _refuse("condition.noted", "must be true or false", condition="burn", present=value)


@pytest.mark.parametrize("number", [1, LARGEST, "other-terminal/3"])
def test_a_reference_counts_from_one_or_names_another_stream(number: Any) -> None:
    _accept("access.checked", attempt=number, finding="ok")


@pytest.mark.parametrize("number", [0, -1, LARGEST + 1, True, "1", "/1", "t/", "t/x", "t/-1", "t/١", None])
def test_any_other_reference_is_refused(number: Any) -> None:
    _refuse("access.checked", "must be a number from 1", attempt=number, finding="ok")


def test_a_snooze_lasts_a_second_or_more() -> None:
    _accept("flag.snoozed", flag=1, seconds=1)
    _refuse("flag.snoozed", "seconds is 0", flag=1, seconds=0)


@pytest.mark.parametrize("wall_ms", [-LARGEST, -1, 0, LARGEST])
def test_a_clock_steps_either_way(wall_ms: int) -> None:
    _accept("clock.stepped", wall_ms=wall_ms)


@pytest.mark.parametrize("unit", ["mg", "ug", "mmol", "meq", "[IU]", "mL"])
def test_a_dose_is_absolute(unit: str) -> None:
    _accept("drug.given", drug="x", route="iv", dose=f"1 {unit}")


@pytest.mark.parametrize("unit", ["mg/kg", "ug/kg/min", "mL/h", "min", "%", "mg/mL"])
def test_a_dose_per_kilogram_or_per_time_is_refused(unit: str) -> None:
    _refuse("drug.given", "dose is ", drug="x", route="iv", dose=f"1 {unit}")


@pytest.mark.parametrize(
    ("kind", "field", "right", "wrong"),
    [
        ("patient.described", "weight", "1700 g", "1700 mL"),
        ("patient.described", "weight", "1.7 kg", "1.7 mg/kg"),
        ("vital.recorded", "temperature", "36.5 Cel", "36.5 %"),
        ("infusion.changed", "rate", "12 mL/h", "12 mL"),
        ("infusion.changed", "rate", "1 mL/min", "1 mg/kg/h"),
        ("infusion.changed", "dose_rate", "0.1 ug/kg/min", "0.1 ug"),
        ("infusion.stopped", "volume", "10 mL", "10 mL/kg"),
        ("infusion.stopped", "volume", "0.1 L", "0.1 kg"),
    ],
)
def test_a_quantity_measures_what_its_field_is_about(kind: str, field: str, right: str, wrong: str) -> None:
    needed: dict[str, Any] = {"infusion": 1} if kind.startswith("infusion") else {}

    _accept(kind, **needed, **{field: right})
    _refuse(kind, "but must be a quantity of", **needed, **{field: wrong})


def test_a_time_before_the_record_is_a_quantity_of_time() -> None:
    _accept("access.present", attempt=1, route="io", since="12 min")
    _refuse("access.present", "a quantity of time", attempt=1, route="io", since="12 mL")


def test_an_id_is_checked_against_the_vocabulary_and_the_nearest_is_offered() -> None:
    _accept("drug.given", VOCABULARY, drug="adrenaline", dose="1 mg", route="iv")
    _refuse("drug.given", "did you mean adrenaline?", VOCABULARY, drug="adrenalin", dose="1 mg", route="iv")


def test_a_site_is_one_of_a_vein_or_of_a_bone() -> None:
    _accept("access.attempt_started", VOCABULARY, attempt=1, route="piv", site="hand")
    _accept("access.attempt_started", VOCABULARY, attempt=1, route="io", site="tibia_prox")
    _refuse(
        "access.attempt_started", "must be one of hand foot", VOCABULARY, attempt=1, route="io", site="nose"
    )


def test_without_a_vocabulary_any_id_is_read() -> None:
    _accept("drug.given", drug="anything", dose="1 mg", route="iv")


def test_a_choice_of_the_log_format_is_checked_without_a_vocabulary_too() -> None:
    _refuse("access.needed", "must be one of emergent urgent routine (did you mean urgent?)", urgency="urgnt")


def test_a_list_is_checked_item_by_item() -> None:
    _accept("access.confirmed", VOCABULARY, attempt=1, signs=["aspirate", "flush_free"])
    _refuse("access.confirmed", "flush_free", VOCABULARY, attempt=1, signs=["aspirate", "magic"])
    _refuse("access.confirmed", "must be a list", VOCABULARY, attempt=1, signs="aspirate")


def test_an_object_is_checked_key_by_key() -> None:
    _accept("kit.checked", VOCABULARY, items={"gauze": True, "gloves": False})
    _refuse("kit.checked", "gloves", VOCABULARY, items={"glovs": True})
    _refuse("kit.checked", "at 'gauze' is 1", VOCABULARY, items={"gauze": 1})


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfffy"])
def test_text_that_no_line_can_hold_is_refused(text: str) -> None:
    # A NUL could be written and never read again; an unpaired surrogate is not UTF-8.
    _refuse("note.added", "text ", text=text)
    _refuse("access.checked", "attempt ", attempt=f"{text}/1", finding="ok")
    _refuse("kit.checked", "items ", items={text: True})


@pytest.mark.parametrize("value", [1, True, None, ["a"], {}])
def test_text_is_text(value: Any) -> None:
    _refuse("note.added", "must be text", text=value)


@pytest.mark.parametrize(
    "protocol", [{"id": "a", "version": "1"}, {"id": "a", "version": 1, "digest": "x"}, "a", {}]
)
def test_a_protocol_is_its_id_version_and_digest(protocol: Any) -> None:
    opening = {"setting": "nicu", "zero": "birth", "mode": "training"}

    _accept("case.opened", **opening, protocol={"id": "a", "version": "1", "digest": "x"})
    _refuse("case.opened", "id, version and digest", **opening, protocol=protocol)
