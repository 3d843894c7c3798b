"""The bell: which events ring it. A flag of before is silent when its case is gone on with."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from codelog.case.events import Event, FlagRaised


def rings(events: Iterable[Event], priorities: Collection[str], boot: str, since_ms: int) -> int:
    """How many of the events are flags of these priorities, raised in this boot and since a reading of its clock."""
    return sum(
        isinstance(event.data, FlagRaised)
        and event.data.priority in priorities
        and event.boot == boot
        and event.boot_ms >= since_ms
        for event in events
    )
