"""The kinds of event and their fields are those of the log format, no more and no less."""

from __future__ import annotations

import re
from typing import Any

import pytest

from codelog.case import vocabulary
from codelog.case.codec import VERSION
from codelog.case.events import ADDENDA, KINDS, PROGRAM_FIELDS, PROGRAM_KINDS, fields_of, read_data
from codelog.case.fields import Choice, FieldError, Id, ListOf

# Copied from the log format, section 3, letter by letter.
TABLE = r"""
| `case.opened` | `setting` (`delivery_room` `nicu` `ward` `emergency_department` `prehospital` `other`), `zero` (`birth` `arrest` `arrival` `opened`), `mode` (`clinical` `training`), `place`?, `label`?; filled in by the program: `protocol` {`id` `version` `digest`}, `software` |
| `patient.described` | `age_days`?, `gestation_weeks`?, `weight`? (`"1700 g"`), `weight_source`? (`measured` `estimated` `length_based`), `sex`?, `cord`? (`usable` `unusable`), `cooling`? (bool) |
| `condition.noted` | `condition` (ids below), `bone`?, `side`?, `present` (bool; false = asked and absent) |
| `team.noted` | `person`, `role`, `uvc_experienced`? (bool), `io_experienced`? (bool) |
| `access.needed` | `urgency` (`emergent` `urgent` `routine`), `reason`? |
| `access.present` | a line that was in place before the record: `attempt`, `route`, `site`?, `side`?, `device`?, `since`? (how long before `at`, a quantity: `"12 min"`); it takes the next attempt number and works from `at`. An earlier IO try elsewhere is a `condition.noted` `prior_io` with its bone and side |
| `access.attempt_started` | `attempt` (1, 2, ... in the case), `route`, and whatever is known already: `site`?, `side`? (`left` `right` `midline`), `device`?, `gauge`?, `needle_mm`?, `operator`?, `operator_role`? |
| `access.attempt_described` | `attempt` and the same details, as they become known; a later value stands. Capture never waits for a detail: what is still missing is a gap, asked for at sign-off |
| `access.attempt_ended` | `attempt`, `outcome` (`established` `failed` `abandoned`), `reason`? |
| `access.confirmed` | `attempt`, `signs` [`stands_unsupported` `aspirate` `flush_free` `no_swelling` `flow_under_pressure` `drug_effect` `ultrasound` `xray`], `flush`? |
| `access.checked` | `attempt`, `finding` (`ok` `swelling` `cold` `pale` `no_pulse` `leak`) |
| `access.lost` | `attempt`, `reason` (`dislodged` `infiltrated` `occluded` `removed_in_error` `other`) |
| `access.removed` | `attempt`, `reason`? : planned removal |
| `complication.noted` | `attempt`?, `complication` (ids below) |
| `kit.checked` | `items` {id: bool}: the IO equipment list: `antiseptic` `gauze` `sterile_towels` `gloves` `io_device` `saline_flush` `iv_fluid` `infusion_set` (Luer-lock catheter with 3-way stopcock) |
| `drug.given` | `drug` (ids below), `dose` (quantity, absolute), `route` (`iv` `io` `uvc` `ett` `im` `other`), `attempt`? (the line it went through), `concentration`?, `volume`?, `flush`? |
| `infusion.started` | `infusion` (1, 2, ...), `fluid` (ids below), `attempt`? (line), `route`, `volume`? (ordered, absolute), `rate`?, `dose_rate`? |
| `infusion.changed` | `infusion`, `rate`?, `dose_rate`? |
| `infusion.stopped` | `infusion`, `volume`? (given), `reason`? |
| `vital.recorded` | any of `heart_rate` `spo2` `resp_rate` `temperature` `systolic` `apgar` + `apgar_minute`; integers, temperature a quantity |
| `care.started` / `care.ended` | `care` (`ppv` `cpap` `compressions` `intubation` `cord_clamping` `cooling` `other`), `result`? |
| `arrest.recognised` / `rosc.recognised` | - |
| `note.added` | `text` |
| `flag.raised` | `flag` (1, 2, ...), `rule`, `basis`, `attempt`? or `entry`? (its subject: attempt number or seq), `priority` (`low` `medium` `high`), `text` (exactly as painted), `evidence` [seq], `facts` {}, `unknown` [], `alternatives` [], `threshold`, `source`, `due_at` (same form as `at`) |
| `flag.acknowledged` | `flag`, `action` (`accepted` `declined`), `reason`? (required when declined: `uvc_in_progress` `vein_imminent` `not_critical` `contraindicated` `refused` or words) |
| `flag.snoozed` | `flag`, `seconds` |
| `flag.cleared` | `flag`, `because` (`answered` `condition_ended` `retracted` `replaced` `case_closed`), `evidence` [seq] |
| `event.amended` | `target` (seq), `changes` {field of `data`: new value, null removes it; `at` allowed}, `reason` |
| `event.retracted` | `target` (seq), `reason` |
| `clock.stepped` | `wall_ms` (how far the wall clock jumped) |
| `clock.marked` | `clock` (`defibrillator` `monitor` `room` `other`), `shows` (its time): gives an offset, alters nothing |
| `case.closed` | `outcome` (`transferred` `recovered` `died` `other`), `text`?; filled in: `events` (how many lines the stream has with this one) |
| `case.reopened` | `reason`? |
| `case.signed` | `person`, `role`, `meaning` (`recorded` `reviewed` `led`) |
| `debrief.noted` | `part` (`well` `improve` `action`), `text`, `owner`?, `due`? |
| `archive.received` | `archive`, `terminal`, `count`, `head`, `received_at`, `signature`: the archive's signed receipt |
"""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_NAME = re.compile(r"`([a-z_0-9]+)`(\??)")


def _rows() -> dict[str, str]:
    found = {}
    for line in TABLE.strip().splitlines():
        kinds, data = line.strip("| ").split(" | ", 1)
        for kind in kinds.split(" / "):
            found[kind.strip("`")] = data
    return found


ROWS = _rows()


def _fields(kind: str) -> dict[str, bool]:
    """Field -> whether it is required, as the row of the table says; what the program fills in is left out."""
    said = _BRACKETS.sub("", ROWS[kind]).split(";")[0].split(": the IO equipment list")[0]
    found = {name: not optional for name, optional in _NAME.findall(said)}
    if "any of" in said:
        found = dict.fromkeys(found, False)
    if "the same details" in said:
        found |= {name: False for name, required in _fields("access.attempt_started").items() if not required}
    if _has_other(kind):
        # "`other` is explained in `text`."
        found.setdefault("text", False)
    return found


def _has_other(kind: str) -> bool:
    lists_with_other = {"site", "device", "complication", "drug", "fluid"}
    names = {name for name, _ in _NAME.findall(_BRACKETS.sub("", ROWS[kind]).split(";")[0])}
    return "`other`" in ROWS[kind] or "same details" in ROWS[kind] or bool(names & lists_with_other)


def _program_fields(kind: str) -> tuple[str, ...]:
    said = _BRACKETS.sub("", ROWS[kind]).partition("; filled in")[2]
    return tuple(name for name, _ in _NAME.findall(said))


def _options() -> list[Any]:
    """(kind, field, ids) for every list of ids that the table spells out."""
    found = []
    for kind, data in ROWS.items():
        for name, ids in re.findall(r"`([a-z_]+)`\?? [(\[]((?:`[a-z_]+` ?)+)[)\]]", data):
            found.append(
                pytest.param(kind, name, tuple(re.findall(r"`([a-z_]+)`", ids)), id=f"{kind}-{name}")
            )
    return found


def test_the_kinds_are_those_of_the_table_in_its_order() -> None:
    assert list(KINDS) == list(ROWS)


@pytest.mark.parametrize("kind", ROWS)
def test_every_kind_has_the_fields_of_its_row_with_their_optional_marks(kind: str) -> None:
    declared = {
        name: field.required for name, field in fields_of(kind).items() if name not in _program_fields(kind)
    }

    assert declared == _fields(kind)


def test_what_the_program_fills_in_is_what_the_table_says() -> None:
    assert PROGRAM_FIELDS == {kind: _program_fields(kind) for kind in ROWS if _program_fields(kind)}


@pytest.mark.parametrize(("kind", "name", "ids"), _options())
def test_ids_that_the_table_spells_out_are_accepted(kind: str, name: str, ids: tuple[str, ...]) -> None:
    type = fields_of(kind)[name].type
    if isinstance(type, Choice):
        assert sorted(type.options) == sorted(ids)
    else:
        value = list(ids) if isinstance(type, ListOf) else ids[0]
        type.read(value, None)


def test_enough_lists_of_ids_were_found_in_the_table() -> None:
    assert len(_options()) >= 20


@pytest.mark.parametrize(
    ("field", "options"),
    [("route", "piv uvc cvc io"), ("side", "left right midline")],
)
@pytest.mark.parametrize("kind", ["access.present", "access.attempt_started"])
def test_access_routes_and_sides(kind: str, field: str, options: str) -> None:
    type = fields_of(kind)[field].type

    assert isinstance(type, Choice)
    assert type.options == tuple(options.split())


def test_venous_routes() -> None:
    assert vocabulary.VENOUS_ROUTES == ("piv", "uvc", "cvc")


def test_an_infusion_goes_by_the_routes_of_a_drug() -> None:
    assert fields_of("infusion.started")["route"].type == fields_of("drug.given")["route"].type


@pytest.mark.parametrize(
    ("kind", "field", "list_name"),
    [
        ("condition.noted", "condition", "conditions"),
        ("condition.noted", "bone", "bones"),
        ("access.attempt_started", "site", "sites"),
        ("access.attempt_started", "device", "devices"),
        ("complication.noted", "complication", "complications"),
        ("drug.given", "drug", "drugs"),
        ("infusion.started", "fluid", "fluids"),
    ],
)
def test_ids_that_a_site_may_extend_come_from_the_vocabulary(kind: str, field: str, list_name: str) -> None:
    assert fields_of(kind)[field].type == Id(list_name)


def test_the_program_alone_raises_and_clears_flags_and_notes_clock_steps() -> None:
    assert set(PROGRAM_KINDS) == {"flag.raised", "flag.cleared", "clock.stepped"}


def test_addenda_are_the_kinds_that_may_follow_the_close() -> None:
    assert set(ADDENDA) == {
        "event.amended",
        "event.retracted",
        "case.signed",
        "debrief.noted",
        "archive.received",
        "case.reopened",
    }


def test_the_version_is_one() -> None:
    assert VERSION == 1


def test_the_bases_of_a_time() -> None:
    assert vocabulary.BASES == ("live", "stated", "device", "reconstructed")


def test_a_vital_needs_at_least_one_value() -> None:
    with pytest.raises(FieldError, match="at least one of heart_rate"):
        read_data("vital.recorded", {}, None)


@pytest.mark.parametrize("kind", ROWS)
def test_a_required_field_that_is_missing_is_named(kind: str) -> None:
    for name, required in _fields(kind).items():
        if required:
            given = {other: None for other in fields_of(kind) if other != name}
            with pytest.raises(FieldError):
                read_data(kind, given, None)
    if any(_fields(kind).values()):
        first = next(name for name, field in fields_of(kind).items() if field.required)
        with pytest.raises(FieldError, match=f"{kind} needs {first}: "):
            read_data(kind, {}, None)


@pytest.mark.parametrize("kind", ROWS)
def test_null_is_not_a_way_to_leave_a_field_out(kind: str) -> None:
    for name in fields_of(kind):
        with pytest.raises(FieldError, match=name):
            read_data(kind, {name: None}, None)
