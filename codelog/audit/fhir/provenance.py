"""Who entered what, and when: one Provenance for every line of the log."""

from __future__ import annotations

from collections.abc import Sequence

from codelog.audit.fhir.elements import Json, codings, identifier, instant, made, period, reference, said
from codelog.audit.fhir.frame import Frame
from codelog.audit.fhir.history import Revision
from codelog.case.events import Event, EventAmended, EventRetracted
from codelog.case.vocabulary import WATCHER


def provenance(frame: Frame, event: Event, targets: Sequence[str], revisions: Sequence[Revision]) -> Json:
    """The Provenance of one event.

    An old version of a resource is contained here and is no entry of the bundle: nobody can count it twice.
    """
    data = event.data
    why = [said(data.reason)] if isinstance(data, (EventAmended, EventRetracted)) else []
    changed = (resource for revision in revisions for resource in revision.before)
    before = [_contained(resource, number) for number, resource in enumerate(changed, start=1)]
    source = {"role": "source", "what": made(identifier=identifier("line", frame.line(event)))}
    role = "removal" if isinstance(data, EventRetracted) else "revision"
    watcher = event.by == WATCHER
    return made(
        resourceType="Provenance",
        id=frame.entry(event, "provenance"),
        contained=before,
        target=[reference(id) for id in dict.fromkeys(targets)] or [frame.encounter],
        recorded=instant(event.recorded_at),
        activity=said(f"{event.kind}, time {event.basis}"),
        reason=why,
        agent=[
            {
                "type": {
                    "coding": codings(frame.codes.of("agents", "author" if watcher else "enterer")),
                    "text": "Author" if watcher else "Enterer",
                },
                "who": frame.author(event),
            }
        ],
        entity=[*({"role": role, "what": {"reference": f"#{old['id']}"}} for old in before), source],
        **_occurred(event),
    )


def _contained(resource: Json, number: int) -> Json:
    """A resource as another may hold it: with a name of its own there, and without a version."""
    rest = {name: value for name, value in resource.items() if name not in ("resourceType", "id", "meta")}
    return {"resourceType": resource["resourceType"], "id": f"before-{number}"} | rest


def _occurred(event: Event) -> Json:
    """When it happened, as exactly as that is known."""
    if not event.within_ms:
        return made(occurredDateTime=instant(event.at))
    return made(occurredPeriod=period(event.at - event.within_ms, event.at + event.within_ms))
