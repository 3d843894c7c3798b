"""io-device: the device of an IO attempt in progress does not suit the weight, the age, the site or its label."""

from __future__ import annotations

from codelog.case.access import Attempt, Stamp
from codelog.case.state import State
from codelog.clinical.entries import Device
from codelog.rules.rule import Finding, Reasons, Rule, View


class IoDevice(Rule):
    """Check the device of the IO attempt."""

    id = "io-device"
    title = "Check the intraosseous device"

    def findings(self, view: View) -> list[Finding]:
        """One finding for every IO attempt in progress whose device is known and does not suit."""
        found = []
        for attempt in view.state.access.in_progress.values():
            device = self._device(attempt)
            if device is None:
                continue
            mismatch = self._mismatch(view.state, attempt, device)
            if mismatch is not None:
                basis, stamps, _ = mismatch
                known = [attempt.known["device"], *stamps]
                due_at = max(stamp.at for stamp in known)
                evidence = tuple(sorted({attempt.start.seq, *(stamp.seq for stamp in known)}))
                found.append(Finding(basis, due_at, "low", attempt=attempt.number, evidence=evidence))
        return found

    def _device(self, attempt: Attempt) -> Device | None:
        return self.tables.devices.get(attempt.text("device") or "") if attempt.route == "io" else None

    def _mismatch(
        self, state: State, attempt: Attempt, device: Device
    ) -> tuple[str, list[Stamp], str] | None:
        """(basis, the facts it rests on, words) of the first mismatch; what is unknown is passed over."""
        weight = state.known("weight")
        if weight is not None:
            grams = weight.value.to("g")
            if device.weight_min_g is not None and grams < device.weight_min_g:
                return (
                    "weight",
                    [weight.stamp],
                    f"{weight.value} is below the labelled {device.weight_min_g} g",
                )
            if device.weight_max_g is not None and grams > device.weight_max_g:
                return (
                    "weight",
                    [weight.stamp],
                    f"{weight.value} is above the labelled {device.weight_max_g} g",
                )
        age, age_stamps = state.age_days(), _stamps(state, "age_days")
        if age is not None:
            if device.age_min_days is not None and age < device.age_min_days:
                return "age", age_stamps, f"{age} days is below the labelled {device.age_min_days} days"
            if device.age_max_days is not None and age > device.age_max_days:
                return "age", age_stamps, f"{age} days is above the labelled {device.age_max_days} days"
        named = attempt.text("site")
        if named is not None and device.cleared_sites is not None and named not in device.cleared_sites:
            label = self.tables.io_sites[named].label if named in self.tables.io_sites else named
            return "site", [attempt.known["site"]], f"not cleared for the {label}"
        site = self.tables.io_sites.get(named or "")
        if site is not None:
            stamp = attempt.known["site"]
            needle, needle_stamps = _needle(attempt, device)
            for caution in self.tables.needle_cautions:
                applies = needle == caution.needle_mm and site.bone == caution.bone
                if applies and age is not None and age <= caution.age_max_days:
                    words = (
                        f"a {needle} mm needle in the {site.bone} at {caution.age_max_days} days or younger"
                    )
                    return "needle", [stamp, *age_stamps, *needle_stamps], words
        if device.off_label:
            return "off_label", [], "not made for this use"
        return None

    def explain(self, view: View, finding: Finding) -> Reasons:
        """What does not suit, and what would have to be known to be sure."""
        attempt = view.state.access.attempts[finding.attempt or 0]
        device = self.tables.devices[str(attempt.text("device"))]
        mismatch = self._mismatch(view.state, attempt, device)
        words = mismatch[2] if mismatch is not None else finding.basis
        sources = sorted({source for evidence in device.evidence.values() for source in evidence.sources})
        source = self.tables.citations(tuple(sources)) or "device label"
        checked = {
            "weight": view.state.value("weight") is None,
            "age": view.state.age_days() is None,
            "site": attempt.text("site") is None,
        }
        return Reasons(
            text=f"Check the device of IO attempt {attempt.number}: {device.label}, {words}.",
            threshold=words,
            source=source,
            facts={"device": device.id},
            evidence=finding.evidence,
            unknown=tuple(fact for fact, is_unknown in checked.items() if is_unknown),
        )


def _stamps(state: State, fact: str) -> list[Stamp]:
    known = state.known(fact)
    return [] if known is None else [known.stamp]


def _needle(attempt: Attempt, device: Device) -> tuple[int | None, list[Stamp]]:
    """The needle's length in mm: as recorded, else the device's own where it has only one."""
    recorded = attempt.details.get("needle_mm")
    if isinstance(recorded, int):
        return recorded, [attempt.known["needle_mm"]]
    return (device.needle_mm[0] if len(device.needle_mm) == 1 else None), []
