"""Quantities: a decimal, one space and a UCUM unit, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelog.case.quantities import UNITS, Quantity, QuantityError, dimension_of
from tests.case.event_strategies import decimals

# Copied from the log format, section 4.
UNITS_OF_THE_LOG_FORMAT = """`ug` `mg` `g` `kg` `mL` `L` `ug/kg` `mg/kg` `g/kg` `mL/kg` `mmol` `mmol/kg`
`meq` `meq/kg` `mL/h` `mL/min` `mL/kg/h` `ug/kg/min` `mg/kg/h` `mg/mL` `ug/mL` `g/mL` `mmol/mL`
`s` `min` `h` `d` `Cel` `mm[Hg]` `/min` `%` `[IU]`"""

# What one of the unit is, in the first unit of its group: written down from the definitions of the units.
SAME_DIMENSION = [
    {"g": Fraction(1), "mg": Fraction(1, 10**3), "ug": Fraction(1, 10**6), "kg": Fraction(1000)},
    {"L": Fraction(1), "mL": Fraction(1, 1000)},
    {"g/kg": Fraction(1), "mg/kg": Fraction(1, 10**3), "ug/kg": Fraction(1, 10**6)},
    {"mL/min": Fraction(1), "mL/h": Fraction(1, 60)},
    {"mg/kg/h": Fraction(1), "ug/kg/min": Fraction(60, 1000)},
    {"g/mL": Fraction(1), "mg/mL": Fraction(1, 10**3), "ug/mL": Fraction(1, 10**6)},
    {"s": Fraction(1), "min": Fraction(60), "h": Fraction(3600), "d": Fraction(86400)},
]
CONVERSIONS = [
    (one, other, group[one] / group[other]) for group in SAME_DIMENSION for one in group for other in group
]


def _refuse(text: str, *words: str) -> None:
    with pytest.raises(QuantityError) as caught:
        Quantity.parse(text)
    for word in words:
        assert word in str(caught.value)
    assert str(caught.value).isprintable()


def test_the_units_are_those_of_the_log_format() -> None:
    assert sorted(UNITS) == sorted(UNITS_OF_THE_LOG_FORMAT.replace("`", "").split())


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_read_and_written_back(unit: str) -> None:
    quantity = Quantity.parse(f"12.50 {unit}")

    assert quantity == Quantity(Decimal("12.50"), unit)
    assert str(quantity) == f"12.50 {unit}"


@settings(max_examples=100, derandomize=True, deadline=None)
@given(decimals, st.sampled_from(UNITS))
def test_a_quantity_comes_back_digit_by_digit(number: str, unit: str) -> None:
    assert str(Quantity.parse(f"{number} {unit}")) == f"{number} {unit}"


@pytest.mark.parametrize("text", ["0.6 mg", "10 mL/kg", "3350 g", "0 mg", "0.000001 g", "007 mg", "37.0 Cel"])
def test_quantities_that_people_write(text: str) -> None:
    Quantity.parse(text)


def test_a_small_quantity_is_written_without_an_exponent() -> None:
    assert str(Quantity.parse("0.0000000001 g")) == "0.0000000001 g"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("600 mcg", "ug"),
        ("10 cc", "mL"),
        ("1 mcg/kg", "ug/kg"),
        ("0.1 mcg/kg/min", "ug/kg/min"),
        ("12 cc/h", "mL/h"),
        ("3 cc/kg/h", "mL/kg/h"),
        ("1 mcg/cc", "ug/mL"),
        ("600 µg", "ug"),
        ("600 μg", "ug"),
        ("10 ml", "mL"),
        ("5 IU", "[IU]"),
    ],
)
def test_a_unit_that_is_not_ucum_is_refused_naming_the_one_that_is(written: str, meant: str) -> None:
    _refuse(written, "is not a UCUM unit", f"write {meant}")


@pytest.mark.parametrize(
    "text",
    [
        "-1 mg",
        "+1 mg",
        "1e3 mg",
        "1E-3 mg",
        ".5 mg",
        "5. mg",
        "1,5 mg",
        "1.2.3 mg",
        "1  mg",
        "1 mg ",
        " 1 mg",
        "1 mg\n",
        "1\tmg",
        "1\u00a0mg",
        "1mg",
        "1",
        "mg",
        "",
        "1 mg kg",
        "1 / 2 mg",
        "١ mg",
        "½ mg",
        "NaN mg",
        "Infinity mg",
        "0x1 mg",
        "1_000 mg",
    ],
)
def test_signs_exponents_and_other_spacing_are_refused(text: str) -> None:
    _refuse(text, "write a number, one space and a unit, such as 0.6 mg")


@pytest.mark.parametrize(
    "unit", ["mgs", "MG", "Mg", "mg/KG", "lb", "drops", "mmHg", "min/", "/", "//", "\x1b[31m", "x" * 10_000]
)
def test_an_unknown_unit_is_refused_with_the_list(unit: str) -> None:
    _refuse(f"1 {unit}", "units are ug mg g kg mL")


def test_a_number_of_absurd_length_is_refused() -> None:
    Quantity.parse("1" * 24 + " mg")

    _refuse("1" * 25 + " mg", "write fewer digits")


@pytest.mark.parametrize(("unit", "other", "factor"), CONVERSIONS)
@settings(max_examples=5, derandomize=True, deadline=None)
@given(number=decimals)
def test_conversions_agree_with_exact_fractions(unit: str, other: str, factor: Fraction, number: str) -> None:
    converted = Fraction(Quantity.parse(f"{number} {unit}").to(other))

    exact = Fraction(number) * factor
    assert abs(converted - exact) <= exact * Fraction(1, 10**26)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("other", UNITS)
def test_units_convert_only_where_they_measure_the_same(unit: str, other: str) -> None:
    group = next((group for group in SAME_DIMENSION if unit in group), {unit: Fraction(1)})
    quantity = Quantity.parse(f"2 {unit}")
    if other in group:
        assert dimension_of(unit) == dimension_of(other) == quantity.dimension
        assert quantity.to(other) > 0
    else:
        assert dimension_of(unit) != dimension_of(other)
        with pytest.raises(QuantityError, match="not a"):
            quantity.to(other)


def test_a_conversion_is_exact_where_decimals_are() -> None:
    assert Quantity.parse("0.6 mg").to("ug") == Decimal(600)
    assert Quantity.parse("1700 g").to("kg") == Decimal("1.7")
    assert Quantity.parse("0.1 ug/kg/min").to("mg/kg/h") == Decimal("0.006")
