"""Examples of dose-range."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised, Side

NEWBORN = "0:00 patient.described age_days=0 weight=2 kg"
CHILD = "0:00 patient.described age_days=400 weight=10 kg"
AT = "1:00"


def _dose(
    age: str, drug: str, dose: str, route: str, limit: str, side: Side, basis: str | None = None, kg: int = 1
) -> Example:
    days = {"newborn": 0, "older": 400}[age]
    return Example(
        f"{drug} {dose} by {route} at {kg} kg, {age}",
        (
            f"0:00 patient.described age_days={days} weight={kg} kg",
            f"1:00 drug.given drug={drug} dose={dose} route={route}",
        ),
        "2:00",
        () if basis is None else (Raised(basis, AT),),
        limit=f"{drug}.{limit}",
        side=side,
    )


def _at_age(days: int, side: Side, *flags: Raised) -> Example:
    return Example(
        f"Adrenaline 0.02 mg/kg by vein at {days} days: newborns may have it, older children not",
        (
            f"0:00 patient.described age_days={days} weight=2 kg",
            "1:00 drug.given drug=adrenaline dose=0.04 mg route=iv",
        ),
        "2:00",
        flags,
        limit="dose_range.newborn.below_days",
        side=side,
    )


def _mixture(volume: str, side: Side, *flags: Raised) -> Example:
    return Example(
        f"0.1 mg entered, as {volume} of 0.1 mg/mL",
        (
            CHILD,
            f"1:00 drug.given drug=adrenaline dose=0.1 mg concentration=0.1 mg/mL volume={volume} route=iv",
        ),
        "2:00",
        flags,
        limit="dose_range.tolerance",
        side=side,
    )


FIRES: tuple[Example, ...] = (
    # Basis above
    _dose("newborn", "adrenaline", "0.031 mg", "iv", "newborn.line.max", "above", "above"),
    _dose("newborn", "adrenaline", "0.101 mg", "ett", "newborn.tube.max", "above", "above"),
    _dose("older", "adrenaline", "0.121 mg", "io", "older.line.max", "above", "above", kg=10),
    _dose("older", "adrenaline", "1.001 mg", "iv", "older.line.absolute_max", "above", "above", kg=100),
    _dose("newborn", "sodium_bicarbonate_4_2", "2.01 mmol", "uvc", "newborn.line.max", "above", "above"),
    _dose("newborn", "sodium_bicarbonate_8_4", "2.01 mmol", "iv", "newborn.line.max", "above", "above"),
    _dose("newborn", "calcium_gluconate_10", "201 mg", "iv", "newborn.line.max", "above", "above"),
    _dose("newborn", "glucose_10", "0.501 g", "iv", "newborn.line.max", "above", "above"),
    _dose("older", "lidocaine", "41 mg", "io", "older.line.absolute_max", "above", "above", kg=80),
    # Basis below
    _dose("newborn", "adrenaline", "0.0099 mg", "iv", "newborn.line.min", "below", "below"),
    _dose("newborn", "adrenaline", "0.049 mg", "ett", "newborn.tube.min", "below", "below"),
    _dose("older", "adrenaline", "0.079 mg", "io", "older.line.min", "below", "below", kg=10),
    _dose("newborn", "glucose_10", "0.099 g", "iv", "newborn.line.min", "below", "below"),
    Example(
        "Units are converted: 9 micrograms per kilogram by the umbilical vein",
        (NEWBORN, "1:00 drug.given drug=adrenaline dose=18 ug route=uvc"),
        "2:00",
        (Raised("below", AT),),
    ),
    # Basis tracheal_dose_by_line
    _dose("newborn", "adrenaline", "0.05 mg", "iv", "tracheal_dose_by_line", "at", "tracheal_dose_by_line"),
    _dose(
        "newborn", "adrenaline", "0.051 mg", "io", "tracheal_dose_by_line", "above", "tracheal_dose_by_line"
    ),
    _dose("newborn", "adrenaline", "0.049 mg", "uvc", "tracheal_dose_by_line", "below", "above"),
    Example(
        "A dose for the tube by a line, the age unknown",
        ("0:00 patient.described weight=2 kg", "1:00 drug.given drug=adrenaline dose=0.2 mg route=uvc"),
        "2:00",
        (Raised("tracheal_dose_by_line", AT),),
    ),
    # Basis concentration
    _mixture("1.051 mL", "above", Raised("concentration", AT)),
    Example(
        "Ten times the concentration",
        (CHILD, "1:00 drug.given drug=adrenaline dose=0.1 mg concentration=1 mg/mL volume=1 mL route=iv"),
        "2:00",
        (Raised("concentration", AT),),
    ),
    Example(
        "Too much by weight and not as mixed: named after the dose",
        (CHILD, "1:00 drug.given drug=adrenaline dose=0.2 mg concentration=0.1 mg/mL volume=1 mL route=iv"),
        "2:00",
        (Raised("above", AT),),
    ),
    # The age at which the ranges change
    _at_age(28, "at", Raised("above", AT)),
    _at_age(29, "above", Raised("above", AT)),
    # Clearing
    Example(
        "The dose was mistyped",
        (
            NEWBORN,
            "1:00 drug.given drug=adrenaline dose=0.4 mg route=iv",
            '2:00 event.amended target=3 changes={"dose": "0.04 mg"} reason=a nought was missing',
        ),
        "3:00",
        (Raised("tracheal_dose_by_line", AT, "2:00", "retracted"),),
    ),
    Example(
        "The dose was not given",
        (
            NEWBORN,
            "1:00 drug.given drug=adrenaline dose=0.4 mg route=iv",
            "2:00 event.retracted target=3 reason=not given",
        ),
        "3:00",
        (Raised("tracheal_dose_by_line", AT, "2:00", "retracted"),),
    ),
    Example(
        "The weight was mistyped",
        (
            "0:00 patient.described age_days=0 weight=1 kg",
            "1:00 drug.given drug=adrenaline dose=0.08 mg route=iv",
            '2:00 event.amended target=2 changes={"weight": "4 kg"} reason=other cot',
        ),
        "3:00",
        (Raised("tracheal_dose_by_line", AT, "2:00", "retracted"),),
    ),
    Example(
        "The child is weighed and the dose was right",
        (
            "0:00 patient.described age_days=0 weight=1 kg weight_source=estimated",
            "1:00 drug.given drug=adrenaline dose=0.04 mg route=iv",
            "2:00 patient.described weight=1600 g weight_source=measured",
        ),
        "3:00",
        (Raised("above", AT, "2:00", "condition_ended"),),
    ),
    Example(
        "The dose is entered late",
        (NEWBORN, "1:00 drug.given drug=adrenaline dose=0.4 mg route=iv recorded=2:00"),
        "3:00",
        (Raised("tracheal_dose_by_line", AT, late="2:00"),),
    ),
    Example(
        "The weight is known at the very instant of the dose",
        (
            "1:00 drug.given drug=adrenaline dose=0.4 mg route=iv",
            "1:00 patient.described age_days=0 weight=2 kg",
        ),
        "2:00",
        (Raised("tracheal_dose_by_line", AT),),
    ),
    Example(
        "Snoozed, and nothing was corrected",
        (
            NEWBORN,
            "1:00 drug.given drug=adrenaline dose=0.4 mg route=iv",
            "1:10 flag.snoozed rule=dose-range seconds=20",
        ),
        "2:00",
        (Raised("tracheal_dose_by_line", AT, "1:30", "replaced"), Raised("snooze_over", "1:30")),
    ),
    Example(
        "The case is closed",
        (NEWBORN, "1:00 drug.given drug=adrenaline dose=0.4 mg route=iv", "2:00 case.closed outcome=died"),
        "3:00",
        (Raised("tracheal_dose_by_line", AT, "2:00", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    _dose("newborn", "adrenaline", "0.029 mg", "iv", "newborn.line.max", "below"),
    _dose("newborn", "adrenaline", "0.03 mg", "iv", "newborn.line.max", "at"),
    _dose("newborn", "adrenaline", "0.01 mg", "uvc", "newborn.line.min", "at"),
    _dose("newborn", "adrenaline", "0.011 mg", "uvc", "newborn.line.min", "above"),
    _dose("newborn", "adrenaline", "0.099 mg", "ett", "newborn.tube.max", "below"),
    _dose("newborn", "adrenaline", "0.1 mg", "ett", "newborn.tube.max", "at"),
    _dose("newborn", "adrenaline", "0.05 mg", "ett", "newborn.tube.min", "at"),
    _dose("newborn", "adrenaline", "0.051 mg", "ett", "newborn.tube.min", "above"),
    _dose("older", "adrenaline", "0.119 mg", "iv", "older.line.max", "below", kg=10),
    _dose("older", "adrenaline", "0.12 mg", "iv", "older.line.max", "at", kg=10),
    _dose("older", "adrenaline", "0.08 mg", "iv", "older.line.min", "at", kg=10),
    _dose("older", "adrenaline", "0.081 mg", "iv", "older.line.min", "above", kg=10),
    _dose("older", "adrenaline", "0.999 mg", "iv", "older.line.absolute_max", "below", kg=100),
    _dose("older", "adrenaline", "1 mg", "iv", "older.line.absolute_max", "at", kg=100),
    _dose("newborn", "sodium_bicarbonate_4_2", "1.99 mmol", "iv", "newborn.line.max", "below"),
    _dose("newborn", "sodium_bicarbonate_4_2", "2 mmol", "iv", "newborn.line.max", "at"),
    _dose("newborn", "sodium_bicarbonate_8_4", "1.99 mmol", "iv", "newborn.line.max", "below"),
    _dose("newborn", "sodium_bicarbonate_8_4", "2 mmol", "iv", "newborn.line.max", "at"),
    _dose("newborn", "calcium_gluconate_10", "199 mg", "iv", "newborn.line.max", "below"),
    _dose("newborn", "calcium_gluconate_10", "200 mg", "iv", "newborn.line.max", "at"),
    _dose("newborn", "glucose_10", "0.499 g", "iv", "newborn.line.max", "below"),
    _dose("newborn", "glucose_10", "0.5 g", "iv", "newborn.line.max", "at"),
    _dose("newborn", "glucose_10", "0.1 g", "iv", "newborn.line.min", "at"),
    _dose("newborn", "glucose_10", "0.101 g", "iv", "newborn.line.min", "above"),
    _dose("older", "lidocaine", "39 mg", "io", "older.line.absolute_max", "below", kg=80),
    _dose("older", "lidocaine", "40 mg", "io", "older.line.absolute_max", "at", kg=80),
    _mixture("1.049 mL", "below"),
    _mixture("1.05 mL", "at"),
    _at_age(27, "below"),
    Example(
        "The weight is not known",
        ("0:00 patient.described age_days=0", "1:00 drug.given drug=adrenaline dose=4 mg route=iv"),
        "2:00",
    ),
    Example(
        "The weight becomes known after the dose",
        (
            "1:00 drug.given drug=adrenaline dose=4 mg route=iv",
            "1:30 patient.described age_days=0 weight=2 kg",
        ),
        "2:00",
    ),
    Example(
        "The age is not known, and the dose is none for the tube",
        ("0:00 patient.described weight=2 kg", "1:00 drug.given drug=adrenaline dose=0.001 mg route=iv"),
        "2:00",
    ),
    Example(
        "A drug without a range",
        (NEWBORN, "1:00 drug.given drug=other dose=4 mg route=iv text=trial drug"),
        "2:00",
    ),
    Example(
        "A route without a range", (NEWBORN, "1:00 drug.given drug=adrenaline dose=4 mg route=im"), "2:00"
    ),
    Example(
        "The dose is a volume and the range a mass: never compared",
        (NEWBORN, "1:00 drug.given drug=adrenaline dose=40 mL route=iv"),
        "2:00",
    ),
    Example(
        "Volume without concentration",
        (CHILD, "1:00 drug.given drug=adrenaline dose=0.1 mg volume=9 mL route=iv"),
        "2:00",
    ),
)
