"""A second reading of five rules, straight from the rules' page: everything anew at every instant, nothing kept.

Slow and simple on purpose. Shares with the program only the events themselves and the flags' numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from codelog.case.events import Event, write_data
from codelog.case.instants import parse_instant
from codelog.clinical.protocols import Thresholds

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
VENOUS = ("piv", "uvc", "cvc")
RULES = ("io-consider", "io-site", "io-unconfirmed", "no-line", "limb-check")
CORRECTIONS = ("event.amended", "event.retracted")

SITE_BONE = {
    "tibia_prox": "tibia",
    "femur_dist": "femur",
    "tibia_dist": "tibia",
    "humerus_prox": "humerus",
    "sternum_manubrium": "sternum",
    "iliac_crest": "ilium",
    "radius_dist": "radius",
    "ulna": "ulna",
    "clavicle": "clavicle",
    "calcaneus": "calcaneus",
}
LIMBS = (("femur", "tibia", "calcaneus"), ("humerus", "radius", "ulna"))
DISTAL = {"femur": ("tibia", "calcaneus"), "tibia": ("calcaneus",), "humerus": ("radius", "ulna")}
BANDS = ((28, 0), (365, 1), (4380, 2))
NOT_RECOMMENDED = {
    0: ("sternum_manubrium", "iliac_crest", "radius_dist", "ulna", "clavicle", "calcaneus"),
    1: ("sternum_manubrium",),
    2: ("sternum_manubrium",),
    3: ("femur_dist",),
}
DISPUTED = {0: ("tibia_dist",), 1: ("tibia_dist",), 2: (), 3: ()}
OF_BONE = ("prior_io", "skin_infection", "burn", "osteomyelitis", "hardware", "no_landmark")
OF_LIMB = ("compartment_syndrome", "vascular_compromise", "cant_immobilise")

Subject = tuple[int | None, int | None]
Told = tuple[int, str, str, Subject, str, int | None]
"""(instant, "raised" or "cleared", rule, subject, basis or because, due_at)."""


@dataclass(frozen=True)
class Entry:
    """An entry as corrected. `place` orders entries; it is (at, seq) unless the entry stands before its start."""

    at: int
    seq: int
    kind: str
    data: dict[str, Any]
    place: tuple[int, int, int]


@dataclass
class Try:
    """An attempt, or a line from before the record."""

    number: int
    route: str
    start: int
    seq: int
    begun: int
    details: dict[str, tuple[Any, int]] = field(default_factory=dict)
    end: int | None = None
    end_seq: int = 0
    established: int | None = None
    confirmed: bool = False
    checks: list[tuple[int, int]] = field(default_factory=list)
    gone: bool = False

    @property
    def works(self) -> bool:
        return self.established is not None and not self.gone


@dataclass
class Spell:
    """A need episode."""

    t0: int
    needs: list[tuple[int, str]] = field(default_factory=list)
    venous: list[tuple[int, str]] = field(default_factory=list)
    bones: list[Try] = field(default_factory=list)


@dataclass
class NaiveFlag:
    """A flag and what was said to it."""

    rule: str
    subject: Subject
    basis: str
    due_at: int
    raised_at: int
    order: int
    t0: int | None = None
    attempt: int | None = None
    acknowledged: int | None = None
    snoozed_until: int | None = None
    because: str | None = None


@dataclass(frozen=True)
class Wanted:
    """What ought to be flagged."""

    basis: str
    due_at: int
    replaces: bool = False
    attempt: int | None = None


class World:
    """The record up to an instant, as corrected by what was entered."""

    def __init__(self, entries: list[Entry], now: int, limits: Thresholds) -> None:
        self.entries = [entry for entry in entries if entry.at <= now]
        self.now = now
        self.limits = limits
        self.tries: dict[int, Try] = {}
        self.spell: Spell | None = None
        self.zero = entries[0].at
        self.closed = False
        for entry in self._in_place():
            self._take(entry)

    def _in_place(self) -> list[Entry]:
        """In order; what stands before the start of its attempt counts from the start."""
        starts: dict[int, Entry] = {}
        for entry in sorted(self.entries, key=lambda entry: entry.place):
            if entry.kind in ("access.attempt_started", "access.present"):
                starts.setdefault(entry.data["attempt"], entry)
        placed = []
        for entry in self.entries:
            if entry.kind.startswith("access.") and entry.kind != "access.needed":
                start = starts.get(entry.data["attempt"])
                if start is None:
                    continue
                if entry.place < start.place:
                    place = (start.at, start.seq, entry.place[0] * 10_000 + entry.seq)
                    entry = Entry(start.at, entry.seq, entry.kind, entry.data, place)
            placed.append(entry)
        return sorted(placed, key=lambda entry: entry.place)

    def _take(self, entry: Entry) -> None:
        kind, data, at = entry.kind, entry.data, entry.at
        if kind == "case.closed":
            self.closed = True
        elif kind == "case.reopened":
            self.closed = False
        elif kind == "access.needed":
            if self.lines():
                return
            if self.spell is None and self.limits.clock_starts != "first_attempt":
                self.spell = Spell(at)
            if self.spell is not None:
                self.spell.needs.append((at, data["urgency"]))
        elif kind in ("access.attempt_started", "access.present"):
            self._begin(entry)
        elif kind.startswith("access.") and data["attempt"] in self.tries:
            self._follow(self.tries[data["attempt"]], entry)

    def _begin(self, entry: Entry) -> None:
        number, at = entry.data["attempt"], entry.at
        if number in self.tries:
            return
        begun = at - _span(entry.data.get("since", "0 s"))
        tried = self.tries[number] = Try(number, entry.data["route"], at, entry.seq, begun)
        self._describe(tried, entry)
        if entry.kind == "access.present":
            tried.end, tried.established, tried.end_seq = at, at, entry.seq
            self.spell = None
        elif self.spell is None and not self.lines() and self.limits.clock_starts != "need":
            self.spell = Spell(at)

    @staticmethod
    def _describe(tried: Try, entry: Entry) -> None:
        for name in ("site", "side"):
            value = entry.data.get(name)
            if value is not None and (name not in tried.details or tried.details[name][0] != value):
                tried.details[name] = value, entry.at

    def _follow(self, tried: Try, entry: Entry) -> None:
        if entry.kind == "access.attempt_described":
            self._describe(tried, entry)
        elif entry.kind == "access.attempt_ended" and tried.end is None:
            tried.end, tried.end_seq = entry.at, entry.seq
            if entry.data["outcome"] == "established":
                tried.established = entry.at
                self.spell = None
            elif self.spell is not None and tried.route == "io":
                self.spell.bones.append(tried)
            elif self.spell is not None:
                self.spell.venous.append((entry.at, tried.route))
        elif entry.kind == "access.confirmed":
            tried.confirmed = True
        elif entry.kind == "access.checked":
            tried.checks.append((entry.at, entry.seq))
        elif entry.kind in ("access.lost", "access.removed") and tried.works:
            tried.gone = True
            if not self.lines() and entry.kind == "access.lost":
                self.spell = Spell(entry.at)

    def lines(self, *routes: str) -> list[Try]:
        """The lines that work."""
        return [
            tried for tried in self.tries.values() if tried.works and (not routes or tried.route in routes)
        ]

    def of(self, *kinds: str) -> list[Entry]:
        """The entries of these kinds, in order."""
        return [entry for entry in self.entries if entry.kind in kinds]

    def latest(self, fact: str, by: int) -> Any:
        """The latest word on a fact of the patient by an instant."""
        found = None
        for entry in self.of("patient.described"):
            if entry.at <= by and entry.data.get(fact) is not None:
                found = entry.data[fact]
        return found

    @property
    def opened(self) -> dict[str, Any]:
        """The opening."""
        return self.entries[0].data


class NaiveWatch:
    """Plays a log's entries and answers again, and tells which flags there should have been."""

    def __init__(self, events: list[Event], limits: Thresholds, until: int) -> None:
        self.events = events
        self.limits = limits
        self.until = until
        self.flags: list[NaiveFlag] = []
        self.told: list[Told] = []

    def run(self) -> list[Told]:
        """Everything raised and cleared, in the order in which it is written."""
        numbers = {_data(event).flag: event.data for event in self.events if event.kind == "flag.raised"}
        said = [event for event in self.events if event.kind in ("flag.acknowledged", "flag.snoozed")]
        snoozes = [event.at + _data(event).seconds * SECOND for event in said if event.kind == "flag.snoozed"]
        for now in self._instants(snoozes):
            for event in said:
                if event.recorded_at == now:
                    self._answer(event, numbers[_data(event).flag])
            self._evaluate(now)
        return self.told

    def _instants(self, snoozes: Iterable[int]) -> list[int]:
        limits = self.limits
        spans = [
            0,
            (limits.seconds_limit or 0) * SECOND,
            limits.io_silence_seconds * SECOND,
            limits.confirm_seconds * SECOND,
            limits.limb_check_minutes * MINUTE,
        ]
        ats = {event.recorded_at for event in self.events} | {event.at for event in self.events}
        for event in self.events:
            if event.kind == "event.amended" and "at" in _data(event).changes:
                ats.add(parse_instant(_data(event).changes["at"]))
        first = self.events[0].at
        found = {at + span for at in ats for span in spans} | set(snoozes)
        return sorted(instant for instant in found if first <= instant <= self.until)

    def _answer(self, event: Event, raised: Any) -> None:
        subject = (raised.attempt, raised.entry)
        for flag in self.flags:
            if flag.rule == raised.rule and flag.subject == subject and flag.because is None:
                acknowledged = event.kind == "flag.acknowledged"
                flag.acknowledged = event.at if acknowledged else None
                seconds = 0 if acknowledged else _data(event).seconds
                flag.snoozed_until = None if acknowledged else event.at + seconds * SECOND

    def _evaluate(self, now: int) -> None:
        entered = [
            event for event in self.events if event.recorded_at <= now and not event.kind.startswith("flag.")
        ]
        if not entered:
            return
        world = World(corrected(entered), now, self.limits)
        fresh = [event for event in entered if event.recorded_at == now and event.kind in CORRECTIONS]
        before = None
        if fresh:
            before = World(corrected([event for event in entered if event not in fresh]), now, self.limits)
        for rule in RULES:
            self._evaluate_rule(rule, world, before, max(event.seq for event in entered))

    def _evaluate_rule(self, rule: str, world: World, before: World | None, seq: int) -> None:
        wanted = self._wanted(rule, world)
        clears, raises = [], dict(wanted)
        for flag in self._open(rule):
            found = wanted.get(flag.subject)
            because = self._because(flag, found, world)
            if because is None:
                raises.pop(flag.subject)
                continue
            if before is not None and self._stands(flag, before):
                because = "retracted"
            if because == "replaced" and found is not None and not found.replaces:
                raises[flag.subject] = Wanted("snooze_over", flag.snoozed_until or 0)
            clears.append((flag, because))
        for flag, because in sorted(clears, key=lambda item: _key(item[0].subject)):
            flag.because = because
            self.told.append((world.now, "cleared", rule, flag.subject, because, None))
        if world.closed:
            return
        for subject, found in sorted(raises.items(), key=lambda item: _key(item[0])):
            if self._acknowledged_before_a_close(rule, subject, found):
                continue
            t0 = world.spell.t0 if world.spell is not None else None
            flag = NaiveFlag(rule, subject, found.basis, found.due_at, world.now, seq, t0, found.attempt)
            self.flags.append(flag)
            self.told.append((world.now, "raised", rule, subject, found.basis, found.due_at))

    def _because(self, flag: NaiveFlag, found: Wanted | None, world: World) -> str | None:
        if self._answered(flag, world):
            return "answered"
        if found is None:
            return "condition_ended"
        if world.closed:
            return "case_closed"
        if found.replaces or (flag.snoozed_until is not None and flag.snoozed_until <= world.now):
            return "replaced"
        return None

    def _stands(self, flag: NaiveFlag, before: World) -> bool:
        return self._because(flag, self._wanted(flag.rule, before).get(flag.subject), before) is None

    def _acknowledged_before_a_close(self, rule: str, subject: Subject, found: Wanted) -> bool:
        """What was acknowledged stays so; what came due later than that is news."""
        if rule == "io-consider":
            return False
        last = [flag for flag in self.flags if flag.rule == rule and flag.subject == subject][-1:]
        return any(
            flag.because == "case_closed" and flag.acknowledged is not None and found.due_at <= flag.due_at
            for flag in last
        )

    def _open(self, rule: str) -> list[NaiveFlag]:
        return [flag for flag in self.flags if flag.rule == rule and flag.because is None]

    def _wanted(self, rule: str, world: World) -> dict[Subject, Wanted]:
        if rule == "io-consider":
            return self._consider(world)
        if rule == "io-site":
            return _site(world)
        if rule == "io-unconfirmed":
            return _unconfirmed(world)
        return _no_line(world) if rule == "no-line" else _limb(world)

    def _answered(self, flag: NaiveFlag, world: World) -> bool:
        if flag.rule == "io-consider":
            return self._considered(flag, world)
        tried = world.tries.get(flag.subject[0] or 0)
        if tried is None:
            return False
        if flag.rule == "io-unconfirmed":
            return tried.confirmed
        if flag.rule == "limb-check" and tried.checks:
            at, seq = tried.checks[-1]
            due = max(at, tried.established or at) + self.limits.limb_check_minutes * MINUTE
            return (seq > flag.order or at >= flag.due_at) and due > world.now
        return False

    # io-consider

    def _considered(self, flag: NaiveFlag, world: World) -> bool:
        """A line, or an IO attempt that silences at or after the flag's due_at; either entered since the flag."""
        for tried in world.tries.values():
            news = max(tried.seq, tried.end_seq) > flag.order
            if tried.established is not None and news and tried.established >= (flag.t0 or 0):
                return True
            if tried.route != "io" or tried.seq <= flag.order:
                continue
            until = tried.start + self.limits.io_silence_seconds * SECOND
            if tried.end is not None:
                until = min(until, tried.end)
            if until > flag.due_at:
                return True
        return False

    def _consider(self, world: World) -> dict[Subject, Wanted]:
        spell = world.spell
        if spell is None:
            return {}
        under_way = [tried for tried in world.tries.values() if tried.route == "io" and tried.end is None]
        silence = self.limits.io_silence_seconds * SECOND
        if any(tried.start + silence > world.now for tried in under_way):
            return {}
        bases = _bases(world, spell)
        if not bases:
            return {}
        held = [flag for flag in self._open("io-consider") if not self._considered(flag, world)]
        flag = held[0] if held else None
        special = self._after_io(spell, under_way, bases[0][0], silence, world.now)
        if special is not None and (flag is None or special.due_at >= flag.due_at):
            return {(None, None): special}
        of_spell = [f for f in self.flags if f.rule == "io-consider" and f.raised_at >= spell.t0]
        said = of_spell[-1].acknowledged if of_spell and of_spell[-1] is self._last() else None
        stays: dict[Subject, Wanted] = {}
        if flag is not None:
            stays[None, None] = Wanted(flag.basis, flag.due_at)
        if said is None:
            return stays or {(None, None): Wanted(bases[0][2], bases[0][0])}
        again = self._again(world, spell, bases, said)
        return stays if again is None else {(None, None): again}

    def _last(self) -> NaiveFlag:
        return [flag for flag in self.flags if flag.rule == "io-consider"][-1]

    def _after_io(
        self, spell: Spell, under_way: list[Try], held_since: int, silence: int, now: int
    ) -> Wanted | None:
        found = []
        if spell.bones and spell.bones[-1].end is not None and held_since <= spell.bones[-1].end:
            found.append(Wanted("io_failed", spell.bones[-1].end, True, spell.bones[-1].number))
        if under_way:
            newest = max(under_way, key=lambda tried: (tried.start, tried.seq))
            if held_since <= newest.start + silence <= now:
                found.append(Wanted("io_open", newest.start + silence, True, newest.number))
        if not found:
            return None
        latest = max(found, key=lambda wanted: wanted.due_at)
        for flag in self.flags:
            if (flag.basis, flag.attempt) == (latest.basis, latest.attempt) and flag.because != "retracted":
                return None
        return latest

    def _again(
        self, world: World, spell: Spell, bases: list[tuple[int, int, str]], said: int
    ) -> Wanted | None:
        limits = self.limits
        came_due = [
            due
            for due in (_third_failure(world, spell), _time_limit(world, spell, ever=True))
            if due is not None
        ]
        if (limits.attempts_limit is None and limits.seconds_limit is None) or any(
            due <= said for due in came_due
        ):
            later = [at for at, _ in spell.venous if at > said]
            return Wanted("further_attempt", later[0], True) if later else None
        for due, _, name in bases:
            if name in ("attempts", "elapsed") and due > said:
                return Wanted(name, due, True)
        return None


def corrected(events: list[Event]) -> list[Entry]:
    """The entries as corrected, in order. `events` in order of seq."""
    void: set[int] = set()
    for event in reversed(events):
        if event.kind == "event.retracted" and event.seq not in void:
            void.add(_data(event).target)
    entries = []
    for event in events:
        if event.kind in CORRECTIONS or (event.seq in void and event.kind != "case.opened"):
            continue
        at, data = event.at, dict(write_data(event.data))
        for other in events:
            if other.kind == "event.amended" and _data(other).target == event.seq and other.seq not in void:
                for name, value in _data(other).changes.items():
                    if name == "at":
                        at = parse_instant(value)
                    elif value is None:
                        data.pop(name, None)
                    else:
                        data[name] = value
        entries.append(Entry(at, event.seq, event.kind, data, (at, event.seq, 0)))
    return sorted(entries, key=lambda entry: entry.place)


def _bases(world: World, spell: Spell) -> list[tuple[int, int, str]]:
    """(due_at, place in the table, name) of every basis that holds, the one that names the flag first."""
    found = [
        (_arrest(world, spell), 0, "arrest"),
        (_operator(world, spell), 1, "operator"),
        (_cord(world, spell), 2, "uvc_failed"),
        (_third_failure(world, spell), 3, "attempts"),
        (_time_limit(world, spell), 4, "elapsed"),
    ]
    return sorted((due, place, name) for due, place, name in found if due is not None and due <= world.now)


def _arrest(world: World, spell: Spell) -> int | None:
    if not world.limits.io_first_in_arrest:
        return None
    since = world.zero if world.opened["zero"] == "arrest" else None
    for entry in world.of("arrest.recognised", "rosc.recognised"):
        if entry.kind == "rosc.recognised":
            since = None
        elif since is None:
            since = entry.at
    return None if since is None else max(spell.t0, since)


def _operator(world: World, spell: Spell) -> int | None:
    if not world.limits.operator_rule or world.opened["setting"] != "delivery_room":
        return None
    emergent = [at for at, urgency in spell.needs if urgency == "emergent"]
    said: dict[str, bool] = {}
    since = None
    for entry in world.of("team.noted"):
        if "uvc_experienced" in entry.data:
            said[entry.data["person"]] = entry.data["uvc_experienced"]
        if not said or any(said.values()):
            since = None
        elif since is None:
            since = entry.at
    return max(emergent[0], since) if emergent and since is not None else None


def _cord(world: World, spell: Spell) -> int | None:
    if not world.limits.io_after_uvc:
        return None
    dues = [at for at, route in spell.venous if route == "uvc"][:1]
    if world.latest("cord", world.now) == "unusable":
        since = None
        for entry in world.of("patient.described"):
            cord = entry.data.get("cord")
            if cord is not None:
                since = None if cord != "unusable" else entry.at if since is None else since
        dues.append(max(spell.t0, since or 0))
    return min(dues, default=None)


def _third_failure(world: World, spell: Spell) -> int | None:
    limit = world.limits.attempts_limit
    return None if limit is None or len(spell.venous) < limit else spell.venous[limit - 1][0]


def _time_limit(world: World, spell: Spell, *, ever: bool = False) -> int | None:
    """When the time limit came due in the present stretch that is not routine; `ever`: first in any."""
    limit = world.limits.seconds_limit
    if limit is None:
        return None
    reached = spell.t0 + limit * SECOND
    stretches: list[tuple[int, int | None]] = [(spell.t0, None)]
    for at, urgency in spell.needs:
        since, until = stretches[-1]
        if urgency == "routine" and until is None:
            stretches[-1] = (since, at)
        elif urgency != "routine" and until is not None:
            stretches.append((at, None))
    if not ever:
        since, until = stretches[-1]
        return None if until is not None else max(reached, since)
    for since, until in stretches:
        due = max(reached, since)
        if due <= world.now and (until is None or due < until):
            return due
    return None


def _site(world: World) -> dict[Subject, Wanted]:
    found: dict[Subject, Wanted] = {}
    for tried in world.tries.values():
        if tried.route != "io" or tried.end is not None:
            continue
        place = _place(tried)
        if place is None:
            continue
        basis = _against(world, tried, *place)
        if basis is not None:
            due = max(at for _, at in tried.details.values())
            found[tried.number, None] = Wanted(basis, due)
    return found


def _place(tried: Try) -> tuple[str, str] | None:
    if "site" not in tried.details or tried.details["site"][0] not in SITE_BONE:
        return None
    bone = SITE_BONE[tried.details["site"][0]]
    if bone == "sternum":
        return bone, "midline"
    return (bone, tried.details["side"][0]) if "side" in tried.details else None


def _against(world: World, tried: Try, bone: str, side: str) -> str | None:
    window = world.limits.same_bone_hours * HOUR
    for other in world.tries.values():
        earlier = (other.begun, other.seq) < (tried.start, tried.seq)
        if (
            other.route == "io"
            and earlier
            and _place(other) == (bone, side)
            and tried.start - other.begun <= window
        ):
            return "same_bone"
    notes: dict[tuple[str, str, str], bool] = {}
    for entry in world.of("condition.noted"):
        name, where, which = entry.data["condition"], entry.data.get("bone"), entry.data.get("side")
        if name == "sternotomy":
            where = "sternum"
        if where == "sternum":
            which = "midline"
        if entry.at <= tried.start and where is not None and which is not None:
            notes[name, where, which] = entry.data["present"]
    present = [part for part, is_present in notes.items() if is_present]
    if ("prior_io", bone, side) in present:
        return "same_bone"
    for name, where, which in present:
        if which == side and _rules_out(name, where, bone):
            return "condition"
    return _by_age(world, tried)


def _rules_out(name: str, where: str, bone: str) -> bool:
    if name in (*OF_BONE, "sternotomy"):
        return where == bone
    if name == "fracture":
        return where == bone or bone in DISTAL.get(where, ())
    return name in OF_LIMB and (where == bone or any(where in limb and bone in limb for limb in LIMBS))


def _by_age(world: World, tried: Try) -> str | None:
    age = world.latest("age_days", tried.start)
    if age is None and world.opened["zero"] == "birth":
        age = 0
    if age is None:
        return None
    band = next((band for below, band in BANDS if age < below), 3)
    site = tried.details["site"][0]
    if site in NOT_RECOMMENDED[band]:
        return "age"
    return "disputed" if site in DISPUTED[band] else None


def _unconfirmed(world: World) -> dict[Subject, Wanted]:
    found: dict[Subject, Wanted] = {}
    for line in world.lines("io"):
        if line.confirmed or line.established is None:
            continue
        due = line.established + world.limits.confirm_seconds * SECOND
        used = [entry.at for entry in _given(world) if _goes_through(entry, line, world)]
        if used and used[0] < due:
            found[line.number, None] = Wanted("use", used[0])
        elif due <= world.now:
            found[line.number, None] = Wanted("time", due)
    return found


def _given(world: World) -> list[Entry]:
    """Drugs and infusions; an infusion starts once."""
    found, started = [], set()
    for entry in world.of("drug.given", "infusion.started"):
        number = entry.data.get("infusion")
        if number is None or number not in started:
            found.append(entry)
        started.add(number)
    return found


def _goes_through(entry: Entry, line: Try, world: World) -> bool:
    then = World(world.entries, entry.at, world.limits)
    working = [other.number for other in then.lines("io")]
    if line.number not in working:
        return False
    named = entry.data.get("attempt")
    return named == line.number if named is not None else entry.data["route"] == "io" and len(working) == 1


def _no_line(world: World) -> dict[Subject, Wanted]:
    found: dict[Subject, Wanted] = {}
    carriers = {"iv": VENOUS, "uvc": ("uvc",), "io": ("io",)}
    for entry in _given(world):
        if entry.data["route"] not in carriers:
            continue
        then = World(world.entries, entry.at, world.limits)
        named = entry.data.get("attempt")
        if not then.lines(*carriers[entry.data["route"]]):
            found[None, entry.seq] = Wanted("no_line", entry.at)
        elif named is not None and (named not in then.tries or not then.tries[named].works):
            found[None, entry.seq] = Wanted("line_not_working", entry.at)
    return found


def _limb(world: World) -> dict[Subject, Wanted]:
    found: dict[Subject, Wanted] = {}
    for line in world.lines("io"):
        since = max([line.established or 0, *(at for at, _ in line.checks)])
        due = since + world.limits.limb_check_minutes * MINUTE
        if due <= world.now:
            found[line.number, None] = Wanted("due", due)
    return found


def _data(event: Event) -> Any:
    """The data, of whatever kind."""
    return event.data


def _span(text: str) -> int:
    number, unit = text.split(" ")
    return int(float(number) * {"s": SECOND, "min": MINUTE, "h": HOUR}[unit])


def _key(subject: Subject) -> tuple[int, int]:
    return subject[0] or 0, subject[1] or 0
