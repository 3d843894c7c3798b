"""Examples of io-site."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised, Side

NEWBORN = "0:00 patient.described age_days=3"
TODDLER = "0:00 patient.described age_days=700"
LEFT_TIBIA = "access.attempt_started route=io site=tibia_prox side=left"
FAILED = "access.attempt_ended outcome=failed"
GAINED = "access.attempt_ended outcome=established"
RETRACTED = "event.retracted reason=entered by mistake"


def _against(condition: str, bone: str, site: str) -> Example:
    return Example(
        f"{condition} of the {bone}, needle in the {site} of that side",
        (
            TODDLER,
            f"0:10 condition.noted condition={condition} bone={bone} side=left present=true",
            f"1:00 access.attempt_started route=io site={site} side=left",
        ),
        "1:10",
        (Raised("condition", "1:00"),),
    )


def _not_against(condition: str, bone: str, site: str, side: str = "left") -> Example:
    return Example(
        f"{condition} of the left {bone}, needle in the {side} {site}",
        (
            TODDLER,
            f"0:10 condition.noted condition={condition} bone={bone} side=left present=true",
            f"1:00 access.attempt_started route=io site={site} side={side}",
        ),
        "1:10",
    )


def _aged(days: int, site: str, limit: str, side: Side, *flags: Raised) -> Example:
    return Example(
        f"{site} at an age of {days} days",
        (
            f"0:00 patient.described age_days={days}",
            f"1:00 access.attempt_started route=io site={site} side=left",
        ),
        "1:10",
        flags,
        limit=limit,
        side=side,
    )


def _again_after(span: str, start: str, side: Side, *flags: Raised) -> Example:
    return Example(
        f"The same bone again {span} after the first start",
        (
            f"0:00 {LEFT_TIBIA}",
            f"1:00 {FAILED}",
            f"{start} {LEFT_TIBIA}",
        ),
        start,
        flags,
        limit="same_bone_hours",
        side=side,
    )


FIRES: tuple[Example, ...] = (
    # Basis same_bone
    Example(
        "A second try in the same tibia",
        (f"0:00 {LEFT_TIBIA}", f"1:00 {FAILED}", f"2:00 {LEFT_TIBIA}"),
        "2:10",
        (Raised("same_bone", "2:00"),),
    ),
    Example(
        "The other end of a tibia tried before",
        (
            f"0:00 {LEFT_TIBIA}",
            f"1:00 {FAILED}",
            "2:00 access.attempt_started route=io site=tibia_dist side=left",
        ),
        "2:10",
        (Raised("same_bone", "2:00"),),
    ),
    Example(
        "The needle before was a line and was taken out",
        (f"0:00 {LEFT_TIBIA}", f"1:00 {GAINED}", "9:00 access.removed", f"10:00 {LEFT_TIBIA}"),
        "10:10",
        (Raised("same_bone", "10:00"),),
    ),
    Example(
        "Two needles in one bone at once",
        (f"0:00 {LEFT_TIBIA}", f"0:05 {LEFT_TIBIA}"),
        "0:10",
        (Raised("same_bone", "0:05"),),
    ),
    _again_after("48 hours less a millisecond", "47:59:59.999", "below", Raised("same_bone", "47:59:59.999")),
    _again_after("exactly 48 hours", "48:00:00", "at", Raised("same_bone", "48:00:00")),
    Example(
        "A line from before the record is in that bone",
        ("0:00 access.present route=io site=tibia_prox side=left since=12 min", f"2:00 {LEFT_TIBIA}"),
        "2:10",
        (Raised("same_bone", "2:00"),),
    ),
    Example(
        "A line from before the record is noted while the next needle goes into its bone",
        (f"2:00 {LEFT_TIBIA}", "2:20 access.present route=io site=tibia_prox side=left since=12 min"),
        "2:30",
        (Raised("same_bone", "2:00", late="2:20"),),
    ),
    Example(
        "An IO try elsewhere was noted for that bone",
        ("0:00 condition.noted condition=prior_io bone=tibia side=left present=true", f"2:00 {LEFT_TIBIA}"),
        "2:10",
        (Raised("same_bone", "2:00"),),
    ),
    Example(
        "Tried before and fractured: named after the try",
        (
            "0:00 condition.noted condition=fracture bone=tibia side=left present=true",
            f"0:00 {LEFT_TIBIA}",
            f"1:00 {FAILED}",
            f"2:00 {LEFT_TIBIA}",
        ),
        "2:10",
        (Raised("condition", "0:00", "1:00", "condition_ended"), Raised("same_bone", "2:00")),
    ),
    Example(
        "The bone of the first attempt is described after the second has begun",
        (
            "0:00 access.attempt_started route=io",
            f"1:00 {FAILED}",
            f"2:00 {LEFT_TIBIA}",
            "2:10 access.attempt_described attempt=1 site=tibia_prox side=left",
        ),
        "2:20",
        (Raised("same_bone", "2:00", late="2:10"),),
    ),
    # Basis condition
    _against("fracture", "tibia", "tibia_prox"),
    _against("fracture", "femur", "tibia_prox"),
    _against("fracture", "femur", "calcaneus"),
    _against("fracture", "tibia", "calcaneus"),
    _against("fracture", "humerus", "radius_dist"),
    _against("fracture", "humerus", "ulna"),
    _against("skin_infection", "tibia", "tibia_dist"),
    _against("burn", "femur", "femur_dist"),
    _against("osteomyelitis", "humerus", "humerus_prox"),
    _against("hardware", "tibia", "tibia_prox"),
    _against("no_landmark", "tibia", "tibia_prox"),
    _against("compartment_syndrome", "tibia", "femur_dist"),
    _against("vascular_compromise", "calcaneus", "femur_dist"),
    _against("cant_immobilise", "radius", "humerus_prox"),
    _against("cant_immobilise", "ulna", "radius_dist"),
    Example(
        "Sternum after a sternotomy noted without bone or side",
        (
            "0:00 patient.described age_days=6000",
            "0:00 condition.noted condition=sternotomy present=true",
            "1:00 access.attempt_started route=io site=sternum_manubrium",
        ),
        "1:10",
        (Raised("condition", "1:00"),),
    ),
    Example(
        "A fracture of the sternum needs no side",
        (
            "0:00 patient.described age_days=6000",
            "0:00 condition.noted condition=fracture bone=sternum present=true",
            "1:00 access.attempt_started route=io site=sternum_manubrium",
        ),
        "1:10",
        (Raised("condition", "1:00"),),
    ),
    Example(
        "A condition noted before the start, entered during the attempt",
        (
            TODDLER,
            f"1:00 {LEFT_TIBIA}",
            "0:50 condition.noted condition=burn bone=tibia side=left present=true recorded=1:20",
        ),
        "1:30",
        (Raised("condition", "1:00", late="1:20"),),
    ),
    Example(
        "Absent at first, found later, before the start",
        (
            "0:10 condition.noted condition=fracture bone=tibia side=left present=false",
            "0:40 condition.noted condition=fracture bone=tibia side=left present=true",
            f"1:00 {LEFT_TIBIA}",
        ),
        "1:10",
        (Raised("condition", "1:00"),),
    ),
    Example(
        "Site first, side later",
        (
            TODDLER,
            "0:00 condition.noted condition=burn bone=tibia side=left present=true",
            "1:00 access.attempt_started route=io site=tibia_prox",
            "1:15 access.attempt_described side=left",
        ),
        "1:30",
        (Raised("condition", "1:15"),),
    ),
    # Basis age
    Example(
        "Sternum of a child",
        (TODDLER, "1:00 access.attempt_started route=io site=sternum_manubrium"),
        "1:10",
        (Raised("age", "1:00"),),
    ),
    Example(
        "Iliac crest of a newborn; case zero is the birth, so the age is known",
        ("1:00 access.attempt_started route=io site=iliac_crest side=left",),
        "1:10",
        (Raised("age", "1:00"),),
        opening="setting=delivery_room zero=birth",
    ),
    _aged(27, "ulna", "age_bands.newborn.below_days", "below", Raised("age", "1:00")),
    _aged(4380, "femur_dist", "age_bands.child.below_days", "at", Raised("age", "1:00")),
    _aged(4381, "femur_dist", "age_bands.child.below_days", "above", Raised("age", "1:00")),
    # Basis disputed
    Example(
        "Distal tibia of a newborn",
        (NEWBORN, "1:00 access.attempt_started route=io site=tibia_dist side=left"),
        "1:10",
        (Raised("disputed", "1:00"),),
    ),
    _aged(364, "tibia_dist", "age_bands.infant.below_days", "below", Raised("disputed", "1:00")),
    # Clearing
    Example(
        "The attempt ends",
        (f"0:00 {LEFT_TIBIA}", f"1:00 {FAILED}", f"2:00 {LEFT_TIBIA}", f"2:30 {GAINED}"),
        "3:00",
        (Raised("same_bone", "2:00", "2:30", "condition_ended"),),
    ),
    Example(
        "The wrong side was entered",
        (
            f"0:00 {LEFT_TIBIA}",
            f"1:00 {FAILED}",
            f"2:00 {LEFT_TIBIA}",
            '2:20 event.amended target=4 changes={"side": "right"} reason=other side',
        ),
        "3:00",
        (Raised("same_bone", "2:00", "2:20", "retracted"),),
    ),
    Example(
        "The attempt was entered by mistake",
        (f"0:00 {LEFT_TIBIA}", f"1:00 {FAILED}", f"2:00 {LEFT_TIBIA}", f"2:20 {RETRACTED} target=4"),
        "3:00",
        (Raised("same_bone", "2:00", "2:20", "retracted"),),
    ),
    Example(
        "The side is described anew: the earlier word no longer stands",
        (
            f"0:00 {LEFT_TIBIA}",
            f"1:00 {FAILED}",
            f"2:00 {LEFT_TIBIA}",
            "2:20 access.attempt_described side=right",
        ),
        "3:00",
        (Raised("same_bone", "2:00", "2:20", "condition_ended"),),
    ),
    Example(
        "Declined: one flag, open until the attempt ends",
        (
            f"0:00 {LEFT_TIBIA}",
            f"1:00 {FAILED}",
            f"2:00 {LEFT_TIBIA}",
            "2:05 flag.acknowledged rule=io-site action=declined reason=no other bone",
            f"2:40 {FAILED}",
        ),
        "3:00",
        (Raised("same_bone", "2:00", "2:40", "condition_ended"),),
    ),
    Example(
        "Snoozed, and the attempt goes on",
        (
            f"0:00 {LEFT_TIBIA}",
            f"1:00 {FAILED}",
            f"2:00 {LEFT_TIBIA}",
            "2:05 flag.snoozed rule=io-site seconds=20",
        ),
        "2:30",
        (Raised("same_bone", "2:00", "2:25", "replaced"), Raised("snooze_over", "2:25")),
    ),
    Example(
        "The case is closed during the attempt",
        (f"0:00 {LEFT_TIBIA}", f"1:00 {FAILED}", f"2:00 {LEFT_TIBIA}", "2:30 case.closed outcome=died"),
        "3:00",
        (Raised("same_bone", "2:00", "2:30", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    Example(
        "The other tibia",
        (
            f"0:00 {LEFT_TIBIA}",
            f"1:00 {FAILED}",
            "2:00 access.attempt_started route=io site=tibia_prox side=right",
        ),
        "2:10",
    ),
    _again_after("48 hours and a millisecond", "48:00:00.001", "above"),
    _aged(28, "ulna", "age_bands.newborn.below_days", "at"),
    _aged(29, "ulna", "age_bands.newborn.below_days", "above"),
    _aged(365, "tibia_dist", "age_bands.infant.below_days", "at"),
    _aged(366, "tibia_dist", "age_bands.infant.below_days", "above"),
    _aged(4379, "femur_dist", "age_bands.child.below_days", "below"),
    _not_against("fracture", "tibia", "femur_dist"),
    _not_against("fracture", "femur", "tibia_prox", "right"),
    _not_against("fracture", "radius", "ulna"),
    _not_against("skin_infection", "femur", "tibia_prox"),
    _not_against("compartment_syndrome", "tibia", "humerus_prox"),
    _not_against("compartment_syndrome", "ilium", "tibia_prox"),
    _not_against("vascular_compromise", "tibia", "femur_dist", "right"),
    Example(
        "A fracture without a side rules nothing out",
        ("0:00 condition.noted condition=fracture bone=tibia present=true", f"1:00 {LEFT_TIBIA}"),
        "1:10",
    ),
    Example(
        "Asked, and absent",
        ("0:00 condition.noted condition=fracture bone=tibia side=left present=false", f"1:00 {LEFT_TIBIA}"),
        "1:10",
    ),
    Example(
        "Noted present, later corrected to absent",
        (
            "0:00 condition.noted condition=fracture bone=tibia side=left present=true",
            "0:30 condition.noted condition=fracture bone=tibia side=left present=false",
            f"1:00 {LEFT_TIBIA}",
        ),
        "1:10",
    ),
    Example(
        "A sternotomy named with its bone is taken back without one",
        (
            "0:00 patient.described age_days=6000",
            "0:00 condition.noted condition=sternotomy bone=sternum side=midline present=true",
            "0:30 condition.noted condition=sternotomy present=false",
            "1:00 access.attempt_started route=io site=sternum_manubrium",
        ),
        "1:10",
    ),
    Example(
        "A condition found after the start",
        (f"1:00 {LEFT_TIBIA}", "1:20 condition.noted condition=burn bone=tibia side=left present=true"),
        "1:30",
    ),
    Example(
        "The side is not known",
        (
            "0:00 condition.noted condition=burn bone=tibia side=left present=true",
            "1:00 access.attempt_started route=io site=tibia_prox",
        ),
        "1:30",
    ),
    Example("The age is not known", ("1:00 access.attempt_started route=io site=ulna side=left",), "1:30"),
    Example(
        "Rarely used at this age: not offered, but not flagged either",
        (TODDLER, "1:00 access.attempt_started route=io site=clavicle side=left"),
        "1:30",
    ),
    Example(
        "The site is described after the attempt has ended",
        (
            f"0:00 {LEFT_TIBIA}",
            f"1:00 {FAILED}",
            "2:00 access.attempt_started route=io",
            f"2:20 {FAILED}",
            "2:30 access.attempt_described attempt=2 site=tibia_prox side=left",
        ),
        "3:00",
    ),
    Example(
        "A vein of that leg",
        (
            "0:00 condition.noted condition=burn bone=tibia side=left present=true",
            "1:00 access.attempt_started route=piv site=foot side=left",
        ),
        "1:30",
    ),
)
