"""Other people's validators have nothing against our bundles, and find the faults that are planted in one."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codelog.case.events import Event
from tests.case.event_strategies import any_event
from tests.debrief.generated_cases import case_events
from tests.fhir.fhir_cases import Resource, bundle_of, published, resources
from tests.fhir.judges import Validators, fhirkit_errors, house_errors, validators, verhoeff
from tests.rules.random_cases import CASES, Case, drive
from tests.rules.rule_plays import protocol

FAULTY = "sids-extravasation-necrosis"


@pytest.fixture(scope="module")
def judges() -> Iterator[Validators]:
    with validators() as running:
        yield running


def of(bundle: Resource, type: str, having: str = "resourceType") -> Resource:
    """The first resource of a type that has an element."""
    return next(each for each in resources(bundle, type) if having in each)


def _set(type: str, name: str, value: Any) -> Callable[[Resource], None]:
    def plant(bundle: Resource) -> None:
        of(bundle, type)[name] = value

    return plant


def _drop(type: str, name: str) -> Callable[[Resource], None]:
    def plant(bundle: Resource) -> None:
        del of(bundle, type, name)[name]

    return plant


def _bare_site(bundle: Resource) -> None:
    procedure = of(bundle, "Procedure", "bodySite")
    procedure["bodySite"] = procedure["bodySite"][0]


def _date(bundle: Resource) -> None:
    procedure = of(bundle, "Procedure", "performedPeriod")
    procedure["performedPeriod"]["start"] = "22/11/2026"
    procedure["foo"] = "bar"


def _no_amount(bundle: Resource) -> None:
    del of(bundle, "MedicationAdministration", "dosage")["dosage"]["dose"]


# The six of the page on standards, which npm's two found together and neither alone.
SIX = {
    "a status done": _set("Procedure", "status", "done"),
    "no subject": _drop("Procedure", "subject"),
    "bodySite not a list": _bare_site,
    "a date of another form and a field of nobody's": _date,
    "a dosage with neither dose nor rate": _no_amount,
    "a severity of extreme": _set("DetectedIssue", "severity", "extreme"),
}


def _at(path: str, value: Any) -> Callable[[Resource], None]:
    """Put a value at `Type.name.name...`, a number being a place in a list."""
    type, *names = path.split(".")

    def plant(bundle: Resource) -> None:
        part: Any = of(bundle, type, names[0])
        for name in names[:-1]:
            part = part[int(name)] if name.isdigit() else part[name]
        part[int(names[-1]) if names[-1].isdigit() else names[-1]] = value

    return plant


def _twice(bundle: Resource) -> None:
    bundle["entry"].append(copy.deepcopy(bundle["entry"][0]))


def _wrong_sort(bundle: Resource) -> None:
    of(bundle, "Observation")["encounter"] = {"reference": f"urn:uuid:{of(bundle, 'Patient')['id']}"}


def _two_values(bundle: Resource) -> None:
    of(bundle, "Observation", "valueQuantity")["valueBoolean"] = True


def _export(bundle: Resource) -> None:
    bundle["type"] = "export"


MORE = {
    "a reference to nothing": _at(
        "Procedure.subject.reference", "urn:uuid:00000000-0000-4000-8000-000000000000"
    ),
    "a reference to the wrong sort": _wrong_sort,
    "an old version that is not contained": _drop("Provenance", "contained"),
    "an entry twice": _twice,
    "micrograms as mcg": _at("MedicationAdministration.dosage.dose.code", "mcg"),
    "a SNOMED id that somebody invented": _at(
        "Procedure.code.coding",
        [{"system": "http://snomed.info/sct", "code": "392188009", "display": "Intraosseous cannulation"}],
    ),
    "intraocular for intraosseous": _at(
        "MedicationAdministration.dosage.route.coding",
        [{"system": "http://terminology.hl7.org/CodeSystem/v2-0162", "code": "IO"}],
    ),
    "a code without words": _at(
        "Procedure.code", {"coding": [{"system": "http://snomed.info/sct", "code": "430824005"}]}
    ),
    "an empty text": _at("Procedure.code.text", ""),
    "an empty list": _set("Procedure", "note", []),
    "an amount in words": _at("MedicationAdministration.dosage.dose.value", "0.05 mg"),
    "two values": _two_values,
    "a mitigation without its action": _set(
        "DetectedIssue", "mitigation", [{"date": "2000-01-01T00:00:00Z"}]
    ),
    "provenance of nothing": _drop("Provenance", "target"),
    "provenance by nobody": _set("Provenance", "agent", [{"type": {"text": "Enterer"}}]),
    "provenance in a role of nobody's": _at("Provenance.entity.0.role", "replaced"),
    "a device name of no sort": _at("Device.deviceName.0", {"name": "needle"}),
    "an encounter that is over": _set("Encounter", "status", "over"),
    "an encounter without a class": _drop("Encounter", "class"),
    "a bundle of a type of nobody's": _export,
    "an attempt that ends before it starts": _at(
        "Procedure.performedPeriod", {"start": "2000-01-01T00:02:00.000Z", "end": "2000-01-01T00:01:00.000Z"}
    ),
    "a place of nobody": _drop("BodyStructure", "patient"),
    "a resource of no type that is known": _set("Device", "resourceType", "Needle"),
}


def everybody(bundle: Resource, judges: Validators) -> dict[str, list[str]]:
    """What each judge has against a bundle."""
    return {**judges.errors(bundle), "fhirkit": fhirkit_errors(bundle), "house": house_errors(bundle)}


@pytest.mark.parametrize("name", sorted(published()))
def test_published_cases_please_every_judge(name: str, judges: Validators) -> None:
    assert everybody(published()[name], judges) == {"medplum": [], "fhir": [], "fhirkit": [], "house": []}


@pytest.mark.parametrize("seed", range(8))
def test_generated_cases_please_every_judge(seed: int, judges: Validators) -> None:
    assert not any(everybody(bundle_of(case_events(seed)), judges).values())


@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(case=CASES)
def test_random_cases_please_every_judge(case: Case, judges: Validators) -> None:
    found = bundle_of(drive(case, protocol(case.protocol)))
    assert not any(everybody(found, judges).values())


@st.composite
def hostile_cases(draw: st.DrawFn) -> list[Event]:
    """Events of every kind with whatever texts and numbers they can hold, in one case of up to two terminals."""
    events = draw(st.lists(any_event, min_size=1, max_size=8))
    terminals = draw(st.lists(st.sampled_from(("one", "two")), min_size=len(events), max_size=len(events)))
    counts: dict[str, int] = {}
    found = []
    for event, terminal in zip(events, terminals, strict=True):
        counts[terminal] = counts.get(terminal, 0) + 1
        found.append(dataclasses.replace(event, case="c", terminal=terminal, seq=counts[terminal]))
    return found


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(events=hostile_cases())
def test_whatever_texts_a_case_holds_it_pleases_every_judge(events: list[Event], judges: Validators) -> None:
    assert not any(everybody(bundle_of(events), judges).values())


@pytest.mark.parametrize("fault", [*SIX, *MORE])
def test_a_planted_fault_is_found(fault: str, judges: Validators) -> None:
    faulty = copy.deepcopy(published()[FAULTY])
    (SIX | MORE)[fault](faulty)
    assert json.dumps(faulty) != json.dumps(published()[FAULTY])
    assert any(everybody(faulty, judges).values())


@pytest.mark.parametrize("fault", SIX)
def test_the_two_of_npm_find_the_six_between_them(fault: str, judges: Validators) -> None:
    faulty = copy.deepcopy(published()[FAULTY])
    SIX[fault](faulty)
    assert any(judges.errors(faulty).values())


def test_the_check_digit_tells_an_invented_id() -> None:
    assert verhoeff("430824005")
    assert not verhoeff("392188009")
    assert not verhoeff("430824006")
