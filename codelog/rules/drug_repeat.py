"""drug-repeat: adrenaline in an arrest is due again, overdue, or was repeated early."""

from __future__ import annotations

import dataclasses

from codelog.case.access import Stamp
from codelog.case.events import DrugGiven, Event, Ref
from codelog.case.flags import Flag, Subject
from codelog.case.instants import SECOND
from codelog.case.state import State
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.rules.rule import Changes, Finding, Reasons, Rule, View, clock

DRUG = "adrenaline"


class DrugRepeat(Rule):
    """Check the time since the last adrenaline."""

    id = "drug-repeat"
    title = "Check the time since the last adrenaline"

    def __init__(self, protocol: Protocol, tables: Tables) -> None:
        super().__init__(protocol, tables)
        drug = tables.drugs[DRUG]
        self._from = int(drug.repeat_from.to("s") * SECOND) if drug.repeat_from is not None else None
        self._by = int(drug.repeat_by.to("s") * SECOND) if drug.repeat_by is not None else None
        self._last: Stamp | None = None
        self._now: list[tuple[Stamp, Stamp | None]] = []
        self._early: dict[Ref, tuple[Stamp, Stamp]] = {}
        self._changes = Changes()

    def observe(self, state: State, event: Event) -> None:
        """Keep the doses of this instant, each with the dose before it, until all its entries are in."""
        if self._now and self._now[-1][0].at != event.at:
            self._now.clear()
        if isinstance(event.data, DrugGiven) and event.data.drug == DRUG:
            stamp = Stamp(event.at, event.seq)
            self._now.append((stamp, self._last))
            self._last = stamp

    def settle(self, state: State) -> None:
        """Judge the doses of this instant: early only while compressions run or an arrest stands."""
        for stamp, before in self._now:
            self._early.pop(stamp.seq, None)
            self._changes.note(entry=stamp.seq)
            if before is None or self._from is None or _arrest_since(state) is None:
                continue
            if stamp.at - before.at < self._from:
                self._early[stamp.seq] = stamp, before

    def findings(self, view: View) -> list[Finding]:
        """Early doses, and the last dose once another is due."""
        found = [*map(self._too_early, self._early), self._due_now(view)]
        return [finding for finding in found if finding is not None]

    def changed(self) -> set[Subject] | None:
        """The doses judged since, and always whether another is due."""
        self._changes.note_case()
        return self._changes.take()

    def finding(self, view: View, subject: Subject) -> Finding | None:
        """Whether one dose was early, or, about the case, whether another is due."""
        return self._due_now(view) if subject[1] is None else self._too_early(subject[1])

    def _too_early(self, seq: Ref) -> Finding | None:
        if seq not in self._early:
            return None
        stamp, before = self._early[seq]
        return Finding("early", stamp.at, "low", entry=seq, evidence=(before.seq, stamp.seq))

    def _due_now(self, view: View) -> Finding | None:
        dues = [due for due in self._dues(view.state) if due.due_at <= view.now]
        if not dues:
            return None
        due = dues[-1]
        flag = view.flags.open_about(self.id, due.subject)
        later = flag is not None and flag.basis != due.basis and flag.due_at < due.due_at
        return dataclasses.replace(due, renews=later and due.basis == "overdue")

    def next_due(self, view: View) -> int | None:
        """When the next dose is due or overdue."""
        return min((f.due_at for f in self._dues(view.state) if f.due_at > view.now), default=None)

    def answered(self, view: View, flag: Flag) -> tuple[Ref, ...]:
        """A dose after the one that the flag counts from; an early dose cannot be answered."""
        if flag.data.entry is not None or self._last is None or self._last.seq in flag.data.evidence:
            return ()
        return (self._last.seq,)

    def _dues(self, state: State) -> list[Finding]:
        since = _arrest_since(state)
        if self._last is None or since is None:
            return []
        found = []
        for basis, span, priority in (("due", self._from, "low"), ("overdue", self._by, "medium")):
            if span is not None:
                due_at = max(self._last.at + span, since)
                found.append(Finding(basis, due_at, priority, evidence=(self._last.seq,)))
        return found

    def explain(self, view: View, finding: Finding) -> Reasons:
        """When adrenaline was last given, and the interval."""
        drug = self.tables.drugs[DRUG]
        source = self.tables.citations(drug.evidence["repeat_from"].sources)
        interval = f"{drug.repeat_from} to {drug.repeat_by}"
        if finding.entry is not None:
            stamp, before = self._early[finding.entry]
            text = (
                f"Check the interval: adrenaline at {clock(stamp.at, view.state)}, "
                f"{(stamp.at - before.at) // SECOND} s after the dose before; interval {interval} ({source})."
            )
            facts = {"given_at": clock(stamp.at, view.state), "dose_before": clock(before.at, view.state)}
        else:
            last = self._last
            given_at = clock(last.at, view.state) if last is not None else ""
            text = f"Consider adrenaline again: last given at {given_at}; interval {interval} ({source})."
            facts = {"last_given_at": given_at}
        return Reasons(text=text, threshold=interval, source=source, facts=facts, evidence=finding.evidence)


def _arrest_since(state: State) -> int | None:
    """Since when an arrest stands or compressions run, whichever came first; None while neither does."""
    stamps = [stamp.at for stamp in (state.arrest, state.cares.get("compressions")) if stamp is not None]
    return min(stamps, default=None)
