"""By what a report can be traced to the log it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codelog.case.events import ArchiveReceived, Ref
from codelog.debrief.report.figures import Moment
from codelog.debrief.report.record import Record
from codelog.log.chain import Break, Intact


@dataclass(frozen=True, slots=True)
class StreamChain:
    """The chain of one stream as it was found. Intact: `count` lines, the last one hashing to `head`.

    Broken: `line` is the first that is not as it was written, `problem` says what is wrong. `intact` None: not checked.
    """

    terminal: str
    intact: bool | None
    count: int | None
    head: str | None
    line: int | None
    problem: str | None
    events_read: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an archive signed for: so many entries of a terminal, up to this head."""

    moment: Moment
    archive: str
    terminal: str
    count: int
    head: str
    received: Moment
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The chains, the protocol's digest, the software that opened the case and the one that made the report."""

    streams: tuple[StreamChain, ...]
    protocol_digest: str
    recorded_with: str | None
    reported_with: str
    generated: Moment
    receipts: tuple[Receipt, ...]


def fingerprints(
    record: Record,
    terminals: Iterable[str],
    chain: Mapping[str, Intact | Break],
    *,
    generated_at: int,
    version: str,
) -> Fingerprints:
    """What the report is made of. `terminals` names the terminal of each event read, `chain` what was found of each."""
    read: dict[str, int] = dict.fromkeys(chain, 0)
    for terminal in terminals:
        read[terminal] = read.get(terminal, 0) + 1
    opened = record.state.opened
    return Fingerprints(
        streams=tuple(_stream(terminal, chain.get(terminal), read[terminal]) for terminal in sorted(read)),
        protocol_digest=record.protocol.digest,
        recorded_with=None if opened is None else opened.software,
        reported_with=version,
        generated=Moment(generated_at, generated_at - record.zero, ()),
        receipts=tuple(
            Receipt(
                record.moment(event),
                data.archive,
                data.terminal,
                data.count,
                data.head,
                Moment(data.received_at, data.received_at - record.zero, record.refs(event.seq)),
                record.refs(event.seq),
            )
            for event, data in record.of(ArchiveReceived)
        ),
    )


def _stream(terminal: str, found: Intact | Break | None, read: int) -> StreamChain:
    if isinstance(found, Intact):
        return StreamChain(terminal, True, found.count, found.head, None, None, read)
    if isinstance(found, Break):
        return StreamChain(terminal, False, None, None, found.line, found.problem, read)
    return StreamChain(terminal, None, None, None, None, None, read)
