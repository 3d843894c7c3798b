"""Corrections in a bundle: the new version stands, the old one is kept where nobody counts it, nothing vanishes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from codelog.case.events import Event
from tests.case.stream_strategies import access_facts, attempts, other_facts, streams
from tests.debrief.reportkit import log_of
from tests.fhir.fhir_cases import Resource, at, bundle_of, one, resources, told
from tests.fhir.judges import fhirkit_errors, house_errors

PIV: dict[str, Any] = {"attempt": 1, "route": "piv", "site": "hand", "side": "left"}
HARM = st.builds(
    lambda attempt: ("complication.noted", {"attempt": attempt, "complication": "extravasation"}), attempts
)
STREAMS = streams(access_facts | other_facts | HARM)
DOSE: dict[str, Any] = {"drug": "atropine", "dose": "0.06 mg", "route": "iv"}


def amended(target: int, **changes: Any) -> tuple[float, str, dict[str, Any]]:
    return 50, "event.amended", {"target": target, "changes": changes, "reason": "wrong side entered"}


def retracted(target: int, at: float = 50) -> tuple[float, str, dict[str, Any]]:
    return at, "event.retracted", {"target": target, "reason": "entered twice"}


def trace(found: Resource, line: int) -> Resource:
    """The Provenance of a line."""
    return next(
        each
        for each in resources(found, "Provenance")
        if each["entity"][-1]["what"]["identifier"]["value"] == f"t/{line}"
    )


def test_an_amendment_makes_a_new_version_and_keeps_the_old_one_within_its_provenance() -> None:
    found = told((10, "access.attempt_started", PIV), amended(2, side="right"))
    act = one(found, "Procedure", "Attempt 1 of the case")
    assert act["meta"]["versionId"] == "2"
    assert act["bodySite"][0]["text"] == "right hand"
    why = trace(found, 3)
    assert why["reason"] == [{"text": "wrong side entered"}]
    assert {"reference": f"urn:uuid:{act['id']}"} in why["target"]
    before = [each for each in why["contained"] if each["resourceType"] == "Procedure"]
    assert [each["bodySite"][0]["text"] for each in before] == ["left hand"]
    assert [(part["role"], part["what"].get("reference")) for part in why["entity"]] == [
        *(("revision", f"#{each['id']}") for each in why["contained"]),
        ("source", None),
    ]


def test_an_old_version_is_what_was_known_when_it_was_corrected() -> None:
    found = told(
        (10, "access.attempt_started", PIV),
        amended(2, side="right"),
        (60, "access.attempt_ended", {"attempt": 1, "outcome": "failed"}),
    )
    (before,) = [each for each in trace(found, 3)["contained"] if each["resourceType"] == "Procedure"]
    assert (before["status"], "outcome" in before) == ("in-progress", False)
    assert one(found, "Procedure", "Attempt 1 of the case")["status"] == "stopped"


def test_every_amendment_is_a_version() -> None:
    found = told((10, "drug.given", DOSE), amended(2, dose="0.6 mg"), amended(2, dose="0.07 mg"))
    (given,) = resources(found, "MedicationAdministration")
    assert (given["meta"]["versionId"], given["dosage"]["dose"]["value"]) == ("3", 0.07)
    assert [trace(found, line)["contained"][0]["dosage"]["dose"]["value"] for line in (3, 4)] == [0.06, 0.6]


def test_an_amended_time_is_the_time() -> None:
    found = told((10, "drug.given", DOSE), amended(2, at=at(5)))
    (given,) = resources(found, "MedicationAdministration")
    assert given["effectiveDateTime"] == at(5)


def test_a_withdrawn_dose_is_kept_as_entered_in_error() -> None:
    found = told((10, "drug.given", DOSE), retracted(2))
    (given,) = resources(found, "MedicationAdministration")
    assert given["status"] == "entered-in-error"
    assert given["dosage"]["dose"]["value"] == 0.06
    why = trace(found, 3)
    assert [part["role"] for part in why["entity"]] == ["removal", "source"]
    assert why["contained"][0]["status"] == "completed"


def test_a_withdrawn_start_takes_its_attempt_with_it_and_leaves_its_complication() -> None:
    found = told(
        (10, "access.attempt_started", PIV),
        (20, "access.attempt_ended", {"attempt": 1, "outcome": "established"}),
        (25, "drug.given", DOSE | {"attempt": 1}),
        (30, "complication.noted", {"attempt": 1, "complication": "extravasation"}),
        retracted(2),
    )
    act = one(found, "Procedure", "Attempt 1 of the case")
    assert act["status"] == "entered-in-error"
    assert {each["status"] for each in resources(found, "Device") if "patient" in each} == {
        "entered-in-error"
    }
    assert [each["active"] for each in resources(found, "BodyStructure")] == [False]
    (given,) = resources(found, "MedicationAdministration")
    assert given["status"] == "completed"
    harm = one(found, "Observation", "extravasation")
    assert (harm["status"], harm["code"]["text"]) == ("final", "Complication")


def test_a_withdrawn_end_opens_the_attempt_again() -> None:
    found = told(
        (10, "access.attempt_started", PIV),
        (20, "access.attempt_ended", {"attempt": 1, "outcome": "failed"}),
        retracted(3),
    )
    act = one(found, "Procedure", "Attempt 1 of the case")
    assert (act["status"], act["meta"]["versionId"]) == ("in-progress", "2")
    assert [part["role"] for part in trace(found, 4)["entity"]] == ["removal", "source"]


def test_a_withdrawn_correction_gives_the_first_version_back() -> None:
    found = told((10, "drug.given", DOSE), retracted(2), retracted(3, at=60))
    (given,) = resources(found, "MedicationAdministration")
    assert (given["status"], given["meta"]["versionId"]) == ("completed", "3")


def test_a_value_taken_away_is_an_observation_entered_in_error() -> None:
    found = told((10, "vital.recorded", {"spo2": 70, "heart_rate": 60}), amended(2, spo2=None))
    assert one(found, "Observation", "saturation")["status"] == "entered-in-error"
    assert one(found, "Observation", "Heart rate")["status"] == "final"


def test_an_entry_moved_to_another_attempt_changes_both() -> None:
    found = told(
        (10, "access.attempt_started", PIV),
        (11, "access.attempt_started", PIV | {"attempt": 2, "side": "right"}),
        (20, "access.attempt_ended", {"attempt": 1, "outcome": "failed", "reason": "blown"}),
        amended(4, reason="no_flashback"),
        amended(4, attempt=2),
    )
    first, second = (one(found, "Procedure", f"Attempt {number} of the case") for number in (1, 2))
    assert (first["status"], second["status"]) == ("in-progress", "stopped")
    assert "flashback" in json.dumps(second["statusReason"])
    targets = [part["reference"] for part in trace(found, 6)["target"]]
    assert {f"urn:uuid:{each['id']}" for each in (first, second)} <= set(targets)


def test_a_correction_of_nothing_is_traced_to_the_encounter() -> None:
    found = told(amended(17, side="right"))
    (encounter,) = resources(found, "Encounter")
    assert trace(found, 2)["target"] == [{"reference": f"urn:uuid:{encounter['id']}"}]


def test_an_amended_closing_is_a_new_version_of_the_encounter() -> None:
    found = told((40, "case.closed", {"outcome": "other"}), amended(2, outcome="died"))
    (encounter,) = resources(found, "Encounter")
    assert encounter["hospitalization"] == {"dischargeDisposition": {"text": "died"}}
    assert encounter["meta"]["versionId"] == "2"
    assert encounter["meta"]["tag"]


@settings(max_examples=150, deadline=None)
@given(events=STREAMS)
def test_whatever_is_corrected_nothing_dangles_and_every_line_is_traced_once(events: list[Event]) -> None:
    found = bundle_of(events)
    assert house_errors(found) == []
    assert fhirkit_errors(found) == []
    lines = [each["entity"][-1]["what"]["identifier"]["value"] for each in resources(found, "Provenance")]
    assert sorted(lines) == sorted(f"t/{event.seq}" for event in events)


@settings(max_examples=150, deadline=None)
@given(events=STREAMS)
def test_a_resource_that_was_ever_told_is_never_missing_later(events: list[Event]) -> None:
    seen: dict[str, str] = {}
    for count in range(1, len(events) + 1):
        now = {each["id"]: each["resourceType"] for each in resources(bundle_of(events[:count]))}
        assert seen.keys() <= now.keys(), [seen[id] for id in seen.keys() - now.keys()]
        seen |= now


def test_the_log_is_left_as_it_was() -> None:
    events = log_of((10, "drug.given", DOSE), retracted(2))
    kept = list(events)
    bundle_of(events)
    assert events == kept
