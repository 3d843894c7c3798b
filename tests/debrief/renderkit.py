"""Reports to be printed: with hostile words in every field, of many events, and ways to read what was printed."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from pypdf import PdfReader

from codelog.case.events import KINDS, Event, fields_of, read_data, write_data
from codelog.case.fields import Id, Words
from codelog.debrief.report.value import DebriefReport
from tests.debrief.reportkit import Fact, event_of, events_of, log_of, report_of, scenario

_VOID = {"meta", "br", "img", "link", "input", "hr", "base", "wbr"}
_KEPT = {"case.opened": ("software",)}

MORE: tuple[Fact, ...] = (
    (10.0, "team.noted", {"person": "p", "role": "r"}),
    (20.0, "condition.noted", {"condition": "fracture", "bone": "tibia", "side": "left", "present": True}),
    (30.0, "access.needed", {"urgency": "emergent"}),
    (31.0, "access.attempt_started", {"attempt": 1, "route": "piv"}),
    (40.0, "access.attempt_ended", {"attempt": 1, "outcome": "failed"}),
    (50.0, "access.attempt_started", {"attempt": 2, "route": "io", "site": "tibia_prox", "side": "left"}),
    (60.0, "access.attempt_ended", {"attempt": 2, "outcome": "established"}),
    (61.0, "access.confirmed", {"attempt": 2, "signs": ["aspirate"], "flush": "5 mL"}),
    (62.0, "access.checked", {"attempt": 2, "finding": "ok"}),
    (63.0, "complication.noted", {"attempt": 2, "complication": "extravasation"}),
    (64.0, "complication.noted", {"complication": "other"}),
    (70.0, "drug.given", {"drug": "adrenaline", "dose": "0.1 mg", "route": "io", "attempt": 2}),
    (80.0, "infusion.started", {"infusion": 1, "fluid": "saline_0_9", "route": "io", "volume": "10 mL"}),
    (85.0, "infusion.stopped", {"infusion": 1, "volume": "10 mL"}),
    (90.0, "care.started", {"care": "ppv"}),
    (95.0, "care.ended", {"care": "ppv"}),
    (100.0, "note.added", {"text": "t"}),
    (
        101.0,
        "flag.raised",
        {
            "flag": 1,
            "rule": "io-consider",
            "basis": "elapsed",
            "priority": "high",
            "text": "t",
            "evidence": [4],
            "facts": {},
            "unknown": ["u"],
            "alternatives": ["a"],
            "threshold": "90 s",
            "source": "s",
            "due_at": "2000-01-01T00:01:30.000Z",
        },
    ),
    (102.0, "flag.acknowledged", {"flag": 1, "action": "declined", "reason": "r"}),
    (105.0, "clock.marked", {"clock": "monitor", "shows": "12:00"}),
    (110.0, "access.lost", {"attempt": 2, "reason": "dislodged"}),
    (120.0, "patient.described", {"weight": "3000 g"}),
    (125.0, "event.amended", {"target": 18, "changes": {"text": "t"}, "reason": "r"}),
    (126.0, "event.retracted", {"target": 15, "reason": "r"}),
    (130.0, "case.closed", {"outcome": "other", "events": 30}),
    (140.0, "case.reopened", {}),
    (150.0, "case.closed", {"outcome": "other", "events": 32}),
    (160.0, "case.signed", {"person": "p", "role": "r", "meaning": "led"}),
    (170.0, "debrief.noted", {"part": "well", "text": "t"}),
    (171.0, "debrief.noted", {"part": "improve", "text": "t"}),
    (172.0, "debrief.noted", {"part": "action", "text": "t", "owner": "o", "due": "d"}),
    (
        180.0,
        "archive.received",
        {
            "archive": "a",
            "terminal": "t",
            "count": 3,
            "head": "b" * 64,
            "received_at": "2000-01-01T00:03:00.000Z",
            "signature": "s",
        },
    ),
)


def hostile(words: str) -> DebriefReport:
    """A report of a case in which every text and every id that a log may hold is `words`."""
    return report_of([_hostile(event, words) for event in log_of(*MORE)])


def _hostile(event: Event, words: str) -> Event:
    data = write_data(event.data)
    for name, field in fields_of(event.kind).items():
        kept = name in _KEPT.get(event.kind, ())
        known = isinstance(field.type, Id) and name in data and name not in ("site", "bone")
        if known or (isinstance(field.type, Words) and not kept):
            data[name] = words
    if event.kind == "event.amended":
        data["changes"] = {"text": words}
    if event.kind == "flag.raised":
        data |= {"unknown": [words], "alternatives": [words], "facts": {words: words}}
    return dataclasses.replace(event, data=read_data(event.kind, data, None), by=words)


def text_fields() -> set[tuple[str, str]]:
    """Every (kind, field) that is text from people."""
    return {
        (kind, name)
        for kind in KINDS
        for name, field in fields_of(kind).items()
        if isinstance(field.type, Words)
    }


def published(name: str) -> DebriefReport:
    """The report of a published scenario."""
    return report_of(events_of(scenario(name)))


def long_case(entries: int) -> DebriefReport:
    """A case of so many entries: vital signs, with a drug now and then."""
    drug = {"drug": "adrenaline", "dose": "0.06 mg", "route": "io"}
    events = log_of()
    for number in range(entries - 1):
        made = (
            ("drug.given", drug) if number % 10 == 9 else ("vital.recorded", {"heart_rate": 60 + number % 90})
        )
        events.append(event_of(number + 2, 5.0 * (number + 1), *made))
    return report_of(events)


class Tags(HTMLParser):
    """What a page is made of, as a browser would see it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self._unclosed = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"{tag} is closed and was not open"

    def handle_data(self, data: str) -> None:
        self.text += data

    def shapes(self) -> set[tuple[str, tuple[str, ...]]]:
        """Every tag with the names of its attributes."""
        return {(tag, tuple(sorted(attributes))) for tag, attributes in self.tags}

    def ids(self) -> list[str]:
        """The id of every element that has one."""
        return [attributes["id"] or "" for _, attributes in self.tags if "id" in attributes]

    def targets(self) -> Iterator[str]:
        """Where every link leads."""
        for tag, attributes in self.tags:
            if tag == "a":
                yield attributes["href"] or ""


def pdf_text(pdf: bytes) -> list[str]:
    """The text of every page, as somebody else's program reads it, without its white space."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


Printer = Callable[[DebriefReport], str | bytes]
