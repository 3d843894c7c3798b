"""Who judges a bundle: three validators by other people, and our own checks of what none of them looks at."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import fhirkit
import pytest

from tests.fhir.fhir_cases import Resource, resources, walk

INSTALLED = Path(sys.prefix) / "validators"
SCRIPT = Path(__file__).parents[1] / "validators" / "validate.mjs"

# Fixed lists, copied from the R4 4.0.1 definitions: the required bindings of all that we make.
BINDINGS = {
    "Bundle.type": "document message transaction transaction-response batch batch-response history searchset collection",
    "Encounter.status": "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown",
    "Procedure.status": "preparation in-progress not-done on-hold stopped completed entered-in-error unknown",
    "MedicationAdministration.status": "in-progress not-done on-hold completed entered-in-error stopped unknown",
    "Observation.status": "registered preliminary final amended corrected cancelled entered-in-error unknown",
    "DetectedIssue.status": "registered preliminary final amended corrected cancelled entered-in-error unknown",
    "DetectedIssue.severity": "high moderate low",
    "Device.status": "active inactive entered-in-error unknown",
    "Device.deviceName.type": "udi-label-name user-friendly-name patient-reported-name manufacturer-name model-name other",
    "Provenance.entity.role": "derivation revision quotation source removal",
    "AuditEvent.action": "C R U D E",
    "AuditEvent.outcome": "0 4 8 12",
}
REQUIRED = {
    "Bundle": "type identifier timestamp",
    "Encounter": "status class",
    "Procedure": "status subject",
    "MedicationAdministration": "status medicationCodeableConcept subject",
    "Observation": "status code",
    "DetectedIssue": "status",
    "BodyStructure": "patient",
    "Provenance": "target recorded agent",
    "AuditEvent": "type recorded agent source",
}
TARGETS = {
    "subject": "Patient Device",
    "patient": "Patient",
    "encounter": "Encounter",
    "context": "Encounter",
    "partOf": "Procedure",
    "usedReference": "Device",
    "device": "Device",
    "author": "Device Practitioner",
    "actor": "Practitioner",
    "individual": "Practitioner",
    "focus": "Practitioner",
    "who": "Device Practitioner",
    "valueReference": "BodyStructure",
}
# What `@lhncbc/ucum-lhc` 7.1.10 called valid; `mcg` and `cc` it called invalid.
UCUM = frozenset(
    [
        "mg",
        "ug",
        "mg/kg",
        "ug/kg",
        "ug/kg/min",
        "mL",
        "mL/kg",
        "mL/h",
        "mL/min",
        "meq",
        "meq/kg",
        "mmol/kg",
        "/min",
        "{score}",
        "%",
        "s",
        "min",
        "Cel",
        "mm[Hg]",
        "g",
        "kg",
        "[IU]",
        "wk",
        "d",
        "mm",
        "L",
        "mmol",
        "mL/kg/h",
        "mg/kg/h",
    ]
)


class Validators:
    """The two validators of npm in one process that stays: a bundle in, what each has against it out."""

    def __init__(self, to: IO[str], out: IO[str]) -> None:
        self._to, self._out = to, out

    def errors(self, bundle: Resource) -> dict[str, list[str]]:
        """The errors by validator."""
        self._to.write(json.dumps(bundle) + "\n")
        self._to.flush()
        found: dict[str, list[str]] = json.loads(self._out.readline())
        return found


@contextmanager
def validators() -> Iterator[Validators]:
    """Start the validators; where they are not installed the test is skipped, and in CI it fails."""
    if not (INSTALLED / "node_modules").exists() or shutil.which("node") is None:
        assert "CI" not in os.environ, (
            "the FHIR validators are not installed: make test does it, and needs npm"
        )
        pytest.skip(
            "the FHIR validators are not installed, so two of three did not judge: make test installs them"
        )
    command = ["node", str(SCRIPT), str(INSTALLED)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        yield Validators(node.stdin, node.stdout)
        node.stdin.close()


def fhirkit_errors(bundle: Resource) -> list[str]:
    """What fhirkit-rs has against a bundle."""
    return [str(issue) for issue in fhirkit.validate(json.dumps(bundle)) if issue.severity == "error"]


def house_errors(bundle: Resource) -> list[str]:
    """What our own checks have against a bundle."""
    return [
        *_shape(bundle),
        *_references(bundle),
        *(fault for each in (bundle, *resources(bundle), *_contained(bundle)) for fault in _resource(each)),
    ]


def _contained(bundle: Resource) -> Iterator[Resource]:
    for each in resources(bundle):
        yield from each.get("contained", [])


def _shape(bundle: Resource) -> Iterator[str]:
    names = [entry["fullUrl"] for entry in bundle["entry"]]
    if len(set(names)) < len(names):
        yield "a fullUrl stands twice"
    for entry in bundle["entry"]:
        if entry["fullUrl"] != f"urn:uuid:{entry['resource'].get('id')}":
            yield f"{entry['fullUrl']} is not the id of its resource"
    for path, value in walk(bundle):
        if value in (None, "", [], {}) or (isinstance(value, str) and not value.strip()):
            yield f"{path} is empty"
        if isinstance(value, dict) and "coding" in value and not value.get("text"):
            yield f"{path} has a code without words"


def _references(bundle: Resource) -> Iterator[str]:
    types = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    for each in resources(bundle):
        inside = {f"#{part['id']}": part["resourceType"] for part in each.get("contained", [])}
        for path, value in walk(each):
            if not isinstance(value, dict) or "reference" not in value:
                continue
            type = (types | inside).get(value["reference"])
            if type is None:
                yield f"{path} refers to {value['reference']}, which is not there"
            elif type not in (TARGETS.get(path.rpartition(".")[2]) or type).split():
                yield f"{path} refers to a {type}"


def _resource(resource: Resource) -> Iterator[str]:
    type = resource["resourceType"]
    for name in REQUIRED.get(type, "").split():
        if name not in resource:
            yield f"{type}.{name} is missing"
    for path, value in walk(
        {key: part for key, part in resource.items() if key not in ("entry", "contained")}
    ):
        allowed = BINDINGS.get(f"{type}.{path}")
        if allowed is not None and not isinstance(value, (list, dict)) and value not in allowed.split():
            yield f"{type}.{path} is {value}"
        if isinstance(value, dict):
            yield from _part(f"{type}.{path}", value)


def _part(path: str, value: dict[str, Any]) -> Iterator[str]:
    if value.get("system") == "http://unitsofmeasure.org" and value.get("code") not in UCUM:
        yield f"{path} is in {value.get('code')}, which is not UCUM"
    if value.get("system") == "http://snomed.info/sct" and not verhoeff(value["code"]):
        yield f"{path} has {value['code']}, which is no SNOMED id"
    if value.get("code") == "IO" and "0162" in str(value.get("system")):
        yield f"{path} says intraocular"
    if path.endswith(".dosage") and not {"dose", "rateQuantity"} & value.keys():
        yield f"{path} has neither dose nor rate"
    if {"start", "end"} <= value.keys() and value["end"] < value["start"]:
        yield f"{path} ends before it starts"


_TIMES = [
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
]
_TURN = [
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
]


def verhoeff(number: str) -> bool:
    """Whether the last digit of a number is its Verhoeff check digit."""
    if not number.isascii() or not number.isdigit():
        return False
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = int(_TIMES[check][int(_TURN[place % 8][int(digit)])])
    return check == 0
