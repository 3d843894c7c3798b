"""Flags: raised to the millisecond with nobody at the keys, in one banner, and every way to answer one."""

from __future__ import annotations

import re
from pathlib import Path

from codelog.case.events import FlagAcknowledged, FlagRaised, FlagSnoozed
from tests.terminal.termkit import OPENED, Terminal, terminal


async def flagged(t: Terminal) -> FlagRaised:
    """A case in which access has been wanted for two minutes; its flag."""
    await t.open_case()
    t.live.scribe.ago_ms = 120_000
    await t.keys("n", "2")
    await t.until(lambda: t.text("#flag"))
    await t.settled()
    return next(event.data for event in t.events if isinstance(event.data, FlagRaised))


async def test_that_a_flag_is_raised_at_ninety_seconds_with_nobody_pressing_anything(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        t.live.scribe.ago_ms = 87_000
        await t.keys("p")
        await t.settled()
        await t.until(lambda: t.text("#flag"), "the flag")
        started = t.events[OPENED]
        raised = t.events[-1]
        assert isinstance(raised.data, FlagRaised)
        assert (raised.data.rule, raised.data.basis, raised.by) == ("io-consider", "elapsed", "codelog")
        assert raised.at == raised.data.due_at == started.at + 90_000
        assert t.stored()[-1] == raised


async def test_that_the_banner_shows_the_very_text_of_the_log_with_its_marks(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        flag = await flagged(t)
        assert t.text("#flag").startswith(f"** {flag.text}\n")
        assert "F4 accept" in t.text("#flag")


async def test_that_accepting_takes_one_key(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await flagged(t)
        await t.keys("f4")
        await t.settled()
        answer = t.events[-1].data
        assert isinstance(answer, FlagAcknowledged)
        assert answer.action == "accepted"
        assert not t.text("#flag")
        await t.keys("f4")
        assert "No flag is in view" in t.text("#message")


async def test_that_declining_takes_a_reason(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await flagged(t)
        before = len(t.events)
        await t.keys("f5", "enter")
        assert "needs a reason" in t.text("#message")
        await t.settled()
        assert len(t.events) == before
        await t.keys("f5", "2")
        await t.settled()
        answer = t.events[-1].data
        assert isinstance(answer, FlagAcknowledged)
        assert (answer.action, answer.reason) == ("declined", "vein_imminent")


async def test_that_a_letter_in_place_of_a_reason_acts_and_the_flag_stays(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await flagged(t)
        await t.keys("f5", "v")
        await t.settled()
        assert t.events[-1].kind == "care.started"
        assert t.text("#flag")


async def test_that_a_flag_can_be_snoozed(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await flagged(t)
        await t.keys("f6", "2")
        await t.settled()
        answer = t.events[-1].data
        assert isinstance(answer, FlagSnoozed)
        assert answer.seconds == 60
        assert not t.text("#flag")


async def test_that_why_tells_facts_limit_source_what_is_unknown_and_the_alternatives(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db", size=(120, 50)) as t:
        flag = await flagged(t)
        await t.keys("f3")
        shown = t.text("#sheet")
        for words in (
            flag.threshold,
            flag.source,
            "Came due",
            "seconds without access",
            "Not known",
            "Alternatives",
        ):
            assert words in shown
        assert "1. the umbilical vein" in shown
        assert "2. left proximal tibia" in shown


async def test_that_one_banner_counts_the_others(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await flagged(t)
        await t.keys("i", "9")
        await t.until(lambda: t.text("#flag").startswith("***"), "the most urgent flag")
        assert "Check the site" in t.text("#flag")
        await t.keys("z", "f", "z", "p", "a", "5", "1", "1")
        await t.settled()
        open_flags = len(t.live.session.view.open_flags())
        assert (f"+ {open_flags - 1} more" in t.text("#flag")) == (open_flags > 1)


async def test_that_ruled_out_bones_are_struck_through_with_the_reason_before_the_attempt(
    tmp_path: Path,
) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i", "1", "f", "1", "i")
        assert "left proximal tibia ruled out: tried" in t.text("#dock")
        await t.settled()
        shown = t.text("#dock")
        assert "left proximal tibia ruled out: tried in attempt 1" in shown
        assert "right distal tibia: disputed" in shown
        strip = t.live.strip
        assert strip is not None
        assert [bool(choice.against) for choice in strip.shown] == [True, *[False] * 5, True, False, False]


async def test_that_the_access_clock_runs_from_the_need_to_the_line(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        assert t.text("#tile-access").startswith("ACCESS\nnone")
        t.live.scribe.ago_ms = 47_000
        await t.keys("n", "1", "p")
        await t.settled()
        assert re.match(r"WITHOUT ACCESS\n(0:[45]\d|1:[01]\d) / 1:30\nemergent", t.text("#tile-access"))
        assert "PIV attempt 1" in t.text("#running")
        await t.keys("f", "1")
        await t.settled()
        assert t.text("#tile-attempts").startswith("VEIN ATTEMPTS\n1 / 3")
        await t.keys("i", "1", "e")
        await t.settled()
        assert t.text("#tile-access").startswith("ACCESS\nline 2 IO\nnot confirmed")
        await t.keys("1", "a", "1")
        await t.settled()
        assert re.match(r"ADRENALINE\n0:\d\d ago\n1 x, 0.02 mg/kg", t.text("#tile-adrenaline"))


async def test_that_going_back_does_not_call_the_bone_of_this_attempt_ruled_out(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i", "1", "backspace")
        await t.settled()
        strip = t.live.strip
        assert strip is not None
        assert not any(choice.against for choice in strip.shown)
        await t.keys("2")
        await t.settled()
        attempt = t.live.session.view.state().access.attempts[1]
        assert (attempt.text("site"), attempt.text("side")) == ("tibia_prox", "right")
