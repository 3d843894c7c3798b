"""What became of every flag: raised, answered, snoozed, cleared. Flags are never corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codelog.case.access import Stamp
from codelog.case.events import (
    Event,
    FlagAcknowledged,
    FlagCleared,
    FlagRaised,
    FlagSnoozed,
    Ref,
)

Subject = tuple[Ref | None, Ref | None, str | None]
"""(attempt, entry, caution): what a flag is about. The caution tells flags of one attempt apart in `io-caution`."""

CAUTION = "caution"
"""The name, in a flag's facts, of the third part of its subject."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a flag: `accepted`, `declined` or `snoozed`, the last with its end."""

    stamp: Stamp
    action: str
    reason: str | None = None
    until: int | None = None


@dataclass(slots=True)
class Flag:
    """One flag of the log and what became of it."""

    data: FlagRaised
    raised: Stamp
    answers: list[Answer] = field(default_factory=list)
    cleared: Stamp | None = None
    because: str | None = None

    @property
    def number(self) -> Ref:
        """Its number in the stream."""
        return self.data.flag

    @property
    def rule(self) -> str:
        """The rule that raised it."""
        return self.data.rule

    @property
    def basis(self) -> str:
        """The basis it was raised on."""
        return self.data.basis

    @property
    def due_at(self) -> int:
        """When the rule came due."""
        return self.data.due_at

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts it was raised with."""
        return self.data.facts

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return self.data.attempt, self.data.entry, self.data.facts.get(CAUTION)

    @property
    def open(self) -> bool:
        """Whether it has not been cleared."""
        return self.cleared is None

    @property
    def acknowledged(self) -> Stamp | None:
        """The latest answer's stamp, if that is an acknowledgement: a later snooze is honoured instead."""
        answer = self.answers[-1] if self.answers else None
        return answer.stamp if answer is not None and answer.until is None else None

    @property
    def snoozed_until(self) -> int | None:
        """The end of the snooze, if the latest answer is one."""
        return self.answers[-1].until if self.answers else None


class FlagBook:
    """All flags of one stream, in order of their numbers."""

    def __init__(self) -> None:
        self.flags: dict[Ref, Flag] = {}
        self._open: dict[str, dict[Subject, Flag]] = {}
        self._of_rule: dict[str, list[Flag]] = {}
        self._last_about: dict[tuple[str, Subject], Flag] = {}
        self._snoozed: dict[Ref, Flag] = {}

    @property
    def next_number(self) -> int:
        """The number that the next flag gets."""
        return len(self.flags) + 1

    def open_flags(self, rule: str | None = None) -> list[Flag]:
        """The flags not cleared, of one rule or of all, in order of their numbers."""
        if rule is not None:
            return list(self._open.get(rule, {}).values())
        found = [flag for flags in self._open.values() for flag in flags.values()]
        return sorted(found, key=lambda flag: flag.raised.seq)

    def open_about(self, rule: str, subject: Subject) -> Flag | None:
        """The open flag of a rule about a subject; there is at most one."""
        return self._open.get(rule, {}).get(subject)

    def last_about(self, rule: str, subject: Subject) -> Flag | None:
        """The flag of a rule about a subject that was raised last, whatever became of it."""
        return self._last_about.get((rule, subject))

    def snoozed(self) -> list[Flag]:
        """The open flags whose latest answer is a snooze, over or not."""
        return list(self._snoozed.values())

    def last_flag(self, rule: str) -> Flag | None:
        """The flag of a rule that was raised last, whatever became of it."""
        flags = self._of_rule.get(rule)
        return flags[-1] if flags else None

    def of_rule(self, rule: str) -> list[Flag]:
        """All flags of a rule, in order of their numbers."""
        return self._of_rule.get(rule, [])

    def apply(self, event: Event) -> None:
        """Take one `flag.*` event; an answer to a flag that is not there does nothing."""
        data = event.data
        stamp = Stamp(event.at, event.seq)
        if isinstance(data, FlagRaised):
            flag = Flag(data, stamp)
            self.flags[data.flag] = flag
            self._of_rule.setdefault(data.rule, []).append(flag)
            self._open.setdefault(data.rule, {})[flag.subject] = flag
            self._last_about[data.rule, flag.subject] = flag
            return
        if not isinstance(data, (FlagAcknowledged, FlagSnoozed, FlagCleared)):
            return
        # An answer counts from when it was entered: nobody answers a flag that is not there yet.
        given = Stamp(event.recorded_at, event.seq)
        answered = self.flags.get(data.flag)
        if answered is None or not answered.open:
            return
        if isinstance(data, FlagAcknowledged):
            answered.answers.append(Answer(given, data.action, data.reason))
            self._snoozed.pop(data.flag, None)
        elif isinstance(data, FlagSnoozed):
            answered.answers.append(Answer(given, "snoozed", until=given.at + data.seconds * 1000))
            self._snoozed[data.flag] = answered
        else:
            answered.cleared, answered.because = stamp, data.because
            self._snoozed.pop(data.flag, None)
            if self.open_about(answered.rule, answered.subject) is answered:
                del self._open[answered.rule][answered.subject]
