"""Any entry amended, retracted and brought back from the timeline, with old and new value in view."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codelog.case.codec import decode
from codelog.case.corrections import corrected
from codelog.case.events import AttemptDescribed, EventAmended, EventRetracted, VitalRecorded
from codelog.case.instants import parse_instant
from codelog.clinical.tables import load_tables
from codelog.live.replay import replay
from codelog.terminal.acts.mend import AMEND_REASONS, NO_REASON, RETRACT_REASONS, mend
from codelog.terminal.acts.scribe import Scribe
from codelog.terminal.marks import Marks
from codelog.terminal.widgets.timeline import Timeline
from tests.terminal.termkit import OPENED, Terminal, terminal


async def open_entry(t: Terminal, back: int = 1) -> None:
    """Mark the saved row so many from the end, and open it."""
    await t.settled()
    await t.keys(*["up"] * back, "enter")


def last(t: Terminal) -> object:
    return t.events[-1].data


async def test_that_a_field_is_amended_with_old_and_new_value_in_view(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("h", "6", "0", "enter")
        await open_entry(t)
        assert t.live.sheet == "entry"
        assert "heart rate: 60" in t.text("#sheet")
        assert "heart rate: 60" in t.text("#dock")
        await t.keys("3")
        assert "heart rate: 60 →" in t.text("#dock")
        await t.keys("8", "0", "enter")
        assert "heart rate: 60 → 80; why?" in t.text("#dock")
        await t.keys("1")
        await t.settled()
        amendment = last(t)
        assert isinstance(amendment, EventAmended)
        assert (amendment.changes, amendment.reason) == ({"heart_rate": 80}, AMEND_REASONS[0])
        assert t.live.session.view.state() is not None
        assert [e.data for e in corrected(t.events)][-1] == VitalRecorded(heart_rate=80)
        assert any("Heart rate 80" in row and "amended #" in row for row in t.timeline())
        assert t.live.strip is None and t.live.sheet is None


async def test_that_the_sheet_of_an_entry_tells_how_it_was_mended(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db", size=(120, 36)) as t:
        await t.open_case()
        await t.keys("h", "6", "0", "enter")
        await open_entry(t)
        await t.keys("3", "8", "0", "enter", "1")
        await open_entry(t, 2)
        shown = t.text("#sheet")
        assert "heart rate: 80  (entered as 60)" in shown
        assert "heart rate → 80" in shown
        assert f"{AMEND_REASONS[0]}, by scribe" in shown


async def test_that_an_entry_is_retracted_and_brought_back(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("v")
        await open_entry(t)
        await t.keys("1")
        assert "retract it; why?" in t.text("#dock")
        await t.keys("2")
        await t.settled()
        assert last(t) == EventRetracted(target=3, reason=RETRACT_REASONS[1])
        assert not t.live.session.view.state().cares
        await open_entry(t, 2)
        await t.keys("1")
        await t.settled()
        assert last(t) == EventRetracted(target=4, reason="the entry was right")
        assert "ppv" in t.live.session.view.state().cares
        assert not any(row.startswith("#3") and "retracted" in row for row in t.timeline())


async def test_that_the_time_of_an_entry_is_shifted_or_typed(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("v")
        await t.settled()
        was = t.events[-1].at
        await open_entry(t)
        await t.keys("2", "1", "3")
        await t.settled()
        amendment = last(t)
        assert isinstance(amendment, EventAmended)
        assert parse_instant(amendment.changes["at"]) == was - 30_000
        await open_entry(t, 2)
        await t.keys("2", "6", "0", "1")
        await t.settled()
        amendment = last(t)
        assert isinstance(amendment, EventAmended)
        assert parse_instant(amendment.changes["at"]) == t.live.session.zero


async def test_that_words_are_typed_and_wrong_ones_stay_with_what_is_wrong(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("up", "enter")
        field = t.text("#dock").split(" weight: ")[0][-1]
        await t.keys(field)
        assert t.live._line.typing is not None
        t.live._line.value = "17 grams"
        await t.keys("enter")
        assert t.live._line.value == "17 grams"
        assert "weight is '17 grams'" in t.text("#dock")
        t.live._line.value = "1650 g"
        await t.keys("enter", "1")
        await t.settled()
        assert t.live._line.typing is None
        amendment = last(t)
        assert isinstance(amendment, EventAmended)
        assert amendment.changes == {"weight": "1650 g"}


async def test_that_a_letter_enters_the_change_without_a_reason_and_is_not_swallowed(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("h", "6", "0", "enter")
        await open_entry(t)
        await t.keys("3", "8", "0", "enter", "v")
        await t.settled()
        assert t.kinds(3) == ["event.amended", "care.started"]
        amendment = t.events[3].data
        assert isinstance(amendment, EventAmended) and amendment.reason == NO_REASON
        assert t.live.sheet is None


async def test_that_site_and_side_are_mended_in_one_digit_and_ruled_out_bones_say_so(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i", "1", "f")
        await t.settled()
        described = next(e.seq for e in t.events if isinstance(e.data, AttemptDescribed))
        while t.live.query_one(Timeline).marked != described - 2:
            await t.keys("up")
        await t.keys("enter", "3")
        assert "site: left proximal tibia →" in t.text("#dock")
        await t.keys("2", "1")
        await t.settled()
        amendment = last(t)
        assert isinstance(amendment, EventAmended)
        assert amendment.changes == {"site": "tibia_prox", "side": "right"}
        assert amendment.target == described
        attempt = next(iter(t.live.session.view.state().access.attempts.values()))
        assert (attempt.text("site"), attempt.text("side")) == ("tibia_prox", "right")


async def test_that_a_flag_is_read_and_not_mended(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys(*["p", "f"] * 3)
        await t.until(lambda: "flag.raised" in t.kinds(), "the flag")
        await open_entry(t)
        assert t.live.strip is None
        assert "not mended" in t.text("#message")
        await t.keys("left")
        assert t.live.sheet is None


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_that_the_mark_moves_and_never_leaves_the_rows(size: tuple[int, int], tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db", size=size) as t:
        await t.open_case()
        await t.keys("enter", "down")
        timeline = t.live.query_one(Timeline)
        assert timeline.marked == OPENED - 1
        await t.keys("down", "up", "up", "up")
        assert timeline.marked == 0
        await t.keys("v")
        assert timeline.marked is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.lists(st.integers(0, 9), max_size=6), pick=st.integers(0, 10_000))
def test_that_whatever_is_chosen_makes_an_amendment_the_log_takes(answers: list[int], pick: int) -> None:
    """Digits at random on a random entry of a published case: what comes out is accepted by the recorder's own check."""
    from codelog.case.admission import Known, check, complete
    from codelog.terminal.strip import Strip

    scribe = _Case.scribe()
    events = scribe.view.events
    marks = Marks()
    marks.follow(events)
    strip: Strip | None = mend(scribe, marks.standing(events[pick % len(events)]))
    if strip is None:
        return
    for digit in answers:
        strip.digit(digit)
        if strip.open and strip.step is not None and strip.step.number is not None:
            strip.enter()
    if strip.open:
        strip.close()
    known = Known(events, scribe.view.state(), scribe.view.flags)
    for kind, data in _Case.entered(scribe):
        vocabulary = scribe.tables.vocabulary()
        check(complete(kind, data, known, vocabulary), scribe.view.now(), known, vocabulary, strict=False)


class _Case:
    """A published case as a scribe sees it, with a session that only collects."""

    @staticmethod
    def scribe() -> Scribe:
        from codelog.case.scenario import read_scenario
        from codelog.clinical.protocols import DEFAULT_PROTOCOL, load_protocol
        from codelog.live.clock import VirtualClock
        from codelog.live.view import CaseView

        tables, protocol = load_tables(), load_protocol(DEFAULT_PROTOCOL)
        path = Path("tests/scenarios/purpura-fulminans-two-tibias.jsonl")
        if not path.exists():
            path = Path("codelog/terminal/training") / path.name
        lines = replay(read_scenario(path.read_bytes(), tables.vocabulary()), protocol, tables)
        view = CaseView(VirtualClock(0), protocol, tables)
        view.follow(decode(line) for line in lines)
        return Scribe(_Collecting(view, tables), lambda words: None)  # type: ignore[arg-type]

    @staticmethod
    def entered(scribe: Scribe) -> list[tuple[str, dict[str, object]]]:
        session = scribe.session
        assert isinstance(session, _Collecting)
        return session.entered


class _Collecting:
    """As much of a session as mending needs."""

    def __init__(self, view: object, tables: object) -> None:
        self.view, self.tables = view, tables
        self.pending: dict[int, object] = {}
        self.entered: list[tuple[str, dict[str, object]]] = []

    def submit(self, kind: str, data: dict[str, object], press: object, **_: object) -> int:
        self.entered.append((kind, dict(data)))
        return len(self.entered)

    def target(self, attempt: object) -> object:
        from codelog.terminal.session import Target

        return Target("io", "an attempt", number=1)
