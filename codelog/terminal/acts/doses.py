"""Doses by weight: what the strip offers. Numbers come from the drug table; nothing here decides on one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from codelog.case.quantities import Quantity
from codelog.clinical.entries import DoseRange, Drug

LINE, TUBE = "line", "tube"
_SIGNIFICANT = 3


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose on offer: for the whole child, with the volume it takes up where the strength is known."""

    amount: Quantity
    group: str
    volume: Quantity | None = None
    concentration: Quantity | None = None
    per_kg: Quantity | None = None
    capped: bool = False

    @property
    def words(self) -> str:
        """`0.034 mg = 0.34 mL`, with the dose per kilogram it comes from."""
        volume = "" if self.volume is None or self.volume == self.amount else f" = {self.volume}"
        where = " by tube" if self.group == TUBE else ""
        if self.capped:
            return f"{self.amount}{volume}{where} (the most there is)"
        return f"{self.amount}{volume}{where}" + ("" if self.per_kg is None else f" ({self.per_kg})")


def doses(drug: Drug, weight_kg: Decimal, ages: tuple[str, ...]) -> list[Dose]:
    """The usual dose, then the ends of the range, for each group of routes and each of the ages."""
    found: list[Dose] = []
    for dose_range in drug.ranges:
        if dose_range.age not in ages:
            continue
        for per_kg in (dose_range.usual, dose_range.min, dose_range.max):
            if per_kg is None or not per_kg.unit.endswith("/kg"):
                continue
            dose = _dose(drug, dose_range, per_kg, weight_kg)
            if all((dose.amount, dose.group) != (other.amount, other.group) for other in found):
                found.append(dose)
    return found


def by_volume(drug: Drug, tenths: int) -> Dose:
    """The dose in tenths of a millilitre of the standard strength; the volume itself where no strength is known."""
    volume = Quantity(Decimal(tenths) / 10, "mL")
    strength = drug.standard_concentration
    if strength is None:
        return Dose(volume, LINE, volume)
    return Dose(amount_in(volume, strength), LINE, volume, strength)


def amount_in(volume: Quantity, strength: Quantity) -> Quantity:
    """What a volume of this strength holds."""
    return Quantity(trimmed(volume.to("mL") * strength.value), strength.unit.removesuffix("/mL"))


def volume_of(amount: Quantity, strength: Quantity) -> Quantity | None:
    """The volume that an amount takes up in this strength; None where the two do not measure the same."""
    held = Quantity(strength.value, strength.unit.removesuffix("/mL"))
    if held.dimension != amount.dimension or not held.value:
        return None
    return Quantity(rounded(amount.to(held.unit) / held.value), "mL")


def _dose(drug: Drug, dose_range: DoseRange, per_kg: Quantity, weight_kg: Decimal) -> Dose:
    amount = Quantity(rounded(per_kg.value * weight_kg), per_kg.unit.removesuffix("/kg"))
    most = dose_range.absolute_max
    capped = most is not None and most.dimension == amount.dimension and amount.to(most.unit) > most.value
    if capped and most is not None:
        amount = most
    group = str(dose_range.route_group)
    strength = drug.standard_concentration
    volume = None if strength is None else volume_of(amount, strength)
    if volume is None:
        return Dose(amount, group, per_kg=per_kg, capped=capped)
    return Dose(amount, group, volume, strength, per_kg, capped)


def rounded(value: Decimal) -> Decimal:
    """To three digits that count, without zeros at the end."""
    if not value:
        return Decimal(0)
    places = _SIGNIFICANT - 1 - value.adjusted()
    return trimmed(round(value, max(0, places)))


def trimmed(value: Decimal) -> Decimal:
    """The same number without zeros at the end and without an exponent."""
    return Decimal(f"{value.normalize():f}")
