"""What the tables hold, one frozen dataclass per sort of entry. Lengths in mm, weights in g, ages in days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from codelog.case.quantities import Quantity
from codelog.clinical.evidence import Evidence, Status

Limb = Literal["leg", "arm"]
Preference = Literal[
    "preferred", "second", "alternative", "theoretical", "disputed", "rare", "not_recommended"
]
Scope = Literal["bone", "bone_and_distal", "limb", "systemic", "caution"]
RouteGroup = Literal["line", "tube"]
DoseAge = Literal["newborn", "older"]

LIMBS: tuple[Limb, ...] = ("leg", "arm")
PREFERENCES: tuple[Preference, ...] = (
    "preferred",
    "second",
    "alternative",
    "theoretical",
    "disputed",
    "rare",
    "not_recommended",
)
"""How a site stands for an age, best first."""
SCOPES: tuple[Scope, ...] = ("bone", "bone_and_distal", "limb", "systemic", "caution")
"""What a condition rules out: its bone; that and those distal to it; its limb; nothing (the last two)."""
ROUTE_GROUPS: Mapping[str, RouteGroup] = {"iv": "line", "io": "line", "uvc": "line", "ett": "tube"}
"""Route of a dose -> the group its range is kept under; a route that is not here has no range."""
DOSE_AGES: tuple[DoseAge, ...] = ("newborn", "older")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence for people, with its sources."""

    text: str
    sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a pick-list that needs no more than its label."""

    id: str
    label: str
    notes: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class FailureReason:
    """A suggested reason for the end of an attempt without access, by these routes."""

    id: str
    label: str
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Ages under `below_days`; the last band has no end."""

    id: str
    label: str
    below_days: int | None


@dataclass(frozen=True, slots=True)
class Bone:
    """A bone; `proximal` names every bone proximal to it on its limb, nearest the trunk first."""

    id: str
    label: str
    limb: Limb | None
    proximal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """Where a landmark lies in a drawing: the drawing's own name for the place, and the text's figures in short."""

    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Landmark:
    """One text's description of where a site lies, for these age bands. `point` None: it is not drawn."""

    text: str
    ages: tuple[str, ...]
    sources: tuple[str, ...]
    status: Status
    point: Point | None


@dataclass(frozen=True, slots=True)
class IoSite:
    """An intraosseous site; `status` maps every age band to how the site stands for it."""

    id: str
    label: str
    bone: str
    sides: tuple[str, ...]
    status: Mapping[str, Preference]
    evidence: Evidence
    landmarks: tuple[Landmark, ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A published measurement, as printed, for these age bands. The sources disagree: reference, never a limit.

    `bone` None: it is of no one bone.
    """

    measure: str
    value: str
    population: str
    bone: str | None
    ages: tuple[str, ...]
    sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class NeedleCaution:
    """A needle of this length in this bone draws a caution up to this age, inclusive."""

    needle_mm: int
    bone: str
    age_max_days: int
    sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Device:
    """A device as labelled. None and the empty tuple mean unknown, never "no limit"; limits are inclusive.

    `evidence` maps the name of each field that is known to what it rests on. `route` None: any route.
    """

    id: str
    label: str
    route: str | None
    maker: str | None
    off_label: bool
    gauges: tuple[str, ...]
    needle_mm: tuple[int, ...]
    weight_min_g: int | None
    weight_max_g: int | None
    age_min_days: int | None
    age_max_days: int | None
    cleared_sites: tuple[str, ...] | None
    cautions: tuple[Statement, ...]
    evidence: Mapping[str, Evidence]

    @property
    def gauge(self) -> str | None:
        """The gauge, where the device comes in one only."""
        return self.gauges[0] if len(self.gauges) == 1 else None


@dataclass(frozen=True, slots=True)
class Condition:
    """A contraindication or caution. `bone`: the one bone it always concerns, so that none need be named."""

    id: str
    label: str
    scope: Scope
    bone: str | None
    evidence: Evidence
    notes: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class DoseRange:
    """The doses expected by one group of routes at one age.

    `min`, `max` and `usual` are per kilogram and in one unit; `absolute_max` is for the whole patient and is
    never compared with them. None: no such figure is known. `evidence` maps each known field to its own.
    """

    route_group: RouteGroup
    age: DoseAge
    min: Quantity | None
    max: Quantity | None
    usual: Quantity | None
    absolute_max: Quantity | None
    evidence: Mapping[str, Evidence]


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug or a fluid. `repeat_from` and `repeat_by` bound the time between two doses.

    `tracheal_dose_by_line`: from this dose per kilogram on, one by a line looks as if meant for the tube.
    """

    id: str
    label: str
    standard_concentration: Quantity | None
    other_concentrations: tuple[Quantity, ...]
    flush: Quantity | None
    repeat_from: Quantity | None
    repeat_by: Quantity | None
    tracheal_dose_by_line: Quantity | None
    ranges: tuple[DoseRange, ...]
    cautions: tuple[Statement, ...]
    evidence: Mapping[str, Evidence]

    @property
    def concentrations(self) -> tuple[Quantity, ...]:
        """Every concentration on offer, the standard one first."""
        standard = () if self.standard_concentration is None else (self.standard_concentration,)
        return standard + self.other_concentrations

    def range_for(self, route: str, age: DoseAge) -> DoseRange | None:
        """The range for a route of `GIVEN_ROUTES` at an age; None where the table has none."""
        group = ROUTE_GROUPS.get(route)
        return next((r for r in self.ranges if r.route_group == group and r.age == age), None)
