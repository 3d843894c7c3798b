"""A case as one FHIR R4 Bundle of type `collection`: nothing is attested, and no server is told to do anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from codelog.audit.fhir.access import attempt
from codelog.audit.fhir.course import care, course, is_closed
from codelog.audit.fhir.elements import Json, instant, made
from codelog.audit.fhir.flags import flag
from codelog.audit.fhir.frame import Frame, LineRef, Made, patient, terminals
from codelog.audit.fhir.given import dose, infusion
from codelog.audit.fhir.history import Revision, history
from codelog.audit.fhir.observations import observed
from codelog.audit.fhir.provenance import provenance
from codelog.audit.fhir.things import CASE, Thing, about, things
from codelog.case.corrections import corrected
from codelog.case.events import Event, Ref
from codelog.clinical.codes import Codes
from codelog.clinical.tables import Tables
from codelog.debrief.report.streams import merge

FHIR_VERSION = "4.0.1"

_RENDER: Mapping[str, Callable[[Frame, Ref, Sequence[Event]], list[Made]]] = {
    "case": course,
    "attempt": attempt,
    "infusion": infusion,
    "dose": dose,
    "care": care,
    "observed": observed,
}


def bundle(events: Iterable[Event], tables: Tables, codes: Codes, *, generated_at: int) -> Json:
    """The Bundle of one case, all its streams in any order; `generated_at` in milliseconds since the epoch.

    The same events at the same `generated_at` make the same Bundle. Its numbers are `int` or `Decimal`.
    """
    return _Maker(events, tables, codes).bundle(generated_at)


def encode(resource: Json) -> bytes:
    """A Bundle or a resource as JSON; every decimal keeps the digits it was recorded with."""
    return _ENCODER.encode(resource)


_ENCODER = msgspec.json.Encoder(decimal_format="number")


class _Maker:
    def __init__(self, events: Iterable[Event], tables: Tables, codes: Codes) -> None:
        merged = merge(events)
        self._events = merged.events
        self._things = things(merged.events)
        self._frame = Frame(
            case=merged.events[0].case if merged.events else "",
            own=merged.refs,
            tables=tables,
            codes=codes,
            closed=is_closed(corrected(self._things[CASE])),
        )
        self._made: dict[str, Made] = {}
        self._behind: dict[Ref, list[Made]] = {}
        self._revisions: dict[int, list[Revision]] = {}

    def bundle(self, generated_at: int) -> Json:
        # What was given refers to the lines, and flags to all that they rest on.
        for family in (*_RENDER, "flag"):
            for thing in self._things:
                if thing[0] == family:
                    self._add(thing)
        frame = self._frame
        traced = [self._provenance(event) for event in self._events]
        resources = [
            *(each.resource for each in (patient(frame), *terminals(frame, self._events), *frame.people())),
            *(each.resource for each in self._made.values()),
            *traced,
        ]
        return made(
            resourceType="Bundle",
            id=frame.id("bundle"),
            identifier={"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{frame.id('bundle')}"},
            type="collection",
            timestamp=instant(generated_at),
            entry=[{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources],
        )

    def _add(self, thing: Thing) -> None:
        family, number = thing
        frame, events = self._frame, self._things[thing]
        if family == "flag":
            self._keep(flag(frame, events, self._behind_entry, self._attempt))
            return
        render = _RENDER[family]
        found = history(
            events, lambda entries: render(frame, number, entries), lambda event: about(event) == thing
        )
        self._keep(found.made)
        for seq, revision in found.revisions.items():
            self._revisions.setdefault(seq, []).append(revision)
        for act in self._attempt(number) if family == "attempt" else ():
            place = act.resource.get("bodySite", [None])[0]
            frame.lines[number] = LineRef(act.resource["usedReference"][0], place)

    def _keep(self, found: Iterable[Made]) -> None:
        for each in found:
            self._made[each.id] = each
            for number in each.events:
                self._behind.setdefault(number, []).append(each)

    def _behind_entry(self, number: Ref) -> list[Made]:
        return self._behind.get(number, [])

    def _attempt(self, number: Ref) -> list[Made]:
        act = self._made.get(self._frame.id("attempt", number))
        return [] if act is None else [act]

    def _provenance(self, event: Event) -> Json:
        revisions = self._revisions.get(event.seq, [])
        targets = [id for revision in revisions for id in revision.targets]
        targets += [each.id for each in self._behind_entry(event.seq)]
        return provenance(self._frame, event, targets, revisions)
