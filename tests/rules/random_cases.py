"""Random cases: acts at instants that cluster around the thresholds, entered through the recorder as it is live."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from codelog.case.codec import decode
from codelog.case.events import Event
from codelog.case.instants import format_instant
from codelog.case.scenario import ZERO
from codelog.clinical.protocols import Protocol
from codelog.live.clock import VirtualClock
from codelog.live.journal import MemoryJournal, Tail
from codelog.live.recorder import Recorder, Request, RequestRefused
from codelog.rules.catalogue import RULE_IDS
from tests.rules.rule_plays import TABLES

CASE = "00000000-0000-4000-8000-000000000001"
RUNS_ON = 1_000_000
"""How long the clock runs after the last act: beyond every time limit of the rules compared."""

GAPS = (
    *(0, 0, 1, 1_000, 5_000, 10_000, 20_000, 30_000, 45_000),
    *(limit * 1_000 + step for limit in (60, 90, 180, 900) for step in (-1, 0, 1)),
)
BACK = (0, 1, 5_000, 20_000, 60_000, 90_000, 180_000, 900_000)


@dataclass(frozen=True)
class Act:
    """One thing somebody enters: `gap` after the act before, `back` before the time of entry.

    `target` picks the entry that a correction is about; `at` in `changes` is a step from the target's own time.
    """

    gap: int
    back: int
    kind: str
    data: dict[str, Any]
    target: int = 0


@dataclass(frozen=True)
class Case:
    """An opening, a protocol's id, a way in which its clock starts, and acts."""

    opening: dict[str, str]
    protocol: str
    clock_starts: str
    acts: tuple[Act, ...]


class UndoingJournal(MemoryJournal):
    """A journal in memory that keeps nothing of a command that failed, as a store does."""

    @contextmanager
    def appending(self) -> Iterator[Tail]:
        before = list(self.lines), self.seq, self.head
        try:
            with super().appending() as tail:
                yield tail
        except BaseException:
            self.lines, self.seq, self.head = before
            raise


def drive(case: Case, ran: Protocol, *, zero: int = ZERO, notes: bool = False) -> list[Event]:
    """The log that a case makes. What the recorder refuses is left out. `notes`: a note goes with every act."""
    clock = VirtualClock(zero)
    journal = UndoingJournal(CASE, "random")
    recorder = Recorder(journal, clock, ran, TABLES)
    opened = recorder.record(Request("case.opened", {**case.opening, "mode": "training"}, at=zero))
    entries = list(opened.entries)
    for now, acts in _instants(case.acts):
        _wake_until(recorder, clock, now - 1)
        clock.elapsed = now
        # A note in a closed case would reopen it.
        said = [f"note at {now}"] if notes and recorder.state().closed is None else []
        entries += _enter(recorder, acts, entries, zero, now, said)
    _wake_until(recorder, clock, clock.elapsed + RUNS_ON)
    assert not recorder.failures
    return [decode(line) for line in journal.lines]


def _instants(acts: tuple[Act, ...]) -> list[tuple[int, list[Act]]]:
    """The acts of one instant together, as in a replay."""
    now = 0
    found: list[tuple[int, list[Act]]] = []
    for act in acts:
        now += act.gap
        if found and found[-1][0] == now:
            found[-1][1].append(act)
        else:
            found.append((now, [act]))
    return found


def _enter(
    recorder: Recorder, acts: list[Act], entries: list[Event], zero: int, now: int, notes: list[str]
) -> list[Event]:
    """Enter what is not refused, as one command; returns the entries of the acts."""
    acts = list(acts)
    while True:
        requests = [Request("note.added", {"text": note}) for note in notes]
        requests += [_request(act, entries, zero, now) for act in acts]
        try:
            return list(recorder.record(*requests).entries[len(notes) :])
        except RequestRefused as refused:
            del acts[refused.index - len(notes)]


def _request(act: Act, entries: list[Event], zero: int, now: int) -> Request:
    data = dict(act.data)
    at = zero + max(0, now - act.back)
    if act.kind in ("event.retracted", "event.amended"):
        candidates = entries[1:] or entries
        target = candidates[act.target % len(candidates)]
        data["target"] = target.seq
        at = zero + now
        if "at" in data.get("changes", {}) and target.kind != "case.opened":
            moved = min(max(zero, target.at + data["changes"]["at"]), at)
            data["changes"] = {"at": format_instant(moved)}
    return Request(act.kind, data, at=at)


def _wake_until(recorder: Recorder, clock: VirtualClock, until: int) -> None:
    while (wait := recorder.next_due()) is not None and clock.elapsed + wait <= until:
        clock.elapsed += wait
        recorder.wake()
    clock.elapsed = max(clock.elapsed, until)


def _act(kind: str, data: st.SearchStrategy[dict[str, Any]], *, late: bool = True) -> st.SearchStrategy[Act]:
    back = st.just(0) | st.sampled_from(BACK) if late else st.just(0)
    return st.builds(Act, st.sampled_from(GAPS), back, st.just(kind), data, st.integers(0, 20))


def _data(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields).map(lambda data: {k: v for k, v in data.items() if v is not None})


_ROUTES = st.sampled_from(("piv", "piv", "uvc", "io", "io"))
_SITES = st.sampled_from(
    (None, "tibia_prox", "tibia_prox", "tibia_dist", "femur_dist", "sternum_manubrium", "ulna")
)
_SIDES = st.sampled_from((None, "left", "left", "right"))
_NUMBERS = st.sampled_from((None, None, None, 1, 2, 3))
_RULES = st.sampled_from(("io-consider",) * 6 + RULE_IDS)
_GIVEN = st.sampled_from(("iv", "io", "io", "uvc"))
_OUTCOMES = st.sampled_from(("failed", "failed", "abandoned", "established"))
_CHANGES = st.one_of(
    st.sampled_from([sign * step for step in GAPS[2:] for sign in (-1, 1)]).map(lambda step: {"at": step}),
    st.sampled_from(("failed", "established")).map(lambda outcome: {"outcome": outcome}),
    st.sampled_from(("piv", "io")).map(lambda route: {"route": route}),
    st.sampled_from(("left", "right")).map(lambda side: {"side": side}),
    st.sampled_from(("routine", "emergent")).map(lambda urgency: {"urgency": urgency}),
)
_VOLUMES = st.sampled_from((None, "30 mL", "90 mL"))
_WHY = st.just("entered wrongly")

_STARTED = _act("access.attempt_started", _data(route=_ROUTES, site=_SITES, side=_SIDES))
_ENDED = _act("access.attempt_ended", _data(attempt=_NUMBERS, outcome=_OUTCOMES))
_SAID = st.one_of(
    _act("flag.acknowledged", _data(rule=_RULES, action=st.just("accepted")), late=False),
    _act("flag.snoozed", _data(rule=_RULES, seconds=st.sampled_from((5, 30, 60, 90))), late=False),
)
_CORRECTED = st.one_of(
    _act("event.retracted", _data(reason=_WHY)),
    _act("event.amended", _data(changes=_CHANGES, reason=_WHY)),
)
_BONES = st.sampled_from((None, "tibia", "femur", "sternum"))
_CONDITIONS = st.sampled_from(("fracture", "burn", "prior_io", "compartment_syndrome", "sternotomy"))

_ACTS = st.one_of(
    _STARTED,
    _STARTED,
    _ENDED,
    _ENDED,
    _SAID,
    _CORRECTED,
    _act("access.needed", _data(urgency=st.sampled_from(("routine", "urgent", "emergent")))),
    _act("access.lost", _data(attempt=_NUMBERS, reason=st.just("dislodged"))),
    _act("access.removed", _data(attempt=_NUMBERS)),
    _act("access.attempt_described", _data(attempt=_NUMBERS, site=_SITES, side=_SIDES)),
    _act(
        "access.present",
        _data(route=_ROUTES, site=_SITES, side=_SIDES, since=st.sampled_from((None, "12 min"))),
    ),
    _act("access.confirmed", _data(attempt=_NUMBERS, signs=st.just(["aspirate"]))),
    _act("access.checked", _data(attempt=_NUMBERS, finding=st.just("ok"))),
    _act(
        "drug.given",
        _data(drug=st.just("adrenaline"), dose=st.just("0.03 mg"), route=_GIVEN, attempt=_NUMBERS),
    ),
    _act(
        "infusion.started",
        _data(fluid=st.just("saline_0_9"), route=_GIVEN, attempt=_NUMBERS, volume=_VOLUMES),
    ),
    _act("infusion.stopped", _data(volume=_VOLUMES)),
    _act("care.started", _data(care=st.sampled_from(("compressions", "cooling")))),
    _act("care.ended", _data(care=st.sampled_from(("compressions", "cooling")))),
    _act("condition.noted", _data(condition=_CONDITIONS, bone=_BONES, side=_SIDES, present=st.booleans())),
    _act(
        "patient.described",
        _data(
            age_days=st.sampled_from((None, 0, 27, 28, 5000)),
            cord=st.sampled_from((None, "usable", "unusable")),
            weight=st.sampled_from((None, "1 kg", "2 kg", "4 kg")),
        ),
    ),
    _act(
        "team.noted",
        _data(
            person=st.sampled_from(("one", "two")),
            role=st.just("operator"),
            uvc_experienced=st.sampled_from((None, True, False)),
        ),
    ),
    _act("arrest.recognised", st.just({})),
    _act("rosc.recognised", st.just({})),
    _act("case.closed", _data(outcome=st.just("other")), late=False),
    _act("case.reopened", st.just({}), late=False),
)

CASES: st.SearchStrategy[Case] = st.builds(
    Case,
    st.fixed_dictionaries(
        {
            "setting": st.sampled_from(("delivery_room", "nicu")),
            "zero": st.sampled_from(("opened", "birth", "arrest")),
        }
    ),
    st.sampled_from(("gomella", "gomella", "nrp", "pals", "ems-2-90")),
    st.sampled_from(("need_or_first_attempt", "need_or_first_attempt", "need", "first_attempt")),
    st.lists(_ACTS, min_size=3, max_size=16).map(tuple),
)
