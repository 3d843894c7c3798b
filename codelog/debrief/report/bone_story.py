"""Which bones were used, and which were ruled out and why: at each IO attempt, and at the end of the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codelog.case.access import Attempt, Stamp
from codelog.case.events import Ref
from codelog.debrief.report.figures import Moment, Named, named
from codelog.debrief.report.record import Record
from codelog.debrief.wording import label, site_words
from codelog.rules.bones import Bones, RuledOut, SiteStatus, place


@dataclass(frozen=True, slots=True)
class BoneUsed:
    """A bone with the IO attempts in it, whatever became of them, and the lines that were in it before."""

    bone: Named
    side: str
    attempts: tuple[Ref, ...]
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class BoneRuledOut:
    """A bone that was not to be used. `same_bone`: it was tried before, here or outside the record."""

    bone: Named
    side: str
    why: str
    same_bone: bool
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class BonesThen:
    """The bones as they stood at a moment, as known now. `open_sites`, best first; `unknown` limits both lists.

    For an attempt, `site_standing` is how its own site stands for the age, `against` why its bone was ruled out.
    """

    moment: Moment
    ruled_out: tuple[BoneRuledOut, ...]
    open_sites: tuple[Named, ...]
    unknown: tuple[str, ...]
    site_standing: str | None
    against: BoneRuledOut | None


def bones_used(record: Record) -> tuple[BoneUsed, ...]:
    """The bones in the order in which they were first used."""
    found: dict[tuple[str, str], list[Attempt]] = {}
    for attempt in record.state.access.io_attempts:
        where = place(attempt, record.tables)
        if where is not None:
            found.setdefault(where, []).append(attempt)
    return tuple(
        BoneUsed(
            named(record.tables.bones, bone),
            side,
            tuple(attempt.number for attempt in attempts),
            record.refs(*(seq for attempt in attempts for seq in _place_seqs(attempt))),
        )
        for (bone, side), attempts in found.items()
    )


def bones_at_end(record: Record) -> BonesThen:
    """The bones as the next attempt would have found them."""
    return _then(record, record.end, None)


def bones_at(record: Record, attempt: Attempt) -> BonesThen:
    """The bones as an IO attempt found them at its start."""
    return _then(record, attempt.start.at, attempt)


def _then(record: Record, at: int, attempt: Attempt | None) -> BonesThen:
    hours = record.protocol.thresholds.same_bone_hours
    bones = Bones(record.state, record.tables, hours, at, attempt)
    sites = bones.sites()
    ruled_out = tuple(_ruled_out(record, sites))
    where = None if attempt is None else place(attempt, record.tables)
    site = None if attempt is None else record.tables.io_sites.get(attempt.text("site") or "")
    return BonesThen(
        moment=Moment(at, at - record.zero, () if attempt is None else record.refs(attempt.start.seq)),
        ruled_out=ruled_out,
        open_sites=tuple(_site(record, status) for status in sites if status.open),
        unknown=bones.unknown(),
        site_standing=None if site is None else bones.preference(site),
        against=next((bone for bone in ruled_out if (bone.bone.id, bone.side) == where), None),
    )


def _ruled_out(record: Record, sites: list[SiteStatus]) -> Iterator[BoneRuledOut]:
    seen = set()
    for status in sites:
        bone = (status.site.bone, status.side)
        if status.ruled_out is not None and bone not in seen:
            seen.add(bone)
            yield BoneRuledOut(
                named(record.tables.bones, status.site.bone),
                status.side,
                _why(record, status.ruled_out),
                status.ruled_out.same_bone,
                record.refs(status.ruled_out.stamp.seq),
            )


def _why(record: Record, reason: RuledOut) -> str:
    return label(record.tables.conditions, reason.why)


def _site(record: Record, status: SiteStatus) -> Named:
    return Named(status.label, site_words(status.site.id, status.side, record.tables))


def _place_seqs(attempt: Attempt) -> list[int]:
    stamps: list[Stamp] = [
        attempt.start,
        *(attempt.known[name] for name in ("site", "side") if name in attempt.known),
    ]
    return [stamp.seq for stamp in stamps]
