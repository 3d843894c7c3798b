"""io-dwell: an IO line has been in place for long, or the child is cooled."""

from __future__ import annotations

from codelog.case.access import Attempt, Stamp
from codelog.case.instants import HOUR
from codelog.case.state import State
from codelog.rules.rule import Finding, Reasons, Rule, View, clock


class IoDwell(Rule):
    """Consider removing the IO line."""

    id = "io-dwell"
    title = "Consider removing the intraosseous line"

    def findings(self, view: View) -> list[Finding]:
        """One finding for every IO line in place, on the basis that came due last; a later one replaces."""
        found = []
        flagged = {flag.data.attempt: flag for flag in view.flags.open_flags(self.id)}
        for line in view.state.access.working_by("io"):
            due = [
                (due_at, basis, seq) for due_at, basis, seq in self._dues(view, line) if due_at <= view.now
            ]
            if not due:
                continue
            due_at, basis, seq = max(due, key=lambda item: item[0])
            flag = flagged.get(line.number)
            renews = flag is not None and due_at > flag.due_at and flag.basis != basis
            evidence = tuple(sorted({line.established.seq if line.established else seq, seq}))
            found.append(
                Finding(basis, due_at, "medium", attempt=line.number, renews=renews, evidence=evidence)
            )
        return found

    def next_due(self, view: View) -> int | None:
        """The next warning or limit."""
        lines = view.state.access.working_by("io")
        dues = [due_at for line in lines for due_at, _, _ in self._dues(view, line)]
        return min((due for due in dues if due > view.now), default=None)

    def _dues(self, view: View, line: Attempt) -> list[tuple[int, str, int]]:
        """(instant, basis, entry) of every basis, in the order in which one of two at one instant is preferred."""
        assert line.established is not None
        since, seq = line.established.at, line.established.seq
        dues = [
            (since + self.thresholds.dwell_hours * HOUR, "limit", seq),
            (since + self.thresholds.dwell_warning_hours * HOUR, "warning", seq),
        ]
        cooling = _cooled_since(view.state)
        if cooling is not None:
            dues.append((max(since, cooling.at), "cooling", cooling.seq))
        return dues

    def explain(self, view: View, finding: Finding) -> Reasons:
        """How long the line has been in place, and the limit."""
        line = view.state.access.attempts[finding.attempt or 0]
        since = clock(line.established.at, view.state) if line.established else ""
        warning, limit = self.thresholds.dwell_warning_hours, self.thresholds.dwell_hours
        if finding.basis == "cooling":
            threshold = "much earlier than the dwell limit while the child is cooled"
            words = "the child is cooled, poor perfusion can hide ischaemia"
        else:
            hours = warning if finding.basis == "warning" else limit
            threshold = f"{hours} h" if finding.basis != "snooze_over" else f"{warning} h, {limit} h"
            words = f"in place for {(view.now - (line.established.at if line.established else 0)) // HOUR} h, limit {limit} h"
        name = "dwell_hours" if finding.basis in ("limit", "cooling") else "dwell_warning_hours"
        return Reasons(
            text=f"Consider removing IO line {line.number}, in place since {since}: {words}.",
            threshold=threshold,
            source=self.protocol.sources[name],
            facts={"established": since},
            evidence=finding.evidence,
            alternatives=("venous",),
        )


def _cooled_since(state: State) -> Stamp | None:
    """Since when the child is cooled, as described or as care under way, whichever came first."""
    described = state.known("cooling")
    stamps = [described.stamp] if described is not None and described.value else []
    if "cooling" in state.cares:
        stamps.append(state.cares["cooling"])
    return min(stamps, key=lambda stamp: stamp.at, default=None)
