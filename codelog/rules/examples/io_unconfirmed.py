"""Examples of io-unconfirmed."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised

BONE = "0:00 access.attempt_started route=io"
GAINED = "0:30 access.attempt_ended outcome=established"
LINE = (BONE, GAINED)
CONFIRMED = 'access.confirmed signs=["aspirate"]'
ADRENALINE = "drug.given drug=adrenaline dose=0.03 mg"

FIRES: tuple[Example, ...] = (
    # Basis time
    Example(
        "In place for 60 s and nobody confirmed it",
        LINE,
        "1:30",
        (Raised("time", "1:30"),),
    ),
    Example(
        "Confirmed one millisecond after 60 s",
        (*LINE, f"1:30.001 {CONFIRMED}"),
        "2:00",
        (Raised("time", "1:30", "1:30.001", "answered"),),
        limit="confirm_seconds",
        side="above",
    ),
    Example(
        "An IO line from before the record is not confirmed either",
        ("0:10 access.present route=io since=12 min",),
        "2:00",
        (Raised("time", "1:10"),),
    ),
    Example(
        "First use at exactly 60 s: named after the time",
        (*LINE, f"1:30 {ADRENALINE} route=io"),
        "2:00",
        (Raised("time", "1:30"),),
    ),
    Example(
        "Two IO lines: each has its own flag",
        (
            *LINE,
            "0:40 access.attempt_started route=io",
            "0:50 access.attempt_ended outcome=established",
            f"1:40 {CONFIRMED} attempt=1",
        ),
        "2:00",
        (Raised("time", "1:30", "1:40", "answered"), Raised("time", "1:50")),
    ),
    Example(
        "The line is entered late",
        (BONE, "0:30 access.attempt_ended outcome=established recorded=4:00"),
        "5:00",
        (Raised("time", "1:30", late="4:00"),),
    ),
    # Basis use
    Example(
        "Adrenaline by the only IO line before it is confirmed",
        (*LINE, f"0:45 {ADRENALINE} route=io", f"0:50 {CONFIRMED}"),
        "2:00",
        (Raised("use", "0:45", "0:50", "answered"),),
    ),
    Example(
        "An infusion through the line by its number",
        (*LINE, "0:45 infusion.started fluid=saline_0_9 route=io attempt=1 volume=30 mL"),
        "1:20",
        (Raised("use", "0:45"),),
    ),
    Example(
        "Two IO lines, the drug names one",
        (
            *LINE,
            "0:40 access.attempt_started route=io",
            "0:50 access.attempt_ended outcome=established",
            f"1:00 {ADRENALINE} route=io attempt=2",
        ),
        "1:20",
        (Raised("use", "1:00"),),
    ),
    Example(
        "A drug at the very instant at which the line was established",
        (BONE, f"0:30 {ADRENALINE} route=io", GAINED),
        "1:00",
        (Raised("use", "0:30"),),
    ),
    Example(
        "A drug before 60 s is entered after the flag: the flag stays as it was raised",
        (*LINE, "0:40 drug.given drug=adrenaline dose=0.03 mg route=io recorded=1:45"),
        "2:00",
        (Raised("time", "1:30"),),
    ),
    # Clearing
    Example(
        "The line is lost",
        (*LINE, "2:00 access.lost reason=dislodged"),
        "3:00",
        (Raised("time", "1:30", "2:00", "condition_ended"),),
    ),
    Example(
        "The line is taken out as planned",
        (*LINE, "2:00 access.removed"),
        "3:00",
        (Raised("time", "1:30", "2:00", "condition_ended"),),
    ),
    Example(
        "It was no line: the outcome is corrected",
        (*LINE, '2:00 event.amended target=3 changes={"outcome": "failed"} reason=it never flushed'),
        "3:00",
        (Raised("time", "1:30", "2:00", "retracted"),),
    ),
    Example(
        "A confirmation in time is entered late",
        (*LINE, f"0:50 {CONFIRMED} recorded=2:00"),
        "3:00",
        (Raised("time", "1:30", "2:00", "answered"),),
    ),
    Example(
        "Snoozed, and still not confirmed",
        (*LINE, "1:40 flag.snoozed rule=io-unconfirmed seconds=30"),
        "3:00",
        (Raised("time", "1:30", "2:10", "replaced"), Raised("snooze_over", "2:10")),
    ),
    Example(
        "Accepted: it stays open until the line is confirmed",
        (*LINE, "1:40 flag.acknowledged rule=io-unconfirmed action=accepted", f"4:00 {CONFIRMED}"),
        "5:00",
        (Raised("time", "1:30", "4:00", "answered"),),
    ),
    Example(
        "The case is closed with the line not confirmed",
        (*LINE, "2:00 case.closed outcome=transferred"),
        "3:00",
        (Raised("time", "1:30", "2:00", "case_closed"),),
    ),
    Example(
        "Accepted, closed and reopened: it stays accepted",
        (
            *LINE,
            "1:40 flag.acknowledged rule=io-unconfirmed action=accepted",
            "2:00 case.closed outcome=other",
            "3:00 case.reopened",
        ),
        "4:00",
        (Raised("time", "1:30", "2:00", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    Example(
        "Confirmed one millisecond before 60 s",
        (*LINE, f"1:29.999 {CONFIRMED}"),
        "3:00",
        limit="confirm_seconds",
        side="below",
    ),
    Example(
        "Confirmed at exactly 60 s", (*LINE, f"1:30 {CONFIRMED}"), "3:00", limit="confirm_seconds", side="at"
    ),
    Example("Confirmed, then used", (*LINE, f"0:40 {CONFIRMED}", f"0:45 {ADRENALINE} route=io"), "3:00"),
    Example(
        "Used and confirmed at one instant",
        (*LINE, f"0:45 {ADRENALINE} route=io", f"0:45 {CONFIRMED}"),
        "3:00",
    ),
    Example("Lost within 60 s", (*LINE, "1:00 access.lost reason=dislodged"), "3:00"),
    Example(
        "A venous line needs no confirmation",
        ("0:00 access.present route=piv", f"0:10 {ADRENALINE} route=iv"),
        "3:00",
    ),
    Example("A failed attempt", (BONE, "0:30 access.attempt_ended outcome=failed"), "3:00"),
    Example(
        "Two IO lines and the drug names none: nobody knows which was used",
        (
            *LINE,
            "0:40 access.attempt_started route=io",
            "0:50 access.attempt_ended outcome=established",
            f"1:00 {ADRENALINE} route=io",
            f"1:10 {CONFIRMED} attempt=1",
            f"1:10 {CONFIRMED} attempt=2",
        ),
        "3:00",
    ),
    Example("A drug by another route", (*LINE, f"0:45 {ADRENALINE} route=ett", f"1:00 {CONFIRMED}"), "3:00"),
    Example(
        "A drug before the line was in place is no use of it",
        (BONE, f"0:20 {ADRENALINE} route=io", GAINED, f"1:00 {CONFIRMED}"),
        "3:00",
    ),
)
