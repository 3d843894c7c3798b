"""Examples of io-caution."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised

SYSTEMIC = ("osteogenesis_imperfecta", "osteopetrosis", "osteoporosis_osteopenia", "coagulopathy")
BLEEDS = "0:00 condition.noted condition=coagulopathy present=true"
BONE = "access.attempt_started route=io"
FAILED = "access.attempt_ended outcome=failed"

FIRES: tuple[Example, ...] = (
    *(
        Example(
            f"An IO attempt with {condition} noted",
            (f"0:00 condition.noted condition={condition} present=true", f"1:00 {BONE}"),
            "1:30",
            (Raised(condition, "1:00"),),
        )
        for condition in SYSTEMIC
    ),
    Example(
        "Noted at the very instant of the start",
        (f"1:00 {BONE}", "1:00 condition.noted condition=coagulopathy present=true"),
        "1:30",
        (Raised("coagulopathy", "1:00"),),
    ),
    Example(
        "Noted before the start, entered during the attempt",
        (f"1:00 {BONE}", "0:30 condition.noted condition=coagulopathy present=true recorded=1:20"),
        "1:30",
        (Raised("coagulopathy", "1:00", late="1:20"),),
    ),
    Example(
        "Two conditions: one flag each",
        (BLEEDS, "0:00 condition.noted condition=osteopetrosis present=true", f"1:00 {BONE}"),
        "1:30",
        (Raised("coagulopathy", "1:00"), Raised("osteopetrosis", "1:00")),
    ),
    Example(
        "The attempt ends; the next draws no second flag",
        (BLEEDS, f"1:00 {BONE}", f"1:30 {FAILED}", f"2:00 {BONE}"),
        "3:00",
        (Raised("coagulopathy", "1:00", "1:30", "condition_ended"),),
    ),
    Example(
        "The next attempt has a condition that is new",
        (
            BLEEDS,
            f"1:00 {BONE}",
            f"1:30 {FAILED}",
            "1:40 condition.noted condition=osteopetrosis present=true",
            f"2:00 {BONE}",
        ),
        "3:00",
        (Raised("coagulopathy", "1:00", "1:30", "condition_ended"), Raised("osteopetrosis", "2:00")),
    ),
    Example(
        "The condition was noted in the wrong child; noted again, the next attempt draws a flag",
        (
            BLEEDS,
            f"1:00 {BONE}",
            "1:10 event.retracted target=2 reason=wrong child",
            f"1:30 {FAILED}",
            "1:40 condition.noted condition=coagulopathy present=true",
            f"2:00 {BONE}",
        ),
        "3:00",
        (Raised("coagulopathy", "1:00", "1:10", "retracted"), Raised("coagulopathy", "2:00")),
    ),
    Example(
        "Snoozed, and the attempt goes on",
        (BLEEDS, f"1:00 {BONE}", "1:05 flag.snoozed rule=io-caution seconds=15"),
        "1:30",
        (Raised("coagulopathy", "1:00", "1:20", "replaced"), Raised("snooze_over", "1:20")),
    ),
    Example(
        "The case is closed during the attempt",
        (BLEEDS, f"1:00 {BONE}", "1:30 case.closed outcome=died"),
        "2:00",
        (Raised("coagulopathy", "1:00", "1:30", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    Example(
        "Asked, and absent",
        ("0:00 condition.noted condition=coagulopathy present=false", f"1:00 {BONE}"),
        "1:30",
    ),
    Example("Nobody asked", (f"1:00 {BONE}",), "1:30"),
    Example(
        "Found after the start",
        (f"1:00 {BONE}", "1:10 condition.noted condition=coagulopathy present=true"),
        "1:30",
    ),
    Example("A venous attempt", (BLEEDS, "1:00 access.attempt_started route=piv"), "1:30"),
    Example("An IO line from before the record", (BLEEDS, "1:00 access.present route=io"), "1:30"),
    Example(
        "Preterm is a caution that no rule reads",
        ("0:00 condition.noted condition=preterm present=true", f"1:00 {BONE}"),
        "1:30",
    ),
)
