"""Letters act, digits describe: no letter is swallowed, no digit acts, and an entry is durable at its letter."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from codelog.case.corrections import corrected
from codelog.case.events import AccessNeeded, AttemptStarted, CaseOpened, DrugGiven, NoteAdded, VitalRecorded
from codelog.case.state import fold
from codelog.terminal.actions import ACTIONS
from tests.terminal.termkit import OPENED, terminal


async def test_that_an_attempt_is_in_the_file_before_any_detail_is_given(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i")
        await t.until(lambda: len(t.stored()) == OPENED + 1)
        assert isinstance(t.stored()[-1].data, AttemptStarted)
        assert t.live.strip is not None


async def test_that_a_row_is_pending_until_it_is_saved_and_then_has_its_number(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        t.live.press("v", "v", t.app.boot_ms())
        assert t.timeline()[-1].startswith("… 0:")
        await t.settled()
        assert t.timeline()[-1].startswith("#3 0:")
        assert t.timeline()[-1].endswith("Ventilation (PPV) started")


async def test_that_digits_alone_enter_nothing(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys(*"0123456789")
        await t.settled()
        assert t.kinds(OPENED) == []
        assert "Digits describe" in t.text("#message")


async def test_that_no_letter_is_swallowed_while_a_strip_is_open(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i", "1", "p", "u", "r", "m", "v")
        await t.settled()
        starts = [k for k in t.kinds(OPENED) if k not in ("flag.raised", "access.attempt_described")]
        assert starts == [
            *["access.attempt_started"] * 3,
            "arrest.recognised",
            "care.started",
            "care.started",
        ]


async def test_that_capital_letters_act_too(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("V")
        await t.settled()
        assert t.kinds(OPENED) == ["care.started"]


async def test_that_a_letter_takes_along_the_number_typed_so_far(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("h", "1", "2", "v")
        await t.settled()
        made = [event.data for event in t.events[OPENED:]]
        assert isinstance(made[0], VitalRecorded)
        assert made[0].heart_rate == 12
        assert t.kinds(OPENED)[1] == "care.started"


async def test_that_a_drug_without_its_dose_is_not_lost(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("a", "v")
        await t.settled()
        note = t.events[OPENED].data
        assert isinstance(note, NoteAdded)
        assert note.text == "adrenaline (epinephrine) was given: the dose was not described"


async def test_that_backspace_leaves_a_drug_that_was_not_given(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("a", "backspace")
        await t.settled()
        assert t.live.strip is None
        assert t.kinds(OPENED) == []


async def test_that_without_a_weight_the_volume_is_typed(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.ready()
        await t.keys("n", "a", "6", "enter", "2")
        await t.until(lambda: any(event.kind == "drug.given" for event in t.events))
        drug = next(event.data for event in t.events if isinstance(event.data, DrugGiven))
        assert (str(drug.dose), str(drug.volume), drug.route) == ("0.06 mg", "0.6 mL", "io")


async def test_that_a_letter_opens_the_case_and_acts_in_it(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.ready()
        await t.keys("n", "2", "i", "2")
        await t.until(lambda: len(t.events) >= 3)
        opened, started = t.events[0].data, t.events[1].data
        assert isinstance(opened, CaseOpened)
        assert (opened.setting, opened.zero, opened.mode) == ("nicu", "opened", "clinical")
        assert isinstance(started, AttemptStarted)


async def test_that_the_choice_among_attempts_falls_to_the_newest_when_a_letter_comes(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("p", "p", "e", "v")
        await t.settled()
        state = t.live.session.view.state()
        assert list(state.access.working) == [2]
        assert list(state.access.in_progress) == [1]


async def test_that_an_outcome_without_an_attempt_is_told_and_not_entered(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        for key in "efbsklxy":
            await t.keys(key)
            assert t.text("#message").strip().startswith("Nothing entered")
        await t.settled()
        assert t.kinds(OPENED) == []


async def test_that_an_entry_of_some_time_ago_is_stated_and_shows_both_times(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("tab", "3")
        assert "next entry: 120 s ago" in t.text("#message")
        await t.keys("n", "3", "v")
        await t.settled()
        need, care = t.events[OPENED], next(event for event in t.events if event.kind == "care.started")
        assert isinstance(need.data, AccessNeeded)
        assert need.basis == "stated"
        assert 120_000 <= need.recorded_at - need.at < 150_000
        assert care.basis == "live"
        assert "-1:" in t.timeline()[OPENED]
        assert "entered 0:" in t.timeline()[OPENED]


async def test_that_undo_strikes_the_newest_entry_through_and_goes_on_to_the_one_before(
    tmp_path: Path,
) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("m", "v", "z")
        await t.settled()
        await t.keys("z", "z", "z")
        await t.settled()
        retracted = t.live.session.retracted()
        assert set(retracted) == {4, 3, 2}
        rows = t.live.query_one("#timeline").rows  # type: ignore[attr-defined]
        assert [row.struck for row in rows[:4]] == [False, True, True, True]
        assert "retracted: undone by the scribe" in rows[3].after
        assert "There is no entry to undo" in t.text("#message")


async def test_that_undo_of_an_entry_on_its_way_waits_for_its_number(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        for key in ("v", "z"):
            t.live.press(key, key, t.app.boot_ms())
        await t.settled()
        assert t.kinds(OPENED) == ["care.started", "event.retracted"]


KEYS = [action.key for action in ACTIONS if action.id not in ("finish", "palette", "report")]
KEYS += [*"0123456789", "enter", "space", "backspace", "up", "down"] * 2


@pytest.mark.parametrize("seed", range(4))
async def test_that_no_sequence_of_keys_crashes_or_loses_an_entry(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    async with terminal(tmp_path / "codelog.db", size=rng.choice([(80, 24), (120, 36), (40, 12)])) as t:
        await t.open_case()
        shown = 0
        for _ in range(150):
            key = rng.choice(KEYS)
            t.live.press(key, key if len(key) == 1 else None, t.app.boot_ms())
            if rng.random() < 0.1:
                await t.pilot.pause()
                assert len(t.events) >= shown
                shown = len(t.events)
        await t.settled()
        assert t.stored() == t.events
        view = t.live.session.view
        assert view.state() == fold(corrected(t.events), view.protocol.thresholds.clock_starts)
        assert [event.seq for event in t.events] == list(range(1, len(t.events) + 1))
