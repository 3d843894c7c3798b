"""Examples of drug-repeat."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised

ARREST = "0:00 arrest.recognised"
COMPRESSIONS = "0:00 care.started care=compressions"
DOSE = "drug.given drug=adrenaline dose=0.03 mg route=io"

FIRES: tuple[Example, ...] = (
    # Basis due
    Example(
        "No second dose for 3 min in an arrest",
        (ARREST, f"1:00 {DOSE}"),
        "4:00",
        (Raised("due", "4:00"),),
    ),
    Example(
        "Compressions run and nobody said arrest",
        (COMPRESSIONS, f"1:00 {DOSE}"),
        "4:00",
        (Raised("due", "4:00"),),
    ),
    Example(
        "Case zero is the arrest",
        (f"1:00 {DOSE}",),
        "4:00",
        (Raised("due", "4:00"),),
        opening="setting=prehospital zero=arrest",
    ),
    Example(
        "The next dose one millisecond after 3 min",
        (ARREST, f"1:00 {DOSE}", f"4:00.001 {DOSE}"),
        "6:00",
        (Raised("due", "4:00", "4:00.001", "answered"),),
        limit="adrenaline.repeat_from",
        side="above",
    ),
    Example(
        "A dose by the tube is a dose",
        (ARREST, "1:00 drug.given drug=adrenaline dose=0.1 mg route=ett"),
        "4:00",
        (Raised("due", "4:00"),),
    ),
    Example(
        "The arrest is recognised after the dose",
        (f"1:00 {DOSE}", "4:30 arrest.recognised"),
        "5:00",
        (Raised("due", "4:30"),),
    ),
    Example(
        "The next dose one millisecond before 5 min",
        (ARREST, f"1:00 {DOSE}", f"5:59.999 {DOSE}"),
        "8:00",
        (Raised("due", "4:00", "5:59.999", "answered"),),
        limit="adrenaline.repeat_by",
        side="below",
    ),
    Example(
        "The next dose after exactly 5 min",
        (ARREST, f"1:00 {DOSE}", f"6:00 {DOSE}"),
        "8:00",
        (Raised("due", "4:00", "6:00", "answered"),),
        limit="adrenaline.repeat_by",
        side="at",
    ),
    # Basis overdue
    Example(
        "The next dose one millisecond after 5 min",
        (ARREST, f"1:00 {DOSE}", f"6:00.001 {DOSE}"),
        "8:00",
        (Raised("due", "4:00", "6:00", "replaced"), Raised("overdue", "6:00", "6:00.001", "answered")),
        limit="adrenaline.repeat_by",
        side="above",
    ),
    Example(
        "Declined when due, overdue all the same",
        (
            ARREST,
            f"1:00 {DOSE}",
            "4:10 flag.acknowledged rule=drug-repeat action=declined reason=vein_imminent",
        ),
        "7:00",
        (Raised("due", "4:00", "6:00", "replaced"), Raised("overdue", "6:00")),
    ),
    Example(
        "A dose long before the arrest: overdue at once",
        (f"1:00 {DOSE}", "10:00 arrest.recognised"),
        "11:00",
        (Raised("overdue", "10:00"),),
    ),
    # Basis early
    Example(
        "Repeated one millisecond before 3 min",
        (ARREST, f"1:00 {DOSE}", f"3:59.999 {DOSE}"),
        "6:00",
        (Raised("early", "3:59.999"),),
        limit="adrenaline.repeat_from",
        side="below",
    ),
    Example(
        "Repeated early: the next dose is due 3 min after that one",
        (ARREST, f"1:00 {DOSE}", f"2:00 {DOSE}"),
        "5:30",
        (Raised("early", "2:00"), Raised("due", "5:00")),
    ),
    Example(
        "Repeated early, and then nothing",
        (ARREST, f"1:00 {DOSE}", f"2:00 {DOSE}"),
        "8:00",
        (Raised("early", "2:00"), Raised("due", "5:00", "7:00", "replaced"), Raised("overdue", "7:00")),
    ),
    Example(
        "The early dose was entered twice",
        (ARREST, f"1:00 {DOSE}", f"2:00 {DOSE}", "2:30 event.retracted target=4 reason=entered twice"),
        "3:00",
        (Raised("early", "2:00", "2:30", "retracted"),),
    ),
    Example(
        "A dose between two is entered late: both intervals are short",
        (ARREST, f"1:00 {DOSE}", f"5:00 {DOSE}", f"3:00 {DOSE} recorded=5:30"),
        "6:00",
        (
            Raised("due", "4:00", "5:00", "answered"),
            Raised("early", "5:00", late="5:30"),
            Raised("early", "3:00", late="5:30"),
        ),
    ),
    # Clearing
    Example(
        "Circulation returns",
        (ARREST, f"1:00 {DOSE}", "5:00 rosc.recognised"),
        "8:00",
        (Raised("due", "4:00", "5:00", "condition_ended"),),
    ),
    Example(
        "Circulation returns, but compressions go on",
        (ARREST, COMPRESSIONS, f"1:00 {DOSE}", "3:00 rosc.recognised"),
        "4:00",
        (Raised("due", "4:00"),),
    ),
    Example(
        "The arrest was entered by mistake",
        (ARREST, f"1:00 {DOSE}", "5:00 event.retracted target=2 reason=a pulse was there"),
        "8:00",
        (Raised("due", "4:00", "5:00", "retracted"),),
    ),
    Example(
        "A dose in time is entered late",
        (ARREST, f"1:00 {DOSE}", f"4:00 {DOSE} recorded=4:40"),
        "6:59.999",
        (Raised("due", "4:00", "4:40", "answered"),),
    ),
    Example(
        "Snoozed for a minute, and no dose",
        (ARREST, f"1:00 {DOSE}", "4:10 flag.snoozed rule=drug-repeat seconds=60"),
        "7:00",
        (
            Raised("due", "4:00", "5:10", "replaced"),
            Raised("snooze_over", "5:10", "6:00", "replaced"),
            Raised("overdue", "6:00"),
        ),
    ),
    Example(
        "The case is closed",
        (ARREST, f"1:00 {DOSE}", "4:30 case.closed outcome=died"),
        "8:00",
        (Raised("due", "4:00", "4:30", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    Example(
        "Repeated after exactly 3 min",
        (ARREST, f"1:00 {DOSE}", f"4:00 {DOSE}"),
        "6:59.999",
        limit="adrenaline.repeat_from",
        side="at",
    ),
    Example("No arrest and no compressions", (f"1:00 {DOSE}", f"2:00 {DOSE}"), "20:00"),
    Example("An arrest without adrenaline", (ARREST,), "20:00"),
    Example("Circulation returns within 3 min", (ARREST, f"1:00 {DOSE}", "3:00 rosc.recognised"), "20:00"),
    Example(
        "Compressions end within 3 min",
        (COMPRESSIONS, f"1:00 {DOSE}", "3:00 care.ended care=compressions"),
        "20:00",
    ),
    Example("Another drug", (ARREST, "1:00 drug.given drug=atropine dose=0.1 mg route=io"), "20:00"),
    Example(
        "Given again early, after the return of circulation",
        (ARREST, f"1:00 {DOSE}", "1:30 rosc.recognised", f"2:00 {DOSE}"),
        "20:00",
    ),
)
