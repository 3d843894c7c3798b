"""Sign-off on the real screen: gaps in one digit and an answer, what is not known with its reason, and the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codelog.case.events import AttemptEnded, CaseSigned, Event, NoteAdded, write_data
from codelog.debrief.gaps import FIELDS, Gap, OpenGaps, to_fill
from codelog.terminal.acts.signoff import _QUESTIONS, SignOff
from tests.terminal.termkit import OPENED, Terminal, terminal


def signing(t: Terminal) -> SignOff:
    """The strip of the sign-off."""
    assert isinstance(t.live.strip, SignOff), t.live.strip
    return t.live.strip


async def sign_off(t: Terminal) -> SignOff:
    """Begin the sign-off when everything is saved."""
    await t.settled()
    await t.keys("f10")
    return signing(t)


async def choose(t: Terminal, field: str, subject: str = "") -> Gap:
    """Choose a gap by its digit, on whatever page it is."""
    strip = signing(t)
    for _ in range(strip.pages):
        for gap, digit in strip.numbered.items():
            if gap.field == field and subject in gap.subject:
                await t.keys(str(digit))
                return gap
        await t.keys("0")
    raise AssertionError(f"no gap {field} in {[gap.words for gap in strip.gaps]}")


def made(t: Terminal, since: int) -> list[tuple[str, dict[str, Any]]]:
    """What the scribe entered."""
    return [(event.kind, write_data(event.data)) for event in t.events[since:] if event.by == "scribe"]


IO_LINE = ("i", "1", "4", "enter", "e")
FILLED: dict[str, tuple[tuple[str, ...], tuple[str, ...], list[tuple[str, dict[str, Any]]]]] = {
    # field: keys before, keys after its digit, what is entered
    "site": (
        ("i",),
        ("2",),
        [("access.attempt_described", {"attempt": 1, "site": "tibia_prox", "side": "right"})],
    ),
    "device": (
        ("i", "1"),
        ("5",),
        [("access.attempt_described", {"attempt": 1, "device": "bd_io"})],
    ),
    "needle_mm": (
        ("i", "1", "5"),
        ("2",),
        [("access.attempt_described", {"attempt": 1, "needle_mm": 25})],
    ),
    "gauge": (
        ("p", "1"),
        ("2", "4"),
        [("access.attempt_described", {"attempt": 1, "device": "cannula", "gauge": "24 G"})],
    ),
    "operator_role": (
        ("u",),
        ("2",),
        [("access.attempt_described", {"attempt": 1, "operator_role": "nurse"})],
    ),
    "outcome": (
        ("p", "1"),
        ("2", "1"),
        [("access.attempt_ended", {"attempt": 1, "outcome": "failed"})],
    ),
    "reason": (
        ("p", "1", "f"),
        ("2",),
        [("event.amended", {"changes": {"reason": "vein_ruptured"}, "reason": "reason added"})],
    ),
    "signs": (
        IO_LINE,
        ("2", "enter"),
        [("access.confirmed", {"attempt": 1, "signs": ["aspirate"]})],
    ),
    "finding": (
        (*IO_LINE, "k"),
        ("2",),
        [("event.amended", {"changes": {"finding": "swelling"}, "reason": "finding added"})],
    ),
    "need": (("p",), ("1",), [("access.needed", {"urgency": "emergent"})]),
    "volume": (
        (*IO_LINE, "g", "1", "enter"),
        ("2", "0", "enter"),
        [("event.amended", {"changes": {"volume": "20 mL"}, "reason": "volume added"})],
    ),
    "end": (("v",), ("2",), [("care.ended", {"care": "ppv"})]),
    "conditions": (
        ("i", "1"),
        ("1", "1", "enter"),
        [("condition.noted", {"condition": "fracture", "present": False})],
    ),
    "kit": (
        ("i", "1"),
        ("2", "enter"),
        [("kit.checked", {"items": {"antiseptic": False}})],
    ),
    "dose": (
        ("a", "v"),
        ("1", "2"),
        [
            (
                "drug.given",
                {
                    "drug": "adrenaline",
                    "dose": "0.034 mg",
                    "route": "io",
                    "concentration": "0.1 mg/mL",
                    "volume": "0.34 mL",
                },
            ),
            ("event.retracted", {"reason": "described at sign-off"}),
        ],
    ),
    "drug": (
        ("d", "v"),
        ("1", "1", "2"),
        [
            (
                "drug.given",
                {
                    "drug": "adrenaline",
                    "dose": "0.034 mg",
                    "route": "io",
                    "concentration": "0.1 mg/mL",
                    "volume": "0.34 mL",
                },
            ),
            ("event.retracted", {"reason": "described at sign-off"}),
        ],
    ),
    "fluid": (
        ("g", "v"),
        ("1", "1", "2"),
        [
            (
                "infusion.started",
                {"infusion": 1, "fluid": "saline_0_9", "route": "io", "volume": "17 mL"},
            ),
            ("event.retracted", {"reason": "described at sign-off"}),
        ],
    ),
    "line": (
        ("p", "1", "2", "4", "e", "p", "3", "2", "4", "e", "a", "1", "enter"),
        ("2",),
        [
            (
                "event.amended",
                {"changes": {"attempt": 2, "route": "iv", "text": None}, "reason": "line added"},
            )
        ],
    ),
}
ELSEWHERE = {"side", "weight", "age_days", "gestation_weeks", "setting", "answer"}
"""Tested below, since a digit more or another case is needed for them."""


def test_that_every_field_has_a_question() -> None:
    assert _QUESTIONS.keys() == FIELDS.keys()
    assert FILLED.keys() | ELSEWHERE == FIELDS.keys()


@pytest.mark.parametrize("field", FILLED)
async def test_that_a_gap_is_filled_in_one_digit_and_its_answer(field: str, tmp_path: Path) -> None:
    before, keys, expected = FILLED[field]
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys(*before)
        strip = await sign_off(t)
        since = len(t.events)
        gap = await choose(t, field)
        await t.keys(*keys)
        assert signing(t) is strip
        assert gap not in strip.numbered, "back at a list that is shorter"
        await t.settled()
        shown = [
            (kind, {name: value for name, value in data.items() if name != "target"})
            for kind, data in made(t, since)
        ]
        assert shown == expected
        assert gap.key not in {other.key for other in strip.gaps}
        assert t.stored() == t.events


@pytest.mark.parametrize("field", ["site", "gauge", "end", "kit"])
async def test_that_a_gap_is_marked_as_not_known_with_a_reason(field: str, tmp_path: Path) -> None:
    before, _, _ = FILLED[field]
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys(*before)
        strip = await sign_off(t)
        gap = await choose(t, field)
        typed = strip.step is not None and strip.step.number is not None
        if typed:
            await t.keys("enter", "2")
        else:
            await answer(t, "not known: not said")
        await t.settled()
        note = t.events[-1].data
        assert isinstance(note, NoteAdded)
        assert note.text == f"Not known: #{gap.seq} {field} (not said)"
        assert gap not in strip.numbered
        assert f"{gap.short} unknown: not said" in [other.words for other in strip.gaps]


async def answer(t: Terminal, words: str) -> None:
    """Choose an answer by its words, on whatever page it is."""
    strip = signing(t)
    for _ in range(strip.pages):
        for digit, choice in enumerate(strip.shown, start=1):
            if choice.words == words:
                await t.keys(str(digit))
                return
        await t.keys("0")
    raise AssertionError(words)


async def test_that_what_goes_on_needs_no_end(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("v")
        await sign_off(t)
        await t.keys("1", "1")
        await t.settled()
        assert made(t, OPENED + 1) == [("note.added", {"text": "Not known: #3 end (it still goes on)"})]
        assert "with which outcome?" in t.text("#dock")


async def test_that_the_child_and_the_place_are_asked_for(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.ready()
        await t.keys("n", "6", "4", "v", "v")
        await t.until(lambda: t.kinds()[-1:] == ["care.ended"])
        since = len(t.events)
        await sign_off(t)
        await choose(t, "weight")
        await t.keys("1", "7", "0", "0", "enter", "2")
        await choose(t, "age_days")
        await t.keys("3", "enter")
        await choose(t, "gestation_weeks")
        await t.keys("2", "9")
        await choose(t, "setting")
        await t.keys("2")
        await t.settled()
        entered = made(t, since)
        assert entered[:4] == [
            ("patient.described", {"weight": "1700 g"}),
            ("patient.described", {"weight_source": "estimated"}),
            ("patient.described", {"age_days": 3}),
            ("patient.described", {"gestation_weeks": 29}),
        ]
        assert entered[4][1]["changes"] == {"setting": "nicu"}
        assert "with which outcome?" in t.text("#dock")


async def test_that_an_end_whose_time_is_stated_lies_there(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("tab", "4", "p", "1")
        await sign_off(t)
        await choose(t, "outcome")
        await t.keys("2")
        await answer(t, "1 min ago")
        await t.settled()
        ended = the_end(t)
        assert ended.basis == "stated"
        assert 60_000 <= ended.recorded_at - ended.at < 90_000
        assert ended.within_ms is None


@pytest.mark.parametrize("keys", [("enter",), ("v",)])
async def test_that_an_end_of_no_known_time_lies_in_the_middle_with_its_uncertainty(
    keys: tuple[str, ...], tmp_path: Path
) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("tab", "4", "p", "1")
        await sign_off(t)
        await choose(t, "outcome")
        await t.keys("2", *keys)
        await t.settled()
        start = t.events[OPENED].at
        ended = the_end(t)
        assert ended.basis == "reconstructed"
        assert ended.within_ms is not None
        assert ended.within_ms >= 150_000
        assert 0 <= ended.at - ended.within_ms - start + 1 <= 1
        assert ended.at + ended.within_ms <= ended.recorded_at + 1


def the_end(t: Terminal) -> Event:
    """The end of the only attempt."""
    return next(event for event in t.events if isinstance(event.data, AttemptEnded))


async def test_that_signs_and_doses_told_late_lie_where_they_belong(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("tab", "4", "d", "v", "v", *IO_LINE)
        await sign_off(t)
        await choose(t, "signs")
        await t.keys("1", "enter")
        await choose(t, "drug")
        await t.keys("1", "1", "1")
        await t.settled()
        note, line = t.events[OPENED], next(e for e in t.events if isinstance(e.data, AttemptEnded))
        sign = next(event for event in t.events if event.kind == "access.confirmed")
        assert sign.basis == "reconstructed"
        assert line.at <= sign.at <= sign.recorded_at
        drug = next(event for event in t.events if event.kind == "drug.given")
        assert (drug.at, drug.basis) == (note.at, "reconstructed")
        assert note.at < line.at
        assert "attempt" not in write_data(drug.data), "the line came later"


async def test_that_a_letter_in_the_middle_keeps_what_was_said_and_acts(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("d", "v")
        await sign_off(t)
        since = len(t.events)
        await choose(t, "drug")
        await t.keys("2", "m")
        await t.settled()
        assert [kind for kind, _ in made(t, since)] == ["note.added", "event.retracted", "care.started"]
        label = list(t.live.session.tables.drugs.values())[1].label
        assert made(t, since)[0][1] == {"text": f"{label} was given: the dose was not described"}
        await sign_off(t)
        await choose(t, "dose")
        since = len(t.events)
        await t.keys("v")
        await t.settled()
        assert [kind for kind, _ in made(t, since)] == ["care.ended"]


async def test_that_opening_a_gap_and_passing_it_over_enters_nothing(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i", "d", "v", "g", "v")
        await t.keys("v")
        strip = await sign_off(t)
        since = len(t.events)
        asked = to_fill(strip.gaps)
        assert len(asked) > 8
        for gap in asked:
            await choose(t, gap.field, gap.subject)
            assert strip.step is not None
            await t.keys("enter")
            if strip.numbered == {}:
                await t.keys("enter")
        assert to_fill(strip.gaps) == asked
        await t.keys("backspace")
        await t.settled()
        assert made(t, since) == []
        assert t.live.strip is None


async def test_that_a_gap_that_an_answer_opens_comes_last_and_no_digit_moves(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i", "1")
        strip = await sign_off(t)
        await choose(t, "device")
        t.live.press("5", "5", t.app.boot_ms())
        before = dict(strip.numbered)
        await t.settled()
        after = strip.numbered
        assert {gap: after[gap] for gap in before} == before
        assert [gap.field for gap in after.keys() - before.keys()] == ["needle_mm"]
        assert strip.said == []


async def test_that_a_case_without_gaps_closes_in_two_keys_and_is_signed_in_one(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("f10", "1")
        await t.settled()
        assert t.kinds(OPENED) == ["case.closed"]
        assert "who signs?" in t.text("#dock")
        await t.keys("1")
        await t.settled()
        assert t.kinds(OPENED) == ["case.closed", "case.signed"]
        signed = t.events[-1].data
        assert isinstance(signed, CaseSigned)
        assert (signed.person, signed.role, signed.meaning) == ("scribe", "scribe", "recorded")
        assert t.timeline()[-1].endswith("Signed by scribe: recorded")
        assert t.live.strip is None
        await t.keys("f10")
        await t.ready()


async def test_that_somebody_of_the_team_signs_or_nobody(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("j", "4", "1", "enter", "enter")
        await t.settled()
        since = len(t.events)
        await t.keys("f10", "3", "1")
        await t.settled()
        assert made(t, since)[1] == (
            "case.signed",
            {"person": "doctor 1", "role": "doctor", "meaning": "recorded"},
        )
        await t.keys("v", "v")
        await t.settled()
        await t.keys("f10", "3", "enter")
        await t.settled()
        assert t.kinds()[-1] == "case.closed"


async def test_that_enter_goes_past_the_gaps_and_the_case_can_be_left_open(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i")
        await t.settled()
        stored = len(t.stored())
        await t.keys("f10", "enter", "5")
        await t.ready()
        assert len(t.stored()) == stored


async def test_that_a_flag_is_answered_at_sign_off(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("tab", "4", "n", "1")
        await t.until(lambda: t.live.session.view.open_flags())
        await sign_off(t)
        since = len(t.events)
        await choose(t, "answer")
        await t.keys("2")
        await t.settled()
        assert made(t, since) == [
            (
                "flag.acknowledged",
                {"flag": 1, "action": "declined", "reason": "uvc_in_progress"},
            )
        ]


async def test_that_the_side_of_a_known_site_is_one_digit(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("p")
        await t.settled()
        t.live.session.submit("access.attempt_described", {"attempt": 1, "site": "hand"}, t.live.scribe.press)
        await sign_off(t)
        since = len(t.events)
        await choose(t, "side")
        await t.keys("2")
        await t.settled()
        assert made(t, since) == [("access.attempt_described", {"attempt": 1, "side": "right"})]


async def test_that_the_sheet_shows_every_gap_with_its_digit(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db", size=(120, 36)) as t:
        await t.open_case()
        await t.keys("i", "p")
        strip = await sign_off(t)
        shown = t.text("#sheet")
        for gap in strip.gaps:
            assert gap.words in shown
            assert gap.subject in shown
        first = next(gap for gap, digit in strip.numbered.items() if digit == 1)
        assert f"  1 {first.words}" in shown
        assert f"{len(to_fill(strip.gaps))} gaps to fill" in shown
        await t.keys("backspace")
        assert "Sign-off" not in t.text("#sheet")


async def test_that_the_running_count_follows_the_case(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        view = t.live.session.view
        tally, count = OpenGaps(view.tables), 0
        for key in ("i", "1", "4", "v", "z", "a", "v"):
            await t.keys(key)
            await t.settled()
            count = tally.count(view.events, view.entries, view.state(), view.flags)
            assert count == len(to_fill(SignOff(t.live.scribe, t.live.scribe.press, lambda: None).gaps))
        assert count > 0
