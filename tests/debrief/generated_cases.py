"""Plausible cases in any number, for tests and benchmarks: in no way real, and the same for the same seed.

Proportions are those of two published series: 206 intraosseous attempts in 161 newborns, 146 successful, 109 children
at the first try, a drill in 88 % (Schwindt, Front Pediatr 2022), and the milestones of 27 full resuscitations of
newborns (Heathcote, Eur J Pediatr 2018). What they do not tell is made up.
"""

from __future__ import annotations

import json
import random
from typing import Any

from codelog.case import jsontext
from codelog.case.codec import GENESIS, decode, digest
from codelog.case.events import Event
from codelog.case.instants import DAY, format_instant, parse_instant
from codelog.case.scenario import ZERO, read_scenario
from codelog.clinical.protocols import Protocol, load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.replay import replay

TABLES = load_tables()
VOCABULARY = TABLES.vocabulary()
FIRST_DAY = parse_instant("2024-01-01T06:00:00.000Z")
IO_FIRST, IO_LATER = 109 / 161, (146 - 109) / (206 - 161)
DRILL = 0.88
MINUTES = {"compressions": 2.0, "uvc": 9.0, "adrenaline": 10.0, "second": 11.0, "volume": 13.0}
Row = dict[str, Any]


def scenario_rows(chance: random.Random, *, mode: str = "training") -> list[Row]:
    """One case as the lines of a scenario: a newborn, veins tried, then the cord or the bone, and drugs."""
    rows = _Rows(chance, mode)
    rows.story()
    return rows.in_order()


def case_lines(seed: int, protocol: Protocol | None = None) -> list[str]:
    """The log of one case, with the flags that its rules raised."""
    content = "".join(json.dumps(row) + "\n" for row in scenario_rows(random.Random(seed))).encode()
    return replay(read_scenario(content, VOCABULARY), protocol or load_protocol("gomella"), TABLES)


def case_events(seed: int, protocol: Protocol | None = None) -> list[Event]:
    """The events of `case_lines`."""
    return [decode(line) for line in case_lines(seed, protocol)]


class Restamped:
    """Many cases from a few: each is one of them with an id and a day of its own, chained anew."""

    def __init__(self, kinds: int, *, mode: str = "clinical", days: int = 1095) -> None:
        self._kinds = [[jsontext.parse(line) for line in case_lines(seed)] for seed in range(kinds)]
        self._mode, self._days = mode, days

    def __call__(self, number: int) -> list[str]:
        """The lines of case `number`."""
        raws = self._kinds[number % len(self._kinds)]
        case = f"{number:08x}-0000-4000-8000-{number % 2**48:012x}"
        shift = FIRST_DAY - ZERO + number * 7919 % self._days * DAY
        prev, lines = GENESIS, []
        for raw in raws:
            line = self._line(raw, case, shift, prev)
            lines.append(line)
            prev = digest(line)
        return lines

    def _line(self, raw: Row, case: str, shift: int, prev: str) -> str:
        changed = raw | {"case": case, "prev": prev}
        data = dict(raw["data"])
        if raw["kind"] == "case.opened":
            data["mode"] = self._mode
        if "due_at" in data:
            data["due_at"] = _shifted(data["due_at"], shift)
        changed |= {name: _shifted(raw[name], shift) for name in ("at", "recorded_at")}
        return jsontext.canonical(changed | {"data": data}) + "\n"


def _shifted(text: str, shift: int) -> str:
    return format_instant(parse_instant(text) + shift)


class _Rows:
    def __init__(self, chance: random.Random, mode: str) -> None:
        self._chance = chance
        self._mode = mode
        self._rows: list[Row] = []
        self._bones = ["left", "right"]
        self._attempt = 0
        self._newborn = chance.random() < 0.75

    def in_order(self) -> list[Row]:
        """The lines in order of entry."""
        return sorted(
            self._rows, key=lambda row: _seconds(row["recorded"] if "recorded" in row else row["at"])
        )

    def story(self) -> None:
        """The whole case."""
        chance = self._chance
        place = (
            "delivery_room"
            if self._newborn and chance.random() < 0.6
            else "nicu"
            if self._newborn
            else "emergency_department"
        )
        opened = {
            "setting": place,
            "zero": "birth" if place == "delivery_room" else "arrival",
            "mode": self._mode,
        }
        self._add(0, "case.opened", opened)
        weight = chance.randint(600, 4200) if self._newborn else chance.randint(4500, 20000)
        child: Row = {"weight": f"{weight} g", "weight_source": chance.choice(["measured", "estimated"])}
        if place != "delivery_room":
            child["age_days"] = chance.randint(0, 20) if self._newborn else chance.randint(40, 1500)
        if self._newborn:
            child["gestation_weeks"] = chance.randint(24, 41)
        self._add(8, "patient.described", child)
        self._add(20, "care.started", {"care": "ppv"})
        compressions = self._about(MINUTES["compressions"])
        self._add(compressions, "care.started", {"care": "compressions"})
        need = chance.randint(30, 150)
        if chance.random() < 0.9:
            self._add(need, "access.needed", {"urgency": chance.choice(["emergent", "urgent"])})
        at, route = self._access(need + chance.randint(5, 40), place)
        end = max(at, compressions) + chance.randint(60, 400)
        if route is not None:
            at = self._drugs(at + chance.randint(10, 60), route, weight)
            end = max(end, at + 30)
        self._add(end, "care.ended", {"care": "compressions"})
        self._add(end + 5, "care.ended", {"care": "ppv"})
        if chance.random() < 0.9:
            self._add(end + 60, "case.closed", {"outcome": "transferred" if route else "died"})

    def _access(self, at: int, place: str) -> tuple[int, str | None]:
        """Veins, then the cord in a delivery room, then the bone. When it was gained, and by which route to give."""
        chance = self._chance
        for _ in range(chance.choice([1, 2, 2, 3])):
            at, gained = self._try(
                at,
                "piv",
                chance.randint(25, 70),
                0.18,
                site=chance.choice(["hand", "foot", "scalp"]),
                gauge="24 G",
            )
            if gained:
                return at, "iv"
        if place == "delivery_room" and chance.random() < 0.6:
            at, gained = self._try(at, "uvc", chance.randint(60, 220), 0.7, device="umbilical_catheter")
            if gained:
                return at, "uvc"
        likely = IO_FIRST
        for _ in range(3):
            if not self._bones:
                break
            device = "ezio_15" if chance.random() < DRILL else chance.choice(["butterfly", "nio_i"])
            details: Row = {"site": "tibia_prox", "side": self._bones.pop(), "device": device}
            at, gained = self._try(at, "io", chance.randint(20, 160), likely, **details)
            if gained:
                if chance.random() < 0.8:
                    signs = {"attempt": self._attempt, "signs": ["stands_unsupported", "flush_free"]}
                    self._add(at + chance.randint(5, 90), "access.confirmed", signs)
                return at, "io"
            likely = IO_LATER
        return at, None

    def _try(self, at: int, route: str, takes: int, likely: float, **details: Any) -> tuple[int, bool]:
        chance = self._chance
        self._attempt += 1
        gained = chance.random() < likely
        if chance.random() < 0.8:
            details["operator_role"] = chance.choice(["neonatologist", "nurse", "trainee", "paediatrician"])
        self._add(at, "access.attempt_started", {"attempt": self._attempt, "route": route, **details})
        ended: Row = {"attempt": self._attempt, "outcome": "established" if gained else "failed"}
        if not gained and chance.random() < 0.7:
            ended["reason"] = "no_flashback" if route == "piv" else "other"
        late = chance.choice([0, 0, 0, 4, 15])
        self._add(at + takes, "access.attempt_ended", ended, late=late)
        return at + takes + late + chance.randint(3, 30), gained

    def _drugs(self, at: int, route: str, weight: int) -> int:
        dose = max(1, round(weight * 0.02))
        for _ in range(self._chance.choice([1, 1, 2, 3])):
            given: Row = {"drug": "adrenaline", "dose": f"{dose / 1000:.3f} mg", "route": route}
            self._add(at, "drug.given", given)
            at += self._chance.randint(150, 330)
        return at

    def _about(self, minutes: float) -> int:
        return max(25, round(self._chance.gauss(minutes, minutes / 4) * 60))

    def _add(self, at: int, kind: str, data: Row, late: int = 0) -> None:
        row: Row = {"at": _clock(at), "kind": kind, "data": data}
        self._rows.append(row | ({"recorded": _clock(at + late)} if late else {}))


def _clock(at: int) -> str:
    return f"{at // 60}:{at % 60:02}"


def _seconds(clock: str) -> int:
    minutes, seconds = clock.split(":")
    return int(minutes) * 60 + int(seconds)
