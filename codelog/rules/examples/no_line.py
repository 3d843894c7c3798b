"""Examples of no-line."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised

VEIN = ("0:00 access.attempt_started route=piv", "0:30 access.attempt_ended outcome=established")
BONE = ("0:00 access.attempt_started route=io", "0:30 access.attempt_ended outcome=established")
ADRENALINE = "drug.given drug=adrenaline dose=0.03 mg"
SALINE = "infusion.started fluid=saline_0_9 volume=30 mL"

FIRES: tuple[Example, ...] = (
    # Basis no_line
    Example(
        "A drug by vein, and no line is known",
        (f"1:00 {ADRENALINE} route=iv",),
        "2:00",
        (Raised("no_line", "1:00"),),
    ),
    Example(
        "A drug by bone, and no IO line is known",
        (f"1:00 {ADRENALINE} route=io",),
        "2:00",
        (Raised("no_line", "1:00"),),
    ),
    Example(
        "A drug by the umbilical vein, and no umbilical line is known",
        (f"1:00 {ADRENALINE} route=uvc",),
        "2:00",
        (Raised("no_line", "1:00"),),
    ),
    Example(
        "An infusion, and no line is known",
        (f"1:00 {SALINE} route=iv",),
        "2:00",
        (Raised("no_line", "1:00"),),
    ),
    Example(
        "A drug by vein, with an IO line only",
        (*BONE, f"1:00 {ADRENALINE} route=iv"),
        "2:00",
        (Raised("no_line", "1:00"),),
    ),
    Example(
        "A drug by bone, with a venous line only",
        (*VEIN, f"1:00 {ADRENALINE} route=io"),
        "2:00",
        (Raised("no_line", "1:00"),),
    ),
    Example(
        "A drug by the umbilical vein, with a peripheral line only",
        (*VEIN, f"1:00 {ADRENALINE} route=uvc"),
        "2:00",
        (Raised("no_line", "1:00"),),
    ),
    Example(
        "A drug one millisecond before the line was in place",
        (
            "0:00 access.attempt_started route=piv",
            f"0:29.999 {ADRENALINE} route=iv",
            "0:30 access.attempt_ended outcome=established",
        ),
        "2:00",
        (Raised("no_line", "0:29.999"),),
    ),
    Example(
        "A drug at the very instant at which the line was lost",
        (*VEIN, f"1:00 {ADRENALINE} route=iv", "1:00 access.lost reason=dislodged"),
        "2:00",
        (Raised("no_line", "1:00"),),
    ),
    Example(
        "A drug entered late, for a time before the line",
        (*VEIN, "0:10 drug.given drug=adrenaline dose=0.03 mg route=iv recorded=1:30"),
        "2:00",
        (Raised("no_line", "0:10", late="1:30"),),
    ),
    Example(
        "Named an attempt that failed, and no other line works",
        (
            "0:00 access.attempt_started route=piv",
            "0:30 access.attempt_ended outcome=failed",
            f"1:00 {ADRENALINE} route=iv attempt=1",
        ),
        "1:20",
        (Raised("no_line", "1:00"),),
    ),
    # Basis line_not_working
    Example(
        "Through a line that was lost, while another works",
        (
            *VEIN,
            "0:40 access.present route=cvc",
            "1:00 access.lost attempt=1 reason=infiltrated",
            f"1:30 {SALINE} route=iv attempt=1",
        ),
        "2:00",
        (Raised("line_not_working", "1:30"),),
    ),
    Example(
        "Through an attempt still under way, while another line works",
        (*VEIN, "1:00 access.attempt_started route=piv", f"1:10 {ADRENALINE} route=iv attempt=2"),
        "2:00",
        (Raised("line_not_working", "1:10"),),
    ),
    # Clearing
    Example(
        "The drug was entered by mistake",
        (f"1:00 {ADRENALINE} route=iv", "1:30 event.retracted target=2 reason=not given"),
        "2:00",
        (Raised("no_line", "1:00", "1:30", "retracted"),),
    ),
    Example(
        "The route was mistyped",
        (
            *BONE,
            f"1:00 {ADRENALINE} route=iv",
            '1:30 event.amended target=4 changes={"route": "io"} reason=it went into the bone',
        ),
        "2:00",
        (Raised("no_line", "1:00", "1:30", "retracted"),),
    ),
    Example(
        "The line that was in by then is entered late",
        (f"1:00 {ADRENALINE} route=iv", "0:30 access.present route=piv recorded=1:30"),
        "2:00",
        (Raised("no_line", "1:00", "1:30", "condition_ended"),),
    ),
    Example(
        "The line through which it went is entered by mistake: the dose does not vanish",
        (
            *VEIN,
            f"1:00 {ADRENALINE} route=iv attempt=1",
            "1:30 event.retracted target=2 reason=another child",
        ),
        "2:00",
        (Raised("no_line", "1:00", late="1:30"),),
    ),
    Example(
        "A line that comes later changes nothing",
        (f"0:10 {ADRENALINE} route=iv", "0:20 access.present route=piv"),
        "2:00",
        (Raised("no_line", "0:10"),),
    ),
    Example(
        "Two drugs: a flag for each entry",
        (f"1:00 {ADRENALINE} route=iv", "1:00 drug.given drug=atropine dose=0.1 mg route=iv"),
        "2:00",
        (Raised("no_line", "1:00"), Raised("no_line", "1:00")),
    ),
    Example(
        "Snoozed, and nothing was corrected",
        (f"1:00 {ADRENALINE} route=iv", "1:10 flag.snoozed rule=no-line seconds=20"),
        "2:00",
        (Raised("no_line", "1:00", "1:30", "replaced"), Raised("snooze_over", "1:30")),
    ),
    Example(
        "The case is closed",
        (f"1:00 {ADRENALINE} route=iv", "2:00 case.closed outcome=died"),
        "3:00",
        (Raised("no_line", "1:00", "2:00", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    Example("By vein with a peripheral line", (*VEIN, f"1:00 {ADRENALINE} route=iv attempt=1"), "2:00"),
    Example(
        "By vein with a central line",
        ("0:00 access.present route=cvc", f"1:00 {ADRENALINE} route=iv"),
        "2:00",
    ),
    Example(
        "By vein with an umbilical line", ("0:00 access.present route=uvc", f"1:00 {SALINE} route=iv"), "2:00"
    ),
    Example(
        "By the umbilical vein with an umbilical line",
        ("0:00 access.present route=uvc", f"1:00 {ADRENALINE} route=uvc"),
        "2:00",
    ),
    Example("By bone with an IO line", (*BONE, f"1:00 {ADRENALINE} route=io"), "2:00"),
    Example(
        "At the very instant at which the line was in place, entered before it",
        (
            "0:00 access.attempt_started route=piv",
            f"0:30 {ADRENALINE} route=iv",
            "0:30 access.attempt_ended outcome=established",
        ),
        "2:00",
    ),
    Example("By the tube", (f"1:00 {ADRENALINE} route=ett",), "2:00"),
    Example("Into the muscle", (f"1:00 {ADRENALINE} route=im",), "2:00"),
    Example("By another route", (f"1:00 {ADRENALINE} route=other",), "2:00"),
    Example(
        "One millisecond before the line was lost",
        (*VEIN, f"0:59.999 {ADRENALINE} route=iv", "1:00 access.lost reason=dislodged"),
        "2:00",
    ),
)
