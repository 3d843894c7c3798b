"""io-remove: a venous line works, so the IO line may have served its purpose."""

from __future__ import annotations

from codelog.case.events import Ref
from codelog.case.flags import Flag
from codelog.case.instants import MINUTE
from codelog.rules.rule import Finding, Reasons, Rule, View, clock


class IoRemove(Rule):
    """Consider removing the IO line, since a vein is in."""

    id = "io-remove"
    title = "Consider removing the intraosseous line"

    def findings(self, view: View) -> list[Finding]:
        """One finding for every IO line that has stood beside a venous line for long enough."""
        return [finding for finding in self._both(view) if finding.due_at <= view.now]

    def next_due(self, view: View) -> int | None:
        """When the next IO line has stood beside a venous line for long enough."""
        return min((f.due_at for f in self._both(view) if f.due_at > view.now), default=None)

    def answered(self, view: View, flag: Flag) -> tuple[Ref, ...]:
        """The planned removal of the line: what the flag asks for."""
        line = view.state.access.attempts.get(flag.data.attempt or 0)
        removed = line is not None and line.gone is not None and line.gone_by == "removed"
        return (line.gone.seq,) if removed and line is not None and line.gone is not None else ()

    def _both(self, view: View) -> list[Finding]:
        access = view.state.access
        if access.venous_since is None:
            return []
        found = []
        for line in access.working_by("io"):
            assert line.established is not None
            later = max(line.established, access.venous_since, key=lambda stamp: stamp.at)
            due_at = later.at + self.thresholds.remove_after_minutes * MINUTE
            evidence = tuple(sorted({line.established.seq, access.venous_since.seq}))
            found.append(Finding("venous_line", due_at, "low", attempt=line.number, evidence=evidence))
        return found

    def explain(self, view: View, finding: Finding) -> Reasons:
        """Since when both lines work."""
        access = view.state.access
        since = clock(access.venous_since.at, view.state) if access.venous_since else ""
        minutes = self.thresholds.remove_after_minutes
        return Reasons(
            text=f"Consider removing IO line {finding.attempt}: a venous line works since {since} ({minutes} min beside it).",
            threshold=f"{minutes} min beside a venous line",
            source=self.protocol.sources["remove_after_minutes"],
            facts={"venous_line_since": since},
            evidence=finding.evidence,
        )
