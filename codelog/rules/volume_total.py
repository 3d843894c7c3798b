"""volume-total: one infusion, or all together, is more fluid for the weight than expected."""

from __future__ import annotations

from decimal import Decimal

from codelog.case.access import Stamp
from codelog.case.events import Event, InfusionStarted, InfusionStopped, Ref
from codelog.case.infusions import Infusion
from codelog.case.state import State
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.rules.rule import Finding, Reasons, Rule, View


class VolumeTotal(Rule):
    """Check the volume."""

    id = "volume-total"
    title = "Check the volume"

    def __init__(self, protocol: Protocol, tables: Tables) -> None:
        super().__init__(protocol, tables)
        self._volumes: dict[Ref, tuple[Decimal, Stamp, int]] = {}
        self._total = Decimal(0)
        self._risen: list[tuple[Stamp, Decimal]] = []

    def observe(self, state: State, event: Event) -> None:
        """Keep the volume of every infusion and the running total, with the entry that raised it."""
        if not isinstance(event.data, (InfusionStarted, InfusionStopped)):
            return
        infusion = state.infusions.get(event.data.infusion)
        if infusion is None:
            return
        volume, before = _millilitres(infusion), self._volumes.get(infusion.number)
        had = before[0] if before is not None else Decimal(0)
        if volume is None or volume == had:
            return
        stamp = Stamp(event.at, event.seq)
        self._volumes[infusion.number] = volume, stamp, infusion.start.seq
        self._total += volume - had
        # Kept rising, so that the first total above any limit is found: what a smaller total undoes is forgotten.
        while self._risen and self._risen[-1][1] >= self._total:
            self._risen.pop()
        self._risen.append((stamp, self._total))

    def findings(self, view: View) -> list[Finding]:
        """One finding for every infusion that is too much by itself, and one for all together."""
        weight = view.state.known("weight")
        if weight is None:
            return []
        kilograms = weight.value.to("kg")
        single, limit = self.thresholds.volume_single * kilograms, self.thresholds.volume_limit * kilograms
        found = []
        if self._total > single:
            for volume, stamp, started in self._volumes.values():
                if volume > single:
                    evidence = tuple(sorted({started, stamp.seq, weight.stamp.seq}))
                    due_at = max(stamp.at, weight.stamp.at)
                    found.append(Finding("single", due_at, "medium", entry=started, evidence=evidence))
        if self._total > limit:
            stamp = next(stamp for stamp, total in self._risen if total > limit)
            evidence = tuple(sorted({stamp.seq, weight.stamp.seq}))
            found.append(Finding("total", max(stamp.at, weight.stamp.at), "medium", evidence=evidence))
        return found

    def explain(self, view: View, finding: Finding) -> Reasons:
        """The volume, per kilogram, and the limit."""
        weight = view.state.value("weight")
        kilograms = weight.to("kg")
        if finding.entry is None:
            volume, what, name = self._total, "all infusions together", "volume_limit"
        else:
            volume = next(volume for volume, _, started in self._volumes.values() if started == finding.entry)
            what, name = f"the infusion of entry {finding.entry}", "volume_single"
        limit = getattr(self.thresholds, name)
        per_kg = (volume / kilograms).quantize(Decimal("0.1"))
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
