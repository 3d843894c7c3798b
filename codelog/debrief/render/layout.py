"""Where everything of a report stands: the one layout of which every printed form is made."""

from __future__ import annotations

from codelog.debrief.render.front import front
from codelog.debrief.render.inside import inside
from codelog.debrief.render.page import Page, cell
from codelog.debrief.report.value import DebriefReport

NOT_A_DEVICE = "An aid to documentation, not a medical device."
_MARKS = {"clinical": "", "training": "TRAINING"}


def lay_out(report: DebriefReport) -> Page:
    """The report as sections, tables and sentences."""
    head, protocol = report.header, report.header.protocol
    mode = _MARKS.get(head.mode or "", "MODE NOT KNOWN")
    return Page(
        title="Debrief report",
        case=cell((head.case or "not known")[:8]).text,
        mark=" · ".join(part for part in (mode, "INTERIM" if head.interim else "") if part),
        warnings=tuple(cell(one.text, one.events, "warn") for one in report.warnings),
        front=front(report),
        inside=inside(report),
        foot=cell(f"{NOT_A_DEVICE} Protocol {protocol.id} {protocol.version}: {protocol.status}.").text,
    )
