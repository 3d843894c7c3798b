"""io-site: the bone of an IO attempt in progress is ruled out, or the site does not suit the age."""

from __future__ import annotations

from codelog.case.access import Attempt
from codelog.case.state import State
from codelog.rules.bones import Bones, RuledOut, place
from codelog.rules.rule import Finding, Reasons, Rule, View, clock


class IoSite(Rule):
    """Check the site of the IO attempt."""

    id = "io-site"
    title = "Check the intraosseous site"

    def findings(self, view: View) -> list[Finding]:
        """One finding for every IO attempt in progress whose site and side are known and speak against it."""
        found = []
        for attempt in view.state.access.in_progress.values():
            finding = self._judge(view.state, attempt) if attempt.route == "io" else None
            if finding is not None:
                found.append(finding)
        return found

    def _judge(self, state: State, attempt: Attempt) -> Finding | None:
        if place(attempt, self.tables) is None:
            return None
        basis, _ = self._basis(state, attempt)
        if basis is None:
            return None
        stamps = [attempt.known[name] for name in ("site", "side") if name in attempt.known]
        due_at = max(stamp.at for stamp in stamps)
        priority = "low" if basis == "disputed" else "high"
        evidence = tuple(sorted({attempt.start.seq, *(stamp.seq for stamp in stamps)}))
        return Finding(basis, due_at, priority, attempt=attempt.number, evidence=evidence)

    def _basis(self, state: State, attempt: Attempt) -> tuple[str | None, RuledOut | None]:
        bones = self._bones(state, attempt)
        bone, side = place(attempt, self.tables) or ("", "")
        against = bones.ruled_out(bone, side)
        if against is not None:
            return ("same_bone" if against.same_bone else "condition"), against
        preference = bones.preference(self.tables.io_sites[str(attempt.text("site"))])
        if preference == "not_recommended":
            return "age", None
        return ("disputed" if preference == "disputed" else None), None

    def _bones(self, state: State, attempt: Attempt) -> Bones:
        return Bones(state, self.tables, self.thresholds.same_bone_hours, attempt.start.at, attempt)

    def explain(self, view: View, finding: Finding) -> Reasons:
        """What speaks against the site, and the sites that are open instead."""
        state = view.state
        attempt = state.access.attempts[finding.attempt or 0]
        bones = self._bones(state, attempt)
        _, against = self._basis(state, attempt)
        site = self.tables.io_sites[str(attempt.text("site"))]
        part = f"{attempt.text('side') or site.sides[0]} {site.label}"
        facts: dict[str, str | int] = {"site": site.id, "side": attempt.text("side") or site.sides[0]}
        evidence = list(finding.evidence)
        if against is not None:
            facts["ruled_out_by"] = against.why
            evidence.append(against.stamp.seq)
            reason = f"{against.why} ({clock(against.stamp.at, state)})"
        else:
            band = bones.band or "unknown age"
            facts["age_band"] = band
            reason = f"{site.status.get(band, 'not rated').replace('_', ' ')} in a {band}"
        hours = self.thresholds.same_bone_hours
        threshold = (
            f"no second try in one bone within {hours} h" if finding.basis == "same_bone" else "site table"
        )
        source = (
            self.protocol.sources["same_bone_hours"]
            if finding.basis == "same_bone"
            else self.tables.citations(site.evidence.sources)
        )
        offered = bones.open_sites()
        instead = f"; open: {', '.join(offered[:4])}" if offered else "; no other site is open"
        return Reasons(
            text=f"Check the site of IO attempt {attempt.number}: {part}, {reason}{instead} ({source}).",
            threshold=threshold,
            source=source,
            facts=facts,
            evidence=tuple(sorted(set(evidence))),
            unknown=bones.unknown(),
            alternatives=offered,
        )
