"""Which bones may still be used: sites with what speaks against them, in the order of preference for the age."""

from __future__ import annotations

from dataclasses import dataclass

from codelog.case.access import Attempt, Stamp
from codelog.case.events import Ref
from codelog.case.instants import HOUR
from codelog.case.state import BodyPart, Known, State
from codelog.clinical.entries import Condition, IoSite
from codelog.clinical.tables import Tables

OFFERED = ("preferred", "second", "alternative", "theoretical", "disputed")
"""How a site can stand for an age and still be offered, in the order of preference."""

SAME_BONE_CONDITION = "prior_io"
"""The condition that stands for an earlier attempt outside the record."""

ASSUMED_BAND = "infant"
"""The order in which sites are listed while the age is unknown; `unknown` then names the age."""


@dataclass(frozen=True, slots=True)
class RuledOut:
    """Why a bone may not be used. `same_bone`: tried before, here or outside the record."""

    same_bone: bool
    why: str
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """One site on one side: how it stands for the age, and why its bone is ruled out, if it is."""

    site: IoSite
    side: str
    preference: str
    ruled_out: RuledOut | None

    @property
    def open(self) -> bool:
        """Whether it is offered."""
        return self.ruled_out is None and self.preference in OFFERED

    @property
    def label(self) -> str:
        """Site and side by id, as flags name them."""
        return f"{self.site.id} {self.side}"


class Bones:
    """The bones of a case as they stood at an instant, seen before the attempt `before` (None: before the next)."""

    def __init__(
        self, state: State, tables: Tables, same_bone_hours: int, at: int, before: Attempt | None = None
    ) -> None:
        self._tables = tables
        self._window = same_bone_hours * HOUR
        self._at = at
        self._tried = _earlier_attempts(state, before)
        self._present = self._noted_present(state)
        self._age = state.age_days(at)
        self._subject = before

    @property
    def band(self) -> str | None:
        """The age band, or None while the age is unknown."""
        return None if self._age is None else self._tables.age_band(self._age)

    def preference(self, site: IoSite) -> str | None:
        """How a site stands for the age, or None while the age is unknown."""
        return None if self.band is None else site.status[self.band]

    def ruled_out(self, bone: str, side: str) -> RuledOut | None:
        """Why a bone may not be used, or None while nothing speaks against it. An earlier try comes first."""
        return self._tried_before(bone, side) or self._condition_against(bone, side)

    def unknown(self) -> tuple[str, ...]:
        """What would have to be known to be sure: conditions and tries without bone or side, the age."""
        found = []
        for attempt in self._tried:
            if self._place(attempt) is None:
                found.append(f"bone of attempt {attempt.number}")
        for name, bone, side in self._present:
            condition = self._tables.conditions.get(name)
            if condition is not None and _local(condition) and self._part(condition, bone, side) is None:
                found.append(f"bone and side of {name}")
        if self._age is None:
            found.append("age")
        return tuple(found)

    def sites(self) -> list[SiteStatus]:
        """Every site on every side, best first: by preference for the age, then in the order of the table."""
        band = self.band or ASSUMED_BAND
        statuses = []
        for site in self._tables.io_sites.values():
            for side in site.sides:
                statuses.append(SiteStatus(site, side, site.status[band], self.ruled_out(site.bone, side)))
        ranks = {preference: rank for rank, preference in enumerate(OFFERED)}
        return sorted(statuses, key=lambda status: ranks.get(status.preference, len(OFFERED)))

    def open_sites(self) -> tuple[str, ...]:
        """The labels of the sites offered, best first."""
        return tuple(status.label for status in self.sites() if status.open)

    def _noted_present(self, state: State) -> dict[BodyPart, Stamp]:
        """The conditions present. Two notes are on the same part even if only one names what goes without saying."""
        latest: dict[BodyPart, Known] = {}
        for (name, bone, side), note in state.conditions_by(self._at).items():
            condition = self._tables.conditions.get(name)
            part = self._part(condition, bone, side) if condition is not None else None
            key = (name, *(part or (bone, side)))
            before = latest.get(key)
            if before is None or (before.stamp.at, before.stamp.seq) < (note.stamp.at, note.stamp.seq):
                latest[key] = note
        return {key: note.stamp for key, note in latest.items() if note.value is True}

    def _tried_before(self, bone: str, side: str) -> RuledOut | None:
        for attempt in self._tried:
            if self._place(attempt) == (bone, side) and self._at - attempt.begun <= self._window:
                return RuledOut(True, f"tried in attempt {attempt.number}", attempt.start)
        for (name, noted, noted_side), stamp in self._present.items():
            if (name, noted, noted_side) == (SAME_BONE_CONDITION, bone, side):
                return RuledOut(True, name, stamp)
        return None

    def _condition_against(self, bone: str, side: str) -> RuledOut | None:
        for (name, noted, noted_side), stamp in self._present.items():
            condition = self._tables.conditions.get(name)
            if condition is None or not _local(condition):
                continue
            part = self._part(condition, noted, noted_side)
            if part is not None and part[1] == side and self._reaches(condition, part[0], bone):
                return RuledOut(name == SAME_BONE_CONDITION, name, stamp)
        return None

    def _reaches(self, condition: Condition, noted: str, bone: str) -> bool:
        if noted == bone:
            return True
        bones = self._tables.bones
        if condition.scope == "bone_and_distal":
            return noted in bones[bone].proximal
        if condition.scope == "limb":
            return bones[noted].limb is not None and bones[noted].limb == bones[bone].limb
        return False

    def _part(self, condition: Condition, bone: str | None, side: str | None) -> tuple[str, str] | None:
        bone = condition.bone or bone
        if bone is None or bone not in self._tables.bones:
            return None
        side = self._only_side(bone) or side
        return None if side is None else (bone, side)

    def _only_side(self, bone: str) -> str | None:
        sides = {side for site in self._tables.io_sites.values() if site.bone == bone for side in site.sides}
        return sides.pop() if len(sides) == 1 else None

    def _place(self, attempt: Attempt) -> tuple[str, str] | None:
        return place(attempt, self._tables)


def place(attempt: Attempt, tables: Tables) -> tuple[str, str] | None:
    """(bone, side) of an IO attempt, or None while site or side is unknown; a midline site needs no side."""
    site = tables.io_sites.get(attempt.text("site") or "")
    if site is None:
        return None
    side = site.sides[0] if len(site.sides) == 1 else attempt.text("side")
    return None if side is None else (site.bone, side)


def systemic(tables: Tables) -> tuple[str, ...]:
    """The conditions that speak against every site, in the order of the table."""
    return tuple(condition.id for condition in tables.conditions.values() if condition.scope == "systemic")


def systemic_by(state: State, tables: Tables, instant: int) -> dict[str, tuple[bool, Ref]]:
    """The systemic conditions asked about by an instant: whether present, and the entry that says so."""
    notes = state.conditions_by(instant)
    found: dict[str, tuple[bool, Ref]] = {}
    for name in systemic(tables):
        for (noted, _, _), note in notes.items():
            if noted == name and (name not in found or note.value):
                found[name] = (note.value, note.stamp.seq)
    return found


def _local(condition: Condition) -> bool:
    return condition.scope not in ("systemic", "caution")


def _earlier_attempts(state: State, before: Attempt | None) -> list[Attempt]:
    if before is None:
        return list(state.access.io_attempts)
    limit = (before.begun, before.start.seq)
    return [a for a in state.access.io_attempts if (a.begun, a.start.seq) < limit and a is not before]
