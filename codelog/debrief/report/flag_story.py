"""What became of every flag: seen, answered, cleared, by what and after how long; and what is known now."""

from __future__ import annotations

from dataclasses import dataclass

from codelog.case.events import FlagAcknowledged, FlagCleared, FlagSnoozed, Ref
from codelog.case.flags import Flag
from codelog.debrief.report.figures import Moment, Named
from codelog.debrief.report.hindsight import hindsight
from codelog.debrief.report.record import Record
from codelog.debrief.report.rerun import Compared
from codelog.debrief.wording import word
from codelog.rules.catalogue import RULES


@dataclass(frozen=True, slots=True)
class FlagAnswer:
    """One answer: `accepted`, `declined` with its reason, or `snoozed` for `seconds`."""

    moment: Moment
    action: str
    reason: Named | None
    seconds: int | None
    by: str
    after_ms: int


@dataclass(frozen=True, slots=True)
class FlagStory:
    """One flag, `text` as it was painted. `entry` is the entry it is about, `evidence` what it rests on.

    `seen_after_ms` is until somebody first answered it, `cleared_after_ms` until it was cleared. `acted` are the
    entries that did what it asks for, `acted_after_ms` when the first of them happened: negative if that was before
    the flag, and entered late. None: it did not happen.
    """

    number: Ref
    rule: Named
    basis: str
    priority: str
    text: str
    threshold: str
    source: str
    unknown: tuple[str, ...]
    alternatives: tuple[str, ...]
    attempt: Ref | None
    entry: tuple[Ref, ...]
    evidence: tuple[Ref, ...]
    due: Moment
    raised: Moment
    answers: tuple[FlagAnswer, ...]
    seen_after_ms: int | None
    cleared: Moment | None
    because: Named | None
    cleared_after_ms: int | None
    acted: tuple[Ref, ...]
    acted_after_ms: int | None
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class FlagCount:
    """The flags of one rule, or of all: raised, seen by somebody, answered by what they ask for, still open."""

    rule: Named
    raised: int
    seen: int
    answered: int
    declined: int
    open: int
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class FlagStories:
    """Every flag in order of its number, the counts by rule, and the flags as of now."""

    flags: tuple[FlagStory, ...]
    all: FlagCount
    by_rule: tuple[FlagCount, ...]
    hindsight: Compared


_TITLES = {rule.id: rule.title for rule in RULES}


def flag_stories(record: Record) -> FlagStories:
    """The flags of a case."""
    flags = flags_told(record)
    rules = dict.fromkeys(flag.rule for flag in flags)
    return FlagStories(
        flags=flags,
        all=_count(Named("all", "all flags"), flags),
        by_rule=tuple(_count(rule, tuple(f for f in flags if f.rule == rule)) for rule in rules),
        hindsight=hindsight(record),
    )


def flags_told(record: Record) -> tuple[FlagStory, ...]:
    """What became of every flag, as it was that night."""
    said = _said(record)
    instants = {event.seq: event.at for event in record.entries}
    answered = _answered(record)
    return tuple(
        _flag(record, flag, said, instants, answered.get(flag.number, ()))
        for flag in record.flags.flags.values()
    )


def _said(record: Record) -> dict[int, tuple[str, int | None]]:
    """Who gave each answer, and for how many seconds it snoozes."""
    found: dict[int, tuple[str, int | None]] = {}
    for event in record.entered:
        if isinstance(event.data, FlagAcknowledged):
            found[event.seq] = event.by, None
        elif isinstance(event.data, FlagSnoozed):
            found[event.seq] = event.by, event.data.seconds
    return found


def _answered(record: Record) -> dict[Ref, tuple[Ref, ...]]:
    """The entries that did what a flag asks for, by its number."""
    return {
        event.data.flag: event.data.evidence
        for event in record.entered
        if isinstance(event.data, FlagCleared) and event.data.because == "answered"
    }


def _flag(
    record: Record,
    flag: Flag,
    said: dict[int, tuple[str, int | None]],
    instants: dict[int, int],
    did: tuple[Ref, ...],
) -> FlagStory:
    data, raised = flag.data, flag.raised
    answers = tuple(
        FlagAnswer(
            moment=record.moment(answer.stamp),
            action=answer.action,
            reason=None if answer.reason is None else Named(answer.reason, word("decline", answer.reason)),
            seconds=said[answer.stamp.seq][1],
            by=said[answer.stamp.seq][0],
            after_ms=answer.stamp.at - raised.at,
        )
        for answer in flag.answers
    )
    acted = [instants[ref] for ref in did if isinstance(ref, int) and ref in instants]
    cleared = flag.cleared
    seqs = [raised.seq, *(answer.stamp.seq for answer in flag.answers), cleared.seq if cleared else None]
    return FlagStory(
        number=flag.number,
        rule=Named(flag.rule, _TITLES.get(flag.rule, flag.rule)),
        basis=flag.basis,
        priority=data.priority,
        text=data.text,
        threshold=data.threshold,
        source=data.source,
        unknown=data.unknown,
        alternatives=data.alternatives,
        attempt=data.attempt,
        entry=record.refs(data.entry),
        evidence=record.refs(*data.evidence),
        due=Moment(flag.due_at, flag.due_at - record.zero, record.refs(raised.seq)),
        raised=record.moment(raised),
        answers=answers,
        seen_after_ms=answers[0].after_ms if answers else None,
        cleared=record.moment_or_none(cleared),
        because=None if flag.because is None else Named(flag.because, word("because", flag.because)),
        cleared_after_ms=None if cleared is None else cleared.at - raised.at,
        acted=record.refs(*did),
        acted_after_ms=min(acted) - raised.at if acted else None,
        events=record.refs(*seqs),
    )


def _count(rule: Named, flags: tuple[FlagStory, ...]) -> FlagCount:
    because = [flag.because.id if flag.because is not None else None for flag in flags]
    return FlagCount(
        rule=rule,
        raised=len(flags),
        seen=sum(bool(flag.answers) for flag in flags),
        answered=because.count("answered"),
        declined=sum(any(answer.action == "declined" for answer in flag.answers) for flag in flags),
        open=because.count(None),
        events=tuple(dict.fromkeys(ref for flag in flags for ref in flag.raised.events)),
    )
