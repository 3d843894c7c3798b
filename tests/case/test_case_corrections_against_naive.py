"""The corrected reading equals that of a second, naive implementation on random streams."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from codelog.case.corrections import corrected
from codelog.case.events import Event, fields_of, read_data, write_data
from codelog.case.fields import FieldError
from codelog.case.instants import parse_instant
from tests.case.stream_strategies import any_stream


def _stands(events: list[Event], event: Event) -> bool:
    """Whether no standing retraction names the event. The opening always stands."""
    if event.seq == 1:
        return True
    return not any(
        later.kind == "event.retracted"
        and write_data(later.data)["target"] == event.seq
        and _stands(events, later)
        for later in events[event.seq :]
    )


def _naive(events: list[Event]) -> list[tuple[int, int, str, dict[str, Any]]]:
    found = []
    for event in events:
        if event.kind.startswith(("flag.", "event.")) or not _stands(events, event):
            continue
        at, data = event.at, write_data(event.data)
        for later in events:
            if later.kind != "event.amended" or not _stands(events, later):
                continue
            amendment = write_data(later.data)
            if amendment["target"] != event.seq:
                continue
            wanted = {name: value for name, value in amendment["changes"].items() if name != "at"}
            new = {name: value for name, value in (data | wanted).items() if value is not None}
            if not set(wanted) <= set(fields_of(event.kind)):
                continue
            try:
                read_data(event.kind, new, None)
            except FieldError:
                continue
            data = new
            if "at" in amendment["changes"]:
                at = parse_instant(amendment["changes"]["at"])
        found.append((at, event.seq, event.kind, data))
    return sorted(found, key=lambda entry: entry[:2])


@settings(max_examples=250, derandomize=True, deadline=None)
@given(any_stream)
def test_the_corrected_reading_equals_a_naive_one(events: list[Event]) -> None:
    read = [(event.at, event.seq, event.kind, write_data(event.data)) for event in corrected(events)]

    assert read == _naive(events)
