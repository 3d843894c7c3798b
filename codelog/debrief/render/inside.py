"""Page two and on: every figure behind page one, what was given, the flags, the record itself, and its course."""

from __future__ import annotations

from codelog.debrief.render.attempts import attempts, spans
from codelog.debrief.render.drugs import drugs
from codelog.debrief.render.flags import flags
from codelog.debrief.render.page import Section
from codelog.debrief.render.quality import quality
from codelog.debrief.render.record import course, fingerprints
from codelog.debrief.render.team import learning, signatures, utstein
from codelog.debrief.report.value import DebriefReport


def inside(report: DebriefReport) -> tuple[Section, ...]:
    """The sections after page one."""
    return (
        Section("attempts", "Attempts in detail", tuple(attempts(report.access, report.attempts))),
        Section("spans", "Intervals in detail", tuple(spans(report.intervals))),
        Section("given", "Drugs and infusions", tuple(drugs(report.given))),
        Section("flags", "Flags", tuple(flags(report.flags))),
        Section("quality", "Quality of the record", tuple(quality(report.quality))),
        Section("utstein", "Utstein-style fields", tuple(utstein(report.utstein))),
        Section("learning", "Learning", tuple(learning(report.learning))),
        Section("signatures", "Signatures", tuple(signatures(report.signatures))),
        Section("course", "Course: every entry", tuple(course(report.course, report.quality))),
        Section("fingerprints", "Fingerprints", tuple(fingerprints(report.fingerprints))),
    )
