"""What a line makes is accepted: by the recorder, and by the session of a real store."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from codelog.case.events import AttemptEnded, AttemptStarted, DrugGiven, Event
from codelog.live.clock import VirtualClock
from codelog.live.recorder import Recorder, Request
from codelog.live.writer import Outcome
from codelog.terminal.acts import Scribe
from codelog.terminal.desk import open_desk
from codelog.terminal.session import Press, Target
from codelog.terminal.shorthand import Context, Reading, read
from tests.live.live_parts import START, opened_recorder
from tests.terminal.shorthandkit import tables

STORY = """
1700g 29w 0d cord unusable
team anna doctor io yes
need emergent
kit all no gauze
hr 50 spo2 60 temp 36.1
ppv
piv r hand 24g failed vein blown -30s
io l tibia ezio 15 by anna
detail nurse
est aspirate flush 3ml
fracture r tibia no
cpr
adr 0.02/kg
saline 10/kg over 5m
limb ok
dopamine 5ug/kg/min
rate dopamine 10ug/kg/min
stop saline 17ml
glucose 2mL/kg #2
adr 0.1/kg ett
arrest -1m
rosc
cpr stop
lost dislodged
present piv l foot since 5m
removed
complication extravasation #2
note seen by mother
"""


def context(recorder: Recorder) -> Context:
    """The case of a recorder now, everything saved."""
    state = recorder.state()
    access = state.access
    return Context(
        state,
        tables(),
        [Target(a.route, f"attempt {a.number}", number=a.number) for a in access.in_progress.values()],
        [Target(a.route, f"line {a.number}", number=a.number) for a in access.working.values()],
        ("doctor", "nurse"),
        1 + len(access.attempts),
        1 + len(state.infusions),
    )


def enter(recorder: Recorder, reading: Reading) -> list[str]:
    """Enter what a line says; the kinds that became durable."""
    made: list[Event] = []
    for entry in reading.entries:
        data = dict(entry.data)
        if entry.follows is not None:
            data["attempt"] = getattr(made[entry.follows].data, "attempt", None)
        made += recorder.record(Request(entry.kind, data, ago=reading.ago_ms)).entries
    return [event.kind for event in made]


def test_that_a_case_told_in_shorthand_is_recorded() -> None:
    recorder, clock, _ = opened_recorder()
    for line in STORY.strip().splitlines():
        clock.elapsed += 60_000
        reading = read(line, context(recorder))
        assert reading.problem is None, (line, reading.problem)
        assert enter(recorder, reading) == [entry.kind for entry in reading.entries]
    state = recorder.state()
    assert [a.outcome for a in state.access.attempts.values()][:2] == ["failed", "established"]
    assert state.access.attempts[2].signs == ("aspirate", "flush_free")
    assert state.access.attempts[2].details["operator_role"] == "nurse"
    assert [str(i.given or i.rate or i.dose_rate) for i in state.infusions.values()] == [
        "17 mL",
        "10 ug/kg/min",
    ]
    assert recorder.events[-1].kind in ("note.added", "flag.raised", "flag.cleared")
    drugs = [event.data for event in recorder.events if isinstance(event.data, DrugGiven)]
    assert [(d.route, d.attempt) for d in drugs] == [("io", 2), ("io", 2), ("ett", None)]
    starts = [event for event in recorder.events if isinstance(event.data, AttemptStarted)]
    assert starts[0].basis == "stated"


@pytest.mark.parametrize("line", ["io l tibia est aspirate", "piv r hand failed vein blown -5s"])
def test_that_a_line_follows_its_own_start_in_a_store(line: str, tmp_path: Path) -> None:
    desk = open_desk(str(tmp_path / "codelog.db"), clock=VirtualClock(START, "boot-1"))
    arrived = threading.Semaphore(0)
    outcomes: list[Outcome] = []

    def publish(outcome: Outcome) -> None:
        outcomes.append(outcome)
        arrived.release()

    session = desk.new(publish)
    scribe = Scribe(session, lambda words: None)
    session.start()
    try:
        opening = {"setting": "nicu", "zero": "opened", "mode": "training"}
        session.submit("case.opened", opening, Press(0))
        reading = read(line, Context.of(scribe))
        tickets: list[int] = []
        for entry in reading.entries:
            follows = None if entry.follows is None else tickets[entry.follows]
            press = Press(0, reading.ago_ms)
            tickets.append(session.submit(entry.kind, entry.data, press, about=entry.about, follows=follows))
        words = [session.pending[ticket].words for ticket in tickets]
        assert [sentence.split(" (")[0] for sentence in reading.preview] == [w.split(" (")[0] for w in words]
        waiting = read("adr 0.1mg" if "est" in line else "failed", Context.of(scribe))
        if "est" in line:
            assert waiting.entries[0].about is not None
            assert "attempt" not in waiting.entries[0].data
            assert waiting.preview[0].endswith("by IO (line 1)")
        else:
            assert waiting.problem is not None
        while session.pending:
            assert arrived.acquire(timeout=30)
            session.take(outcomes.pop(0))
        ends = [event.data for event in session.view.events if isinstance(event.data, AttemptEnded)]
        assert [end.attempt for end in ends] == [1]
        assert Context.of(scribe).next_attempt == 2
    finally:
        session.stop()
        desk.close()
