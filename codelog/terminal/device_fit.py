"""Whether a device suits a child, by its label: in the words of people, for lists and for the IO sheet. Pure."""

from __future__ import annotations

from decimal import Decimal

from codelog.clinical.entries import Device

_YEAR = 365


def label_range(device: Device) -> str | None:
    """The weights and ages on the label, `3 to 39 kg, from 3 years`; None where none is known."""
    weights = _range(
        None if device.weight_min_g is None else _kilograms(device.weight_min_g),
        None if device.weight_max_g is None else _kilograms(device.weight_max_g),
        " kg",
    )
    ages = [
        None if device.age_min_days is None else _from_age(device.age_min_days),
        None if device.age_max_days is None else _to_age(device.age_max_days),
    ]
    return ", ".join(words for words in (weights, *ages) if words) or None


def doubt(device: Device, grams: Decimal | None, age_days: int | None) -> str | None:
    """What on the label does not suit the weight and the age, as far as they are known; None: nothing does."""
    if device.off_label:
        return "off label"
    if grams is not None and device.weight_min_g is not None and grams < device.weight_min_g:
        return f"labelled from {_kilograms(device.weight_min_g)} kg"
    if grams is not None and device.weight_max_g is not None and grams > device.weight_max_g:
        return f"labelled to {_kilograms(device.weight_max_g)} kg"
    if age_days is not None and device.age_min_days is not None and age_days < device.age_min_days:
        return f"labelled {_from_age(device.age_min_days)}"
    if age_days is not None and device.age_max_days is not None and age_days > device.age_max_days:
        return f"labelled {_to_age(device.age_max_days)}"
    return None


def _range(least: str | None, most: str | None, unit: str) -> str | None:
    if least is not None and most is not None:
        return f"{least} to {most}{unit}"
    if least is not None:
        return f"from {least}{unit}"
    return None if most is None else f"to {most}{unit}"


def _kilograms(grams: int) -> str:
    return f"{grams / 1000:g}"


def _from_age(days: int) -> str:
    return "from birth" if days == 0 else f"from {_age(days)}"


def _to_age(days: int) -> str:
    """An inclusive limit: a day short of whole years is said as those years."""
    return f"under {_age(days + 1)}" if (days + 1) % _YEAR == 0 else f"to {_age(days)}"


def _age(days: int) -> str:
    years, rest = divmod(days, _YEAR)
    return f"{days} days" if rest or not years else f"{years} year{'s' if years > 1 else ''}"
