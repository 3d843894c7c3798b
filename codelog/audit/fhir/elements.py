"""The small parts of FHIR resources. Nothing empty is ever made: R4 has no empty texts, lists or objects."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from codelog.case.instants import LATEST, format_instant
from codelog.case.quantities import Quantity
from codelog.clinical.codes import Code

Json = dict[str, Any]
"""A JSON object; numbers in it are `int` or `Decimal`."""

UCUM = "http://unitsofmeasure.org"
LONGEST_TEXT = 200_000
"""In characters: R4 allows no text of more than a megabyte."""

_NAMESPACE = uuid.UUID("6f1c7d52-3b0e-5a8e-9c7b-6f5b3f0f6a10")
_EARLIEST = -62_135_596_800_000
_ESCAPED = {code: f"\\x{code:02x}" for code in range(32) if chr(code) not in "\t\n\r"}


def resource_id(*parts: str | int) -> str:
    """The id of a resource: a version 5 UUID of what it is about, the same in every export."""
    return str(uuid.uuid5(_NAMESPACE, "\0".join(map(str, parts))))


def made(**fields: Any) -> Json:
    """An object of the fields that have something in them. A name may end in `_` where Python keeps the word."""
    return {
        name.rstrip("_"): value
        for name, value in fields.items()
        if value is not None and value != [] and value != {}
    }


def text(words: str | None) -> str | None:
    """Words as R4 can hold them; None where nothing is to be read. What R4 forbids is shown as an escape."""
    if words is None or not words.strip():
        return None
    kept = words if words.isprintable() else words.translate(_ESCAPED)
    if len(kept) > LONGEST_TEXT:
        return f"{kept[:LONGEST_TEXT]}... (cut short; the whole stands in the log)"
    return kept


def codings(codes: Iterable[Code]) -> list[Json]:
    """Codes as codings."""
    return [made(system=code.uri, code=code.code, display=code.display) for code in codes]


def concept(words: str | None, codes: Iterable[Code] = ()) -> Json | None:
    """A CodeableConcept, or None where there are neither words nor codes."""
    return made(coding=codings(codes), text=text(words)) or None


def said(words: str | None, otherwise: str = "not recorded") -> Json:
    """A CodeableConcept of words alone, for where R4 wants one."""
    return {"text": text(words) or otherwise}


def reference(id: str) -> Json:
    """A reference to another resource of the same bundle."""
    return {"reference": f"urn:uuid:{id}"}


def identifier(of: str, value: str) -> Json | None:
    """An identifier in a name space of ours: `case`, `terminal`, `person`, `line`, ..."""
    known = text(value)
    return None if known is None else {"system": f"urn:codelog:{of}", "value": known}


def quantity(amount: Quantity | None, unit: str | None = None) -> Json | None:
    """A Quantity in UCUM; `unit` is the unit as people read it."""
    if amount is None:
        return None
    return {"value": amount.value, "unit": unit or amount.unit, "system": UCUM, "code": amount.unit}


def count(value: int, code: str, unit: str | None = None) -> Json:
    """A Quantity of an integer, `code` being UCUM."""
    return {"value": value, "unit": unit or code, "system": UCUM, "code": code}


def instant(at: int | None) -> str | None:
    """An instant, or None where it is unknown or lies outside the years 1 to 9999."""
    return None if at is None or not _EARLIEST <= at <= LATEST else format_instant(at)


def period(start: int | None, end: int | None) -> Json | None:
    """A Period, which never ends before it starts."""
    if start is not None and end is not None and end < start:
        end = None
    return made(start=instant(start), end=instant(end)) or None


def notes(*words: str | None) -> list[Json]:
    """Annotations."""
    return [{"text": known} for known in map(text, words) if known is not None]
