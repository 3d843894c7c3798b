"""Examples of timing."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised

DOSE = "drug.given drug=adrenaline dose=0.03 mg route=io"

FIRES: tuple[Example, ...] = (
    # Basis duplicate
    Example(
        "The same dose twice at one instant",
        (f"1:00 {DOSE}", f"1:00 {DOSE}"),
        "2:00",
        (Raised("duplicate", "1:00"),),
    ),
    Example(
        "The same dose again within 2 s",
        (f"1:00 {DOSE}", f"1:01.999 {DOSE}"),
        "2:00",
        (Raised("duplicate", "1:01.999"),),
        limit="timing.window",
        side="below",
    ),
    Example(
        "The same dose again after exactly 2 s",
        (f"1:00 {DOSE}", f"1:02 {DOSE}"),
        "2:00",
        (Raised("duplicate", "1:02"),),
        limit="timing.window",
        side="at",
    ),
    Example(
        "Three times: two entries are doubtful",
        (f"1:00 {DOSE}", f"1:01 {DOSE}", f"1:02 {DOSE}"),
        "2:00",
        (Raised("duplicate", "1:01"), Raised("duplicate", "1:02")),
    ),
    Example(
        "Something else between the two",
        ("1:00 care.started care=ppv", "1:00.500 care.started care=cpap", "1:01 care.started care=ppv"),
        "2:00",
        (Raised("duplicate", "1:01"),),
    ),
    Example(
        "A late entry makes a pair with one already there",
        (f"1:00 {DOSE}", f"1:01 {DOSE} recorded=3:00"),
        "4:00",
        (Raised("duplicate", "1:01", late="3:00"),),
    ),
    # Basis order
    Example(
        "The end of an attempt is amended to before its start",
        (
            "1:00 access.attempt_started route=piv",
            "2:00 access.attempt_ended outcome=failed",
            '3:00 event.amended target=3 changes={"at": "0:30"} reason=wrong minute',
        ),
        "4:00",
        (Raised("order", "0:30", late="3:00"),),
    ),
    Example(
        "The start of an infusion is amended to after its stop",
        (
            "1:00 infusion.started fluid=saline_0_9 route=io",
            "2:00 infusion.stopped volume=10 mL",
            '3:00 event.amended target=2 changes={"at": "2:30"} reason=wrong minute',
        ),
        "4:00",
        (Raised("order", "2:00", late="3:00"),),
    ),
    Example(
        "The end of care is entered for a time before its start",
        ("1:00 care.started care=ppv", "0:30 care.ended care=ppv recorded=2:00"),
        "3:00",
        (Raised("order", "0:30", late="2:00"),),
    ),
    # Clearing
    Example(
        "The second entry is taken back",
        (f"1:00 {DOSE}", f"1:01 {DOSE}", "1:30 event.retracted target=3 reason=entered twice"),
        "2:00",
        (Raised("duplicate", "1:01", "1:30", "retracted"),),
    ),
    Example(
        "The first entry is taken back",
        (f"1:00 {DOSE}", f"1:01 {DOSE}", "1:30 event.retracted target=2 reason=entered twice"),
        "2:00",
        (Raised("duplicate", "1:01", "1:30", "retracted"),),
    ),
    Example(
        "The order is put right",
        (
            "1:00 care.started care=ppv",
            "0:30 care.ended care=ppv recorded=2:00",
            '3:00 event.amended target=3 changes={"at": "1:30"} reason=wrong minute',
        ),
        "4:00",
        (Raised("order", "0:30", "3:00", "retracted", late="2:00"),),
    ),
    Example(
        "Snoozed, and nothing was corrected",
        (f"1:00 {DOSE}", f"1:01 {DOSE}", "1:10 flag.snoozed rule=timing seconds=20"),
        "2:00",
        (Raised("duplicate", "1:01", "1:30", "replaced"), Raised("snooze_over", "1:30")),
    ),
    Example(
        "The case is closed",
        (f"1:00 {DOSE}", f"1:01 {DOSE}", "2:00 case.closed outcome=died"),
        "3:00",
        (Raised("duplicate", "1:01", "2:00", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    Example(
        "The same dose again one millisecond after 2 s",
        (f"1:00 {DOSE}", f"1:02.001 {DOSE}"),
        "2:00",
        limit="timing.window",
        side="above",
    ),
    Example(
        "Another dose at the same instant",
        (f"1:00 {DOSE}", "1:00 drug.given drug=atropine dose=0.03 mg route=io"),
        "2:00",
    ),
    Example(
        "The same drug by another route",
        (f"1:00 {DOSE}", "1:01 drug.given drug=adrenaline dose=0.03 mg route=iv"),
        "2:00",
    ),
    Example(
        "Start and end at one instant",
        ("1:00 access.attempt_started route=piv", "1:00 access.attempt_ended outcome=failed"),
        "2:00",
    ),
    Example(
        "Care ended, and started again",
        (
            "1:00 care.started care=ppv",
            "2:00 care.ended care=ppv",
            "3:00 care.started care=ppv",
            "4:00 care.ended care=ppv",
        ),
        "5:00",
    ),
    Example(
        "The end of care that began before the record",
        ("1:00 care.ended care=ppv", "3:00 care.started care=ppv"),
        "5:00",
    ),
    Example(
        "Two attempts started one after the other",
        ("1:00 access.attempt_started route=piv", "1:01 access.attempt_started route=piv"),
        "2:00",
    ),
)
