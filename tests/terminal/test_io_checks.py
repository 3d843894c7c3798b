"""The questions of the IO sheet: one digit each, none has to be answered, none is asked twice."""

from __future__ import annotations

from pathlib import Path

from codelog.case.events import ConditionNoted, KitChecked, write_data
from codelog.clinical.tables import load_tables
from codelog.terminal.acts.io_checks import io_checks, never_asked
from codelog.terminal.session import Press
from tests.terminal.termkit import OPENED, Terminal, terminal

TABLES = load_tables()
SYSTEMIC = ["osteogenesis_imperfecta", "osteopetrosis", "osteoporosis_osteopenia", "coagulopathy"]


def ask(t: Terminal) -> bool:
    """Open the questions, as the key of the IO sheet does; whether there are any."""
    t.live.strip = io_checks(t.live.scribe, Press(t.app.boot_ms()))
    return t.live.strip is not None


def prompt(t: Terminal) -> str:
    strip = t.live.strip
    return "" if strip is None or strip.step is None else strip.step.prompt


def noted(t: Terminal) -> list[dict[str, object]]:
    return [write_data(event.data) for event in t.stored()[OPENED:]]


async def test_that_each_contraindication_is_one_digit_and_then_the_bone_and_the_equipment(
    tmp_path: Path,
) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        assert ask(t)
        for name in SYSTEMIC:
            assert prompt(t) == f"{TABLES.conditions[name].label}?"
            await t.keys("2" if name == "coagulopathy" else "1")
        assert prompt(t) == "left proximal tibia: anything against it?"
        await t.keys("enter")
        assert prompt(t) == "what is there?"
        await t.keys("1")
        assert t.live.strip is None
        await t.settled()
        assert noted(t)[:4] == [{"condition": n, "present": n == "coagulopathy"} for n in SYSTEMIC]
        assert noted(t)[4] == {"items": dict.fromkeys(TABLES.kit, True)}
        assert len(noted(t)) == 5


async def test_that_enter_passes_over_every_question_and_enters_nothing(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        ask(t)
        await t.keys(*["enter"] * (len(SYSTEMIC) + 2))
        assert t.live.strip is None
        await t.settled()
        assert t.kinds(OPENED) == []


async def test_that_what_was_answered_is_not_asked_again_even_before_it_is_saved(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        for count, name in enumerate(SYSTEMIC):
            assert [one.id for one in never_asked(t.live.scribe)] == SYSTEMIC[count:]
            ask(t)
            assert prompt(t) == f"{TABLES.conditions[name].label}?"
            t.live.press("1", "1", t.app.boot_ms())
            assert [one.id for one in never_asked(t.live.scribe)] == SYSTEMIC[count + 1 :]
        ask(t)
        assert prompt(t) == "left proximal tibia: anything against it?"
        await t.settled()


async def test_that_a_letter_closes_the_questions_with_what_was_said(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        ask(t)
        await t.keys("1", "v")
        await t.settled()
        assert t.kinds(OPENED) == ["condition.noted", "care.started"]


async def test_that_what_speaks_against_a_bone_is_noted_there_and_the_next_bone_is_asked_about(
    tmp_path: Path,
) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        ask(t)
        await t.keys(*["enter"] * len(SYSTEMIC), "1")
        assert prompt(t) == "right proximal tibia: anything against it?"
        await t.keys("4")
        assert prompt(t) == "left distal femur: anything against it?"
        await t.settled()
        assert [e.data for e in t.stored()[OPENED:] if isinstance(e.data, ConditionNoted)] == [
            ConditionNoted(condition="fracture", bone="tibia", side="left", present=True),
            ConditionNoted(condition="burn", bone="tibia", side="right", present=True),
        ]
        ask(t)
        await t.keys(*["enter"] * len(SYSTEMIC))
        assert prompt(t) == "left distal femur: anything against it?"


async def test_that_a_bone_tried_just_now_is_not_asked_about(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i", "1", "v")
        await t.settled()
        ask(t)
        await t.keys(*["enter"] * len(SYSTEMIC))
        assert prompt(t) == "right proximal tibia: anything against it?"


async def test_that_what_is_missing_is_a_digit_each(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        ask(t)
        await t.keys(*["enter"] * (len(SYSTEMIC) + 1), "1")
        await t.settled()
        ask(t)
        await t.keys(*["enter"] * (len(SYSTEMIC) + 1))
        assert t.live.strip is None
        kit = [event.data for event in t.stored() if isinstance(event.data, KitChecked)]
        assert [list(one.items.values()) for one in kit] == [[True] * len(TABLES.kit)]
        await t.keys("j", "5", "3", "enter")
        await t.settled()
        ask(t)
        await t.keys(*["enter"] * (len(SYSTEMIC) + 1))
        assert prompt(t) == "what is there?"
        strip = t.live.strip
        assert strip is not None
        assert [choice.words for choice in strip.shown if choice.marked] == ["missing: gauze"]


async def test_that_an_answer_happened_at_its_digit(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        digit = t.app.boot_ms()
        t.live.strip = io_checks(t.live.scribe, Press(digit - 60_000))
        t.live.press("1", "1", digit)
        await t.settled()
        assert t.stored()[OPENED].at == t.live.session.view.instant(digit)


async def test_that_nothing_is_left_to_ask_when_all_is_known(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        ask(t)
        await t.keys(*["1"] * len(SYSTEMIC), "enter", "1")
        await t.settled()
        press = t.live.scribe.press
        for bone in ("tibia", "femur", "humerus"):
            for side in ("left", "right"):
                where = {"bone": bone, "side": side}
                t.live.scribe.submit(
                    "condition.noted", {"condition": "burn", "present": True, **where}, press
                )
        t.live.scribe.submit("condition.noted", {"condition": "sternotomy", "present": True}, press)
        await t.settled()
        assert not ask(t)
