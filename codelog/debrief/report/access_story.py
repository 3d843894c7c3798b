"""The access story: every attempt from its start to the end of its line, in order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from codelog.case.access import Attempt, Stamp
from codelog.case.events import (
    AccessChecked,
    AccessConfirmed,
    AccessLost,
    AccessPresent,
    AccessRemoved,
    AttemptDescribed,
    AttemptEnded,
    AttemptStarted,
    ComplicationNoted,
    Data,
    Event,
    Ref,
)
from codelog.case.quantities import Quantity
from codelog.debrief.report.bone_story import BonesThen, BoneUsed, bones_at, bones_at_end, bones_used
from codelog.debrief.report.figures import Moment, Named, named
from codelog.debrief.report.needs import NeedSpan, NeedStory, need_stories
from codelog.debrief.report.record import Record
from codelog.debrief.wording import reason_words, site_words, word
from codelog.rules.bones import place


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One time at which an access was confirmed: the signs seen, and the flush."""

    moment: Moment
    signs: tuple[Named, ...]
    flush: Quantity | None


@dataclass(frozen=True, slots=True)
class LimbCheck:
    """One look at the limb of a line."""

    moment: Moment
    finding: Named


@dataclass(frozen=True, slots=True)
class Complication:
    """A complication, of an attempt or of none named."""

    moment: Moment
    complication: Named
    attempt: Ref | None
    text: str | None


@dataclass(frozen=True, slots=True)
class AttemptStory:
    """One attempt, or a line in place before the record (`present`; `before_ms`: for how long by then).

    `place` is site and side in words. None is not recorded. `end` and `duration_ms` are of the attempt; the line it
    established runs from `established` to `gone`, which was `gone_by` `lost` or `removed`, and stayed `dwell_ms`.
    `nth_by_route` and `nth_in_bone` count it among the attempts by its route and the IO attempts in its bone.
    `events` are all entries about it.
    """

    number: Ref
    route: Named
    present: bool
    before_ms: int | None
    site: Named | None
    side: str | None
    bone: Named | None
    place: str
    device: Named | None
    gauge: str | None
    needle_mm: int | None
    operator: str | None
    operator_role: str | None
    texts: tuple[str, ...]
    start: Moment
    end: Moment | None
    duration_ms: int | None
    outcome: Named | None
    reason: Named | None
    established: Moment | None
    confirmed: Moment | None
    confirmed_after_ms: int | None
    confirmations: tuple[Confirmation, ...]
    checks: tuple[LimbCheck, ...]
    complications: tuple[Complication, ...]
    gone: Moment | None
    gone_by: str | None
    gone_reason: Named | None
    dwell_ms: int | None
    nth_by_route: int | None
    nth_in_bone: int | None
    bones: BonesThen | None
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class AccessStory:
    """The needs, the attempts, and the bones. `complications` are those of no attempt named."""

    needs: tuple[NeedStory, ...]
    attempts: tuple[AttemptStory, ...]
    bones_used: tuple[BoneUsed, ...]
    bones_at_end: BonesThen
    complications: tuple[Complication, ...]


def access_story(record: Record, spans: list[NeedSpan]) -> AccessStory:
    """The access story of a case."""
    about, ranks = _about(record), _ranks(record)
    attempts = tuple(
        _attempt(record, attempt, about.get(attempt.number, []), ranks[attempt.number])
        for attempt in record.state.access.attempts.values()
    )
    return AccessStory(
        needs=need_stories(record, spans),
        attempts=attempts,
        bones_used=bones_used(record),
        bones_at_end=bones_at_end(record),
        complications=tuple(
            _complication(record, event, data)
            for event, data in record.of(ComplicationNoted)
            if data.attempt not in record.state.access.attempts
        ),
    )


class _Rank(NamedTuple):
    by_route: int | None
    in_bone: int | None


_ABOUT = (
    AttemptStarted,
    AccessPresent,
    AttemptDescribed,
    AttemptEnded,
    AccessConfirmed,
    AccessChecked,
    AccessLost,
    AccessRemoved,
    ComplicationNoted,
)


def _about(record: Record) -> dict[Ref, list[Event]]:
    """The entries about each attempt, in order of time."""
    found: dict[Ref, list[Event]] = {}
    for event in record.entries:
        if isinstance(event.data, _ABOUT) and event.data.attempt is not None:
            found.setdefault(event.data.attempt, []).append(event)
    return found


def _ranks(record: Record) -> dict[Ref, _Rank]:
    """The place of each attempt among those by its route and those in its bone."""
    counts: Counter[object] = Counter()
    found = {}
    for attempt in record.state.access.attempts.values():
        where = place(attempt, record.tables) if attempt.route == "io" else None
        counts[where] += where is not None
        counts[attempt.route] += not attempt.present
        found[attempt.number] = _Rank(
            None if attempt.present else counts[attempt.route], None if where is None else counts[where]
        )
    return found


def _attempt(record: Record, attempt: Attempt, about: list[Event], rank: _Rank) -> AttemptStory:
    tables, details = record.tables, attempt.details
    site, device = attempt.text("site"), attempt.text("device")
    known_sites = tables.io_sites if site in tables.io_sites else tables.vein_sites
    where = place(attempt, tables)
    needle = details.get("needle_mm")
    lost = next((e.data for e in about if attempt.gone is not None and e.seq == attempt.gone.seq), None)
    return AttemptStory(
        number=attempt.number,
        route=Named(attempt.route, word("access_route", attempt.route)),
        present=attempt.present,
        before_ms=attempt.start.at - attempt.begun if attempt.present else None,
        site=None if site is None else named(known_sites, site),
        side=attempt.text("side") if where is None else where[1],
        bone=None if where is None or attempt.route != "io" else named(tables.bones, where[0]),
        place=site_words(site, attempt.text("side"), tables),
        device=None if device is None else named(tables.devices, device),
        gauge=attempt.text("gauge"),
        needle_mm=needle if isinstance(needle, int) else None,
        operator=attempt.text("operator"),
        operator_role=record.role(attempt),
        texts=tuple(text for event in about if (text := _text(event.data)) is not None),
        start=record.moment(attempt.start),
        end=None if attempt.present else record.moment_or_none(attempt.end),
        duration_ms=None if attempt.present else _span(attempt.start, attempt.end),
        outcome=None if attempt.outcome is None else Named(attempt.outcome, word("outcome", attempt.outcome)),
        reason=None if attempt.reason is None else _reason(record, attempt.reason),
        established=record.moment_or_none(attempt.established),
        confirmed=record.moment_or_none(attempt.confirmed),
        confirmed_after_ms=_span(attempt.established, attempt.confirmed),
        confirmations=tuple(
            Confirmation(
                record.moment(event), tuple(named(tables.signs, sign) for sign in data.signs), data.flush
            )
            for event, data in _those(about, AccessConfirmed)
        ),
        checks=tuple(
            LimbCheck(record.moment(event), named(tables.findings, data.finding))
            for event, data in _those(about, AccessChecked)
        ),
        complications=tuple(
            _complication(record, event, data) for event, data in _those(about, ComplicationNoted)
        ),
        gone=record.moment_or_none(attempt.gone),
        gone_by=attempt.gone_by,
        gone_reason=_gone_reason(record, lost),
        dwell_ms=_span(attempt.established, attempt.gone),
        nth_by_route=rank.by_route,
        nth_in_bone=rank.in_bone,
        bones=bones_at(record, attempt) if attempt.route == "io" and not attempt.present else None,
        events=record.refs(*(event.seq for event in about)),
    )


_Kind = TypeVar("_Kind", bound=Data)


def _those(about: Iterable[Event], kind: type[_Kind]) -> Iterator[tuple[Event, _Kind]]:
    for event in about:
        if isinstance(event.data, kind):
            yield event, event.data


def _complication(record: Record, event: Event, data: ComplicationNoted) -> Complication:
    what = named(record.tables.complications, data.complication)
    return Complication(record.moment(event), what, data.attempt, data.text)


def _reason(record: Record, reason: str) -> Named:
    return Named(reason, reason_words(reason, record.tables))


def _gone_reason(record: Record, data: Data | None) -> Named | None:
    reason = data.reason if isinstance(data, (AccessLost, AccessRemoved)) else None
    return None if reason is None else _reason(record, reason)


def _text(data: Data) -> str | None:
    """What was said of an attempt in words, its loss included."""
    text: str | None = getattr(data, "text", None)
    return None if isinstance(data, ComplicationNoted) else text


def _span(since: Stamp | None, until: Stamp | None) -> int | None:
    """A span that can have been: what ended before it began has no length."""
    return None if since is None or until is None or until.at < since.at else until.at - since.at
