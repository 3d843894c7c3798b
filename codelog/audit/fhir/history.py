"""From the events about one thing to its resources as they now stand, and what every correction changed in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from codelog.audit.fhir.elements import Json
from codelog.audit.fhir.frame import Made
from codelog.case.corrections import corrected
from codelog.case.events import CORRECTIONS, Event

Render = Callable[[Sequence[Event]], list[Made]]
"""The resources of some entries, which are corrected and in order of time."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One correction: the resources it is about, and each of those it changed as it had been."""

    targets: tuple[str, ...]
    before: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The resources of one thing. `revisions` maps the number of a correction to what it did."""

    made: list[Made]
    revisions: dict[int, Revision]


def history(events: Sequence[Event], render: Render, belongs: Callable[[Event], bool]) -> History:
    """The history of what `events` are about: its entries and all corrections of them, in order of entry.

    `belongs` says of a corrected entry whether it is still about this thing. What a correction takes away stays,
    as entered in error.
    """

    def as_of(count: int) -> dict[str, Made]:
        entries = [event for event in corrected(events[:count]) if belongs(event)]
        return {each.id: each for each in render(entries)}

    now = as_of(len(events))
    revisions: dict[int, Revision] = {}
    versions: dict[str, int] = {}
    withdrawn: dict[str, Made] = {}
    for count, event in enumerate(events):
        if event.kind not in CORRECTIONS:
            continue
        before, after = as_of(count), as_of(count + 1)
        changed = [
            id
            for id in {**before, **after}
            if id not in before or id not in after or _differ(before[id], after[id])
        ]
        for id in changed:
            versions[id] = versions.get(id, 1) + 1
            if id not in after:
                withdrawn[id] = before[id]
        revisions[event.seq] = Revision(
            targets=tuple(changed or before),
            before=tuple(before[id].resource for id in changed if id in before),
        )
    gone = [_in_error(made) for id, made in withdrawn.items() if id not in now]
    return History([_versioned(made, versions) for made in (*now.values(), *gone)], revisions)


def _differ(one: Made, other: Made) -> bool:
    return one.resource != other.resource


def _in_error(made: Made) -> Made:
    """The resource, marked as one that should not have been."""
    resource = dict(made.resource)
    if resource["resourceType"] == "BodyStructure":
        resource["active"] = False
    else:
        resource["status"] = "entered-in-error"
    return dataclasses.replace(made, resource=resource)


def _versioned(made: Made, versions: dict[str, int]) -> Made:
    if made.id not in versions:
        return made
    resource = dict(made.resource)
    meta = {"versionId": str(versions[made.id])} | resource.pop("meta", {})
    head = {name: resource.pop(name) for name in ("resourceType", "id")}
    return dataclasses.replace(made, resource=head | {"meta": meta} | resource)
