"""Who looked, as FHIR AuditEvents: every event of the stream, by whom, when, on which cases, and what else it says."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest

from codelog.audit.fhir.audit_event import audit_events
from codelog.audit.fhir.bundle import encode
from codelog.clinical.codes import load_codes
from codelog.log import audit_kinds as kinds
from codelog.log.audit_stream import AuditEvent
from tests.fhir.judges import Validators, fhirkit_errors, house_errors, validators

VIEW = AuditEvent(
    terminal="t-1",
    seq=7,
    kind=kinds.VIEWED,
    at="2026-11-22T16:27:52.123Z",
    by="jdoe",
    software="codelog 0.1.0",
    data={"command": "show", "cases": ["c-1", "c-2"]},
    line="",
)


def told(**fields: Any) -> dict[str, Any]:
    """The AuditEvent of the view above with some fields changed."""
    (made,) = audit_events([dataclasses.replace(VIEW, **fields)], load_codes())
    read: dict[str, Any] = json.loads(encode(made))
    return read


@pytest.fixture(scope="module")
def judges() -> Iterator[Validators]:
    with validators() as running:
        yield running


def test_a_view_says_who_saw_what_and_when() -> None:
    found = told()
    assert found["recorded"] == "2026-11-22T16:27:52.123Z"
    assert (found["type"]["code"], found["action"], found["outcome"]) == ("access", "R", "0")
    assert found["subtype"][0] | {"system": ""} == {
        "system": "",
        "code": "audit.viewed",
        "display": "looked at a closed case",
    }
    (agent,) = found["agent"]
    assert (agent["who"]["identifier"]["value"], agent["requestor"]) == ("jdoe", True)
    assert found["source"]["observer"]["identifier"]["value"] == "t-1"
    assert [part["what"]["identifier"]["value"] for part in found["entity"]] == ["c-1", "c-2", "t-1/7"]
    assert found["entity"][-1]["detail"] == [{"type": "command", "valueString": "show"}]


def test_the_purpose_of_an_export_is_the_purpose_of_the_event() -> None:
    data = {
        "command": "export",
        "cases": ["c-1"],
        "purpose": "review",
        "files": 3,
        "formats": ["csv", "fhir"],
    }
    found = told(kind=kinds.EXPORTED, data=data)
    assert found["type"]["code"] == "disclose"
    assert found["purposeOfEvent"] == [{"text": "review"}]
    assert {each["type"]: each["valueString"] for each in found["entity"][-1]["detail"]} == {
        "command": "export",
        "files": "3",
        "formats": '["csv","fhir"]',
    }


@pytest.mark.parametrize("kind", [*kinds.KINDS, "audit.from_a_newer_codelog"])
def test_every_kind_pleases_every_judge(kind: str, judges: Validators) -> None:
    found = told(kind=kind)
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"value": "1"},
        "timestamp": VIEW.at,
        "entry": [{"fullUrl": f"urn:uuid:{found['id']}", "resource": found}],
    }
    assert judges.errors(bundle) == {"medplum": [], "fhir": []}
    assert fhirkit_errors(bundle) == []
    assert house_errors(bundle) == []


@pytest.mark.parametrize("words", ["", " ", "\x1b[31m", "\u202e", "a\nb"])
def test_whatever_texts_a_line_holds_nothing_empty_is_made(words: str) -> None:
    found = told(
        by=words, software=words, terminal=words, data={"command": words, words: words, "cases": [words]}
    )
    assert fhirkit_errors(found) == []
    assert '""' not in json.dumps(found)


def test_events_that_name_cases_in_another_form_are_told_all_the_same() -> None:
    found = told(data={"command": "verify", "cases": 12})
    assert len(found["entity"]) == 1


def test_ids_are_those_of_the_line() -> None:
    assert told()["id"] == told(data={"command": "x"})["id"]
    assert told()["id"] != told(seq=8)["id"]
    assert told()["id"] != told(terminal="t-2")["id"]
