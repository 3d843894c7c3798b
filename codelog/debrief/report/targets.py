"""What spans are held against: the limits of the protocol and the figures of the tables, each with its source."""

from __future__ import annotations

from codelog.case.instants import HOUR, MINUTE, SECOND
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.debrief.report.figures import Target, seconds

ADRENALINE = "adrenaline"

_FIRST_DOSE = Target(
    text="first adrenaline within 5 min of the arrest, beyond the newborn period",
    least_ms=None,
    most_ms=5 * MINUTE,
    source="AHA PALS 2020, as a secondary page reports it",
    status="unverified",
)


def access_limit(protocol: Protocol) -> Target | None:
    """The time without access from which the protocol asks to consider IO."""
    return _limit(protocol, "seconds_limit", SECOND, "from {} s without access IO is to be considered")


def confirm_limit(protocol: Protocol) -> Target | None:
    """The time within which an IO line is to be confirmed."""
    return _limit(protocol, "confirm_seconds", SECOND, "confirmed within {} s")


def dwell_limit(protocol: Protocol) -> Target | None:
    """How long an IO line may stay."""
    return _limit(protocol, "dwell_hours", HOUR, "out within {} h")


def repeat_window(tables: Tables) -> Target | None:
    """The time from one adrenaline to the next."""
    drug = tables.drugs.get(ADRENALINE)
    if drug is None or drug.repeat_from is None or drug.repeat_by is None:
        return None
    evidence = drug.evidence["repeat_from"]
    return Target(
        text=f"every {drug.repeat_from.value:f} to {drug.repeat_by}",
        least_ms=seconds(drug.repeat_from),
        most_ms=seconds(drug.repeat_by),
        source=tables.citations(evidence.sources),
        status=evidence.status,
    )


def first_dose(age_days: int | None, tables: Tables) -> Target | None:
    """The time from the arrest to the first adrenaline; none is published for the newborn."""
    return None if age_days is None or tables.dose_age(age_days) == "newborn" else _FIRST_DOSE


def _limit(protocol: Protocol, parameter: str, unit: int, text: str) -> Target | None:
    found = protocol.parameters[parameter]
    value = getattr(protocol.thresholds, parameter)
    if value is None:
        return None
    return Target(text.format(value), None, value * unit, found.source, found.status)
