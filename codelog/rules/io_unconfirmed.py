"""io-unconfirmed: an IO line is in use, or has been in place for a while, and nobody recorded that it works."""

from __future__ import annotations

from codelog.case.access import Attempt, Stamp
from codelog.case.events import Ref
from codelog.case.flags import Flag
from codelog.case.infusions import Given
from codelog.case.instants import SECOND
from codelog.case.state import State
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.rules.rule import Finding, Reasons, Rule, View, clock


class IoUnconfirmed(Rule):
    """Check that the IO line works."""

    id = "io-unconfirmed"
    title = "Check the intraosseous line"

    def __init__(self, protocol: Protocol, tables: Tables) -> None:
        super().__init__(protocol, tables)
        self._first_use: dict[Ref, Stamp] = {}

    def settle(self, state: State) -> None:
        """Remember the first use of every line that works and is not confirmed."""
        now = {given.stamp for given in state.given_now}
        for number in [number for number, used in self._first_use.items() if used in now]:
            del self._first_use[number]
        for given in state.given_now:
            line = line_used(state, given)
            if line is not None and line.route == "io":
                self._first_use.setdefault(line.number, given.stamp)

    def findings(self, view: View) -> list[Finding]:
        """One finding for every IO line in place that is not confirmed and has been used or stood long enough."""
        found = []
        for line in view.state.access.working.values():
            if line.route != "io" or line.confirmed is not None or line.established is None:
                continue
            used = self._first_use.get(line.number)
            timed = self._time_due(line)
            evidence: tuple[Ref, ...] = (line.established.seq,)
            if used is not None and used.at < timed:
                evidence = (line.established.seq, used.seq)
                found.append(Finding("use", used.at, "medium", attempt=line.number, evidence=evidence))
            elif timed <= view.now:
                found.append(Finding("time", timed, "medium", attempt=line.number, evidence=evidence))
        return found

    def next_due(self, view: View) -> int | None:
        """When the first line not confirmed has stood for `confirm_seconds`."""
        lines = view.state.access.working.values()
        dues = [self._time_due(line) for line in lines if line.route == "io" and line.confirmed is None]
        return min((due for due in dues if due > view.now), default=None)

    def answered(self, view: View, flag: Flag) -> tuple[Ref, ...]:
        """The confirmation."""
        line = view.state.access.attempts.get(flag.data.attempt or 0)
        return () if line is None or line.confirmed is None else (line.confirmed.seq,)

    def _time_due(self, line: Attempt) -> int:
        return (line.established.at if line.established else 0) + self.thresholds.confirm_seconds * SECOND

    def explain(self, view: View, finding: Finding) -> Reasons:
        """Since when the line stands, and what went through it."""
        state = view.state
        line = state.access.attempts[finding.attempt or 0]
        seconds = self.thresholds.confirm_seconds
        since = clock(line.established.at, state) if line.established else ""
        used = self._first_use.get(line.number)
        use = "" if used is None else f", used at {clock(used.at, state)}"
        return Reasons(
            text=f"Check IO line {line.number}: in place since {since}{use}, no confirmation recorded; limit {seconds} s or first use.",
            threshold=f"{seconds} s or first use",
            source=self.protocol.sources["confirm_seconds"],
            facts={"established": since} | ({} if used is None else {"first_use": clock(used.at, state)}),
            evidence=finding.evidence,
            unknown=("confirmation signs",),
        )


def line_used(state: State, given: Given) -> Attempt | None:
    """The working line that a drug or infusion goes through: the one named, or by route `io` the only IO line."""
    if given.attempt is not None:
        return state.access.working.get(given.attempt)
    lines = state.access.working_by("io") if given.route == "io" else []
    return lines[0] if len(lines) == 1 else None
