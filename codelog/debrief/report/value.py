"""The debrief report as one value: every figure and every sentence, each with the entries it rests on.

Pure: the same events, protocol, tables and arguments make the same value. Renderers only lay it out. Text from people
stands in it as it was entered; whoever prints it makes it safe for the place it goes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from codelog.case.events import Event
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.debrief.report.access_story import AccessStory, access_story
from codelog.debrief.report.attempt_counts import AttemptCounts, attempt_counts
from codelog.debrief.report.course import Course, course
from codelog.debrief.report.figures import Interval, Sentence
from codelog.debrief.report.fingerprints import Fingerprints, fingerprints
from codelog.debrief.report.flag_story import FlagStories, flag_stories
from codelog.debrief.report.given import Given, given
from codelog.debrief.report.header import Header, header
from codelog.debrief.report.intervals import Spacing, intervals, spacing
from codelog.debrief.report.learning import Learning, Signature, learning, signatures
from codelog.debrief.report.needs import need_spans
from codelog.debrief.report.quality import Quality, quality
from codelog.debrief.report.record import read_record
from codelog.debrief.report.story import story
from codelog.debrief.report.utstein import Utstein, utstein
from codelog.log.chain import Break, Intact


@dataclass(frozen=True, slots=True)
class DebriefReport:
    """One case, told. `warnings` come first on any page: a broken chain, another protocol, an open case."""

    warnings: tuple[Sentence, ...]
    header: Header
    story: tuple[Sentence, ...]
    intervals: tuple[Interval, ...]
    adrenaline: Spacing
    attempts: AttemptCounts
    access: AccessStory
    given: Given
    flags: FlagStories
    quality: Quality
    utstein: Utstein
    learning: Learning
    signatures: tuple[Signature, ...]
    course: Course
    fingerprints: Fingerprints


def build_report(
    events: Iterable[Event],
    protocol: Protocol,
    tables: Tables,
    *,
    chain: Mapping[str, Intact | Break],
    generated_at: int,
    version: str,
) -> DebriefReport:
    """The report of one case, from the events of all its streams in any order.

    `chain` is what was found of each terminal's stream; of a broken one, `events` are what could be read.
    `generated_at` is an instant (milliseconds since the epoch), `version` names the program that reports.
    """
    events = list(events)
    record = read_record(events, protocol, tables)
    spans = need_spans(record)
    head, access, drugs, running = header(record), access_story(record, spans), given(record), course(record)
    found, flags, record_quality = intervals(record, spans), flag_stories(record), quality(record)
    prints = fingerprints(
        record, (event.terminal for event in events), chain, generated_at=generated_at, version=version
    )
    return DebriefReport(
        warnings=tuple(_warnings(head, prints, flags)),
        header=head,
        story=story(head, access, drugs, flags, running, record_quality),
        intervals=found,
        adrenaline=spacing(record, found),
        attempts=attempt_counts(record),
        access=access,
        given=drugs,
        flags=flags,
        quality=record_quality,
        utstein=utstein(record, head, access, drugs, running),
        learning=learning(record),
        signatures=signatures(record),
        course=running,
        fingerprints=prints,
    )


def _warnings(head: Header, prints: Fingerprints, flags: FlagStories) -> Iterator[Sentence]:
    for stream in prints.streams:
        if stream.intact is False:
            text = f"The log of terminal {stream.terminal} is not as it was written: {stream.problem}."
            yield Sentence(text, ())
        elif stream.intact is None:
            yield Sentence(f"The log of terminal {stream.terminal} was not checked for changes.", ())
    if head.setting is None:
        yield Sentence(
            "The opening of the case cannot be read: its place, clock and protocol are not known.", ()
        )
    elif head.protocol.changed:
        text = f"The protocol {head.protocol.id} is not the file that the case was opened with."
        yield Sentence(text, head.protocol.events)
    if head.protocol.status != "verified":
        yield Sentence(f"The protocol {head.protocol.id} is {head.protocol.status}.", head.protocol.events)
    if head.interim:
        yield Sentence("The case is open: this report is interim.", ())
    for rule in flags.hindsight.not_run:
        yield Sentence(f"The rule {rule} could not be run over the corrected record.", ())
