"""Quantities: a decimal number and a UCUM unit, written `"<decimal> <unit>"`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# Unit -> (dimension, factor to the dimension's base unit). Two units convert when their dimensions agree.
_UNITS: dict[str, tuple[str, Decimal]] = {
    "ug": ("mass", Decimal("0.000001")),
    "mg": ("mass", Decimal("0.001")),
    "g": ("mass", Decimal(1)),
    "kg": ("mass", Decimal(1000)),
    "mL": ("volume", Decimal(1)),
    "L": ("volume", Decimal(1000)),
    "mmol": ("substance", Decimal(1)),
    "meq": ("equivalents", Decimal(1)),
    "[IU]": ("international units", Decimal(1)),
    "ug/kg": ("mass per kg", Decimal("0.000001")),
    "mg/kg": ("mass per kg", Decimal("0.001")),
    "g/kg": ("mass per kg", Decimal(1)),
    "mL/kg": ("volume per kg", Decimal(1)),
    "mmol/kg": ("substance per kg", Decimal(1)),
    "meq/kg": ("equivalents per kg", Decimal(1)),
    "mL/h": ("flow", Decimal(1)),
    "mL/min": ("flow", Decimal(60)),
    "mL/kg/h": ("flow per kg", Decimal(1)),
    "ug/kg/min": ("dose rate per kg", Decimal("0.00006")),
    "mg/kg/h": ("dose rate per kg", Decimal("0.001")),
    "ug/mL": ("concentration", Decimal("0.000001")),
    "mg/mL": ("concentration", Decimal("0.001")),
    "g/mL": ("concentration", Decimal(1)),
    "mmol/mL": ("molar concentration", Decimal(1)),
    "s": ("time", Decimal(1)),
    "min": ("time", Decimal(60)),
    "h": ("time", Decimal(3600)),
    "d": ("time", Decimal(86400)),
    "Cel": ("temperature", Decimal(1)),
    "mm[Hg]": ("pressure", Decimal(1)),
    "/min": ("frequency", Decimal(1)),
    "%": ("fraction", Decimal(1)),
}
UNITS = tuple(_UNITS)
_NOT_UCUM = {
    "mcg": "ug",
    "µg": "ug",
    "μg": "ug",
    "cc": "mL",
    "ml": "mL",
    "l": "L",
    "IU": "[IU]",
    "C": "Cel",
    "°C": "Cel",
}
_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?) (\S+)")
_MOST_DIGITS = 24


class QuantityError(ValueError):
    """A text is no quantity; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a unit of `UNITS`. Equal only when number and unit are; convert with `to` to compare."""

    value: Decimal
    unit: str

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """Read digits, optionally a point and digits, one space, a unit; no sign."""
        match = _QUANTITY.fullmatch(text)
        if not match:
            raise QuantityError(
                f"{text[:40]!a} is not a quantity; write a number, one space and a unit, such as 0.6 mg"
            )
        number, unit = match.groups()
        if len(number) > _MOST_DIGITS:
            raise QuantityError(
                f"the number {number[:12]}... has more than {_MOST_DIGITS} characters; write fewer digits"
            )
        if unit not in _UNITS:
            meant = ucum_for(unit)
            if meant is not None:
                raise QuantityError(f"{unit} is not a UCUM unit; write {meant}")
            raise QuantityError(f"{unit[:20]!a} is not a unit codelog knows; units are {' '.join(UNITS)}")
        return cls(Decimal(number), unit)

    def __str__(self) -> str:
        return f"{self.value:f} {self.unit}"

    @property
    def dimension(self) -> str:
        """What is measured: `mass`, `volume per kg`, ..."""
        return _UNITS[self.unit][0]

    def to(self, unit: str) -> Decimal:
        """The number in another unit of the same dimension; QuantityError where there is none."""
        dimension, factor = _UNITS[self.unit]
        other, divisor = _UNITS[unit]
        if dimension != other:
            raise QuantityError(f"{self} is a {dimension}, not a {other}")
        return self.value * factor / divisor


def dimension_of(unit: str) -> str:
    """The dimension of a unit of `UNITS`."""
    return _UNITS[unit][0]


def ucum_for(unit: str) -> str | None:
    """The unit of `UNITS` that a common spelling stands for (`mcg`, `cc`), or None."""
    meant = "/".join(_NOT_UCUM.get(part, part) for part in unit.split("/"))
    return meant if meant in _UNITS else None
