"""What every resource of a case refers to: the patient, the encounter, people and terminals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from codelog.audit.fhir.elements import Json, identifier, made, reference, resource_id, text
from codelog.case.events import CaseOpened, Event, Ref
from codelog.case.vocabulary import WATCHER
from codelog.clinical.codes import Codes
from codelog.clinical.tables import Tables

PRODUCT = "codelog"


@dataclass(frozen=True, slots=True)
class Made:
    """A resource, and the numbers of the entries that it says something of."""

    resource: Json
    events: tuple[int, ...]

    @property
    def id(self) -> str:
        """Its id, by which others refer to it."""
        id: str = self.resource["id"]
        return id


@dataclass(frozen=True, slots=True)
class LineRef:
    """A line, for what went through it: its Device and where it lies, if that is known."""

    device: Json
    site: Json | None


@dataclass
class Frame:
    """The case as its resources need it.

    `own` maps the number of an event in the merged case to that in its own stream, `lines` an attempt's number to
    its line; `closed`: whether the case is closed now.
    """

    case: str
    own: Mapping[int, Ref]
    tables: Tables
    codes: Codes
    closed: bool
    lines: dict[Ref, LineRef] = field(default_factory=dict)
    _people: dict[str, str] = field(default_factory=dict)

    def id(self, *parts: str | int) -> str:
        """The id of a resource of this case."""
        return resource_id(self.case, *parts)

    def line(self, event: Event) -> str:
        """The name of an event's line that holds in every export: its terminal and its seq there."""
        return f"{event.terminal}/{str(self.own[event.seq]).rpartition('/')[2]}"

    def entry(self, event: Event, *parts: str) -> str:
        """The id of a resource made of one entry; `parts` tell several of one entry apart."""
        return self.id("entry", self.line(event), *parts)

    @cached_property
    def patient(self) -> Json:
        """Whom it is all about."""
        return reference(self.id("patient"))

    @cached_property
    def encounter(self) -> Json:
        """The case."""
        return reference(self.id("encounter"))

    @cached_property
    def resuscitation(self) -> Json:
        """The act that every other is a part of."""
        return reference(self.id("resuscitation"))

    def terminal(self, terminal: str) -> Json:
        """The program that wrote a stream."""
        return reference(self.id("terminal", terminal))

    def person(self, words: str) -> Json:
        """Somebody, by the words they are called by in the case."""
        if words not in self._people:
            self._people[words] = self.id("person", words)
        return reference(self._people[words])

    def author(self, event: Event) -> Json:
        """Who entered an event."""
        return self.terminal(event.terminal) if event.by == WATCHER else self.person(event.by)

    def people(self) -> list[Made]:
        """Everybody who was referred to so far."""
        return [Made(_person(id, words), ()) for words, id in self._people.items()]


def patient(frame: Frame) -> Made:
    """The Patient: an identifier and nothing else, because codelog knows no name and no date of birth."""
    id = frame.id("patient")
    return Made(made(resourceType="Patient", id=id, identifier=_listed(identifier("patient", id))), ())


def terminals(frame: Frame, events: Sequence[Event]) -> list[Made]:
    """A Device for the program at each terminal, with its version and the protocol it ran."""
    opened = {event.terminal: event.data for event in events if isinstance(event.data, CaseOpened)}
    return [
        Made(_program(frame, terminal, opened.get(terminal)), ())
        for terminal in dict.fromkeys(event.terminal for event in events)
    ]


def _program(frame: Frame, terminal: str, opened: CaseOpened | None) -> Json:
    software = None if opened is None else text(opened.software)
    protocol = None if opened is None else opened.protocol
    versions: list[Json] = [] if software is None else [{"value": software}]
    if protocol is not None:
        ran = text(f"{protocol.id} {protocol.version}, SHA-256 {protocol.digest}")
        versions.append({"type": {"text": "protocol"}, "value": ran})
    return made(
        resourceType="Device",
        id=frame.id("terminal", terminal),
        identifier=_listed(identifier("terminal", terminal)),
        deviceName=[{"name": PRODUCT, "type": "model-name"}],
        type={"text": "Resuscitation timeline logger"},
        version=versions,
    )


def _person(id: str, words: str) -> Json:
    known = text(words)
    return made(
        resourceType="Practitioner",
        id=id,
        identifier=_listed(identifier("person", words)),
        name=[] if known is None else [{"text": known}],
    )


def _listed(part: Json | None) -> list[Json]:
    return [] if part is None else [part]
