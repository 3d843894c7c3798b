"""Bundles for the tests, as the JSON that leaves the house, and ways to look through one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from codelog.audit.fhir.bundle import bundle, encode
from codelog.case.events import Event
from codelog.case.instants import format_instant
from codelog.case.scenario import ZERO
from codelog.clinical.codes import Codes, load_codes
from codelog.clinical.tables import load_tables
from tests.debrief.reportkit import SCENARIOS, events_of, log_of

TABLES = load_tables()
GENERATED = ZERO + 1_000_000_000
Resource = dict[str, Any]


def bundle_of(events: Iterable[Event], codes: Codes | None = None) -> Resource:
    """The bundle of events, read back from its JSON."""
    made = bundle(events, TABLES, codes or load_codes(), generated_at=GENERATED)
    read: Resource = json.loads(encode(made))
    return read


def told(*facts: tuple[float, str, dict[str, Any]]) -> Resource:
    """The bundle of an opened case with these facts (seconds, kind, data)."""
    return bundle_of(log_of(*facts))


@cache
def published() -> dict[str, Resource]:
    """The bundles of all published scenarios."""
    return {path.stem: bundle_of(events_of(path)) for path in SCENARIOS}


def resources(bundle: Resource, type: str | None = None) -> list[Resource]:
    """The resources that are entries, of one type or all."""
    found = [entry["resource"] for entry in bundle["entry"]]
    return [each for each in found if type in (None, each["resourceType"])]


def one(bundle: Resource, type: str, words: str) -> Resource:
    """The only resource of a type that has these words somewhere."""
    (found,) = [each for each in resources(bundle, type) if words in json.dumps(each, ensure_ascii=False)]
    return found


def codes_in(concept: Resource) -> dict[str, str]:
    """The codes of a CodeableConcept by the last part of their system."""
    return {
        coding["system"].rpartition("/")[2].rpartition(":")[2]: coding["code"]
        for coding in concept.get("coding", [])
    }


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value at any depth with its path; list places are left out of it."""
    yield path, value
    if isinstance(value, dict):
        for name, part in value.items():
            yield from walk(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part, path)


def at(seconds: float) -> str:
    """An instant of a case, as bundles have it."""
    return format_instant(ZERO + round(seconds * 1000))
