"""The flags that would have been raised with what is known now, beside those that were.

The rules run again over the record as corrected, every entry as if it had been made when it happened, every answer as
it was given.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from codelog.case.events import ANSWER_KINDS
from codelog.debrief.report.record import Record
from codelog.debrief.report.rerun import Act, Compared, compare


def hindsight(record: Record) -> Compared:
    """Run the rules over what is known now, and lay their flags beside those that were raised."""
    last = max((event.at for event in record.entered), default=0)
    return compare(record, record.protocol, _acts(record), last)


def _acts(record: Record) -> Iterator[Act]:
    for event in record.entries:
        yield Act(event.at, event.seq, event)
    for event in record.entered:
        if event.kind in ANSWER_KINDS:
            given = dataclasses.replace(event, at=event.recorded_at)
            yield Act(event.recorded_at, event.seq, given)
