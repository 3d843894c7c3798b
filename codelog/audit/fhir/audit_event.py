"""Who looked: the events of a terminal's audit stream as FHIR R4 AuditEvents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codelog.audit.fhir.elements import Json, codings, identifier, made, resource_id, said, text
from codelog.case import jsontext
from codelog.clinical.codes import Codes
from codelog.log import audit_kinds as kinds
from codelog.log.audit_stream import AuditEvent

_ACTIONS = {
    kinds.VIEWED: "R",
    kinds.READ: "R",
    kinds.EXPORTED: "R",
    kinds.BACKED_UP: "R",
    kinds.IMPORTED: "C",
    kinds.RECORDED: "C",
    kinds.KEY_MADE: "C",
    kinds.KEY_RECEIVED: "C",
    kinds.RESTORED: "U",
    kinds.KEY_ROTATED: "U",
}
"""Created, read, updated; everything else was executed."""
_DONE = "0"
_TOLD_APART = ("cases", "purpose")


def audit_events(events: Iterable[AuditEvent], codes: Codes) -> Iterator[Json]:
    """One AuditEvent for every event, in the same order; one a line, they are what FHIR calls NDJSON."""
    for event in events:
        yield _audit_event(event, codes)


def _audit_event(event: AuditEvent, codes: Codes) -> Json:
    line = f"{event.terminal}/{event.seq}"
    kind = codings(codes.of("audit", event.kind) or codes.of("audit", "other"))[0]
    purpose = event.data.get("purpose")
    return made(
        resourceType="AuditEvent",
        id=resource_id("audit", event.terminal, event.seq),
        type=kind,
        subtype=[made(system="urn:codelog:audit", code=event.kind, display=kinds.KINDS.get(event.kind))],
        action=_ACTIONS.get(event.kind, "E"),
        recorded=event.at,
        # The stream holds what was done, so each was; what a verification found is no failure of it.
        outcome=_DONE,
        purposeOfEvent=[said(purpose)] if isinstance(purpose, str) and text(purpose) else [],
        agent=[made(who=_named("login", event.by), altId=text(event.by), requestor=True)],
        source=made(observer=_named("terminal", event.terminal) | made(display=text(event.software))),
        entity=[
            *({"what": _named("case", case)} for case in _cases(event)),
            made(what=_named("audit-line", line), detail=_details(event)),
        ],
    )


def _named(of: str, value: str) -> Json:
    """A reference to what is no resource of ours, by its name."""
    known = identifier(of, value)
    return {"display": "not recorded"} if known is None else {"identifier": known}


def _cases(event: AuditEvent) -> list[str]:
    cases = event.data.get("cases")
    return [case for case in cases if isinstance(case, str)] if isinstance(cases, list) else []


def _details(event: AuditEvent) -> list[Json]:
    """All else that the line says, by name."""
    told = ((name, value) for name, value in event.data.items() if name not in _TOLD_APART)
    shown = ((name, value if isinstance(value, str) else jsontext.canonical(value)) for name, value in told)
    return [
        {"type": name, "valueString": words} for name, value in shown if (words := text(value)) and text(name)
    ]
