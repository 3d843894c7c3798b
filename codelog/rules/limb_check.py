"""limb-check: the limb of an IO line has not been looked at for a while."""

from __future__ import annotations

from codelog.case.access import Attempt, Stamp
from codelog.case.events import Ref
from codelog.case.flags import Flag
from codelog.case.instants import MINUTE
from codelog.rules.rule import Finding, Reasons, Rule, View, clock


class LimbCheck(Rule):
    """Check the limb."""

    id = "limb-check"
    title = "Check the limb"

    def findings(self, view: View) -> list[Finding]:
        """One finding for every IO line in place that is due for a check."""
        found = []
        for line in view.state.access.working_by("io"):
            due_at = self._due(line)
            if due_at <= view.now:
                found.append(Finding("due", due_at, "low", attempt=line.number, evidence=(_since(line).seq,)))
        return found

    def next_due(self, view: View) -> int | None:
        """When the next IO line is due."""
        dues = [self._due(line) for line in view.state.access.working_by("io")]
        return min((due for due in dues if due > view.now), default=None)

    def answered(self, view: View, flag: Flag) -> tuple[Ref, ...]:
        """A check at or after the moment it came due, or one entered since."""
        line = view.state.access.attempts.get(flag.data.attempt or 0)
        if line is None or line.checked is None:
            return ()
        news = line.checked.seq > flag.raised.seq or line.checked.at >= flag.due_at
        return (line.checked.seq,) if news and self._due(line) > view.now else ()

    def _due(self, line: Attempt) -> int:
        return _since(line).at + self.thresholds.limb_check_minutes * MINUTE

    def explain(self, view: View, finding: Finding) -> Reasons:
        """Which line, and when its limb was last seen."""
        line = view.state.access.attempts[finding.attempt or 0]
        minutes = self.thresholds.limb_check_minutes
        since = clock(_since(line).at, view.state)
        last = "last checked" if line.checked is not None else "in place since"
        return Reasons(
            text=f"Check the limb of IO line {line.number}: {last} {since}; every {minutes} min, after ROSC too.",
            threshold=f"{minutes} min",
            source=self.protocol.sources["limb_check_minutes"],
            facts={last.replace(" ", "_"): since},
            evidence=finding.evidence,
        )


def _since(line: Attempt) -> Stamp:
    stamps = [stamp for stamp in (line.established, line.checked) if stamp is not None]
    return max(stamps, key=lambda stamp: stamp.at)
