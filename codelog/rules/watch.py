"""The watch: after each instant it says which flags are to be raised and which cleared, and when to look again.

Pure: no clock and no store. Events are entered as the log has them; `evaluate` is asked once per instant and its
answers are to be entered as events before the next.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from codelog.case.events import CORRECTIONS, FLAG_KINDS, Data, Event, FlagCleared, FlagRaised, Ref
from codelog.case.flags import Flag, FlagBook, Subject
from codelog.case.reading import Reading
from codelog.case.state import State
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.rules.catalogue import RULES
from codelog.rules.rule import ANSWERED, CONDITION_ENDED, Finding, Rule, View, caution_facts

SNOOZE_OVER = "snooze_over"


class RuleFold:
    """The state of a case together with every rule's memory of it.

    A rule that fails is taken out of `rules` and named in `failures`: recording never depends on a rule.
    """

    def __init__(self, protocol: Protocol, tables: Tables) -> None:
        self.state = State(protocol.thresholds.clock_starts)
        self.rules: tuple[Rule, ...] = tuple(rule(protocol, tables) for rule in RULES)
        self.failures: dict[str, Exception] = {}
        self._observing = [rule for rule in self.rules if type(rule).observe is not Rule.observe]
        self._settling = [rule for rule in self.rules if type(rule).settle is not Rule.settle]

    def apply(self, event: Event) -> None:
        """Take the next corrected entry."""
        self.state.apply(event)
        for rule in self._observing:
            try:
                rule.observe(self.state, event)
            except Exception as error:  # noqa: BLE001
                self.fail(rule, error)

    def settle(self) -> None:
        """All entries so far of one instant are in."""
        for rule in self._settling:
            try:
                rule.settle(self.state)
            except Exception as error:  # noqa: BLE001
                self.fail(rule, error)

    def fail(self, rule: Rule, error: Exception) -> None:
        """Take a rule out of service: the record goes on without it, and whoever watches is told."""
        self.failures[rule.id] = error
        self.rules = tuple(other for other in self.rules if other is not rule)
        self._observing = [other for other in self._observing if other is not rule]
        self._settling = [other for other in self._settling if other is not rule]


class Watch:
    """The rules over one case. `events` is what its log holds already."""

    def __init__(self, protocol: Protocol, tables: Tables, events: Iterable[Event] = ()) -> None:
        self.protocol = protocol
        self.tables = tables
        self.flags = FlagBook()
        events = list(events)
        for event in events:
            self.flags.apply(event)
        self._reading = Reading(lambda: RuleFold(protocol, tables), events)
        self._fresh: list[Event] = []
        self._was_closed = False

    @property
    def entered(self) -> list[Event]:
        """Every event of the log so far, in order of seq."""
        return self._reading.entered

    def enter(self, event: Event) -> None:
        """Take the next event of the log."""
        self._reading.enter(event)
        if event.kind in FLAG_KINDS:
            self.flags.apply(event)
        else:
            self._fresh.append(event)

    def state(self, now: int) -> State:
        """The corrected state at an instant that is no earlier than any asked about before."""
        return self._reading.advance(now).state

    def next_due(self, now: int) -> int | None:
        """The next instant after `now` at which a rule may come due with no entry made, or None."""
        fold = self._reading.advance(now)
        dues = [self._reading.next_entry_at()]
        if fold.state.closed is None:
            view = View(fold.state, self.flags, now)
            for rule in fold.rules:
                try:
                    dues.append(rule.next_due(view))
                except Exception as error:  # noqa: BLE001
                    fold.fail(rule, error)
            dues += [flag.snoozed_until for flag in self.flags.snoozed()]
        return min((due for due in dues if due is not None and due > now), default=None)

    def evaluate(self, now: int) -> list[Data]:
        """The flags to clear and to raise at `now`, in the order in which they are to be written."""
        fold = self._reading.advance(now)
        closed = fold.state.closed is not None
        look_at_all = closed or self._was_closed
        self._was_closed = closed
        instant = _Instant(self, View(fold.state, self.flags, now), tuple(self._fresh), look_at_all)
        written: list[Data] = []
        for rule in fold.rules:
            try:
                written += instant.changes(rule, self.flags.next_number + _raised(written))
            except Exception as error:  # noqa: BLE001
                fold.fail(rule, error)
        self._fresh.clear()
        return written

    @property
    def failures(self) -> dict[str, Exception]:
        """The rules that are not running, each with the error that stopped it."""
        return self._reading.fold.failures

    def forget_fresh(self) -> None:
        """What was entered so far has been evaluated by whoever wrote it."""
        self._fresh.clear()

    def without(self, seqs: frozenset[int], now: int) -> RuleFold:
        """The fold at `now` as it would be had the events `seqs` not been entered."""
        return self._reading.without(seqs, now)


def _raised(written: list[Data]) -> int:
    return sum(isinstance(data, FlagRaised) for data in written)


@dataclass
class _Instant:
    """One evaluation: the view of it, and the entries made since the last.

    `look_at_all`: the case is closed or was, so that old findings matter as much as new ones.
    """

    watch: Watch
    view: View
    fresh: tuple[Event, ...]
    look_at_all: bool

    def changes(self, rule: Rule, number: int) -> list[Data]:
        """One rule's clears, then its raises, each sorted by subject; `number` is the next flag's."""
        opened, findings = self._in_question(rule)
        if not opened and not findings:
            return []
        closed = self.view.state.closed
        clears: list[tuple[Flag, FlagCleared]] = []
        raises = {finding.subject: finding for finding in findings}
        for subject, flag in opened.items():
            finding = raises.get(subject)
            answer = rule.answered(self.view, flag)
            if answer:
                clears.append(self._clear(rule, flag, ANSWERED, answer))
                continue
            if finding is None:
                clears.append(self._clear(rule, flag, CONDITION_ENDED, self._fresh_seqs()))
            elif closed is not None:
                clears.append(self._clear(rule, flag, "case_closed", (closed.seq,)))
            elif finding.renews:
                clears.append(self._clear(rule, flag, "replaced", finding.evidence))
            elif flag.snoozed_until is not None and flag.snoozed_until <= self.view.now:
                clears.append(self._clear(rule, flag, "replaced", finding.evidence))
                raises[subject] = _after_snooze(flag, finding)
            else:
                del raises[subject]
        if closed is not None:
            raises.clear()
        written: list[Data] = [
            cleared for _, cleared in sorted(clears, key=lambda item: _by_subject(item[0].subject))
        ]
        for finding in sorted(raises.values(), key=lambda finding: _by_subject(finding.subject)):
            if not self._acknowledged_before_reopening(rule, finding):
                written.append(self._raise(rule, finding, number))
                number += 1
        return written

    def _in_question(self, rule: Rule) -> tuple[dict[Subject, Flag], list[Finding]]:
        """The open flags and the findings that may disagree: all of them, or those of the subjects that changed."""
        flags, subjects = self.view.flags, rule.changed()
        if subjects is None or self.look_at_all:
            return {flag.subject: flag for flag in flags.open_flags(rule.id)}, rule.findings(self.view)
        subjects |= {flag.subject for flag in flags.snoozed() if flag.rule == rule.id}
        opened = {
            subject: flag for subject in subjects if (flag := flags.open_about(rule.id, subject)) is not None
        }
        found = (rule.finding(self.view, subject) for subject in subjects)
        return opened, [finding for finding in found if finding is not None]

    def _clear(
        self, rule: Rule, flag: Flag, because: str, evidence: tuple[Ref, ...]
    ) -> tuple[Flag, FlagCleared]:
        if self._stands_without_corrections(rule.id, flag):
            because, evidence = "retracted", tuple(sorted(self._corrections))
        return flag, FlagCleared(flag=flag.number, because=because, evidence=evidence)

    def _raise(self, rule: Rule, finding: Finding, number: int) -> FlagRaised:
        reasons = rule.explain(self.view, finding)
        facts = dict(reasons.facts)
        if finding.caution is not None:
            facts |= caution_facts(finding.caution)
        return FlagRaised(
            flag=number,
            rule=rule.id,
            basis=finding.basis,
            priority=finding.priority,
            text=reasons.text,
            evidence=reasons.evidence,
            facts=facts,
            unknown=reasons.unknown,
            alternatives=reasons.alternatives,
            threshold=reasons.threshold,
            source=reasons.source,
            due_at=finding.due_at,
            attempt=finding.attempt,
            entry=finding.entry,
        )

    def _acknowledged_before_reopening(self, rule: Rule, finding: Finding) -> bool:
        """Whether the case was closed over an acknowledged flag that said no less than this finding."""
        flag = self.view.flags.last_about(rule.id, finding.subject)
        if flag is None or flag.because != "case_closed" or flag.acknowledged is None:
            return False
        return finding.due_at <= flag.due_at

    def _fresh_seqs(self) -> tuple[Ref, ...]:
        return tuple(event.seq for event in self.fresh)

    @cached_property
    def _corrections(self) -> frozenset[int]:
        return frozenset(event.seq for event in self.fresh if event.kind in CORRECTIONS)

    @cached_property
    def _uncorrected(self) -> RuleFold:
        return self.watch.without(self._corrections, self.view.now)

    def _stands_without_corrections(self, rule_id: str, flag: Flag) -> bool:
        if not self._corrections:
            return False
        fold = self._uncorrected
        rule = next((rule for rule in fold.rules if rule.id == rule_id), None)
        if rule is None:
            return False
        view = dataclasses.replace(self.view, state=fold.state)
        if fold.state.closed is not None or rule.answered(view, flag):
            return False
        if flag.snoozed_until is not None and flag.snoozed_until <= view.now:
            return False
        return any(found.subject == flag.subject and not found.renews for found in rule.findings(view))


def _after_snooze(flag: Flag, finding: Finding) -> Finding:
    return dataclasses.replace(
        finding,
        basis=SNOOZE_OVER,
        due_at=flag.snoozed_until or finding.due_at,
        renews=True,
    )


def _by_subject(subject: tuple[Ref | None, Ref | None, str | None]) -> tuple[int, int, str]:
    attempt, entry, caution = subject
    return _number(attempt), _number(entry), caution or ""


def _number(ref: Ref | None) -> int:
    return ref if isinstance(ref, int) else 0
