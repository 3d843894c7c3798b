"""Plays examples and scenarios, and tells the flags in their own form."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from codelog.case.events import Event
from codelog.case.flags import Flag, FlagBook
from codelog.case.instants import parse_elapsed
from codelog.case.scenario import ZERO, read_scenario
from codelog.clinical.protocols import Protocol, load_protocol
from codelog.clinical.tables import Tables, load_tables
from codelog.live.replay import replayed_events
from codelog.rules.examples import Example

TABLES: Tables = load_tables()
VOCABULARY = TABLES.vocabulary()


def instant(text: str) -> int:
    """The instant of a scenario time."""
    return ZERO + parse_elapsed(text)


def protocol(id: str, parameters: Mapping[str, Any] | None = None) -> Protocol:
    """A shipped protocol, with some of its thresholds changed."""
    shipped = load_protocol(id)
    return dataclasses.replace(
        shipped, thresholds=dataclasses.replace(shipped.thresholds, **parameters or {})
    )


def play(content: bytes, ran: Protocol) -> list[Event]:
    """The events of a scenario under a protocol."""
    return replayed_events(read_scenario(content, VOCABULARY), ran, TABLES)


def play_example(example: Example) -> list[Event]:
    """The events of an example."""
    return play(example.scenario(), protocol(example.protocol, example.parameters))


def flags_of(events: list[Event]) -> list[Flag]:
    """Every flag of a log and what became of it."""
    book = FlagBook()
    for event in events:
        book.apply(event)
    return list(book.flags.values())
