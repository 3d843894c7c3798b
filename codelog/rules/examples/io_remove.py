"""Examples of io-remove."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised

BONE = "1:00 access.present route=io"
VEIN = "2:00 access.present route=piv"

FIRES: tuple[Example, ...] = (
    Example(
        "A vein is in for 10 min beside the IO line", (BONE, VEIN), "12:00", (Raised("venous_line", "12:00"),)
    ),
    Example(
        "The IO line came second",
        (VEIN.replace("2:00", "0:30"), BONE),
        "12:00",
        (Raised("venous_line", "11:00"),),
    ),
    Example(
        "An umbilical line counts",
        (BONE, "2:00 access.present route=uvc"),
        "12:00",
        (Raised("venous_line", "12:00"),),
    ),
    Example(
        "A central line counts",
        (BONE, "2:00 access.present route=cvc"),
        "12:00",
        (Raised("venous_line", "12:00"),),
    ),
    Example(
        "Taken out one millisecond after 10 min",
        (BONE, VEIN, "12:00.001 access.removed attempt=1"),
        "20:00",
        (Raised("venous_line", "12:00", "12:00.001", "answered"),),
        limit="remove_after_minutes",
        side="above",
    ),
    Example(
        "Two IO lines beside a vein: a flag for each",
        (BONE, "1:30 access.present route=io", VEIN),
        "12:00",
        (Raised("venous_line", "12:00"), Raised("venous_line", "12:00")),
    ),
    Example(
        "The venous line is lost and another comes: the 10 min begin again",
        (BONE, VEIN, "5:00 access.lost attempt=2 reason=infiltrated", "6:00 access.present route=piv"),
        "16:00",
        (Raised("venous_line", "16:00"),),
    ),
    Example(
        "One of two venous lines is lost: a venous line has worked all the time",
        (BONE, VEIN, "4:00 access.present route=piv", "5:00 access.lost attempt=2 reason=infiltrated"),
        "12:00",
        (Raised("venous_line", "12:00"),),
    ),
    Example(
        "The venous line is lost after the flag",
        (BONE, VEIN, "13:00 access.lost attempt=2 reason=infiltrated"),
        "20:00",
        (Raised("venous_line", "12:00", "13:00", "condition_ended"),),
    ),
    Example(
        "The IO line is lost after the flag",
        (BONE, VEIN, "13:00 access.lost attempt=1 reason=dislodged"),
        "20:00",
        (Raised("venous_line", "12:00", "13:00", "condition_ended"),),
    ),
    Example(
        "The venous line was entered by mistake",
        (BONE, VEIN, "13:00 event.retracted target=3 reason=another child"),
        "20:00",
        (Raised("venous_line", "12:00", "13:00", "retracted"),),
    ),
    Example(
        "The venous line is entered late",
        (BONE, f"{VEIN} recorded=15:00"),
        "20:00",
        (Raised("venous_line", "12:00", late="15:00"),),
    ),
    Example(
        "Declined: one flag, open until a line goes",
        (
            BONE,
            VEIN,
            "12:30 flag.acknowledged rule=io-remove action=declined reason=not_critical",
            "30:00 access.removed attempt=1",
        ),
        "40:00",
        (Raised("venous_line", "12:00", "30:00", "answered"),),
    ),
    Example(
        "Snoozed for 5 min, and both are still in",
        (BONE, VEIN, "13:00 flag.snoozed rule=io-remove seconds=300"),
        "20:00",
        (Raised("venous_line", "12:00", "18:00", "replaced"), Raised("snooze_over", "18:00")),
    ),
    Example(
        "The case is closed",
        (BONE, VEIN, "13:00 case.closed outcome=transferred"),
        "20:00",
        (Raised("venous_line", "12:00", "13:00", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    Example(
        "Taken out one millisecond before 10 min",
        (BONE, VEIN, "11:59.999 access.removed attempt=1"),
        "20:00",
        limit="remove_after_minutes",
        side="below",
    ),
    Example(
        "Taken out after exactly 10 min",
        (BONE, VEIN, "12:00 access.removed attempt=1"),
        "20:00",
        limit="remove_after_minutes",
        side="at",
    ),
    Example("An IO line alone", (BONE,), "60:00"),
    Example("A vein alone", (VEIN,), "60:00"),
    Example("Two IO lines", (BONE, "2:00 access.present route=io"), "60:00"),
    Example("A venous attempt under way", (BONE, "2:00 access.attempt_started route=piv"), "60:00"),
)
