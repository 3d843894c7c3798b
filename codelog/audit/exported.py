"""A case as it is exported: its lines, and read out of them what the formats need, each thing once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from codelog.case.codec import LineError, decode
from codelog.case.corrections import corrected
from codelog.case.events import CaseOpened, Event, ProtocolRef
from codelog.case.state import State, fold
from codelog.clinical.problems import ClinicalDataError
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.debrief.report.given import Given, given
from codelog.debrief.report.needs import NeedSpan, need_spans
from codelog.debrief.report.record import Record, read_record
from codelog.debrief.report.streams import merge
from codelog.live.protocols import ProtocolFound
from codelog.log.chain import Break, Intact, verify_lines

FindProtocol = Callable[[ProtocolRef | None], ProtocolFound]
"""The protocol that the opening of a case names. Raises ClinicalDataError."""

_SAFE_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")
_CASE, _CORRECTION = b'"kind":"case.', b'"kind":"event.'


class Unreadable(Exception):
    """A case cannot be read as a case; the message says why."""


@dataclass(frozen=True)
class Stream:
    """The lines of one terminal. `batches` reads them, each time from the first on, as the bytes they are."""

    terminal: str
    batches: Callable[[], Iterable[list[bytes]]]

    def lines(self) -> Iterator[bytes]:
        """The lines one by one."""
        return chain.from_iterable(self.batches())


@dataclass(frozen=True, slots=True)
class StreamFound:
    """What a stream was found to be: so many lines, whatever became of its chain."""

    terminal: str
    lines: int
    chain: Intact | Break


@dataclass(eq=False)
class ExportedCase:
    """One case. What is wrong with it is gathered in `problems`, one sentence each."""

    id: str
    streams: tuple[Stream, ...]
    tables: Tables
    find_protocol: FindProtocol
    problems: list[str] = field(default_factory=list)
    _outline: list[bytes] = field(default_factory=list)

    def add_problem(self, problem: str) -> None:
        """Something is wrong with the case; the same thing is told once."""
        if problem not in self.problems:
            self.problems.append(problem)

    def has_safe_names(self) -> bool:
        """Whether case and terminals can stand in file names. The store sees to it, unless somebody saw to the store."""
        names = (self.id, *(stream.terminal for stream in self.streams))
        return all(_SAFE_NAME.fullmatch(name) for name in names)

    def read_through(self, stream: Stream, copy: Callable[[bytes], None] | None) -> StreamFound:
        """Verify a stream and hand its bytes to `copy` on the way, also those after a break."""
        count = 0

        def passing() -> Iterator[list[bytes]]:
            nonlocal count
            for batch in stream.batches():
                count += len(batch)
                together = b"".join(batch)
                if copy is not None:
                    copy(together)
                if _CASE in together or _CORRECTION in together:
                    self._outline += [line for line in batch if _CASE in line or _CORRECTION in line]
                yield batch

        lines = chain.from_iterable(passing())
        found = verify_lines(lines, self.id, stream.terminal)
        for _ in lines:
            pass
        if isinstance(found, Break):
            self.add_problem(f"terminal {stream.terminal}: {found.problem}")
        return StreamFound(stream.terminal, count, found)

    @cached_property
    def opened(self) -> CaseOpened | None:
        """The opening, if it can be read. After `read_through`."""
        return next((event.data for event in self._outlined if isinstance(event.data, CaseOpened)), None)

    @cached_property
    def closed(self) -> bool | None:
        """Whether the case is closed; None where its opening cannot be read. After `read_through`."""
        if self.opened is None:
            return None
        try:
            with made_sense_of():
                return fold(corrected(merge(self._outlined).events)).closed is not None
        except Unreadable:
            return None

    @cached_property
    def _outlined(self) -> list[Event]:
        """What opens, closes and corrects the case."""
        found = []
        for line in self._outline:
            try:
                found.append(decode(line.decode()))
            except (LineError, UnicodeDecodeError):
                continue
        return found

    @cached_property
    def lines(self) -> list[tuple[bytes, Event]]:
        """Every line that can be read, stream by stream, with its event. The first that cannot is a problem."""
        found = []
        for stream in self.streams:
            unread: str | None = None
            for number, line in enumerate(stream.lines(), 1):
                try:
                    found.append((line, decode(line.decode())))
                except (LineError, UnicodeDecodeError) as error:
                    unread = unread or f"terminal {stream.terminal}: line {number} cannot be read: {error}"
            if unread is not None:
                self.add_problem(unread)
        return found

    @property
    def events(self) -> list[Event]:
        """The events of `lines`."""
        return [event for _, event in self.lines]

    @cached_property
    def found(self) -> ProtocolFound:
        """The protocol of the case. Raises Unreadable."""
        try:
            return self.find_protocol(None if self.opened is None else self.opened.protocol)
        except ClinicalDataError as error:
            raise Unreadable(str(error)) from None

    @property
    def protocol(self) -> Protocol:
        """As `found`, without saying whether it is the very file the case was opened with."""
        return self.found.protocol

    @cached_property
    def record(self) -> Record:
        """The case as corrected, all its streams together. Raises Unreadable."""
        if not self.events:
            raise Unreadable("no line of it can be read")
        with made_sense_of():
            return read_record(self.events, self.protocol, self.tables)

    @cached_property
    def spans(self) -> list[NeedSpan]:
        """The needs for access. Raises Unreadable."""
        return need_spans(self.record)

    @cached_property
    def given(self) -> Given:
        """What was given. Raises Unreadable."""
        return given(self.record)

    def intact_state(self) -> State:
        """What the case comes to, if its every line is as it was written and can be read. Raises Unreadable."""
        for stream in self.streams:
            self.read_through(stream, None)
        events = self.events
        if self.problems:
            raise Unreadable(self.problems[0])
        with made_sense_of():
            state = fold(corrected(merge(events).events))
        if state.opened is None:
            raise Unreadable("its opening cannot be read")
        return state


@contextmanager
def made_sense_of() -> Iterator[None]:
    """A block over entries that may make no sense together; what it stumbles over becomes Unreadable."""
    try:
        yield
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise Unreadable(f"its entries make no case that can be read ({type(error).__name__})") from None
