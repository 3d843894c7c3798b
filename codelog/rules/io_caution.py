"""io-caution: an IO attempt began although a systemic condition speaks against every bone."""

from __future__ import annotations

from codelog.rules.bones import systemic_by
from codelog.rules.rule import Finding, Reasons, Rule, View


class IoCaution(Rule):
    """Consider the systemic condition before going on."""

    id = "io-caution"
    title = "Consider a systemic contraindication"

    def findings(self, view: View) -> list[Finding]:
        """One finding per condition present at the start of an IO attempt in progress, once per condition and case."""
        found = []
        raised_before = {
            flag.subject[2]: flag.data.attempt
            for flag in reversed(view.flags.of_rule(self.id))
            if flag.because != "retracted"
        }
        for attempt in view.state.access.in_progress.values():
            if attempt.route != "io":
                continue
            for condition, (present, seq) in systemic_by(view.state, self.tables, attempt.start.at).items():
                if not present or raised_before.setdefault(condition, attempt.number) != attempt.number:
                    continue
                evidence = tuple(sorted({attempt.start.seq, seq}))
                found.append(
                    Finding(
                        condition,
                        attempt.start.at,
                        "medium",
                        attempt=attempt.number,
                        caution=condition,
                        evidence=evidence,
                    )
                )
        return found

    def explain(self, view: View, finding: Finding) -> Reasons:
        """Which condition, and what the sources say of it."""
        condition = self.tables.conditions[finding.caution or ""]
        source = self.tables.citations(condition.evidence.sources)
        return Reasons(
            text=f"Consider before going on with IO attempt {finding.attempt}: {condition.label} is noted ({source}).",
            threshold="contraindication for every bone",
            source=source,
            facts={"condition": condition.id},
            evidence=finding.evidence,
            alternatives=("venous",),
        )
