"""How well a case was recorded: against the script of its training, or by itself. Pure.

A fact of the record and one of the script are the same when they share their topic and lie close together in time.
Attempts are paired first; what is said of an attempt is then sought with its counterpart before anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median_low
from typing import Any

from codelog.case.corrections import active_corrections, corrected, is_entry
from codelog.case.events import Data, Event, EventAmended, EventRetracted, Ref
from codelog.case.instants import MINUTE, SECOND
from codelog.case.quantities import Quantity
from codelog.case.vocabulary import WATCHER
from codelog.debrief.facts import Fact, facts
from codelog.debrief.wording import only_adds

WINDOW_MS = 3 * MINUTE
"""Further apart, two entries are not held to be of the same thing."""
LATE_MS = 5 * SECOND
"""An entry made later than this after what it tells is a late one."""
ROUNDING = Decimal("0.05")
"""By this part a quantity may differ: doses by weight are rounded to what a syringe shows."""

_STARTS = ("access.attempt_started", "access.present")
_FREE = ("operator", "reason", "shows")
"""Words of people's own: whether they were recorded counts, not which they are."""
_NO_FAULT = ("note.added", "case.closed")
"""What a scribe may add to a script: notes, and the end of the case."""
_WANTED = {
    "access.attempt_started": ("route", "site", "side", "operator"),
    "access.present": ("route", "site", "side"),
    "drug.given": ("dose", "route", "volume"),
    "infusion.started": ("route", "volume"),
    "access.checked": ("finding",),
    "access.lost": ("reason",),
}
"""Details that a whole record has, where no script says what there was to be told."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One fact: milliseconds from case zero, and what it takes to put it in words."""

    since: int
    data: Data


@dataclass(frozen=True, slots=True)
class Wrong:
    """A detail that was recorded otherwise than the script has it."""

    of: Happened
    field: str
    told: Any
    recorded: Any


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Details of a recorded fact that were told, or that a whole record has, and that are not in it."""

    of: Happened
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usability:
    """The figures of one record. Without a script `told`, `captured`, `missed`, `extra` and `wrong` are not known.

    Times are milliseconds. `median_error` and `worst_error`: against the script how far apart the two times are,
    without one how long after the fact it was entered. `details` were recorded out of `details_wanted`.
    `until` is how far the record goes from case zero, `script_runs` how far the script does; `keys` are presses.
    """

    facts: int
    told: int | None
    captured: int | None
    missed: tuple[Happened, ...] | None
    extra: tuple[Happened, ...] | None
    wrong: tuple[Wrong, ...] | None
    median_error: int | None
    worst_error: int | None
    details: int
    details_wanted: int
    left_out: tuple[LeftOut, ...]
    late: int
    corrections: int
    until: int
    script_runs: int | None
    keys: int | None

    @property
    def keys_per_fact(self) -> Decimal | None:
        """Presses for one fact, to a tenth; None where they were not counted."""
        if self.keys is None or not self.facts:
            return None
        return (Decimal(self.keys) / self.facts).quantize(Decimal("0.1"))


def usability(
    events: Sequence[Event], script: Sequence[Event] | None = None, keys: int | None = None
) -> Usability:
    """The figures of the stream `events`, against the events that its script makes if there is one.

    The script counts as far as the record goes: who stops after ten minutes has not missed the hours that follow.
    """
    recorded = facts(events)
    until = max((event.recorded_at for event in events), default=0) - _zero(events)
    told = None if script is None else [fact for fact in facts(script) if fact.since <= until]
    pairs = [] if told is None else _pairs(told, recorded)
    if told is None:
        errors = [fact.event.recorded_at - fact.event.at for fact in recorded]
        wanted = [(fact, fact, _wanted(fact)) for fact in recorded]
    else:
        errors = [abs(theirs.since - ours.since) for theirs, ours in pairs]
        wanted = [(theirs, ours, tuple(theirs.fields)) for theirs, ours in pairs]
    left_out = [
        LeftOut(_happened(theirs), missing)
        for theirs, ours, names in wanted
        if (missing := tuple(name for name in names if name not in ours.fields))
    ]
    details_wanted = sum(len(names) for _, _, names in wanted)
    of_script = {id(theirs) for theirs, _ in pairs}
    of_record = {id(ours) for _, ours in pairs}
    return Usability(
        facts=len(recorded),
        told=None if told is None else len(told),
        captured=None if told is None else len(pairs),
        missed=None if told is None else _listed(fact for fact in told if id(fact) not in of_script),
        extra=None
        if told is None
        else _listed(
            fact for fact in recorded if id(fact) not in of_record and fact.event.kind not in _NO_FAULT
        ),
        wrong=None if told is None else tuple(_wrong(pairs)),
        median_error=median_low(errors) if errors else None,
        worst_error=max(errors, default=None),
        details=details_wanted - sum(len(left.fields) for left in left_out),
        details_wanted=details_wanted,
        left_out=tuple(left_out),
        late=sum(_is_late(event) for event in events),
        corrections=sum(_mends(event) for event in active_corrections(events)),
        until=until,
        script_runs=None if script is None else max(event.at for event in script) - _zero(script),
        keys=keys,
    )


def _zero(events: Sequence[Event]) -> int:
    return next((event.at for event in corrected(events) if event.kind == "case.opened"), 0)


def _happened(fact: Fact) -> Happened:
    return Happened(fact.since, fact.data)


def _listed(found: Iterable[Fact]) -> tuple[Happened, ...]:
    return tuple(_happened(fact) for fact in found)


def _is_late(event: Event) -> bool:
    entry = is_entry(event) and event.by != WATCHER and event.kind != "case.opened"
    return entry and event.recorded_at - event.at > LATE_MS


def _mends(event: Event) -> bool:
    """Whether a correction mends a mistake, rather than adding what was not known at the press."""
    return isinstance(event.data, EventRetracted) or (
        isinstance(event.data, EventAmended) and not only_adds(event.data)
    )


def _wanted(fact: Fact) -> tuple[str, ...]:
    names = _WANTED.get(fact.event.kind, ())
    route = fact.fields.get("route")
    if fact.event.kind == "access.attempt_started" and route == "uvc":
        return "route", "operator"
    if fact.event.kind == "access.attempt_started" and route in ("piv", "io"):
        return (*names, "gauge") if route == "piv" else (*names, "device")
    if fact.event.kind == "access.attempt_ended" and fact.fields.get("outcome") != "established":
        return ("reason",)
    return names


# Pairing

Pair = tuple[Fact, Fact]
Key = Callable[[Fact], Hashable]


def _pairs(told: list[Fact], recorded: list[Fact]) -> list[Pair]:
    """Each fact told with the one that records it, where there is one, in order of the script."""
    starts = _paired(_of_starts(told), _of_starts(recorded), _with_route, _topic)
    numbers: dict[Ref | None, Ref | None] = {ours.about: theirs.about for theirs, ours in starts}
    theirs = {id(fact): fact.about for fact in told} | {
        id(fact): numbers.get(fact.about, _NOBODYS) for fact in recorded
    }

    def with_line(fact: Fact) -> Hashable:
        return fact.topic, theirs[id(fact)] if fact.event.kind in _OF_A_LINE else None

    rest = [[fact for fact in side if fact.event.kind not in _STARTS] for side in (told, recorded)]
    pairs = starts + _paired(rest[0], rest[1], with_line, _topic)
    return sorted(pairs, key=lambda pair: (pair[0].since, pair[0].event.seq))


_NOBODYS = "no attempt of the script"
_OF_A_LINE = (
    *("access.attempt_ended", "access.confirmed", "access.checked", "access.lost", "access.removed"),
    "complication.noted",
)


def _of_starts(found: list[Fact]) -> list[Fact]:
    return [fact for fact in found if fact.event.kind in _STARTS]


def _with_route(fact: Fact) -> Hashable:
    return fact.topic, fact.fields["route"]


def _topic(fact: Fact) -> Hashable:
    return fact.topic


def _paired(told: list[Fact], recorded: list[Fact], *keys: Key) -> list[Pair]:
    """Pairs by the first key, of what is left by the next one."""
    pairs: list[Pair] = []
    for key in keys:
        for value in dict.fromkeys(map(key, told)):
            pairs += _aligned(
                [fact for fact in told if key(fact) == value],
                [fact for fact in recorded if key(fact) == value],
            )
        done = {id(fact) for pair in pairs for fact in pair}
        told = [fact for fact in told if id(fact) not in done]
        recorded = [fact for fact in recorded if id(fact) not in done]
    return pairs


def _aligned(told: list[Fact], recorded: list[Fact]) -> list[Pair]:
    """The pairing in order of time that costs least: a pair its distance, a fact left alone half the window."""
    alone = WINDOW_MS // 2
    above: list[_Way] = [_Way(alone * count) for count in range(len(recorded) + 1)]
    for theirs in told:
        row = [_Way(above[0].cost + alone, above[0].last, above[0].before)]
        for column, ours in enumerate(recorded, start=1):
            slant = above[column - 1]
            together = _Way(slant.cost + abs(theirs.since - ours.since), (theirs, ours), slant)
            others = (_Way(way.cost + alone, way.last, way.before) for way in (above[column], row[-1]))
            row.append(min((together, *others), key=lambda way: way.cost))
        above = row
    return list(above[-1].pairs())


@dataclass(frozen=True, slots=True)
class _Way:
    """A pairing so far: what it costs, its last pair and the way before that."""

    cost: int
    last: Pair | None = None
    before: _Way | None = None

    def pairs(self) -> Iterator[Pair]:
        """The pairs, the last one first."""
        way: _Way | None = self
        while way is not None and way.last is not None:
            yield way.last
            way = way.before


def _wrong(pairs: Iterable[Pair]) -> Iterable[Wrong]:
    for theirs, ours in pairs:
        for name, value in theirs.fields.items():
            recorded = ours.fields.get(name)
            if recorded is not None and name not in _FREE and not _same(value, recorded):
                yield Wrong(_happened(theirs), name, value, recorded)


def _same(told: Any, recorded: Any) -> bool:
    if isinstance(told, Quantity) and isinstance(recorded, Quantity):
        if told.dimension != recorded.dimension:
            return False
        return abs(recorded.to(told.unit) - told.value) <= ROUNDING * told.value
    return bool(told == recorded)
