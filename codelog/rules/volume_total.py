"""volume-total: one infusion, or all together, is more fluid for the weight than expected."""

from __future__ import annotations

from decimal import Decimal

from codelog.case.access import Stamp
from codelog.case.events import Event, InfusionStarted, InfusionStopped, PatientDescribed, Ref
from codelog.case.flags import Subject
from codelog.case.infusions import Infusion
from codelog.case.state import State
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.rules.rule import Changes, Finding, Reasons, Rule, View


class VolumeTotal(Rule):
    """Check the volume."""

    id = "volume-total"
    title = "Check the volume"

    def __init__(self, protocol: Protocol, tables: Tables) -> None:
        super().__init__(protocol, tables)
        self._volumes: dict[Ref, tuple[Decimal, Stamp]] = {}
        self._total = Decimal(0)
        self._risen: list[tuple[Stamp, Decimal]] = []
        self._changes = Changes()

    def observe(self, state: State, event: Event) -> None:
        """Keep the volume of every infusion and the running total, with the entry that raised it."""
        if isinstance(event.data, PatientDescribed):
            self._changes.note_all()
        if not isinstance(event.data, (InfusionStarted, InfusionStopped)):
            return
        infusion = state.infusions.get(event.data.infusion)
        if infusion is None:
            return
        volume, before = _millilitres(infusion), self._volumes.get(infusion.start.seq)
        had = before[0] if before is not None else Decimal(0)
        if volume is None or volume == had:
            return
        stamp = Stamp(event.at, event.seq)
        self._volumes[infusion.start.seq] = volume, stamp
        self._changes.note(entry=infusion.start.seq)
        self._changes.note_case()
        self._total += volume - had
        # Kept rising, so that the first total above any limit is found: what a smaller total undoes is forgotten.
        while self._risen and self._risen[-1][1] >= self._total:
            self._risen.pop()
        self._risen.append((stamp, self._total))

    def findings(self, view: View) -> list[Finding]:
        """One finding for every infusion that is too much by itself, and one for all together."""
        found = [*(self._single(view, seq) for seq in self._volumes), self._all_together(view)]
        return [finding for finding in found if finding is not None]

    def changed(self) -> set[Subject] | None:
        """The infusions whose volume changed since, or all of them when the patient was described anew."""
        return self._changes.take()

    def finding(self, view: View, subject: Subject) -> Finding | None:
        """Whether one infusion, or, about the case, all together, are too much."""
        return self._all_together(view) if subject[1] is None else self._single(view, subject[1])

    def _single(self, view: View, started: Ref) -> Finding | None:
        weight, kilograms = view.state.known("weight"), view.state.weight_kg()
        if weight is None or kilograms is None or started not in self._volumes:
            return None
        volume, stamp = self._volumes[started]
        if volume <= self.thresholds.volume_single * kilograms:
            return None
        evidence = tuple(sorted({started, stamp.seq, weight.stamp.seq}))
        return Finding("single", max(stamp.at, weight.stamp.at), "medium", entry=started, evidence=evidence)

    def _all_together(self, view: View) -> Finding | None:
        weight, kilograms = view.state.known("weight"), view.state.weight_kg()
        if weight is None or kilograms is None:
            return None
        limit = self.thresholds.volume_limit * kilograms
        if self._total <= limit:
            return None
        stamp = next(stamp for stamp, total in self._risen if total > limit)
        evidence = tuple(sorted({stamp.seq, weight.stamp.seq}))
        return Finding("total", max(stamp.at, weight.stamp.at), "medium", evidence=evidence)

    def explain(self, view: View, finding: Finding) -> Reasons:
        """The volume, per kilogram, and the limit."""
        weight = view.state.value("weight")
        if finding.entry is None:
            volume, what, name = self._total, "all infusions together", "volume_limit"
        else:
            volume, _ = self._volumes[finding.entry]
            what, name = f"the infusion of entry {finding.entry}", "volume_single"
        limit = getattr(self.thresholds, name)
        per_kg = f"{volume / view.state.weight_kg():.1f}"
        return Reasons(
            text=f"Check the volume: {what}, {volume.normalize():f} mL, are {per_kg} mL/kg at {weight}; limit {limit} mL/kg.",
            threshold=f"{limit} mL/kg",
            source=self.protocol.sources[name],
            facts={"volume": f"{volume.normalize():f} mL", "weight": str(weight)},
            evidence=finding.evidence,
        )


def _millilitres(infusion: Infusion) -> Decimal | None:
    volume = infusion.volume
    return None if volume is None else volume.to("mL")
