"""What an entry means before it becomes an event: numbers left out are found, and what cannot be is refused.

Pure: given what was entered so far, the corrected state and the flags. `strict` is for scenarios, which must be
free of contradictions; the live scribe is only refused what has no meaning at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codelog.case.access import Attempt
from codelog.case.corrections import CorrectionError, amended, check_target
from codelog.case.events import (
    ADDENDA,
    ANSWER_KINDS,
    PROGRAM_FIELDS,
    PROGRAM_KINDS,
    AccessLost,
    AccessPresent,
    AccessRemoved,
    AttemptEnded,
    AttemptStarted,
    Data,
    Event,
    EventAmended,
    EventRetracted,
    FlagAcknowledged,
    FlagSnoozed,
    InfusionStarted,
    InfusionStopped,
    Ref,
    read_data,
)
from codelog.case.fields import FieldError
from codelog.case.flags import FlagBook
from codelog.case.infusions import Infusion
from codelog.case.instants import format_elapsed
from codelog.case.scenario import NUMBERED
from codelog.case.state import State
from codelog.case.vocabulary import Vocabulary


class Refused(ValueError):
    """An entry has no meaning here; the message is one sentence that says why and what would be right."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that an entry is judged by: the events entered, the corrected state now, and the flags."""

    entered: Sequence[Event]
    state: State
    flags: FlagBook


def complete(kind: str, raw: Mapping[str, Any], known: Known, vocabulary: Vocabulary) -> Data:
    """The data of a new entry, with the number that was left out; Refused where none can be meant.

    An answer to a flag may name a `rule` instead of a `flag`: its newest open flag.
    """
    if kind in PROGRAM_KINDS:
        raise Refused(f"{kind} is written by the program and cannot be entered")
    for name in PROGRAM_FIELDS.get(kind, ()):
        if name in raw:
            raise Refused(f"{name} of {kind} is set by the program; leave it out")
    filled = dict(raw)
    number = NUMBERED.get(kind)
    if number is not None and number not in filled:
        filled[number] = _number_meant(kind, known)
    if kind in ANSWER_KINDS and "rule" in filled and "flag" not in filled:
        filled["flag"] = _open_flag(str(filled.pop("rule")), known)
    try:
        return read_data(kind, filled, vocabulary)
    except FieldError as error:
        raise Refused(str(error)) from None


def check(data: Data, at: int, known: Known, vocabulary: Vocabulary, *, strict: bool) -> None:
    """Refuse an entry that contradicts the record (`strict`), or that could not be read later (always)."""
    if isinstance(data, (EventAmended, EventRetracted)):
        _check_correction(data, known, vocabulary)
    if isinstance(data, (FlagAcknowledged, FlagSnoozed)):
        flag = known.flags.flags.get(data.flag)
        if flag is None or not flag.open:
            raise Refused(f"flag {data.flag} is not open")
        if isinstance(data, FlagAcknowledged) and data.action == "declined" and not data.reason:
            raise Refused(
                "declining a flag needs a reason, such as uvc_in_progress, vein_imminent or words of your own"
            )
    if strict:
        if known.state.closed is not None and data.KIND not in ADDENDA:
            raise Refused(f"the case is closed, and {data.KIND} is no addendum; enter case.reopened first")
        _check_references(data, at, known)


def next_attempt(entered: Sequence[Event]) -> int:
    """The number of the next attempt; numbers of retracted ones are not used again."""
    return 1 + max(map(_own, _attempts_taken(entered)), default=0)


def next_infusion(entered: Sequence[Event]) -> int:
    """The number of the next infusion."""
    return 1 + max(map(_own, _infusions_taken(entered)), default=0)


def _attempts_taken(entered: Sequence[Event]) -> set[Ref]:
    return _taken(entered, "attempt", (AttemptStarted, AccessPresent))


def _infusions_taken(entered: Sequence[Event]) -> set[Ref]:
    return _taken(entered, "infusion", (InfusionStarted,))


def _taken(entered: Sequence[Event], name: str, starts: tuple[type[Data], ...]) -> set[Ref]:
    """Every number that a start was entered with, or was given by an amendment."""
    started = {event.seq: event.data for event in entered if isinstance(event.data, starts)}
    numbers: set[Ref] = {getattr(data, name) for data in started.values()}
    for event in entered:
        if isinstance(event.data, EventAmended) and event.data.target in started:
            number = event.data.changes.get(name)
            if isinstance(number, (int, str)):
                numbers.add(number)
    return numbers


def _own(number: Ref) -> int:
    return number if isinstance(number, int) else 0


def newest_in_progress(state: State) -> Attempt | None:
    """The attempt in progress that started last."""
    return max(
        state.access.in_progress.values(),
        key=lambda attempt: (attempt.start.at, attempt.start.seq),
        default=None,
    )


def newest_line(state: State) -> Attempt | None:
    """The line in place that was established last."""
    return max(state.access.working.values(), key=_established, default=None)


def newest_infusion(state: State) -> Infusion | None:
    """The running infusion that started last."""
    return max(
        state.running_infusions(), key=lambda infusion: (infusion.start.at, infusion.start.seq), default=None
    )


def _established(line: Attempt) -> tuple[int, int]:
    return (line.established.at, line.established.seq) if line.established else (0, 0)


def _number_meant(kind: str, known: Known) -> int | str:
    if kind in ("access.attempt_started", "access.present"):
        return next_attempt(known.entered)
    if kind == "infusion.started":
        return next_infusion(known.entered)
    if kind in ("access.attempt_described", "access.attempt_ended"):
        attempt = newest_in_progress(known.state)
        missing = "no attempt is in progress"
    elif kind.startswith("access."):
        attempt = newest_line(known.state)
        missing = "no line is in place"
    else:
        infusion = newest_infusion(known.state)
        if infusion is None:
            raise Refused(f"{kind} names no infusion, and none is running")
        return infusion.number
    if attempt is None:
        raise Refused(f"{kind} names no attempt, and {missing}")
    return attempt.number


def _open_flag(rule: str, known: Known) -> int | str:
    flags = known.flags.open_flags(rule)
    if not flags:
        raise Refused(f"no flag of the rule {rule[:40]!a} is open")
    return flags[-1].number


def _check_correction(data: EventAmended | EventRetracted, known: Known, vocabulary: Vocabulary) -> None:
    target = next((event for event in known.entered if event.seq == data.target), None)
    if target is None:
        raise Refused(f"there is no entry {data.target} to correct")
    try:
        check_target(target, data)
        if isinstance(data, EventAmended):
            if not data.changes:
                raise CorrectionError("changes is empty; name at least one field and its new value")
            amended(target, data.changes, vocabulary)
    except CorrectionError as error:
        raise Refused(str(error)) from None


def _check_references(data: Data, at: int, known: Known) -> None:
    access, infusions = known.state.access, known.state.infusions
    if isinstance(data, (AttemptStarted, AccessPresent)):
        if data.attempt in _attempts_taken(known.entered):
            raise Refused(f"attempt {data.attempt} was started already")
        return
    if isinstance(data, InfusionStarted) and data.infusion in _infusions_taken(known.entered):
        raise Refused(f"infusion {data.infusion} was started already")
    number = getattr(data, "attempt", None)
    if number is not None:
        attempt = access.attempts.get(number)
        if attempt is None:
            raise Refused(f"attempt {number} was never started")
        _check_attempt(data, at, attempt, known.state)
    if data.KIND in ("infusion.changed", "infusion.stopped"):
        infusion = infusions.get(getattr(data, "infusion", 0))
        if infusion is None:
            raise Refused(f"infusion {getattr(data, 'infusion', '')} was never started")
        if isinstance(data, InfusionStopped):
            if not infusion.running:
                raise Refused(f"infusion {infusion.number} was stopped already")
            if at < infusion.start.at:
                raise Refused(
                    f"infusion {infusion.number} is stopped before it began, at {_clock(infusion.start.at, known.state)}"
                )


def _check_attempt(data: Data, at: int, attempt: Attempt, state: State) -> None:
    if isinstance(data, AttemptEnded):
        if attempt.end is not None:
            raise Refused(f"attempt {attempt.number} ended already")
        if at < attempt.start.at:
            raise Refused(
                f"attempt {attempt.number} ends before it began, at {_clock(attempt.start.at, state)}"
            )
    if isinstance(data, (AccessLost, AccessRemoved)):
        if not attempt.works or attempt.established is None:
            raise Refused(f"attempt {attempt.number} is not a line in place")
        if at < attempt.established.at:
            raise Refused(
                f"line {attempt.number} goes before it was in place, at {_clock(attempt.established.at, state)}"
            )


def _clock(instant: int, state: State) -> str:
    return format_elapsed(instant - state.zero)
