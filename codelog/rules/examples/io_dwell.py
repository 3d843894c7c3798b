"""Examples of io-dwell."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised

LINE = ("0:00 access.attempt_started route=io", "1:00 access.attempt_ended outcome=established")
COOLED = "patient.described cooling=true"

FIRES: tuple[Example, ...] = (
    # Basis warning
    Example("In place for 20 hours", LINE, "20:01:00", (Raised("warning", "20:01:00"),)),
    Example(
        "Taken out one millisecond after 20 hours",
        (*LINE, "20:01:00.001 access.removed"),
        "30:00:00",
        (Raised("warning", "20:01:00", "20:01:00.001", "condition_ended"),),
        limit="dwell_warning_hours",
        side="above",
    ),
    Example(
        "Taken out one millisecond before 24 hours",
        (*LINE, "24:00:59.999 access.removed"),
        "30:00:00",
        (Raised("warning", "20:01:00", "24:00:59.999", "condition_ended"),),
        limit="dwell_hours",
        side="below",
    ),
    Example(
        "Taken out at exactly 24 hours",
        (*LINE, "24:01:00 access.removed"),
        "30:00:00",
        (Raised("warning", "20:01:00", "24:01:00", "condition_ended"),),
        limit="dwell_hours",
        side="at",
    ),
    Example(
        "A line from before the record counts from when it was noted",
        ("2:00 access.present route=io since=3 h",),
        "21:00:00",
        (Raised("warning", "20:02:00"),),
    ),
    # Basis limit
    Example(
        "Taken out one millisecond after 24 hours",
        (*LINE, "24:01:00.001 access.removed"),
        "30:00:00",
        (
            Raised("warning", "20:01:00", "24:01:00", "replaced"),
            Raised("limit", "24:01:00", "24:01:00.001", "condition_ended"),
        ),
        limit="dwell_hours",
        side="above",
    ),
    Example(
        "Accepted at 20 hours, still in place at 24",
        (*LINE, "20:05:00 flag.acknowledged rule=io-dwell action=accepted"),
        "25:00:00",
        (Raised("warning", "20:01:00", "24:01:00", "replaced"), Raised("limit", "24:01:00")),
    ),
    Example(
        "The line is entered a day later: named after the limit",
        (LINE[0], "1:00 access.attempt_ended outcome=established recorded=26:00:00"),
        "26:01:00",
        (Raised("limit", "24:01:00", late="26:00:00"),),
    ),
    # Basis cooling
    Example("The child is cooled", (*LINE, f"30:00 {COOLED}"), "1:00:00", (Raised("cooling", "30:00"),)),
    Example(
        "The child was cooled before the line was in",
        (f"0:00 {COOLED}", *LINE),
        "1:00:00",
        (Raised("cooling", "1:00"),),
    ),
    Example(
        "Cooling is started as care",
        (*LINE, "30:00 care.started care=cooling"),
        "1:00:00",
        (Raised("cooling", "30:00"),),
    ),
    Example(
        "Cooling is over",
        (*LINE, "30:00 care.started care=cooling", "50:00 care.ended care=cooling"),
        "1:00:00",
        (Raised("cooling", "30:00", "50:00", "condition_ended"),),
    ),
    Example(
        "The child is not cooled after all",
        (*LINE, f"30:00 {COOLED}", "40:00 patient.described cooling=false"),
        "1:00:00",
        (Raised("cooling", "30:00", "40:00", "condition_ended"),),
    ),
    Example(
        "Cooled, and 20 hours in place: the later basis replaces",
        (*LINE, f"30:00 {COOLED}"),
        "21:00:00",
        (Raised("cooling", "30:00", "20:01:00", "replaced"), Raised("warning", "20:01:00")),
    ),
    # Clearing
    Example(
        "The line is lost",
        (*LINE, "21:00:00 access.lost reason=dislodged"),
        "22:00:00",
        (Raised("warning", "20:01:00", "21:00:00", "condition_ended"),),
    ),
    Example(
        "It was no line: the outcome is corrected",
        (*LINE, '21:00:00 event.amended target=3 changes={"outcome": "failed"} reason=wrong key'),
        "22:00:00",
        (Raised("warning", "20:01:00", "21:00:00", "retracted"),),
    ),
    Example(
        "Cooling was noted by mistake",
        (*LINE, f"30:00 {COOLED}", "40:00 event.retracted target=4 reason=another child"),
        "1:00:00",
        (Raised("cooling", "30:00", "40:00", "retracted"),),
    ),
    Example(
        "Snoozed for an hour, then 24 hours come: the later basis replaces again",
        (*LINE, "20:02:00 flag.snoozed rule=io-dwell seconds=3600"),
        "25:00:00",
        (
            Raised("warning", "20:01:00", "21:02:00", "replaced"),
            Raised("snooze_over", "21:02:00", "24:01:00", "replaced"),
            Raised("limit", "24:01:00"),
        ),
    ),
    Example(
        "The case is closed",
        (*LINE, "21:00:00 case.closed outcome=transferred"),
        "22:00:00",
        (Raised("warning", "20:01:00", "21:00:00", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    Example(
        "Taken out one millisecond before 20 hours",
        (*LINE, "20:00:59.999 access.removed"),
        "30:00:00",
        limit="dwell_warning_hours",
        side="below",
    ),
    Example(
        "Taken out at exactly 20 hours",
        (*LINE, "20:01:00 access.removed"),
        "30:00:00",
        limit="dwell_warning_hours",
        side="at",
    ),
    Example("A venous line", ("0:00 access.present route=cvc", f"1:00 {COOLED}"), "30:00:00"),
    Example("Cooled, but no IO line", (f"1:00 {COOLED}", "2:00 access.attempt_started route=io"), "1:00:00"),
    Example("Asked about cooling: no", (*LINE, "2:00 patient.described cooling=false"), "1:00:00"),
)
