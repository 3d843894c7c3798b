"""Examples of limb-check."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised

LINE = ("0:00 access.attempt_started route=io", "1:00 access.attempt_ended outcome=established")
CHECKED = "access.checked finding=ok"

FIRES: tuple[Example, ...] = (
    Example(
        "Nobody looks at the limb for 15 min",
        LINE,
        "16:00",
        (Raised("due", "16:00"),),
    ),
    Example(
        "Looked at one millisecond after 15 min",
        (*LINE, f"16:00.001 {CHECKED}"),
        "20:00",
        (Raised("due", "16:00", "16:00.001", "answered"),),
        limit="limb_check_minutes",
        side="above",
    ),
    Example(
        "Due again 15 min after the last look",
        (*LINE, f"10:00 {CHECKED}"),
        "30:00",
        (Raised("due", "25:00"),),
    ),
    Example(
        "Not repeated while the flag is open",
        LINE,
        "60:00",
        (Raised("due", "16:00"),),
    ),
    Example(
        "It goes on after the return of circulation",
        ("0:00 arrest.recognised", *LINE, "5:00 rosc.recognised"),
        "20:00",
        (Raised("due", "16:00"),),
    ),
    Example(
        "A line from before the record: 15 min from when it was noted",
        ("2:00 access.present route=io since=40 min",),
        "20:00",
        (Raised("due", "17:00"),),
    ),
    Example(
        "Two lines, each with its own flag",
        (*LINE, "2:00 access.present route=io", f"17:30 {CHECKED} attempt=2"),
        "20:00",
        (Raised("due", "16:00"), Raised("due", "17:00", "17:30", "answered")),
    ),
    Example(
        "A look at the limb before it was due is entered late",
        (*LINE, f"12:00 {CHECKED} recorded=18:00"),
        "28:00",
        (Raised("due", "16:00", "18:00", "answered"), Raised("due", "27:00")),
    ),
    Example(
        "A look so long ago that it is due again by now",
        (*LINE, f"3:00 {CHECKED} recorded=40:00"),
        "41:00",
        (Raised("due", "16:00"),),
    ),
    Example(
        "The line is taken out",
        (*LINE, "18:00 access.removed"),
        "40:00",
        (Raised("due", "16:00", "18:00", "condition_ended"),),
    ),
    Example(
        "The line is lost",
        (*LINE, "18:00 access.lost reason=dislodged"),
        "40:00",
        (Raised("due", "16:00", "18:00", "condition_ended"),),
    ),
    Example(
        "It was no line: the outcome is corrected",
        (*LINE, '18:00 event.amended target=3 changes={"outcome": "failed"} reason=wrong key'),
        "40:00",
        (Raised("due", "16:00", "18:00", "retracted"),),
    ),
    Example(
        "The look at the limb was entered by mistake: it is due from the line again",
        (*LINE, f"14:00 {CHECKED}", "20:00 event.retracted target=4 reason=another child"),
        "21:00",
        (Raised("due", "16:00", late="20:00"),),
    ),
    Example(
        "Accepted: it stays open until somebody looks",
        (*LINE, "17:00 flag.acknowledged rule=limb-check action=accepted", f"40:00 {CHECKED}"),
        "50:00",
        (Raised("due", "16:00", "40:00", "answered"),),
    ),
    Example(
        "Snoozed for 5 min, and nobody looked",
        (*LINE, "17:00 flag.snoozed rule=limb-check seconds=300"),
        "25:00",
        (Raised("due", "16:00", "22:00", "replaced"), Raised("snooze_over", "22:00")),
    ),
    Example(
        "The case is closed and reopened",
        (*LINE, "18:00 case.closed outcome=transferred", "20:00 case.reopened"),
        "25:00",
        (Raised("due", "16:00", "18:00", "case_closed"), Raised("due", "16:00", late="20:00")),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    Example(
        "Looked at one millisecond before 15 min",
        (*LINE, f"15:59.999 {CHECKED}"),
        "30:00",
        limit="limb_check_minutes",
        side="below",
    ),
    Example(
        "Looked at after exactly 15 min",
        (*LINE, f"16:00 {CHECKED}"),
        "30:00",
        limit="limb_check_minutes",
        side="at",
    ),
    Example("Looked at every 15 min", (*LINE, f"16:00 {CHECKED}", f"31:00 {CHECKED}"), "45:59.999"),
    Example("A venous line", ("0:00 access.present route=piv",), "60:00"),
    Example("Taken out within 15 min", (*LINE, "15:00 access.removed"), "60:00"),
    Example("An attempt under way", ("0:00 access.attempt_started route=io",), "60:00"),
    Example("The case is closed", (*LINE, "10:00 case.closed outcome=transferred"), "60:00"),
)
