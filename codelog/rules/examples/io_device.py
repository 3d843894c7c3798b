"""Examples of io-device."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised, Side

FAILED = "access.attempt_ended outcome=failed"
PINK = "access.attempt_started route=io device=ezio_15"
SMALL = "0:00 patient.described weight=2000 g"


def _weighing(grams: int, device: str, limit: str, side: Side, *flags: Raised) -> Example:
    return Example(
        f"{device} at {grams} g",
        (f"0:00 patient.described weight={grams} g", f"1:00 access.attempt_started route=io device={device}"),
        "1:10",
        flags,
        limit=f"{device}.{limit}",
        side=side,
    )


def _aged(days: int, device: str, limit: str, side: Side, *flags: Raised) -> Example:
    return Example(
        f"{device} at an age of {days} days",
        (f"0:00 patient.described age_days={days}", f"1:00 access.attempt_started route=io device={device}"),
        "1:10",
        flags,
        limit=f"{device}.{limit}",
        side=side,
    )


def _needle(days: int, side: Side, *flags: Raised) -> Example:
    return Example(
        f"A 25 mm needle in the tibia at {days} days",
        (
            f"0:00 patient.described age_days={days}",
            "1:00 access.attempt_started route=io site=tibia_prox side=left device=ezio_25",
        ),
        "1:10",
        flags,
        limit="needle_cautions.tibia.25.age_max_days",
        side=side,
    )


WEIGHT, AGE, SITE, NEEDLE, OFF_LABEL = (
    Raised(basis, "1:00") for basis in ("weight", "age", "site", "needle", "off_label")
)

FIRES: tuple[Example, ...] = (
    # Basis weight
    _weighing(2999, "ezio_15", "weight_min_g", "below", WEIGHT),
    _weighing(39001, "ezio_15", "weight_max_g", "above", WEIGHT),
    _weighing(2999, "ezio_25", "weight_min_g", "below", WEIGHT),
    _weighing(39999, "ezio_45", "weight_min_g", "below", WEIGHT),
    Example(
        "Too light, too long a needle: named after the weight",
        (
            "0:00 patient.described weight=2000 g age_days=3",
            "1:00 access.attempt_started route=io site=tibia_prox side=left device=ezio_25",
        ),
        "1:10",
        (WEIGHT,),
    ),
    Example(
        "The device is described during the attempt",
        (SMALL, "1:00 access.attempt_started route=io", "1:20 access.attempt_described device=ezio_15"),
        "1:30",
        (Raised("weight", "1:20"),),
    ),
    Example(
        "The weight becomes known during the attempt",
        (f"1:00 {PINK}", "1:20 patient.described weight=2000 g"),
        "1:30",
        (Raised("weight", "1:20"),),
    ),
    # Basis age
    _aged(4379, "nio_a", "age_min_days", "below", AGE),
    _aged(1094, "nio_p", "age_min_days", "below", AGE),
    _aged(4381, "nio_p", "age_max_days", "above", AGE),
    _aged(1096, "nio_i", "age_max_days", "above", AGE),
    _aged(4380, "big_ped", "age_max_days", "above", AGE),
    _aged(4379, "fast1", "age_min_days", "below", AGE),
    Example(
        "A sternal device at birth",
        ("1:00 access.attempt_started route=io device=fast1",),
        "1:10",
        (AGE,),
        opening="setting=delivery_room zero=birth",
    ),
    Example(
        "Wrong age and wrong site: named after the age",
        (
            "0:00 patient.described age_days=3",
            "1:00 access.attempt_started route=io site=tibia_prox device=fast1",
        ),
        "1:10",
        (AGE,),
    ),
    # Basis site
    Example(
        "A sternal device in the tibia of an adult",
        (
            "0:00 patient.described age_days=7000",
            "1:00 access.attempt_started route=io site=tibia_prox device=fast1",
        ),
        "1:10",
        (SITE,),
    ),
    Example(
        "A site the device is not cleared for, described later",
        (
            "1:00 access.attempt_started route=io device=ezio_manual",
            "1:15 access.attempt_described site=humerus_prox",
        ),
        "1:30",
        (Raised("site", "1:15"),),
    ),
    Example(
        "A device for the proximal tibia in the distal one, weight and age unknown",
        ("1:00 access.attempt_started route=io site=tibia_dist side=left device=nio_p",),
        "1:10",
        (SITE,),
    ),
    # Basis needle
    _needle(182, "below", NEEDLE),
    _needle(183, "at", NEEDLE),
    Example(
        "A device that comes in several lengths, with 25 mm recorded",
        (
            "0:00 patient.described age_days=10",
            "1:00 access.attempt_started route=io site=tibia_dist side=left device=bd_io needle_mm=25",
        ),
        "1:10",
        (NEEDLE,),
    ),
    Example(
        "The length is described later",
        (
            "0:00 patient.described age_days=10",
            "1:00 access.attempt_started route=io site=tibia_prox side=left device=bd_io",
            "1:20 access.attempt_described needle_mm=25",
        ),
        "1:30",
        (Raised("needle", "1:20"),),
    ),
    # Basis off_label
    *(
        Example(
            f"A {device} as an IO needle",
            (f"1:00 access.attempt_started route=io device={device}",),
            "1:10",
            (OFF_LABEL,),
        )
        for device in ("butterfly", "spinal_needle", "hypodermic")
    ),
    # Clearing
    Example(
        "The attempt ends",
        (SMALL, f"1:00 {PINK}", f"1:30 {FAILED}"),
        "2:00",
        (Raised("weight", "1:00", "1:30", "condition_ended"),),
    ),
    Example(
        "The child is weighed and is heavy enough",
        (SMALL, f"1:00 {PINK}", "1:10 patient.described weight=3200 g"),
        "2:00",
        (Raised("weight", "1:00", "1:10", "condition_ended"),),
    ),
    Example(
        "The weight was mistyped",
        (
            "0:00 patient.described weight=300 g",
            f"1:00 {PINK}",
            '1:10 event.amended target=2 changes={"weight": "3000 g"} reason=a nought was missing',
        ),
        "2:00",
        (Raised("weight", "1:00", "1:10", "retracted"),),
    ),
    Example(
        "Snoozed, and the attempt goes on",
        (SMALL, f"1:00 {PINK}", "1:05 flag.snoozed rule=io-device seconds=15"),
        "1:30",
        (Raised("weight", "1:00", "1:20", "replaced"), Raised("snooze_over", "1:20")),
    ),
    Example(
        "The case is closed during the attempt",
        (SMALL, f"1:00 {PINK}", "1:30 case.closed outcome=died"),
        "2:00",
        (Raised("weight", "1:00", "1:30", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    _weighing(3000, "ezio_15", "weight_min_g", "at"),
    _weighing(3001, "ezio_15", "weight_min_g", "above"),
    _weighing(38999, "ezio_15", "weight_max_g", "below"),
    _weighing(39000, "ezio_15", "weight_max_g", "at"),
    _weighing(3000, "ezio_25", "weight_min_g", "at"),
    _weighing(3001, "ezio_25", "weight_min_g", "above"),
    _weighing(40000, "ezio_45", "weight_min_g", "at"),
    _weighing(40001, "ezio_45", "weight_min_g", "above"),
    _aged(4380, "nio_a", "age_min_days", "at"),
    _aged(4381, "nio_a", "age_min_days", "above"),
    _aged(1095, "nio_p", "age_min_days", "at"),
    _aged(1096, "nio_p", "age_min_days", "above"),
    _aged(4379, "nio_p", "age_max_days", "below"),
    _aged(4380, "nio_p", "age_max_days", "at"),
    _aged(0, "nio_i", "age_min_days", "at"),
    _aged(1, "nio_i", "age_min_days", "above"),
    _aged(1094, "nio_i", "age_max_days", "below"),
    _aged(1095, "nio_i", "age_max_days", "at"),
    _aged(4378, "big_ped", "age_max_days", "below"),
    _aged(4379, "big_ped", "age_max_days", "at"),
    _aged(4380, "fast1", "age_min_days", "at"),
    _aged(4381, "fast1", "age_min_days", "above"),
    _needle(184, "above"),
    Example(
        "A 25 mm needle in the femur of a newborn",
        (
            "0:00 patient.described age_days=3 weight=3200 g",
            "1:00 access.attempt_started route=io site=femur_dist side=left device=ezio_25",
        ),
        "1:10",
    ),
    Example(
        "A 15 mm needle in the tibia of a newborn",
        (
            "0:00 patient.described age_days=3 weight=3200 g",
            "1:00 access.attempt_started route=io site=tibia_prox side=left device=ezio_15",
        ),
        "1:10",
    ),
    Example(
        "Age, weight and site are not known",
        ("1:00 access.attempt_started route=io device=ezio_25",),
        "1:10",
    ),
    Example("The device is not known", (SMALL, "1:00 access.attempt_started route=io"), "1:10"),
    Example("A butterfly in a vein", ("1:00 access.attempt_started route=piv device=butterfly",), "1:10"),
    Example(
        "A cleared site",
        ("1:00 access.attempt_started route=io site=iliac_crest side=left device=jamshidi",),
        "1:10",
    ),
    Example(
        "A device without a label we know, anywhere",
        (SMALL, "1:00 access.attempt_started route=io site=clavicle side=left device=cook_dieckmann"),
        "1:10",
    ),
)
