"""What a writer holds back: entries the store did not take yet, and the numbers that later entries refer to. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from codelog.case.events import (
    CORRECTIONS,
    AccessPresent,
    AttemptStarted,
    Event,
    InfusionStarted,
    Ref,
    fields_of,
)
from codelog.case.fields import FieldError
from codelog.case.scenario import NUMBERED
from codelog.live.recorder import Request, RequestRefused
from codelog.live.spill import Spilled

BELONGS_TO_NOTHING = "what it belongs to was not entered"


class References:
    """What became of the entries that others refer to by their tickets."""

    def __init__(self) -> None:
        self._numbers: dict[int, Ref] = {}
        self._seqs: dict[int, int] = {}
        self._refused: set[int] = set()

    def entered(self, ticket: int, event: Event) -> None:
        """The entry of a ticket is durable."""
        self._seqs[ticket] = event.seq
        if isinstance(event.data, (AttemptStarted, AccessPresent)):
            self._numbers[ticket] = event.data.attempt
        elif isinstance(event.data, InfusionStarted):
            self._numbers[ticket] = event.data.infusion

    def refused(self, ticket: int) -> None:
        """The entry of a ticket has no meaning; what follows it has none either."""
        self._refused.add(ticket)

    def resolved(self, item: Spilled) -> Request:
        """The request with the number or the seq of the entry it follows; RequestRefused if that was not entered."""
        if item.follows is None:
            return item.request
        if item.follows in self._refused:
            raise RequestRefused(0, BELONGS_TO_NOTHING)
        if item.request.kind in CORRECTIONS:
            field: str = "target"
            value: Ref | None = self._seqs.get(item.follows)
        else:
            field = NUMBERED.get(item.request.kind, "attempt")
            value = self._numbers.get(item.follows)
        if value is None:
            return item.request
        return dataclasses.replace(item.request, data={**item.request.data, field: value})


def frozen(item: Spilled, request: Request, instant: Callable[[Request], int]) -> Spilled:
    """The item as another run can read it: with an instant, not a reading of this boot's clock."""
    if request.at is None or request.ago:
        basis = request.basis or ("stated" if request.stated else "live")
        at = instant(request)
        request = dataclasses.replace(request, at=at, since_zero=None, pressed=None, ago=0, basis=basis)
    return dataclasses.replace(item, request=request)


def already_entered(request: Request, events: Sequence[Event]) -> Event | None:
    """The event of a request that became durable although its writer was told, or died before it was told, that not."""
    for event in reversed(events):
        if (event.kind, event.at, event.by) == (request.kind, request.at, request.by) and _says(
            event, request
        ):
            return event
    return None


def latest(items: Iterable[Spilled]) -> int | None:
    """The latest instant that the items state."""
    return max((item.request.at for item in items if item.request.at is not None), default=None)


def _says(event: Event, request: Request) -> bool:
    fields = fields_of(event.kind)
    try:
        return all(
            getattr(event.data, name) == fields[name].type.read(value, None)
            for name, value in request.data.items()
        )
    except (FieldError, KeyError):
        return False
