"""What stands where in a bundle: statuses, outcomes, sides three ways, codes by what was recorded and by nothing else."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from codelog.audit.fhir.bundle import bundle, encode
from codelog.case.events import KINDS, Event
from codelog.clinical.codes import SNOMED, load_codes
from tests.debrief.reportkit import event_of, events_of, log_of, scenario
from tests.fhir.fhir_cases import (
    GENERATED,
    TABLES,
    Resource,
    at,
    bundle_of,
    codes_in,
    one,
    published,
    resources,
    told,
    walk,
)

Facts = dict[str, Any]
START: Facts = {"attempt": 1, "route": "io", "site": "tibia_prox", "side": "left"}


def attempt(*facts: tuple[float, str, Facts], **start: Any) -> Resource:
    """The Procedure of one attempt that began at 0:10."""
    return one(
        told((10, "access.attempt_started", START | start), *facts), "Procedure", "Attempt 1 of the case"
    )


@pytest.mark.parametrize(
    ("outcome", "status", "nemsis", "snomed"),
    [
        ("established", "completed", "9923003", "385669000"),
        ("failed", "stopped", "9923001", "385671000"),
        ("abandoned", "stopped", "9923001", "385671000"),
    ],
)
def test_an_attempt_that_failed_was_stopped_and_never_not_done(
    outcome: str, status: str, nemsis: str, snomed: str
) -> None:
    found = attempt((40, "access.attempt_ended", {"attempt": 1, "outcome": outcome}))
    assert found["status"] == status
    assert codes_in(found["outcome"]) == {"sct": snomed, "nemsis": nemsis}
    assert found["performedPeriod"] == {"start": at(10), "end": at(40)}


def test_the_reason_of_a_failure_is_its_status_reason() -> None:
    ended = {"attempt": 1, "outcome": "failed", "reason": "through_and_through"}
    assert attempt((40, "access.attempt_ended", ended))["statusReason"]["text"]
    done = attempt((40, "access.attempt_ended", ended | {"outcome": "established"}))
    assert "statusReason" not in done
    assert len(done["note"]) == 2


def test_an_attempt_without_its_end_is_in_progress_until_the_case_is_closed() -> None:
    open_case = attempt()
    assert (open_case["status"], "outcome" in open_case) == ("in-progress", False)
    closed = attempt((60, "case.closed", {"outcome": "other"}))
    assert (closed["status"], "outcome" in closed) == ("unknown", False)
    again = attempt((60, "case.closed", {"outcome": "other"}), (70, "case.reopened", {}))
    assert again["status"] == "in-progress"


@pytest.mark.parametrize(
    ("site", "side", "bone", "nemsis", "qualifier"),
    [
        ("tibia_prox", "left", "20285007", "3913047", "419161000"),
        ("tibia_prox", "right", "20285007", "3913049", "419465000"),
        ("tibia_dist", "left", "64605006", "3913041", "419161000"),
        ("femur_dist", "right", "310652005", "3913035", "419465000"),
        ("humerus_prox", "left", "119524001", "3913037", "419161000"),
        ("foot", "left", "56459004", "3913015", "419161000"),
        ("foot", "right", "56459004", "3913013", "419465000"),
        ("calcaneus", "left", "80144004", None, "419161000"),
        ("sternum_manubrium", "midline", "37285002", "3913043", None),
    ],
)
def test_the_side_is_told_three_ways(
    site: str, side: str, bone: str, nemsis: str | None, qualifier: str | None
) -> None:
    found = told((10, "access.attempt_started", START | {"site": site, "side": side}))
    act = one(found, "Procedure", "Attempt 1 of the case")
    (where,) = act["bodySite"]
    assert where["text"].startswith("" if side == "midline" else f"{side} ")
    assert codes_in(where) == {"sct": bone} | ({} if nemsis is None else {"nemsis": nemsis})
    (extension,) = act["extension"]
    (place,) = resources(found, "BodyStructure")
    assert extension["url"].endswith("/procedure-targetBodyStructure")
    assert extension["valueReference"]["reference"] == f"urn:uuid:{place['id']}"
    assert codes_in(place["location"]).get("sct") == bone
    (said,) = place["locationQualifier"]
    assert said["text"] == side
    assert codes_in(said) == ({} if qualifier is None else {"sct": qualifier})


def test_a_side_that_was_not_recorded_is_in_no_code() -> None:
    found = told((10, "access.attempt_started", {"attempt": 1, "route": "io", "site": "tibia_prox"}))
    assert codes_in(one(found, "Procedure", "Attempt 1")["bodySite"][0]) == {"sct": "20285007"}
    assert "locationQualifier" not in resources(found, "BodyStructure")[0]


@pytest.mark.parametrize(
    ("concentration", "code"),
    [
        ("0.1 mg/mL", "317361"),
        ("100 ug/mL", "317361"),
        ("1 mg/mL", "328316"),
        ("0.2 mg/mL", None),
        (None, None),
    ],
)
def test_the_code_of_adrenaline_follows_the_recorded_concentration(
    concentration: str | None, code: str | None
) -> None:
    data: Facts = {"drug": "adrenaline", "dose": "0.05 mg", "route": "io"}
    if concentration is not None:
        data["concentration"] = concentration
    (given,) = resources(told((10, "drug.given", data)), "MedicationAdministration")
    assert codes_in(given["medicationCodeableConcept"]) == ({} if code is None else {"rxnorm": code})
    assert given["medicationCodeableConcept"]["text"].startswith("adrenaline")


def test_a_dose_keeps_the_digits_it_was_recorded_with() -> None:
    events = log_of((10, "drug.given", {"drug": "atropine", "dose": "0.060 mg", "route": "iv"}))
    made = encode(bundle(events, TABLES, load_codes(), generated_at=GENERATED))
    assert b'"value":0.060,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"' in made


@pytest.mark.parametrize(
    ("route", "codes"),
    [
        (
            "io",
            {
                "sct": "417255000",
                "edqm": "20036500",
                "v3-RouteOfAdministration": "IOSSINJ",
                "nemsis": "9927021",
            },
        ),
        (
            "iv",
            {"sct": "47625008", "edqm": "20045000", "v3-RouteOfAdministration": "IVINJ", "nemsis": "9927023"},
        ),
        ("uvc", {"sct": "47625008", "nemsis": "9927075"}),
        (
            "ett",
            {
                "sct": "404818005",
                "edqm": "20008000",
                "v3-RouteOfAdministration": "ETINSTL",
                "nemsis": "9927005",
            },
        ),
        ("im", {}),
        ("other", {}),
    ],
)
def test_routes(route: str, codes: dict[str, str]) -> None:
    data = {"drug": "atropine", "dose": "0.06 mg", "route": route}
    (given,) = resources(told((10, "drug.given", data)), "MedicationAdministration")
    found = {
        name.replace("standardterms.edqm.eu", "edqm"): code
        for name, code in codes_in(given["dosage"]["route"]).items()
    }
    assert found == codes
    assert given["dosage"]["route"]["text"]
    assert (route == "uvc") == ("site" in given["dosage"])


def test_the_umbilical_vein_is_told_by_the_site_of_a_dose() -> None:
    data = {"drug": "atropine", "dose": "0.06 mg", "route": "uvc"}
    (given,) = resources(told((10, "drug.given", data)), "MedicationAdministration")
    assert codes_in(given["dosage"]["site"]) == {"sct": "367567000", "nemsis": "3913065"}


def test_an_infusion_runs_until_it_is_stopped() -> None:
    start: Facts = {"infusion": 1, "fluid": "saline_0_9", "route": "iv", "volume": "40 mL"}
    running = resources(told((10, "infusion.started", start)), "MedicationAdministration")[0]
    assert (running["status"], running["effectivePeriod"]) == ("in-progress", {"start": at(10)})
    assert "dosage" not in running, "what was only ordered was not given"
    assert "Ordered 40 mL" in json.dumps(running)
    stop: Facts = {"infusion": 1, "volume": "30 mL"}
    (ended,) = resources(
        told((10, "infusion.started", start), (70, "infusion.stopped", stop)), "MedicationAdministration"
    )
    assert (ended["status"], ended["effectivePeriod"]["end"]) == ("completed", at(70))
    assert ended["dosage"]["dose"]["value"] == 30
    (stopped,) = resources(
        told(
            (10, "infusion.started", start), (70, "infusion.stopped", {"infusion": 1, "reason": "swelling"})
        ),
        "MedicationAdministration",
    )
    assert (stopped["status"], stopped["statusReason"][0]["text"]) == ("stopped", "swelling")


def test_the_last_rate_of_an_infusion_stands() -> None:
    found = told(
        (
            10,
            "infusion.started",
            {"infusion": 1, "fluid": "dopamine", "route": "io", "dose_rate": "5 ug/kg/min"},
        ),
        (70, "infusion.changed", {"infusion": 1, "dose_rate": "10 ug/kg/min"}),
    )
    (running,) = resources(found, "MedicationAdministration")
    rate = running["dosage"]["rateQuantity"]
    assert (rate["value"], rate["code"]) == (10, "ug/kg/min")
    assert codes_in(running["dosage"]["route"])["v3-RouteOfAdministration"] == "IOSSC"


def test_what_went_through_a_line_names_its_device() -> None:
    found = told(
        (10, "access.attempt_started", START | {"device": "ezio_15", "needle_mm": 15}),
        (20, "access.attempt_ended", {"attempt": 1, "outcome": "established"}),
        (30, "drug.given", {"drug": "atropine", "dose": "0.06 mg", "route": "io", "attempt": 1}),
        (40, "drug.given", {"drug": "atropine", "dose": "0.07 mg", "route": "io", "attempt": 7}),
    )
    needle = one(found, "Device", "EZ-IO 15 mm")
    through = one(found, "MedicationAdministration", "0.06")
    assert through["device"] == [{"reference": f"urn:uuid:{needle['id']}"}]
    assert through["dosage"]["site"]["text"] == "left proximal tibia"
    lost = one(found, "MedicationAdministration", "0.07")
    assert "device" not in lost
    assert "Through line 7, which is not in the record" in json.dumps(lost)
    assert needle["property"][0]["valueQuantity"][0] | {"system": ""} == {
        "value": 15,
        "unit": "mm",
        "system": "",
        "code": "mm",
    }


@pytest.mark.parametrize(
    ("kind", "words"), [("access.removed", "PIV line removed"), ("access.lost", "PIV line lost")]
)
def test_the_end_of_a_line_is_a_procedure_of_its_own(kind: str, words: str) -> None:
    start = {"attempt": 1, "route": "piv", "site": "hand", "side": "left"}
    found = told(
        (10, "access.attempt_started", start),
        (20, "access.attempt_ended", {"attempt": 1, "outcome": "established"}),
        (90, kind, {"attempt": 1, "reason": "dislodged"}),
    )
    act = one(found, "Procedure", "Attempt 1 of the case")
    end = one(found, "Procedure", words)
    assert act["status"] == "completed"
    assert end["partOf"] == [{"reference": f"urn:uuid:{act['id']}"}]
    assert codes_in(end["code"]) == ({"sct": "424287005"} if kind == "access.removed" else {})


def test_a_line_that_was_there_before_says_since_when() -> None:
    present: Facts = {"attempt": 1, "route": "piv", "site": "hand", "side": "left"}
    known = one(told((60, "access.present", present | {"since": "12 min"})), "Procedure", "Attempt 1")
    assert known["performedDateTime"] == at(60 - 720)
    unknown = one(told((60, "access.present", present)), "Procedure", "Attempt 1")
    assert "performedDateTime" not in unknown
    assert unknown["performedString"]
    assert {known["status"], unknown["status"]} == {"completed"}


def test_vitals_in_their_units() -> None:
    data: Facts = {
        "heart_rate": 54,
        "spo2": 71,
        "resp_rate": 40,
        "systolic": 38,
        "temperature": "36.4 Cel",
        "apgar": 3,
        "apgar_minute": 5,
    }
    found = resources(told((10, "vital.recorded", data)), "Observation")
    amounts = {each["code"]["text"]: each["valueQuantity"] for each in found}
    assert {name: (amount["value"], amount["code"]) for name, amount in amounts.items()} == {
        "Heart rate": (54, "/min"),
        "Oxygen saturation by pulse oximetry": (71, "%"),
        "Respiratory rate": (40, "/min"),
        "Systolic blood pressure": (38, "mm[Hg]"),
        "Body temperature": (36.4, "Cel"),
        "Apgar score at 5 min": (3, "{score}"),
    }
    assert amounts["Heart rate"]["unit"] == "beats/minute"
    assert {each["code"]["text"]: codes_in(each["code"])["loinc.org"] for each in found} == {
        "Heart rate": "8867-4",
        "Oxygen saturation by pulse oximetry": "2708-6",
        "Respiratory rate": "9279-1",
        "Systolic blood pressure": "8480-6",
        "Body temperature": "8310-5",
        "Apgar score at 5 min": "9274-2",
    }


@pytest.mark.parametrize(
    ("minute", "codes"),
    [
        (1, {"loinc.org": "9272-6"}),
        (10, {"loinc.org": "9271-8"}),
        (15, {"sct": "443848000"}),
        (20, {}),
        (3, {}),
        (None, {}),
    ],
)
def test_an_apgar_score_has_a_code_at_its_minutes_only(minute: int | None, codes: dict[str, str]) -> None:
    data = {"apgar": 3} | ({} if minute is None else {"apgar_minute": minute})
    (found,) = resources(told((10, "vital.recorded", data)), "Observation")
    assert codes_in(found["code"]) == codes


def test_asked_and_absent_is_not_the_same_as_unknown() -> None:
    asked = {"condition": "fracture", "bone": "tibia", "side": "left", "present": False}
    (found,) = resources(told((10, "condition.noted", asked)), "Observation")
    assert found["valueBoolean"] is False
    assert found["bodySite"]["text"] == "left tibia"
    assert codes_in(found["bodySite"]) == {"sct": "12611008"}


def test_a_flag_is_a_detected_issue_with_its_evidence_and_every_answer() -> None:
    found = told(
        (0, "access.needed", {"urgency": "emergent"}),
        (10, "access.attempt_started", {"attempt": 1, "route": "piv"}),
        (90, "flag.raised", FLAG),
        (92, "flag.snoozed", {"flag": 1, "seconds": 30}),
        (130, "flag.acknowledged", {"flag": 1, "action": "declined", "reason": "uvc_in_progress"}),
        (150, "flag.cleared", {"flag": 1, "because": "answered", "evidence": [3]}),
    )
    (issue,) = resources(found, "DetectedIssue")
    assert (issue["status"], issue["severity"], issue["identifiedDateTime"]) == ("final", "high", at(90))
    assert issue["code"] == {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                "code": "TIME",
                "display": "timing detected issue",
            }
        ],
        "text": "io-consider",
    }
    assert issue["detail"].startswith("Consider IO: 90 s without access")
    assert [step["action"]["text"] for step in issue["mitigation"]] == [
        "Snoozed for 30 s",
        "Declined, because umbilical catheter in progress",
    ]
    assert [step["date"] for step in issue["mitigation"]] == [at(92), at(130)]
    program, scribe = (
        one(found, "Device", "Resuscitation timeline logger"),
        one(found, "Practitioner", "scribe"),
    )
    assert issue["author"]["reference"] == f"urn:uuid:{program['id']}"
    assert issue["mitigation"][0]["author"]["reference"] == f"urn:uuid:{scribe['id']}"
    clock = one(found, "Observation", "Time without working access")
    needed = one(found, "Observation", "Vascular access needed")
    act = one(found, "Procedure", "Attempt 1 of the case")
    assert [part["detail"][0]["reference"] for part in issue["evidence"]] == [
        f"urn:uuid:{each['id']}" for each in (clock, needed, act)
    ]
    assert (clock["valueQuantity"]["value"], clock["valueQuantity"]["code"]) == (90, "s")


FLAG: Facts = {
    "flag": 1,
    "rule": "io-consider",
    "basis": "elapsed",
    "priority": "high",
    "text": "Consider IO: 90 s without access",
    "evidence": [2, 3],
    "facts": {"seconds_without_access": 90},
    "unknown": [],
    "alternatives": ["tibia_prox left"],
    "threshold": "90 s",
    "source": "Gomella",
    "due_at": at(90),
}


@pytest.mark.parametrize(
    ("setting", "code"),
    [("nicu", "IMP"), ("ward", "IMP"), ("delivery_room", "IMP"), ("prehospital", "EMER"), ("other", "EMER")],
)
def test_the_case_is_an_encounter(setting: str, code: str) -> None:
    events = log_of((60, "case.closed", {"outcome": "transferred"}))
    opening = event_of(1, 0, "case.opened", {"setting": setting, "zero": "birth", "mode": "clinical"})
    (found,) = resources(bundle_of([opening, *events[1:]]), "Encounter")
    assert (found["class"]["code"], found["status"]) == (code, "finished")
    assert found["period"] == {"start": at(0), "end": at(60)}
    assert found["identifier"] == [{"system": "urn:codelog:case", "value": "c"}]
    assert "meta" not in found


def test_a_training_case_is_marked_as_test_data() -> None:
    (found,) = resources(told(), "Encounter")
    assert [tag["code"] for tag in found["meta"]["tag"]] == ["HTEST"]


def test_the_patient_is_an_identifier_and_nothing_else() -> None:
    described = {"sex": "female", "age_days": 3, "weight": "3.2 kg", "weight_source": "measured"}
    found = told((10, "patient.described", described))
    (patient,) = resources(found, "Patient")
    assert set(patient) == {"resourceType", "id", "identifier"}
    weight = one(found, "Observation", "Body weight")
    assert (weight["valueQuantity"]["value"], weight["valueQuantity"]["code"]) == (3.2, "kg")
    assert (codes_in(weight["code"]), weight["method"]) == ({"loinc.org": "29463-7"}, {"text": "measured"})


def test_every_line_of_the_log_has_its_provenance() -> None:
    for name, found in published().items():
        events = events_of(scenario(name))
        lines = [each["entity"][-1]["what"]["identifier"]["value"] for each in resources(found, "Provenance")]
        assert lines == [f"{event.terminal}/{event.seq}" for event in events]


def test_provenance_tells_when_it_was_and_when_it_was_entered() -> None:
    events = log_of()
    note = event_of(2, 10, "note.added", {"text": "grey"}, recorded=70)
    exact = resources(bundle_of([*events, note]), "Provenance")[1]
    assert (exact["occurredDateTime"], exact["recorded"]) == (at(10), at(70))
    vague = resources(bundle_of([*events, _within(note, 30_000)]), "Provenance")[1]
    assert vague["occurredPeriod"] == {"start": at(-20), "end": at(40)}
    assert "occurredDateTime" not in vague


def _within(event: Event, ms: int) -> Event:
    return dataclasses.replace(event, within_ms=ms)


def test_every_kind_has_its_provenance_and_only_these_make_no_resource_of_their_own() -> None:
    with_the_case = {"case.signed", "case.reopened"}
    silent = {"archive.received", "event.amended", "event.retracted"}
    followers = {
        "access.attempt_described",
        "access.attempt_ended",
        "access.confirmed",
        "access.checked",
        "access.lost",
        "access.removed",
        "infusion.changed",
        "infusion.stopped",
        "flag.acknowledged",
        "flag.snoozed",
        "flag.cleared",
    }
    made = {event.kind for name in published() for event in events_of(scenario(name))}
    assert set(KINDS) - silent - followers - made <= UNPUBLISHED.keys()
    for kind, data in UNPUBLISHED.items():
        before, after = resources(told()), resources(told((10, kind, data)))
        types = [each["resourceType"] for each in after if each["id"] not in {old["id"] for old in before}]
        assert set(types) - {"Practitioner"} > {"Provenance"} or kind in with_the_case, kind


UNPUBLISHED: dict[str, Facts] = {
    "access.present": {"attempt": 1, "route": "piv"},
    "kit.checked": {"items": {"gauze": True, "gloves": False}},
    "team.noted": {"person": "A", "role": "lead", "io_experienced": False},
    "note.added": {"text": "grey"},
    "vital.recorded": {"spo2": 70},
    "case.signed": {"person": "A", "role": "lead", "meaning": "led"},
    "debrief.noted": {"part": "well", "text": "calm"},
    "clock.stepped": {"wall_ms": -3000},
    "clock.marked": {"clock": "room", "shows": "12:00"},
    "complication.noted": {"complication": "fracture"},
    "condition.noted": {"condition": "burn", "present": True},
    "flag.raised": FLAG,
    "case.reopened": {},
}


def test_a_signature_stands_with_the_encounter() -> None:
    (found,) = resources(told((60, "case.signed", UNPUBLISHED["case.signed"])), "Encounter")
    assert found["participant"][0]["type"] == [{"text": "led, lead"}]


def test_the_same_events_make_the_same_bytes() -> None:
    events = events_of(scenario("purpura-fulminans-two-tibias"))
    made = [
        encode(bundle(order, TABLES, load_codes(), generated_at=GENERATED))
        for order in (events, events[::-1])
    ]
    assert made[0] == made[1]
    later = json.loads(encode(bundle(events, TABLES, load_codes(), generated_at=GENERATED + 1)))
    assert {key for key, value in later.items() if value != json.loads(made[0])[key]} == {"timestamp"}


def test_resources_keep_their_ids_when_the_stream_of_another_terminal_arrives() -> None:
    own = log_of((10, "note.added", {"text": "grey"}), (20, "vital.recorded", {"spo2": 70}))
    other = event_of(1, 15, "note.added", {"text": "pink"}, terminal="a")
    before = {each["id"] for each in resources(bundle_of(own))}
    after = {each["id"] for each in resources(bundle_of([*own, other]))}
    assert before < after


def test_without_a_licence_no_snomed_code_is_sent_and_no_word_is_lost() -> None:
    events = events_of(scenario("purpura-fulminans-two-tibias"))
    full, bare = bundle_of(events), bundle_of(events, load_codes().without(SNOMED))
    assert "snomed" in json.dumps(full)
    assert "snomed" not in json.dumps(bare)
    words = [[value for path, value in walk(each) if path.endswith(".text")] for each in (full, bare)]
    assert words[0] == words[1]


def test_every_code_sent_is_one_of_the_file_and_verified() -> None:
    known = {
        (code.uri, code.code)
        for section in load_codes().sections.values()
        for codes in section.values()
        for code in codes
        if code.evidence.status == "verified"
    }
    for found in published().values():
        sent = [
            value
            for _, value in walk(found)
            if isinstance(value, dict) and {"system", "code"} <= value.keys()
        ]
        sent = [each for each in sent if each["system"] != "http://unitsofmeasure.org"]
        assert sent
        assert {(each["system"], each["code"]) for each in sent} <= known


def test_an_instant_beyond_all_calendars_is_left_out() -> None:
    (event,) = log_of()
    far = _within(event, 2**53 - 1)
    (traced,) = resources(bundle_of([far]), "Provenance")
    assert "occurredPeriod" not in traced
    assert traced["recorded"] == at(0)


def test_care_is_one_procedure_for_every_stretch_of_it() -> None:
    found = told(
        (10, "care.started", {"care": "compressions"}),
        (20, "care.ended", {"care": "compressions", "result": "pulse back"}),
        (30, "care.started", {"care": "compressions"}),
        (35, "care.ended", {"care": "ppv"}),
    )
    acts = [each for each in resources(found, "Procedure") if "chest compressions" in json.dumps(each)]
    assert [(act["status"], act["performedPeriod"]) for act in acts] == [
        ("completed", {"start": at(10), "end": at(20)}),
        ("in-progress", {"start": at(30)}),
    ]
    assert acts[0]["note"] == [{"text": "pulse back"}]
    assert one(found, "Procedure", "PPV")["performedPeriod"] == {"end": at(35)}


def test_a_complication_stands_with_its_attempt_and_with_its_time() -> None:
    found = told(
        (10, "access.attempt_started", START),
        (90, "complication.noted", {"attempt": 1, "complication": "extravasation", "text": "calf"}),
    )
    act = one(found, "Procedure", "Attempt 1 of the case")
    assert act["complication"] == [{"text": "extravasation"}]
    seen = one(found, "Observation", "extravasation")
    assert seen["effectiveDateTime"] == at(90)
    assert seen["partOf"] == [{"reference": f"urn:uuid:{act['id']}"}]


def test_a_second_terminal_adds_to_the_attempts_of_the_first() -> None:
    first = log_of((10, "access.attempt_started", START), terminal="a")
    end = {"attempt": "a/1", "outcome": "failed"}
    second = [
        event_of(1, 30, "access.attempt_ended", end, terminal="b"),
        event_of(2, 40, "access.attempt_started", {"attempt": 1, "route": "piv"}, terminal="b"),
    ]
    found = bundle_of([*first, *second])
    assert one(found, "Procedure", "Attempt 1 of the case")["status"] == "stopped"
    assert one(found, "Procedure", "Attempt b/1 of the case")["status"] == "in-progress"
    assert (
        len(
            {
                each["identifier"][0]["value"]
                for each in resources(found, "Device")
                if "version" not in each and "patient" not in each
            }
        )
        == 2
    )
    assert {each["entity"][0]["what"]["identifier"]["value"] for each in resources(found, "Provenance")} == {
        "a/1",
        "a/2",
        "b/1",
        "b/2",
    }
