"""Examples of volume-total."""

from __future__ import annotations

from codelog.rules.examples import Example, Raised, Side

TWO_KILOS = "0:00 patient.described weight=2 kg"
SALINE = "infusion.started fluid=saline_0_9 route=io"


def _single(volume: str, side: Side, *flags: Raised) -> Example:
    return Example(
        f"{volume} at 2 kg in one infusion",
        (TWO_KILOS, f"1:00 {SALINE} volume={volume}"),
        "2:00",
        flags,
        limit="volume_single",
        side=side,
    )


def _total(volume: str, side: Side, *flags: Raised) -> Example:
    return Example(
        f"40 mL and {volume} at 2 kg",
        (TWO_KILOS, f"1:00 {SALINE} volume=40 mL", f"2:00 {SALINE} volume={volume}"),
        "3:00",
        flags,
        limit="volume_limit",
        side=side,
    )


FIRES: tuple[Example, ...] = (
    # Basis single
    _single("40.1 mL", "above", Raised("single", "1:00")),
    Example(
        "More was given than ordered",
        (TWO_KILOS, f"1:00 {SALINE} volume=20 mL", "5:00 infusion.stopped volume=50 mL"),
        "6:00",
        (Raised("single", "5:00"),),
    ),
    Example(
        "Nothing was ordered, the stop says how much",
        (TWO_KILOS, f"1:00 {SALINE}", "5:00 infusion.stopped volume=50 mL"),
        "6:00",
        (Raised("single", "5:00"),),
    ),
    Example(
        "The weight becomes known later",
        (f"1:00 {SALINE} volume=50 mL", "3:00 patient.described weight=2 kg"),
        "4:00",
        (Raised("single", "3:00"),),
    ),
    Example(
        "Litres are converted",
        (TWO_KILOS, f"1:00 {SALINE} volume=0.05 L"),
        "2:00",
        (Raised("single", "1:00"),),
    ),
    # Basis total
    _total("40.1 mL", "above", Raised("total", "2:00"), Raised("single", "2:00")),
    Example(
        "Three infusions within the limit, too much together",
        (TWO_KILOS, *(f"{minute}:00 {SALINE} volume=30 mL" for minute in (1, 2, 3))),
        "4:00",
        (Raised("total", "3:00"),),
    ),
    Example(
        "Blood and saline are added up",
        (
            TWO_KILOS,
            f"1:00 {SALINE} volume=40 mL",
            "2:00 infusion.started fluid=blood_o_neg route=io volume=30 mL",
            f"3:00 {SALINE} volume=20 mL",
        ),
        "4:00",
        (Raised("total", "3:00"),),
    ),
    # Clearing
    Example(
        "Less was given than ordered",
        (TWO_KILOS, f"1:00 {SALINE} volume=50 mL", "5:00 infusion.stopped volume=20 mL"),
        "6:00",
        (Raised("single", "1:00", "5:00", "condition_ended"),),
    ),
    Example(
        "The volume was mistyped",
        (
            TWO_KILOS,
            f"1:00 {SALINE} volume=200 mL",
            '2:00 event.amended target=3 changes={"volume": "20 mL"} reason=a nought too many',
        ),
        "3:00",
        (Raised("total", "1:00", "2:00", "retracted"), Raised("single", "1:00", "2:00", "retracted")),
    ),
    Example(
        "The child is weighed and is heavier",
        (TWO_KILOS, f"1:00 {SALINE} volume=50 mL", "2:00 patient.described weight=3 kg"),
        "3:00",
        (Raised("single", "1:00", "2:00", "condition_ended"),),
    ),
    Example(
        "An infusion is entered late",
        (TWO_KILOS, f"1:00 {SALINE} volume=50 mL recorded=4:00"),
        "5:00",
        (Raised("single", "1:00", late="4:00"),),
    ),
    Example(
        "Snoozed, and nothing has changed",
        (TWO_KILOS, f"1:00 {SALINE} volume=50 mL", "2:00 flag.snoozed rule=volume-total seconds=60"),
        "4:00",
        (Raised("single", "1:00", "3:00", "replaced"), Raised("snooze_over", "3:00")),
    ),
    Example(
        "The case is closed",
        (TWO_KILOS, f"1:00 {SALINE} volume=50 mL", "2:00 case.closed outcome=transferred"),
        "3:00",
        (Raised("single", "1:00", "2:00", "case_closed"),),
    ),
)

STAYS_QUIET: tuple[Example, ...] = (
    _single("39.9 mL", "below"),
    _single("40 mL", "at"),
    _total("39.9 mL", "below"),
    _total("40 mL", "at"),
    Example("The weight is not known", (f"1:00 {SALINE} volume=5 L",), "2:00"),
    Example(
        "No volume is known", (TWO_KILOS, f"1:00 {SALINE} rate=100 mL/h", "60:00 infusion.stopped"), "70:00"
    ),
    Example(
        "Flushes and drugs are no infusions",
        (TWO_KILOS, "1:00 drug.given drug=glucose_10 dose=90 mL route=io flush=90 mL"),
        "2:00",
    ),
    Example(
        "Ordered too much together, but the first was stopped early",
        (
            TWO_KILOS,
            f"1:00 {SALINE} volume=40 mL",
            "2:00 infusion.stopped volume=10 mL",
            f"3:00 {SALINE} volume=40 mL",
            f"4:00 {SALINE} volume=30 mL",
        ),
        "5:00",
    ),
)
